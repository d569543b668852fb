// How late a film's sound is against its lips, and how sure that is.
//
// Phones that the lips show (open vowels, closed /m b p/, rounded /u w/) are heard in the phone posteriors
// and seen in the mouth's height, width and closure. Both are correlated at every lag; the lag of the highest
// correlation is the film's. The idea of one linear map from sound to mouth and a search over lags is that of
// Slaney and Covell, "FaceSync: A Linear Operator for Measuring Synchronization of Video Facial Images and
// Audio Tracks", 2000; here the map is phonetic knowledge (motion/articulation.h) instead of training, so
// that it serves any speaker and other languages, too. The interval is a bootstrap over blocks of two seconds
// (Künsch, "The Jackknife and the Bootstrap for General Stationary Observations", 1989).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "audio/senone_scorer.h"
#include "core/progress.h"
#include "core/sound.h"
#include "face/tracked_film.h"

namespace anima::motion {

// What is compared, channel by channel: how far the mouth is open, how wide it is, whether the lips touch.
// Bands of about 0.3 to 3 Hz, 100 values a second, from the start of the film.
inline constexpr int kLipChannels = 3;
struct LipSignal {
  std::array<std::vector<float>, kLipChannels> channels;  // of equal length
  std::vector<float> weight;  // 0 to 1, of the same length: 0 where nothing is known

  int length() const { return static_cast<int>(weight.size()); }
};

// As seen: `faces` at 25 Hz, in any unit. Weight 0 where no face was found.
LipSignal seen_lips(std::span<const face::FaceObservation> faces);

// As the sound (16 kHz) lets expect it. Weight 0 outside of running speech: the mouth also opens to breathe,
// and ahead of a sentence's first sound. Throws Error: kInvalidArgument for another rate, kCancelled.
LipSignal heard_lips(const Sound& sound, const std::shared_ptr<const audio::SenoneScorer>& scorer,
                     const WorkContext& context);

struct SoundLagOptions {
  int resamples = 200;  // of the bootstrap
  std::uint64_t seed = 1;
};

enum class LagDoubt {
  kNone,       // certain
  kTooLittle,  // hardly any speech with a visible mouth
  kNoMatch,    // no lag at which lips and sound belong together: dubbed, music, a mouth that hardly moves
  kNotUnique,  // several lags fit, or different ones in different parts of the film
};

struct SoundLag {
  LagDoubt doubt = LagDoubt::kTooLittle;
  double lag_ms = 0;  // > 0: the sound comes after the lips, < 0: before them
  double low_ms = 0;  // 95 % interval: of the resampling, and kLagError_ms of the method's own
  double high_ms = 0;
  double correlation = 0;  // there, mean of the channels
  double margin = 0;       // above the highest correlation elsewhere
  double agreement = 0;    // share of the resamples whose lag is nearly the same
  double speech_s = 0;     // running speech with a visible mouth that was compared

  bool certain() const { return doubt == LagDoubt::kNone; }
};

// Lags up to this, either way, are found.
inline constexpr double kMostLag_ms = 1000;
// What the method itself may be wrong by. A frame counts as seen 10 ms after its time stamp: between computed
// frames (at the stamp) and filmed ones (exposed until later). So defined, films known to be in step measure
// from -12 to +10 ms, and films whose lag was read off closures of the lips up to 20 ms from it.
inline constexpr double kLagError_ms = 20;
// Viewers notice nothing up to this (ITU-R BT.1359 puts the threshold of detection at 45 ms early).
inline constexpr double kLagNoticed_ms = 40;

SoundLag sound_lag(const LipSignal& seen, const LipSignal& heard, const SoundLagOptions& options = {});

// All of it. About a fortieth of the film's length on one core.
SoundLag measure_sound_lag(std::span<const face::FaceObservation> faces, const Sound& sound,
                           const WorkContext& context);

}  // namespace anima::motion
