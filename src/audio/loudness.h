// How loud a sound is heard, and how to make it as loud as others.
//
// EBU R 128 (2020) / ITU-R BS.1770-4: K-weighting, blocks of 400 ms every 100 ms, gated at
// -70 LUFS and at 10 LU below the ungated loudness.
#pragma once

#include "core/sound.h"

namespace anima::audio {

// Loudness of nothing (silence, or less than 400 ms of sound).
inline constexpr double kSilenceLufs = -70;
// What generated speech is brought to: between podcasts (-16) and broadcast (-23).
inline constexpr double kSpeechLufs = -18;

// Integrated loudness of a mono sound, counted as one centre channel.
double integrated_loudness_lufs(const Sound& sound);

// Greatest absolute value of the sound four times oversampled: dB of full scale, -100 for silence.
double true_peak_db(const Sound& sound);

// Brings the sound to `target_lufs`, or as near as `peak_limit_db` (true peak) allows. Returns the
// gain in dB; silence stays as it is.
double normalise_loudness(Sound& sound, double target_lufs = kSpeechLufs, double peak_limit_db = -1);

// Keeps samples within (-1, 1): unchanged up to 0.8, then ever flatter (tanh), without a corner.
float soft_limit(float sample);

}  // namespace anima::audio
