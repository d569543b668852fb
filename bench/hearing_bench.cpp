// PocketSphinx on a film's sound: seconds of sound per second of processor time (must: 2 x).
//
// ANIMA_SHARED names the folder that holds videos/lieu-45s-512.mp4; without it flite's speech is
// heard, which is cleaner and therefore faster.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "audio/resampler.h"
#include "hearing/hearing_engine.h"
#include "hearing/pocketsphinx_engine.h"
#include "media/film_reader.h"
#include "text/normaliser.h"
#include "voice/measurement_sentences.h"
#include "voice/source_speaker.h"

namespace anima::hearing {
namespace {

Sound heard_sound(std::string& label) {
  const char* shared = std::getenv("ANIMA_SHARED");
  const auto film = std::filesystem::path(shared != nullptr ? shared : "") / "videos/lieu-45s-512.mp4";
  if (std::filesystem::exists(film)) {
    label = film.filename().string();
    return media::read_sound(film, kHearingRate_hz, 7200);
  }
  label = "flite (ANIMA_SHARED is not set)";
  Sound all;
  const auto speaker = voice::make_flite_speaker("rms");
  for (const std::string& sentence : voice::test_sentences("en")) {
    const Sound sound = speaker->speak(text::normalise_text(sentence, {}), 1, {}).sound;
    all.sample_rate_hz = sound.sample_rate_hz;
    all.samples.insert(all.samples.end(), sound.samples.begin(), sound.samples.end());
  }
  return audio::resample(all, kHearingRate_hz);
}

void pocketsphinx(benchmark::State& state) {
  std::string label;
  const Sound sound = heard_sound(label);
  const auto engine = make_pocketsphinx_engine({});
  engine->transcribe({kHearingRate_hz, {sound.samples.begin(), sound.samples.begin() + kHearingRate_hz}},
                     {.language = "en"}, {});  // loads the model
  for (auto _ : state) benchmark::DoNotOptimize(engine->transcribe(sound, {.language = "en"}, {}));
  state.SetLabel(label);
  state.counters["x_real_time"] = benchmark::Counter(
      sound.duration_s() * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(pocketsphinx)->Unit(benchmark::kSecond)->Iterations(1)->MeasureProcessCPUTime();

}  // namespace
}  // namespace anima::hearing
