#include "presenter/film.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "media/film_reader.h"
#include "media/film_writer.h"

namespace anima::presenter {
namespace {

constexpr int kSoundRate_hz = 48000;

}  // namespace

void make_film(Portrait& portrait, const TruthProbe& probe, const PresenterPerformance& performance,
               const FilmOptions& options, const WorkContext& context) {
  const int count = static_cast<int>(performance.size());
  const int last = options.last_frame < 0 ? count : options.last_frame;
  if (options.first_frame < 0 || options.first_frame >= last || last > count) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("frames {} to {} of a performance of {}", options.first_frame, last, count),
                "give --frames FIRST:LAST within the performance, LAST exclusive");
  }

  // 1. Truth first: it takes seconds, and a film without it is worth nothing here.
  if (!options.truth.empty()) {
    std::vector<FrameTruth> truth;
    StageProgress progress(context, "measuring the truth");
    for (int i = options.first_frame; i < last; ++i) {
      truth.push_back(probe.measure(performance[static_cast<std::size_t>(i)], options.draw.view));
      progress.update(i + 1 - options.first_frame, last - options.first_frame);
    }
    write_file_atomically(options.truth,
                          truth_json(truth, options.draw.view, options.first_frame).dump() + "\n");
  }

  // 2. Sound, cut to the frames.
  const std::size_t samples_per_frame = kSoundRate_hz / static_cast<int>(kPresenterFrames_per_s);
  std::vector<float> sound;
  if (!options.sound.empty()) {
    sound = media::read_sound(options.sound, kSoundRate_hz).samples;
    sound.resize(static_cast<std::size_t>(last) * samples_per_frame);
  }

  // 3. Pictures.
  media::FilmWriterOptions writer_options;
  writer_options.width_px = writer_options.height_px = options.draw.view.size_px;
  writer_options.frame_rate_hz = static_cast<int>(kPresenterFrames_per_s);
  writer_options.sample_rate_hz = kSoundRate_hz;
  writer_options.with_sound = !sound.empty();
  writer_options.quality = options.quality;
  writer_options.title = "Mira";
  media::FilmWriter film(options.output, writer_options);
  StageProgress progress(context, "filming");
  const double started_s = monotonic_s();
  for (int i = options.first_frame; i < last; ++i) {
    film.write_frame(portrait.draw(performance[static_cast<std::size_t>(i)], options.draw));
    if (!sound.empty()) {
      film.write_sound(
          std::span(sound).subspan(static_cast<std::size_t>(i) * samples_per_frame, samples_per_frame));
    }
    const int done = i + 1 - options.first_frame;
    progress.update(done, last - options.first_frame, {{"s_per_frame", (monotonic_s() - started_s) / done}});
  }
  film.finish();
}

}  // namespace anima::presenter
