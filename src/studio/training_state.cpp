#include "studio/training_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"

namespace anima::studio {
namespace {

constexpr int kFormat = 1;
constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

std::uint64_t fnv(std::uint64_t value, const char* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) value = (value ^ static_cast<unsigned char>(bytes[i])) * kFnvPrime;
  return value;
}

}  // namespace

StageKey StageKey::with(const std::string& input) const {
  // The length keeps "ab"+"c" and "a"+"bc" apart.
  const std::string framed = std::to_string(input.size()) + ":" + input;
  return StageKey(fnv(value_, framed.data(), framed.size()));
}

StageKey StageKey::with(std::int64_t input) const {
  return with(std::to_string(input));
}

std::string StageKey::text() const {
  return fmt::format("{:016x}", value_);
}

StageKey key_of_file(const std::filesystem::path& path) {
  constexpr std::streamoff kPart = 16 << 20;
  std::ifstream file(path, std::ios::binary);
  file.seekg(0, std::ios::end);
  const std::streamoff size = file.tellg();
  if (!file || size < 0)
    throw Error(ErrorCode::kNotFound, fmt::format("cannot read '{}'", path.string()), "check the path");
  std::string bytes(static_cast<std::size_t>(std::min(size, kPart)), '\0');
  const auto add_part = [&](StageKey key, std::streamoff from) {
    file.seekg(from);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file)
      throw Error(ErrorCode::kCorruptData, fmt::format("cannot read '{}' to its end", path.string()),
                  "copy the file again");
    return key.with(bytes);
  };
  const StageKey first = add_part(StageKey().with(static_cast<std::int64_t>(size)), 0);
  return size <= kPart ? first : add_part(first, size - static_cast<std::streamoff>(bytes.size()));
}

TrainingState::TrainingState(std::filesystem::path path) : path_(std::move(path)) {
  std::string text;
  try {
    text = read_text_file(path_, 1 << 20);
  } catch (const Error&) {
    return;
  }
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return;
  try {
    if (json.at("format").get<int>() != kFormat) return;
    for (const auto& entry : json.at("stages")) {
      stages_.push_back({entry.at("name").get<std::string>(), entry.at("key").get<std::string>(),
                         entry.at("done").get<bool>(), entry.at("seconds").get<double>()});
    }
    figures_ = json.at("figures").get<std::map<std::string, double>>();
    film_key_ = json.value("film", "");
  } catch (const nlohmann::json::exception&) {
    stages_.clear();
    figures_.clear();
    film_key_.clear();
  }
}

bool TrainingState::is_done(const std::string& stage, const StageKey& key) const {
  return std::any_of(stages_.begin(), stages_.end(),
                     [&](const Stage& s) { return s.name == stage && s.key == key.text() && s.done; });
}

TrainingState::Stage& TrainingState::stage(const std::string& name, const StageKey& key) {
  for (Stage& s : stages_) {
    if (s.name != name) continue;
    if (s.key != key.text()) s = {name, key.text(), false, 0};
    return s;
  }
  return stages_.emplace_back(Stage{name, key.text(), false, 0});
}

void TrainingState::mark_done(const std::string& name, const StageKey& key) {
  stage(name, key).done = true;
  save();
}

void TrainingState::add_seconds(const std::string& name, const StageKey& key, double seconds) {
  stage(name, key).seconds += seconds;
  save();
}

void TrainingState::mark_lost(const std::string& name) {
  for (Stage& s : stages_) {
    if (s.name == name) s.done = false;
  }
  save();
}

void TrainingState::set_film_key(const std::string& key) {
  film_key_ = key;
  save();
}

std::vector<std::pair<std::string, double>> TrainingState::seconds() const {
  std::vector<std::pair<std::string, double>> list;
  for (const Stage& s : stages_) list.emplace_back(s.name, s.seconds);
  return list;
}

double TrainingState::total_seconds() const {
  double total = 0;
  for (const Stage& s : stages_) total += s.seconds;
  return total;
}

double TrainingState::figure(const std::string& name, double otherwise) const {
  const auto found = figures_.find(name);
  return found == figures_.end() ? otherwise : found->second;
}

void TrainingState::set_figure(const std::string& name, double value) {
  figures_[name] = value;
  save();
}

void TrainingState::save() const {
  nlohmann::ordered_json json;
  json["format"] = kFormat;
  json["film"] = film_key_;
  json["stages"] = nlohmann::ordered_json::array();
  for (const Stage& s : stages_)
    json["stages"].push_back({{"name", s.name}, {"key", s.key}, {"done", s.done}, {"seconds", s.seconds}});
  json["figures"] = figures_;
  write_file_atomically(path_, json.dump(2) + "\n");
}

}  // namespace anima::studio
