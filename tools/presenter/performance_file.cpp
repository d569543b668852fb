#include "presenter/performance_file.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "presenter/pose_fields.h"

namespace anima::presenter {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLimit_bytes = 256ULL << 20U;
constexpr double kSteps = 1e4;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, fmt::format("{}: {}", where, what),
              "make the file again; its form is described in tools/presenter/performance_file.h");
}

// "mouth.open" is the field `open` of the object `mouth`, "head_shift_dm.0" the first number of an
// array: the two kinds of nesting that a pose has.
void read_value(PresenterPose& pose, const std::string& name, const Json& value, const std::string& where) {
  if (value.is_number()) {
    try {
      set_pose_field(pose, name, value.get<double>(), where);
    } catch (const Error& e) {
      refuse(where, e.message());
    }
  } else if (value.is_object() && name == "mouth") {
    for (const auto& [target, weight] : value.items()) {
      if (!weight.is_number()) refuse(where, fmt::format("mouth.{} is no number", target));
      read_value(pose, fmt::format("mouth.{}", target), weight, where);
    }
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!value[i].is_number()) refuse(where, fmt::format("{} holds something that is no number", name));
      read_value(pose, fmt::format("{}.{}", name, i), value[i], where);
    }
  } else {
    refuse(where, fmt::format("{} is neither a number nor a list of numbers", name));
  }
}

Json pose_json(PresenterPose pose) {
  Json json = Json::object();
  for (const PoseField& field : pose_fields()) {
    const double value = std::round(field.value(pose, field.index) * kSteps) / kSteps;
    if (value == 0) continue;
    const std::size_t dot = field.name.find('.');
    const std::string outer = field.name.substr(0, dot);
    if (dot == std::string::npos) {
      json[outer] = value;
    } else if (outer == "mouth") {
      json[outer][field.name.substr(dot + 1)] = value;
    } else {
      Json& list = json[outer];
      while (list.size() <= field.index) list.push_back(0);
      list[field.index] = value;
    }
  }
  return json;
}

}  // namespace

std::string performance_text(const PresenterPerformance& performance) {
  // One pose a line: readable, and a change shows as a change of lines.
  std::string text = fmt::format("{{\"frames_per_second\": {}, \"poses\": [\n", kPresenterFrames_per_s);
  for (std::size_t i = 0; i < performance.size(); ++i) {
    text += pose_json(performance[i]).dump();
    text += i + 1 < performance.size() ? ",\n" : "\n";
  }
  return text + "]}\n";
}

void write_performance(const std::filesystem::path& path, const PresenterPerformance& performance) {
  write_file_atomically(path, performance_text(performance));
}

PresenterPerformance parse_performance(const std::string& text, const std::string& name) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception& e) {
    throw Error(ErrorCode::kCorruptData, fmt::format("{} is not JSON", name), "make the performance again",
                e.what());
  }
  if (!json.is_object() || !json.contains("poses") || !json["poses"].is_array() || json["poses"].empty()) {
    refuse(name, "no list of poses");
  }
  const Json rate = json.value("frames_per_second", Json());
  if (!rate.is_number() || rate.get<double>() != kPresenterFrames_per_s) {
    refuse(name, fmt::format("frames_per_second must be {}", kPresenterFrames_per_s));
  }
  PresenterPerformance performance;
  performance.reserve(json["poses"].size());
  for (const Json& pose : json["poses"]) {
    const std::string where = fmt::format("{}, pose {}", name, performance.size());
    if (!pose.is_object()) refuse(where, "not an object");
    performance.emplace_back();
    for (const auto& [field, value] : pose.items()) read_value(performance.back(), field, value, where);
  }
  return performance;
}

PresenterPerformance read_performance(const std::filesystem::path& path) {
  return parse_performance(read_text_file(path, kLimit_bytes), path.string());
}

}  // namespace anima::presenter
