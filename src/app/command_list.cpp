#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "studio/house_presenter.h"
#include "studio/library.h"

namespace anima::app {
namespace {

std::string time_text(std::int64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
  return text;
}

void print_people(const std::vector<studio::Person>& people, bool json) {
  if (json) {
    auto list = nlohmann::ordered_json::array();
    for (const studio::Person& p : people) {
      list.push_back({{"name", p.name},
                      {"avatar", p.has_avatar},
                      {"avatar_bytes", p.avatar_bytes},
                      {"consent", p.consent},
                      {"source_film", p.source_film},
                      {"created_ms", p.created_ms},
                      {"house_presenter", studio::is_house_presenter(p.name)}});
    }
    std::cout << nlohmann::ordered_json{{"people", list}}.dump(2, ' ', false,
                                                               nlohmann::json::error_handler_t::replace)
              << std::endl;
    return;
  }
  if (people.empty()) std::cout << "nobody yet: anima train FILM --name NAME\n";
  for (const studio::Person& p : people) {
    const std::string avatar =
        p.has_avatar ? fmt::format("{:.1f} MB", static_cast<double>(p.avatar_bytes) / 1e6) : "no avatar yet";
    const std::string since =
        studio::is_house_presenter(p.name) ? "house presenter " : time_text(p.created_ms);
    std::cout << fmt::format("{:<24} {:<14} {}  consent: {}\n", p.name, avatar, since, p.consent);
  }
}

void print_jobs(const std::vector<studio::Job>& jobs, bool json) {
  if (json) {
    auto list = nlohmann::ordered_json::array();
    for (const studio::Job& j : jobs) {
      nlohmann::ordered_json figures = nlohmann::ordered_json::object();
      for (const auto& [name, value] : j.figures) figures[name] = value;
      list.push_back({{"id", j.id},
                      {"kind", j.kind},
                      {"person", j.person},
                      {"state", name_of(j.state)},
                      {"stage", j.stage},
                      {"fraction", j.fraction},
                      {"figures", figures},
                      {"created_ms", j.created_ms},
                      {"updated_ms", j.updated_ms},
                      {"error_code", j.error_code},
                      {"error_message", j.error_message}});
    }
    std::cout << nlohmann::ordered_json{{"jobs", list}}.dump(2, ' ', false,
                                                             nlohmann::json::error_handler_t::replace)
              << std::endl;
    return;
  }
  if (jobs.empty()) std::cout << "no jobs yet\n";
  for (const studio::Job& j : jobs) {
    std::cout << fmt::format("{:>5}  {}  {:<9} {:<20} {:<12} {}{}\n", j.id, time_text(j.created_ms), j.kind,
                             j.person, name_of(j.state), j.stage,
                             j.error_message.empty() ? "" : ": " + j.error_message);
  }
}

}  // namespace

Command list_command() {
  auto jobs = std::make_shared<bool>(false);
  return {.name = "list",
          .summary = "Who is in the library, and what was done",
          .arguments = {{"--jobs", jobs.get(), "List the last 100 jobs instead of the people"}},
          .run = [jobs](CommandContext& context) {
            const std::filesystem::path root = studio::library_root(context.library);
            // Looking must not make a library.
            std::unique_ptr<studio::Library> library;
            if (std::filesystem::exists(root)) library = std::make_unique<studio::Library>(root, false);
            if (*jobs) {
              print_jobs(library ? library->jobs().jobs() : std::vector<studio::Job>(), context.json);
              return 0;
            }
            std::vector<studio::Person> people;
            if (studio::has_house_avatar()) people.push_back(studio::house_person());
            if (library) {
              for (studio::Person& person : library->people()) people.push_back(std::move(person));
            }
            print_people(people, context.json);
            return 0;
          }};
}

}  // namespace anima::app
