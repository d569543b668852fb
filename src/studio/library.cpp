#include "studio/library.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "core/error.h"
#include "core/nearest_match.h"
#include "core/tensor_file.h"
#include "studio/database_errors.h"
#include "studio/house_presenter.h"
#include "studio/person_name.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

constexpr int kSchemaVersion = 1;
constexpr const char* kRemovedPrefix = ".removed-";

std::int64_t now_ms() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch())
      .count();
}

bool is_person_folder(const fs::directory_entry& entry) {
  std::error_code error;
  if (entry.is_symlink(error) || !entry.is_directory(error)) return false;
  try {
    const std::string name = entry.path().filename().string();
    return folder_name_of(name) == name;
  } catch (const Error&) {
    return false;
  }
}

void create_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("cannot make the folder '{}'", folder.string()),
                "check the path and its permissions",
                error ? error.message() : "something else has that name");
  }
}

// The process number in ".NAME.PID-N.part"; 0 where there is none.
long writer_of(const std::string& file_name) {
  const std::size_t end = file_name.rfind('-');
  const std::size_t dot = end == std::string::npos ? std::string::npos : file_name.rfind('.', end);
  if (dot == std::string::npos) return 0;
  return std::strtol(file_name.c_str() + dot + 1, nullptr, 10);
}

bool process_exists(long pid) {
  return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

std::unique_ptr<SQLite::Database> open_database(const fs::path& path) {
  return with_database_errors("opening it", [&] {
    constexpr int kBusyTimeout_ms = 5000;
    auto database = std::make_unique<SQLite::Database>(
        path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeout_ms);
    const int version = database->execAndGet("PRAGMA user_version").getInt();
    if (version > kSchemaVersion) {
      throw Error(ErrorCode::kUnsupported,
                  fmt::format("'{}' was made by a newer Anima (version {}, this one knows {})", path.string(),
                              version, kSchemaVersion),
                  "update Anima, or use another library with --library");
    }
    database->exec("PRAGMA journal_mode=WAL");
    database->exec("PRAGMA synchronous=NORMAL");
    database->exec(
        "CREATE TABLE IF NOT EXISTS people (name TEXT PRIMARY KEY, source_film TEXT NOT NULL,"
        " consent TEXT NOT NULL, created_ms INTEGER NOT NULL)");
    if (version == 0) database->exec(fmt::format("PRAGMA user_version={}", kSchemaVersion));
    return database;
  });
}

}  // namespace

Library::Library(const fs::path& root, bool create) : root_(root) {
  if (!fs::exists(root_) && !create) {
    throw Error(ErrorCode::kNotFound, fmt::format("there is no library at '{}'", root_.string()),
                "train someone first (anima train FILM), or name the library's folder with --library");
  }
  create_folder(root_);
  create_folder(root_ / ".locks");
  database_ = open_database(root_ / "anima.db");
  jobs_ = std::make_unique<JobStore>(*database_);
  finish_removals();
  adopt_unknown_folders();
}

fs::path Library::folder(const std::string& name) const {
  return named_folder(root_, name);
}

fs::path Library::avatar_path(const std::string& name) const {
  const fs::path own = folder(name);
  return own / (own.filename().string() + ".anima");
}
fs::path Library::work_folder(const std::string& name) const {
  return folder(name) / "work";
}
fs::path Library::results_folder(const std::string& name) const {
  return folder(name) / "results";
}

std::vector<Person> Library::people() const {
  return with_database_errors("reading the people", [&] {
    SQLite::Statement query(*database_,
                            "SELECT name, source_film, consent, created_ms FROM people ORDER BY name");
    std::vector<Person> people;
    while (query.executeStep()) {
      Person person;
      person.name = query.getColumn(0).getString();
      person.source_film = query.getColumn(1).getString();
      person.consent = query.getColumn(2).getString();
      person.created_ms = query.getColumn(3).getInt64();
      std::error_code error;
      const std::uintmax_t bytes = fs::file_size(avatar_path(person.name), error);
      person.has_avatar = !error;
      person.avatar_bytes = error ? 0 : bytes;
      people.push_back(std::move(person));
    }
    return people;
  });
}

Person Library::person(const std::string& name) const {
  const std::string wanted = normalised_name(name);
  std::vector<std::string> names = {kHousePresenter};
  std::string known;
  for (const Person& person : people()) {
    if (person.name == wanted) return person;
    known += (known.empty() ? "" : ", ") + person.name;
    names.push_back(person.name);
  }
  throw Error(
      ErrorCode::kNotFound, fmt::format("there is no '{}' in the library '{}'", wanted, root_.string()),
      did_you_mean(wanted, names,
                   known.empty() ? "train someone first: anima train FILM --name " + name_as_argument(wanted)
                                 : "people there: " + known));
}

bool Library::has(const std::string& name) const {
  const std::string wanted = normalised_name(name);
  for (const Person& person : people()) {
    if (person.name == wanted) return true;
  }
  return false;
}

void Library::require_distinct(const std::string& name) const {
  if (has(name)) return;  // of an old library, too, which may hold names that look alike
  std::vector<std::string> names;
  for (const Person& person : people()) names.push_back(person.name);
  const std::string wanted = normalised_name(name);
  require_distinct_name(wanted, names, "who is in the library already");
  require_distinct_name(wanted, {kHousePresenter}, "the house presenter's name");
}

void Library::put(const std::string& name, const std::string& source_film, const std::string& consent) {
  require_distinct(name);
  create_folder(folder(name));
  const std::string shown = normalised_name(name);
  write_name_file(folder(name), shown);
  with_database_errors("recording a person", [&] {
    SQLite::Statement put(
        *database_,
        "INSERT INTO people (name, source_film, consent, created_ms) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (name) DO UPDATE SET source_film=?2, consent=?3");
    put.bind(1, shown);
    put.bind(2, source_film);
    put.bind(3, consent);
    put.bind(4, now_ms());
    put.exec();
  });
}

void Library::remove(const std::string& name) {
  static_cast<void>(person(name));
  const auto held = lock(name);
  // Renamed first: if this process dies in the middle, the next one finishes the removal.
  std::error_code error;
  const fs::path own = folder(name);
  fs::rename(own, root_ / (kRemovedPrefix + own.filename().string()), error);
  if (error && fs::exists(own)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("cannot remove '{}'", own.string()),
                "check the permissions of the library's folder", error.message());
  }
  with_database_errors("removing a person", [&] {
    SQLite::Statement remove(*database_, "DELETE FROM people WHERE name=?");
    remove.bind(1, normalised_name(name));
    remove.exec();
  });
  jobs_->remove_jobs_of(normalised_name(name));
  finish_removals();
}

std::unique_ptr<PersonLock> Library::lock(const std::string& name) const {
  return std::make_unique<PersonLock>(root_ / ".locks" / folder(name).filename(), name);
}

void Library::clean_temporary_files(const std::string& name) const {
  std::error_code error;
  fs::recursive_directory_iterator entries(folder(name), error);
  if (error) return;
  for (const fs::directory_entry& entry : entries) {
    const std::string file_name = entry.path().filename().string();
    if (!file_name.starts_with('.') || !file_name.ends_with(".part")) continue;
    if (process_exists(writer_of(file_name))) continue;
    fs::remove(entry.path(), error);
  }
}

void Library::adopt_unknown_folders() {
  std::vector<std::string> known;
  for (const Person& person : people()) known.push_back(person.name);
  for (const fs::directory_entry& entry : fs::directory_iterator(root_)) {
    if (!is_person_folder(entry)) continue;
    const std::string name = name_of_folder(entry.path());
    const std::string avatar_file = entry.path().filename().string() + ".anima";
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (!fs::exists(entry.path() / avatar_file)) continue;
    std::string consent = kConsentNotRecorded;
    try {
      const TensorFile avatar = read_tensor_file(entry.path() / avatar_file);
      if (const auto found = avatar.metadata.find("avatar.consent"); found != avatar.metadata.end())
        consent = found->second;
    } catch (const Error&) {
      // A damaged avatar is reported when it is used; the person is listed all the same.
    }
    with_database_errors("recording a person", [&] {
      SQLite::Statement put(*database_, "INSERT OR IGNORE INTO people VALUES (?, '', ?, ?)");
      put.bind(1, name);
      put.bind(2, consent);
      put.bind(3, now_ms());
      put.exec();
    });
  }
}

void Library::finish_removals() {
  for (const fs::directory_entry& entry : fs::directory_iterator(root_)) {
    if (!entry.path().filename().string().starts_with(kRemovedPrefix)) continue;
    std::error_code error;
    fs::remove_all(entry.path(), error);  // what cannot go now goes next time
  }
}

fs::path library_root(const std::string& option) {
  if (!option.empty()) return option;
  const char* environment = std::getenv("ANIMA_LIBRARY");
  if (environment != nullptr && *environment != '\0') return environment;
  return "library";
}

}  // namespace anima::studio
