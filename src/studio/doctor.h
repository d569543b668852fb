// `anima doctor`: what is installed, what is missing, and how fast this machine is.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace anima::studio {

struct Finding {
  std::string topic;  // "GStreamer", "face models", ...
  std::string text;   // what was found
  bool ok = true;
  bool needed = true;  // false: nice to have
  std::string fix;     // what to do when not ok
};

struct Diagnosis {
  std::vector<Finding> findings;
  bool healthy() const;  // everything needed is there
};

// `measure_speed`: also run the renderer and a network for about a second each.
Diagnosis diagnose(const std::string& library_root, bool measure_speed);

std::string to_text(const Diagnosis& diagnosis);
nlohmann::ordered_json to_json(const Diagnosis& diagnosis);

}  // namespace anima::studio
