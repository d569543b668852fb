// How well the lag between lips and sound is measured: shifts each film's sound and measures again.
//
//   anima_lip_lag FILM...      one line per film and shift; 0 is the film as it is
#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "audio/speech_features.h"
#include "core/error.h"
#include "face/face_crop.h"
#include "face/face_tracker.h"
#include "media/film_reader.h"
#include "motion/sound_lag.h"
#include "studio/film_stages.h"
#include "studio/sound_offset.h"

namespace {

using namespace anima;

constexpr int kSide_px = 512;

std::vector<face::FaceObservation> track(const face::FaceNetworks& networks,
                                         const std::filesystem::path& film) {
  media::FrameReaderOptions reading;
  reading.crop = face::choose_face_crop(networks, film, {}, {}).square;
  reading.width_px = reading.height_px = kSide_px;
  media::FrameReader reader(film, reading);
  face::FaceTracker tracker(networks);
  std::vector<face::FaceObservation> faces;
  Image frame;
  double time_s = 0;
  while (reader.next(frame, time_s)) faces.push_back(tracker.observe(frame));
  return faces;
}

void measure(const face::FaceNetworks& networks, const std::filesystem::path& film) {
  const motion::LipSignal seen = motion::seen_lips(track(networks, film));
  const Sound sound = media::read_sound(film, studio::kSoundRate_hz);
  double as_it_is_ms = 0;
  for (const double shift_ms : {0.0, -600.0, -200.0, -80.0, 80.0, 200.0, 600.0}) {
    // Later by the shift; what a film of the same length would lose at its end is lost.
    Sound moved = studio::moved_earlier(sound, -shift_ms);
    moved.samples.resize(sound.samples.size(), 0.0F);
    const motion::SoundLag lag =
        motion::sound_lag(seen, motion::heard_lips(moved, audio::shared_senone_scorer(), {}));
    if (shift_ms == 0) as_it_is_ms = lag.lag_ms;
    fmt::print("{:<34} {:>5.0f} {:>8.1f} {:>6.0f} to {:>4.0f} {:>7.1f}  {:.2f} {:.2f} {:.2f} {:>5.1f}  {}\n",
               film.filename().string(), shift_ms, lag.lag_ms, lag.low_ms, lag.high_ms,
               lag.lag_ms - shift_ms - as_it_is_ms, lag.correlation, lag.margin, lag.agreement, lag.speech_s,
               lag.certain() ? "certain" : "not certain");
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: anima_lip_lag FILM...\n";
    return 2;
  }
  try {
    const face::FaceNetworks networks;
    fmt::print("{:<34} {:>5} {:>8} {:>14} {:>7}  {} {} {} {:>5}\n", "film", "shift", "measured", "interval",
               "error", "corr", "marg", "agree", "speech");
    for (int i = 1; i < argc; ++i) measure(networks, argv[i]);
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return exit_status_of(error.code());
  }
  return 0;
}
