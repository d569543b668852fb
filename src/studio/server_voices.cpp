#include "studio/server_voices.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "studio/training_state.h"

namespace anima::studio {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kFileLimit_bytes = 1U << 20U;

std::string text_field(const Json& json, const char* name) {
  return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>()
                                                                           : "";
}

}  // namespace

ServerVoices::ServerVoices(fs::path file) : file_(std::move(file)) {
  if (!fs::exists(file_)) return;
  const Json json = Json::parse(read_text_file(file_, kFileLimit_bytes), nullptr, false);
  const auto refuse = [&] {
    throw Error(ErrorCode::kCorruptData, fmt::format("'{}' does not list voices at servers", file_.string()),
                "look at your providers for what they hold of this voice, then delete the file");
  };
  if (!json.is_object() || !json.contains("voices") || !json["voices"].is_array()) refuse();
  for (const Json& entry : json["voices"]) {
    KeptServerVoice kept;
    kept.voice.engine = text_field(entry, "engine");
    kept.voice.id = text_field(entry, "id");
    kept.recording = text_field(entry, "recording");
    if (kept.voice.engine.empty() || kept.voice.id.empty()) refuse();
    if (entry.contains("files") && entry["files"].is_array()) {
      for (const Json& name : entry["files"]) {
        if (name.is_string()) kept.voice.files.push_back(name.get<std::string>());
      }
    }
    kept_.push_back(std::move(kept));
  }
}

std::map<std::string, std::string> ServerVoices::made_from(const fs::path& recording) const {
  std::map<std::string, std::string> ids;
  if (kept_.empty()) return ids;
  const std::string key = key_of_file(recording).text();
  for (const KeptServerVoice& kept : kept_) {
    if (kept.recording == key) ids[kept.voice.engine] = kept.voice.id;
  }
  return ids;
}

void ServerVoices::keep(const voice::ServerVoice& voice, const fs::path& recording) {
  kept_.push_back({voice, key_of_file(recording).text()});
  write();
}

void ServerVoices::forget(const voice::ServerVoice& voice) {
  std::erase_if(kept_, [&](const KeptServerVoice& kept) {
    return kept.voice.engine == voice.engine && kept.voice.id == voice.id;
  });
  write();
}

void ServerVoices::write() const {
  Json voices = Json::array();
  for (const KeptServerVoice& kept : kept_) {
    voices.push_back({{"engine", kept.voice.engine},
                      {"id", kept.voice.id},
                      {"files", kept.voice.files},
                      {"recording", kept.recording}});
  }
  const Json json = {{"voices", voices}};
  write_file_atomically(file_, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace anima::studio
