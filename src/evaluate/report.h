// The result of an evaluation: named figures, curves over time and picture strips.
#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/image.h"

namespace anima::evaluate {

// One figure. `key` is its name in JSON ("psnr_head_tracked"); `must` and `aim` are the project's
// goals, NaN where there is none.
struct Score {
  std::string key;
  std::string label;  // for people: "PSNR head, weights from tracking"
  double value = std::numeric_limits<double>::quiet_NaN();
  std::string unit;  // "dB", "px", "" for a ratio
  double must = std::numeric_limits<double>::quiet_NaN();
  double aim = std::numeric_limits<double>::quiet_NaN();
  bool higher_is_better = true;

  bool has_goal() const { return must == must; }
  bool meets_must() const { return higher_is_better ? value >= must : value <= must; }
  bool meets_aim() const { return higher_is_better ? value >= aim : value <= aim; }
};

struct Curve {
  std::string label;
  std::vector<double> values;  // one per step; NaN leaves a gap
};

struct Plot {
  std::string title;
  std::string x_label;
  std::string y_label;
  double x_start = 0;
  double x_step = 1;
  std::vector<Curve> curves;
};

struct Strip {
  std::string title;
  Image picture;
};

struct Report {
  std::string person;
  std::vector<std::string> notes;  // how it was measured, what to keep in mind
  std::vector<Score> scores;
  std::vector<Plot> plots;
  std::vector<Strip> strips;

  // The figure of that key; NaN where there is none.
  double value(const std::string& key) const;
};

// One flat object: "person", then each score's key and value (null where it is not a finite
// number), then "notes".
nlohmann::ordered_json to_json(const Report& report);

// "31.52 dB", "6.8 MB" for 6800000 B, "-" where there is no value.
std::string shown_value(double value, const std::string& unit);

// The figures as an aligned table, with the goals and whether they are met.
std::string to_text(const Report& report);

// Pictures of one height side by side with a gap of `gap_px`; all must have 3 channels.
Image side_by_side(const std::vector<Image>& pictures, int gap_px = 4);
// Pictures of one width below each other.
Image stacked(const std::vector<Image>& pictures, int gap_px = 4);

}  // namespace anima::evaluate
