#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "studio/house_presenter.h"
#include "studio/library.h"
#include "studio/say_as_library.h"

namespace anima::app {
namespace {

void print_json(const nlohmann::ordered_json& json) {
  std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

nlohmann::ordered_json to_json(const text::SayAsEntry& entry) {
  return {{"written", entry.written},
          {"spoken", entry.spoken},
          {"language", entry.language},
          {"pinyin", text::is_pinyin(entry.spoken)}};
}

int add(const text::SayAsEntry& entry, CommandContext& context) {
  studio::SayAsLibrary library(studio::library_root(context.library));
  const bool replaced = library.add(entry);
  if (context.json) {
    nlohmann::ordered_json json = to_json(entry);
    json["replaced"] = replaced;
    json["file"] = library.file().string();
    print_json(json);
  } else {
    std::cout << entry.written << " is said \"" << entry.spoken << "\""
              << (entry.language.empty() ? "" : " in " + entry.language)
              << (replaced ? " from now on\n" : "\n");
  }
  return 0;
}

int list(CommandContext& context) {
  const studio::SayAsLibrary library(studio::library_root(context.library));
  const auto dictionary = library.load();
  if (context.json) {
    auto entries = nlohmann::ordered_json::array();
    for (const text::SayAsEntry& entry : dictionary->entries()) entries.push_back(to_json(entry));
    print_json({{"file", library.file().string()}, {"entries", entries}});
    return 0;
  }
  if (dictionary->empty()) std::cout << "no entries yet: anima say-as add WRITTEN SPOKEN\n";
  for (const text::SayAsEntry& entry : dictionary->entries()) {
    std::cout << entry.written << "  ->  " << entry.spoken
              << (entry.language.empty() ? "" : "  (" + entry.language + ")") << "\n";
  }
  return 0;
}

int remove(const text::SayAsEntry& entry, CommandContext& context) {
  studio::SayAsLibrary library(studio::library_root(context.library));
  library.remove(entry.written, entry.language);
  if (context.json) {
    print_json({{"removed", entry.written}});
  } else {
    std::cout << entry.written << " is read as it is written again\n";
  }
  return 0;
}

}  // namespace

Command say_as_command() {
  auto entry = std::make_shared<text::SayAsEntry>();
  return {
      .name = "say-as",
      .summary = "Teach how words are said: the library's own dictionary",
      .notes =
          "The dictionary is LIBRARY/say-as.yaml; every engine that speaks follows it.\n"
          "\n"
          "Examples:\n"
          "  anima say-as add SQL sequel --language en\n"
          "  anima say-as add 重做 \"chong2 zuo4\" --language zh\n"
          "  anima speak --explain \"SQL 重做\"",
      .commands = {
          {.name = "add",
           .summary = "Add an entry, or replace it",
           .arguments = {{"WRITTEN", &entry->written,
                          "A word or a phrase; without capitals it stands for any case", Presence::kRequired},
                         {"SPOKEN", &entry->spoken, "The words to say, or pinyin with tones: \"chong2 zuo4\"",
                          Presence::kRequired},
                         {"--language", &entry->language,
                          "Only in text of this language: en or zh (default: both)"}},
           .run = [entry](CommandContext& context) { return add(*entry, context); }},
          {.name = "list", .summary = "All entries, the longest first", .run = list},
          {.name = "remove",
           .summary = "Remove an entry",
           .arguments = {{"WRITTEN", &entry->written, "As it was added", Presence::kRequired},
                         {"--language", &entry->language, "Only the entry of this language (default: all)"}},
           .run = [entry](CommandContext& context) { return remove(*entry, context); }}}};
}

}  // namespace anima::app
