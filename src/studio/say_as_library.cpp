#include "studio/say_as_library.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "core/error.h"
#include "core/files.h"
#include "core/nearest_match.h"
#include "core/utf8.h"

namespace anima::studio {
namespace {

constexpr std::uint64_t kFileLimit_bytes = 4U << 20U;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {}", file.string(), why),
              "each entry is `- written: WORD`, and below it `spoken: HOW`, and `language: en` or `zh` if it "
              "is for one");
}

}  // namespace

SayAsLibrary::SayAsLibrary(const std::filesystem::path& root) : file_(root / "say-as.yaml") {}

std::vector<text::SayAsEntry> SayAsLibrary::read() const {
  std::vector<text::SayAsEntry> entries;
  if (!std::filesystem::exists(file_)) return entries;
  const std::string content = read_text_file(file_, kFileLimit_bytes);
  if (find_invalid_utf8(content) != std::string::npos) refuse(file_, "is not UTF-8");
  YAML::Node list;
  try {
    list = YAML::Load(content);
  } catch (const YAML::Exception& exception) {
    refuse(file_, exception.what());
  }
  if (list.IsNull()) return entries;
  if (!list.IsSequence()) refuse(file_, "is not a list");
  int number = 0;
  for (const YAML::Node& item : list) {
    ++number;
    if (!item.IsMap()) refuse(file_, fmt::format("entry {} is not a group of fields", number));
    text::SayAsEntry entry;
    for (const auto& field : item) {
      const std::string name = field.first.IsScalar() ? field.first.Scalar() : "";
      if (!field.second.IsScalar())
        refuse(file_, fmt::format("entry {}: \"{}\" is not a single value", number, name));
      std::string* place = name == "written"    ? &entry.written
                           : name == "spoken"   ? &entry.spoken
                           : name == "language" ? &entry.language
                                                : nullptr;
      if (place == nullptr) refuse(file_, fmt::format("entry {} has an unknown field \"{}\"", number, name));
      *place = field.second.Scalar();
    }
    if (entry.written.empty() || entry.spoken.empty())
      refuse(file_, fmt::format("entry {} lacks `{}`", number, entry.written.empty() ? "written" : "spoken"));
    entries.push_back(std::move(entry));
  }
  return entries;
}

void SayAsLibrary::write(const std::vector<text::SayAsEntry>& entries) const {
  YAML::Emitter out;
  out << YAML::BeginSeq;
  for (const text::SayAsEntry& entry : entries) {
    out << YAML::BeginMap << YAML::Key << "written" << YAML::Value << YAML::DoubleQuoted << entry.written
        << YAML::Key << "spoken" << YAML::Value << YAML::DoubleQuoted << entry.spoken;
    if (!entry.language.empty()) out << YAML::Key << "language" << YAML::Value << entry.language;
    out << YAML::EndMap;
  }
  out << YAML::EndSeq;
  std::filesystem::create_directories(file_.parent_path());
  write_file_atomically(file_,
                        "# How words are said: anima say-as --help\n" + std::string(out.c_str()) + "\n");
}

std::shared_ptr<const text::SayAs> SayAsLibrary::load() const {
  try {
    return std::make_shared<const text::SayAs>(read());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument ||
        std::string(error.what()).find(file_.string()) != std::string::npos)
      throw;
    refuse(file_, error.what());
  }
}

bool SayAsLibrary::add(const text::SayAsEntry& entry) {
  const text::SayAs checked({entry});
  std::vector<text::SayAsEntry> entries = read();
  const auto same = std::find_if(entries.begin(), entries.end(), [&](const text::SayAsEntry& other) {
    return other.written == entry.written && other.language == entry.language;
  });
  const bool replaces = same != entries.end();
  if (replaces) {
    *same = entry;
  } else {
    entries.push_back(entry);
  }
  write(entries);
  return replaces;
}

void SayAsLibrary::remove(const std::string& written, const std::string& language) {
  std::vector<text::SayAsEntry> entries = read();
  const auto removed = std::erase_if(entries, [&](const text::SayAsEntry& entry) {
    return entry.written == written && (language.empty() || entry.language == language);
  });
  if (removed == 0) {
    std::string known;
    std::vector<std::string> words;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].written != written) words.push_back(entries[i].written);
      if (i < 20) known += (i > 0 ? ", " : "") + entries[i].written;
    }
    throw Error(
        ErrorCode::kNotFound,
        fmt::format("the say-as dictionary has no entry \"{}\"{}", written,
                    language.empty() ? "" : " for the language " + language),
        did_you_mean(written, words,
                     known.empty() ? "it is empty; `anima say-as add` fills it" : "it has: " + known));
  }
  write(entries);
}

}  // namespace anima::studio
