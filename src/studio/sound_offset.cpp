#include "studio/sound_offset.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/nearest_match.h"

namespace anima::studio {
namespace {

std::string lag_text(const motion::SoundLag& lag) {
  return fmt::format("{:.0f} ms {} the lips ({:.0f} to {:.0f})", std::abs(lag.lag_ms),
                     lag.lag_ms < 0 ? "before" : "after", lag.low_ms, lag.high_ms);
}

std::string why_not(motion::LagDoubt doubt) {
  switch (doubt) {
    case motion::LagDoubt::kNone:
      return "certain";
    case motion::LagDoubt::kTooLittle:
      return "not certain: too little speech with a visible mouth";
    case motion::LagDoubt::kNoMatch:
      return "not certain: lips and sound fit nowhere within a second (dubbed, music, a mouth that hardly "
             "moves?)";
    case motion::LagDoubt::kNotUnique:
      return "not certain: different parts of the film say different things";
  }
  return "not certain";
}

}  // namespace

SoundOffset read_sound_offset(const std::string& text) {
  if (text == "auto") return {.measure = true};
  SoundOffset offset;
  const char* end = text.data() + text.size();
  const char* begin = text.data() + (text.size() > 1 && text[0] == '+' ? 1 : 0);
  const auto [stop, error] = std::from_chars(begin, end, offset.ms);
  if (error != std::errc() || stop != end || !(std::abs(offset.ms) <= kMostSoundOffset_ms)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("--sound-offset '{}' is no offset of a sound", text),
                did_you_mean(text, {"auto"},
                             "give milliseconds from -2000 to 2000 (80: the sound comes 80 ms after the "
                             "lips), or 'auto'"));
  }
  return offset;
}

ChosenOffset choose_offset(const SoundOffset& wanted, const motion::SoundLag& lag) {
  ChosenOffset chosen;
  if (wanted.measure) {
    if (!lag.certain()) {
      chosen.warning =
          fmt::format("the sound stays where it is: its lag behind the lips is {}", why_not(lag.doubt));
    } else if (std::abs(lag.lag_ms) > motion::kLagError_ms) {
      chosen.ms = std::round(lag.lag_ms);
    }
    return chosen;
  }
  chosen.ms = wanted.ms;
  if (lag.certain() && std::abs(lag.lag_ms - wanted.ms) > motion::kLagNoticed_ms) {
    chosen.warning =
        fmt::format("the film's sound comes {}: '--sound-offset auto' corrects it", lag_text(lag));
    if (wanted.ms != 0) chosen.warning += fmt::format(" (you gave {:.0f})", wanted.ms);
  }
  return chosen;
}

Sound moved_earlier(Sound sound, double ms) {
  const auto samples = std::llround(ms * sound.sample_rate_hz / 1000);
  auto& values = sound.samples;
  if (samples >= 0) {
    values.erase(values.begin(), values.begin() + std::min<long long>(samples, std::ssize(values)));
  } else {
    values.insert(values.begin(), static_cast<std::size_t>(-samples), 0.0F);
  }
  return sound;
}

std::string describe(const motion::SoundLag& lag) {
  return lag.certain() ? "the sound comes " + lag_text(lag) : why_not(lag.doubt);
}

nlohmann::ordered_json to_json(const motion::SoundLag& lag) {
  const auto number = [&](double value) {
    return lag.certain() ? nlohmann::ordered_json(std::round(value * 10) / 10) : nlohmann::ordered_json();
  };
  return {{"certain", lag.certain()},       {"certainty", why_not(lag.doubt)},
          {"lag_ms", number(lag.lag_ms)},   {"low_ms", number(lag.low_ms)},
          {"high_ms", number(lag.high_ms)}, {"speech_seconds", std::round(lag.speech_s * 10) / 10}};
}

}  // namespace anima::studio
