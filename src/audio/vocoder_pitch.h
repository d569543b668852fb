// Fundamental frequency of a voice, as exactly as a vocoder needs it: frames of 5 ms, errors of
// tenths of a hertz, the speaker's range found from the whole sound first. (For a live stream,
// where a third of a second of future is too much to ask: audio/pitch_tracker.h.)
//
// Candidates come from the autocorrelation of each frame divided by that of its window (Boersma,
// "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of
// a sampled sound", 1993), and the path through them by dynamic programming. A second path, with
// the range narrowed to the speaker found by the first, removes octave errors. Each value is
// refined by the instantaneous frequencies of its first harmonics (StoneMask; Morise, Kawahara
// and Katayose, "Fast and reliable F0 estimation method based on the period extraction of vocal
// fold vibration of singing voice and speech", 2009).
#pragma once

#include <span>
#include <vector>

#include "core/sound.h"

namespace anima::audio {

struct VocoderPitchOptions {
  double frame_period_s = 0.005;
  double floor_hz = 60;
  double ceiling_hz = 500;
  bool narrow_to_speaker = true;  // off where several people speak
  double voicing_threshold = 0.45;
  double silence_threshold = 0.03;  // of the loudest part; quieter frames tend to unvoiced
};

struct VocoderPitch {
  double frame_period_s = 0;
  std::vector<float> f0_hz;  // frame t is centred at t * frame_period_s; 0 where nothing is voiced
};

// floor(duration / frame_period_s) + 1 frames. A sound without a sample gives no frame.
// Throws Error(kInvalidArgument) for options that contradict each other.
VocoderPitch track_vocoder_pitch(const Sound& sound, const VocoderPitchOptions& options = {});

// Median of the voiced frames within one octave of their common median; 0 where fewer than
// `minimum_frames` are voiced.
double median_pitch_hz(std::span<const float> f0_hz, int minimum_frames = 10);

}  // namespace anima::audio
