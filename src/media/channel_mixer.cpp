#include "media/channel_mixer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "media/speech_likeness.h"

namespace anima::media {
namespace {

constexpr double kShortest_s = 0.5;  // less tells nothing
constexpr double kFade_s = 0.02;
constexpr double kDead_power = 1e-3;  // -30 dB against the loudest channel
// The mean of n unrelated channels has 1/n of their power; a sum of opposites has nothing.
constexpr double kCancelled_share = 0.3;
constexpr double kClearlyLess = 0.5;  // of the speech in another channel

float usable(float value) {
  return std::isfinite(value) ? value : 0.0F;
}

std::string name_of_channel(int channel, int channels) {
  if (channels == 2) return channel == 0 ? "the left one" : "the right one";
  return fmt::format("channel {} of {}", channel + 1, channels);
}

std::string words_for(const ChannelChoice& choice, int channels) {
  const std::string taken = name_of_channel(choice.channel, channels);
  switch (choice.verdict) {
    case ChannelVerdict::kOnlyOne:
      return fmt::format("all its channels but one are silent; {} is used", taken);
    case ChannelVerdict::kCancelled:
      return fmt::format("its channels cancel each other, one is the other turned over; {} is used", taken);
    case ChannelVerdict::kOneSided:
      return fmt::format("only one of its channels holds speech; {} is used", taken);
    case ChannelVerdict::kMean:
      break;
  }
  return {};
}

}  // namespace

std::optional<ChannelChoice> choose_channels(std::span<const float> interleaved, int channels,
                                             int sample_rate_hz) {
  const auto count = static_cast<std::size_t>(channels);
  const std::size_t frames = interleaved.size() / count;
  if (static_cast<double>(frames) < kShortest_s * sample_rate_hz) return std::nullopt;
  std::vector<double> speech(count);
  std::vector<double> power(count);
  for (std::size_t c = 0; c < count; ++c) {
    SpeechLikeness likeness(sample_rate_hz);
    likeness.push(interleaved.subspan(c), count);
    speech[c] = likeness.value();
    power[c] = likeness.rms() * likeness.rms();
  }
  const double loudest = *std::max_element(power.begin(), power.end());
  if (loudest < kSilence_rms * kSilence_rms) return std::nullopt;

  std::vector<std::size_t> alive;
  for (std::size_t c = 0; c < count; ++c) {
    if (power[c] >= kDead_power * loudest) alive.push_back(c);
  }
  const auto best =
      *std::max_element(alive.begin(), alive.end(), [&](auto a, auto b) { return speech[a] < speech[b]; });
  ChannelChoice choice;
  choice.weights.assign(count, 0.0F);
  const auto take = [&](ChannelVerdict verdict, std::size_t channel) {
    choice.verdict = verdict;
    choice.channel = static_cast<int>(channel);
    choice.weights[channel] = 1;
    return choice;
  };
  if (alive.size() == 1) return take(ChannelVerdict::kOnlyOne, best);

  double mean_power = 0;
  double power_of_mean = 0;
  for (const std::size_t c : alive) mean_power += power[c] / static_cast<double>(alive.size());
  for (std::size_t i = 0; i < frames; ++i) {
    double sum = 0;
    for (const std::size_t c : alive) sum += usable(interleaved[i * count + c]);
    power_of_mean += sum * sum;
  }
  const auto n = static_cast<double>(alive.size());
  power_of_mean /= n * n * static_cast<double>(frames);
  if (power_of_mean < kCancelled_share / n * mean_power) {
    // Of two that are alike, the first: a hair's difference must not decide.
    const bool first = speech[alive.front()] > 0.9 * speech[best];
    return take(ChannelVerdict::kCancelled, first ? alive.front() : best);
  }
  const bool alone = std::all_of(alive.begin(), alive.end(), [&](std::size_t c) {
    return c == best || speech[c] < kClearlyLess * speech[best];
  });
  if (alone && speech[best] >= kSpeech) return take(ChannelVerdict::kOneSided, best);
  for (const std::size_t c : alive) choice.weights[c] = static_cast<float>(1 / n);
  return choice;
}

ChannelMixer::ChannelMixer(int channels, int sample_rate_hz)
    : channels_(channels),
      sample_rate_hz_(sample_rate_hz),
      weights_(static_cast<std::size_t>(channels), 1.0F / static_cast<float>(channels)) {}

void ChannelMixer::mix(std::span<const float> interleaved, std::vector<float>& mono) {
  const auto count = static_cast<std::size_t>(channels_);
  const std::size_t frames = interleaved.size() / count;
  std::vector<float> before = weights_;
  if (channels_ > 1) {
    if (const auto choice = choose_channels(interleaved, channels_, sample_rate_hz_)) {
      weights_ = choice->weights;
      bool& remarked = remarked_[static_cast<int>(choice->verdict)];
      if (choice->verdict != ChannelVerdict::kMean && !remarked)
        remarks_.push_back(words_for(*choice, channels_));
      remarked = true;
    }
  }
  if (!started_) before = weights_;  // nothing to fade from
  started_ = true;
  const double fade_frames = std::max(1.0, kFade_s * sample_rate_hz_);
  mono.reserve(mono.size() + frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const auto share = static_cast<float>(std::min(1.0, static_cast<double>(i) / fade_frames));
    float sum = 0;
    for (std::size_t c = 0; c < count; ++c)
      sum += (before[c] + share * (weights_[c] - before[c])) * usable(interleaved[i * count + c]);
    mono.push_back(sum);
  }
}

std::vector<std::string> ChannelMixer::take_remarks() {
  std::vector<std::string> remarks;
  remarks.swap(remarks_);
  return remarks;
}

}  // namespace anima::media
