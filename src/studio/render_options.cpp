#include "studio/render_options.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "core/error.h"
#include "core/nearest_match.h"
#include "motion/blinks.h"

namespace anima::studio {
namespace {

// A whole text as a number, independent of the locale.
std::optional<double> number_from(const std::string& text) {
  if (text.empty() || text.size() > 32 || text.find_first_not_of("0123456789.") != std::string::npos)
    return std::nullopt;
  double value = 0;
  double place = 0;
  for (const char c : text) {
    if (c == '.') {
      if (place != 0) return std::nullopt;
      place = 1;
    } else if (place == 0) {
      value = value * 10 + (c - '0');
    } else {
      place /= 10;
      value += place * (c - '0');
    }
  }
  return text == "." ? std::nullopt : std::optional<double>(value);
}

void require_range(const char* knob, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{} is {}, but must lie between {} and {}", knob, value, low, high),
              "choose a value in that range");
}

// `words`: those that the option knows.
[[noreturn]] void refuse(const char* option, const std::string& text, const char* expected,
                         const std::vector<std::string>& words = {}) {
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{} does not understand '{}'", option, text.substr(0, 100)),
              did_you_mean(text, words, fmt::format("give {}", expected)));
}

}  // namespace

void RenderOptions::validate() const {
  require_range("--mouth-amplitude", mouth_amplitude, 0, 3);
  require_range("--lle-fraction", lle_fraction, 0, 1);
  require_range("--temperature", temperature, 0, 2);
  require_range("--size", size_px, 64, 2048);
  require_range("--threads", threads, 0, 256);
  if (blink == BlinkMode::kPeriod) {
    require_range("--blink", blink_period_s, motion::kShortestBlinkPeriod_s, motion::kLongestBlinkPeriod_s);
  }
  if (size_px % 2 != 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("--size is {}, but H.264 needs an even size", size_px),
                fmt::format("use {}", size_px + 1));
  }
  if (pose == PoseMode::kRange && !(pose_to_s - pose_from_s >= 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("--pose {}-{} is shorter than a second", pose_from_s, pose_to_s),
                "give a longer part of the film, in seconds: --pose 10-25");
  }
  const std::string extension = output.extension().string();
  if (extension != ".mp4" && extension != ".webm" && extension != ".webp") {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is not the name of a film that Anima writes", output.string()),
                "end it with .mp4, .webm, or .webp (a moving picture without sound)");
  }
  if (background == BackgroundMode::kTransparent && extension == ".mp4") {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot be transparent: MP4 has no transparency", output.string()),
                "end the output's name with .webm, or .webp");
  }
}

void set_blink(RenderOptions& options, const std::string& text) {
  if (text == "off") {
    options.blink = BlinkMode::kOff;
  } else if (text == "natural") {
    options.blink = BlinkMode::kNatural;
  } else if (const auto period_s = number_from(text)) {
    options.blink = BlinkMode::kPeriod;
    options.blink_period_s = *period_s;
  } else {
    refuse("--blink", text, "off, natural, or seconds between blinks (--blink 4)", {"off", "natural"});
  }
}

void set_pose(RenderOptions& options, const std::string& text) {
  if (text == "film") {
    options.pose = PoseMode::kFilm;
    return;
  }
  if (text == "static") {
    options.pose = PoseMode::kStatic;
    return;
  }
  const std::size_t hyphen = text.find('-');
  const auto from_s = number_from(text.substr(0, hyphen));
  const auto to_s = hyphen == std::string::npos ? std::nullopt : number_from(text.substr(hyphen + 1));
  if (!from_s || !to_s)
    refuse("--pose", text, "film, static, or a part of the film in seconds (--pose 10-25)",
           {"film", "static"});
  options.pose = PoseMode::kRange;
  options.pose_from_s = *from_s;
  options.pose_to_s = *to_s;
}

void set_background(RenderOptions& options, const std::string& text) {
  const std::vector<std::string> words = {"film", "transparent"};
  if (text == "film") {
    options.background = BackgroundMode::kFilm;
  } else if (text == "transparent") {
    options.background = BackgroundMode::kTransparent;
  } else if (text.starts_with('#')) {
    if (text.size() != 7 || text.find_first_not_of("0123456789abcdefABCDEF", 1) != std::string::npos) {
      refuse("--background", text, "a colour as six hexadecimal digits (--background '#00ff00')");
    }
    const unsigned long rgb = std::stoul(text.substr(1), nullptr, 16);
    options.background = BackgroundMode::kColour;
    options.background_colour = {static_cast<std::uint8_t>(rgb >> 16U), static_cast<std::uint8_t>(rgb >> 8U),
                                 static_cast<std::uint8_t>(rgb)};
  } else if (text.empty() || (!std::filesystem::exists(text) && !nearest_match(text, words).empty())) {
    refuse("--background", text, "film, transparent, #RRGGBB, or the name of a picture file", words);
  } else {
    options.background = BackgroundMode::kImage;
    options.background_image = text;
  }
}

}  // namespace anima::studio
