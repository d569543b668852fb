// One channel out of several, where adding them up may not be the way.
//
// Recorders write a channel that is dead, one that is the other turned over (a balanced line read as two
// channels: their sum is silence), or a voice on one side and noise on the other. Which it is, is decided
// anew for every window of the sound; while a window is silent, what was decided before stays.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace anima::media {

enum class ChannelVerdict {
  kMean,       // all channels that are alive
  kOnlyOne,    // the others are silent
  kCancelled,  // their sum is much weaker than they are
  kOneSided,   // the others hold no speech
};

struct ChannelChoice {
  ChannelVerdict verdict = ChannelVerdict::kMean;
  int channel = 0;  // the one taken, unless kMean
  std::vector<float> weights;
};

// Decides for these interleaved samples. None where they are silent or too short to tell.
std::optional<ChannelChoice> choose_channels(std::span<const float> interleaved, int channels,
                                             int sample_rate_hz);

class ChannelMixer {
 public:
  static constexpr double kWindow_s = 10;

  ChannelMixer(int channels, int sample_rate_hz);
  // Mixes a window and appends it to `mono`. Where the choice changes it is faded over, within 20 ms.
  void mix(std::span<const float> interleaved, std::vector<float>& mono);
  // The first choice of each kind but kMean, in words: "its two channels cancel each other; the left one is
  // used". Emptied by the call.
  std::vector<std::string> take_remarks();
  int channels() const { return channels_; }

 private:
  int channels_;
  int sample_rate_hz_;
  std::vector<float> weights_;
  bool started_ = false;
  bool remarked_[4] = {};
  std::vector<std::string> remarks_;
};

}  // namespace anima::media
