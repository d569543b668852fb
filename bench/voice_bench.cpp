// The embedded voice, stage by stage, on a "person" that is free to use: flite's slt, 24 s of it.
//
// x_real_time is seconds of sound per second of processor time on one thread. `copy` (analysis and
// synthesis without conversion) is the floor of `convert`: read their ratio.
#include <benchmark/benchmark.h>

#include "audio/senone_scorer.h"
#include "audio/vocoder_synthesis.h"
#include "core/temporary_folder.h"
#include "text/normaliser.h"
#include "voice/conversion.h"
#include "voice/embedded_engine.h"
#include "voice/enrolment.h"
#include "voice/measurement_sentences.h"
#include "voice/source_speaker.h"
#include "voice/stream_measure.h"

namespace anima::voice {
namespace {

Sound spoken(const SourceSpeaker& speaker, std::span<const std::string> sentences) {
  Sound all;
  for (const std::string& sentence : sentences) {
    const Sound sound = speaker.speak(text::normalise_text(sentence, {}), 1, {}).sound;
    all.sample_rate_hz = sound.sample_rate_hz;
    all.samples.insert(all.samples.end(), sound.samples.begin(), sound.samples.end());
  }
  return all;
}

const Sound& person() {
  static const Sound sound = spoken(*make_flite_speaker("slt"), enrolment_sentences("en").first(6));
  return sound;
}

Sound of_length(double duration_s) {
  Sound sound = person();
  while (sound.duration_s() < duration_s) {
    sound.samples.insert(sound.samples.end(), person().samples.begin(), person().samples.end());
  }
  sound.samples.resize(static_cast<std::size_t>(duration_s * sound.sample_rate_hz));
  return sound;
}

std::shared_ptr<const VoiceProfile> profile() {
  static const auto enrolled = [] {
    const EnrolmentRequest request{
        .name = "person", .language = "en", .transcript = {}, .consent = {}, .recording = person()};
    return std::make_shared<const VoiceProfile>(enrol_voice(request, {}));
  }();
  return enrolled;
}

void report_speed(benchmark::State& state, double sound_s) {
  state.counters["x_real_time"] =
      benchmark::Counter(sound_s * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

// Must: at most 10 s of work for 60 s.
void enrol(benchmark::State& state) {
  EnrolmentRequest request;
  request.name = "person";
  request.recording = of_length(static_cast<double>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(enrol_voice(request, {}));
  report_speed(state, request.recording.duration_s());
}
BENCHMARK(enrol)->ArgName("recording_s")->Arg(10)->Arg(30)->Arg(60)->Unit(benchmark::kMillisecond);

void copy(benchmark::State& state) {
  const Sound source = spoken(*make_flite_speaker("rms"), test_sentences("en").first(3));
  for (auto _ : state) benchmark::DoNotOptimize(audio::synthesise(audio::analyse_speech(source)));
  report_speed(state, source.duration_s());
}
BENCHMARK(copy)->Unit(benchmark::kMillisecond);

void convert(benchmark::State& state) {
  const auto speaker = make_flite_speaker("rms");
  const auto scorer = audio::shared_senone_scorer();
  const VoiceConversion conversion(profile(), measure_source(*speaker, enrolment_sentences("en"), scorer, {}),
                                   scorer);
  const Sound source = spoken(*speaker, test_sentences("en").first(3));
  for (auto _ : state) benchmark::DoNotOptimize(conversion.convert(source, {}));
  report_speed(state, source.duration_s());
}
BENCHMARK(convert)->Unit(benchmark::kMillisecond);

struct Installed {
  Installed() {
    voice.name = "person";
    voice.profile = folder.path() / "person.voice";
    save_voice_profile(*profile(), voice.profile);
    engine.prepare(voice, "en", {});
  }
  TemporaryFolder folder;
  Voice voice;
  EmbeddedEngine engine;
};

// Text to sound with everything there is between. Must: 4 x real time on one core.
void speak(benchmark::State& state) {
  Installed installed;
  SpeechRequest request;
  request.text = test_sentences("en")[0];
  request.voice = installed.voice;
  double sound_s = 0;
  for (auto _ : state) {
    sound_s = 0;
    installed.engine.synthesize(request,
                                [&](const SpeechPiece& piece) { sound_s += piece.sound.duration_s(); }, {});
  }
  report_speed(state, sound_s);
}
BENCHMARK(speak)->Unit(benchmark::kMillisecond);

// Wall clock to the first sound once the first clause is known (must: 200 ms), and what is still
// handed out after a stop (must: 50 ms of sound).
void stream(benchmark::State& state) {
  Installed installed;
  const std::string text = "It was raining hard when they reached the top, and nobody spoke. We went on.";
  StreamMeasurement measured;
  for (auto _ : state) measured = measure_stream(installed.engine, installed.voice, text, {});
  state.counters["first_sound_ms"] = 1000 * measured.first_sound_s;
  state.counters["sound_after_cancel_ms"] = 1000 * measured.sound_after_cancel_s;
  state.counters["clicks"] = measured.clicks;
  state.counters["clipped"] = measured.clipped_samples;
}
BENCHMARK(stream)->Unit(benchmark::kMillisecond)->Iterations(3)->UseRealTime();

}  // namespace
}  // namespace anima::voice
