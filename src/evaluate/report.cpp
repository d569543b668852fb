#include "evaluate/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace anima::evaluate {
namespace {

constexpr std::uint8_t kGapGrey = 128;

void require_rgb(const std::vector<Image>& pictures, bool same_height) {
  if (pictures.empty()) throw Error(ErrorCode::kInvalidArgument, "a strip needs at least one picture");
  for (const Image& p : pictures) {
    const bool fits = same_height ? p.height == pictures[0].height : p.width == pictures[0].width;
    if (p.channels != 3 || !fits || p.empty()) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("a picture of {}x{}x{} does not fit a strip that starts with {}x{}x{}", p.width,
                      p.height, p.channels, pictures[0].width, pictures[0].height, pictures[0].channels),
          "give colour pictures of one size");
    }
  }
}

void copy_into(Image& target, const Image& picture, int left, int top) {
  for (int y = 0; y < picture.height; ++y) {
    std::copy(picture.row(y), picture.row(y) + static_cast<std::size_t>(picture.width) * 3,
              target.row(top + y) + static_cast<std::size_t>(left) * 3);
  }
}

}  // namespace

double Report::value(const std::string& key) const {
  for (const Score& score : scores) {
    if (score.key == key) return score.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

nlohmann::ordered_json to_json(const Report& report) {
  nlohmann::ordered_json json;
  json["person"] = report.person;
  for (const Score& score : report.scores) {
    if (!std::isfinite(score.value)) {
      json[score.key] = nullptr;
    } else if (score.value == std::floor(score.value) && std::abs(score.value) < 1e15) {
      json[score.key] = static_cast<std::int64_t>(score.value);
    } else {
      json[score.key] = score.value;
    }
  }
  json["notes"] = report.notes;
  return json;
}

std::string shown_value(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "-";
  if (unit == "B")
    return value >= 1e9 ? fmt::format("{:.2f} GB", value / 1e9) : fmt::format("{:.1f} MB", value / 1e6);
  const bool whole = value == std::floor(value) || std::abs(value) >= 100;
  std::string text = whole ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
  if (!unit.empty()) text += " " + unit;
  return text;
}

std::string to_text(const Report& report) {
  std::size_t label_width = 0;
  for (const Score& score : report.scores) label_width = std::max(label_width, score.label.size());
  std::string text;
  for (const Score& score : report.scores) {
    text += fmt::format("  {:<{}}  {:>12}", score.label, label_width, shown_value(score.value, score.unit));
    if (score.has_goal()) {
      const char* verdict = !std::isfinite(score.value) ? "not measured"
                            : score.meets_aim()         ? "aim met"
                            : score.meets_must()        ? "must met"
                                                        : "MISSED";
      const char* sign = score.higher_is_better ? ">=" : "<=";
      text += fmt::format("  {:<12}  (must {} {}, aim {} {})", verdict, sign,
                          shown_value(score.must, score.unit), sign, shown_value(score.aim, score.unit));
    }
    text += '\n';
  }
  for (const std::string& note : report.notes) text += "  * " + note + "\n";
  return text;
}

Image side_by_side(const std::vector<Image>& pictures, int gap_px) {
  require_rgb(pictures, true);
  int width = -gap_px;
  for (const Image& p : pictures) width += p.width + gap_px;
  Image strip(width, pictures[0].height, 3);
  std::fill(strip.pixels.begin(), strip.pixels.end(), kGapGrey);
  int left = 0;
  for (const Image& p : pictures) {
    copy_into(strip, p, left, 0);
    left += p.width + gap_px;
  }
  return strip;
}

Image stacked(const std::vector<Image>& pictures, int gap_px) {
  require_rgb(pictures, false);
  int height = -gap_px;
  for (const Image& p : pictures) height += p.height + gap_px;
  Image strip(pictures[0].width, height, 3);
  std::fill(strip.pixels.begin(), strip.pixels.end(), kGapGrey);
  int top = 0;
  for (const Image& p : pictures) {
    copy_into(strip, p, 0, top);
    top += p.height + gap_px;
  }
  return strip;
}

}  // namespace anima::evaluate
