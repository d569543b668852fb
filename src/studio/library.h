// The library: a folder per person, and a database of people and jobs.
//
//   library/anima.db                 people and jobs (SQLite, WAL)
//   library/NAME/NAME.anima          the avatar
//   library/NAME/.name               the name, where the folder cannot bear it (studio/person_name.h)
//   library/NAME/work/               frames, tracking and checkpoints: what a training resumes from
//   library/NAME/results/            figures and pages of `anima evaluate`
#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "studio/job_store.h"
#include "studio/person_lock.h"

namespace anima::studio {

struct Person {
  std::string name;
  std::string source_film;  // path as given when it was trained; empty where unknown
  std::string consent;      // "NAME, how", or "not recorded"
  std::int64_t created_ms = 0;
  bool has_avatar = false;
  std::uint64_t avatar_bytes = 0;
};

inline constexpr const char* kConsentNotRecorded = "not recorded";

class Library {
 public:
  // Opens the library in `root`. With `create`, makes it where there is none; without, throws
  // Error(kNotFound). A database of a newer Anima throws Error(kUnsupported). Folders that the
  // database does not know (it was lost, or they were copied here) become people; what removed
  // people and dead processes left behind is cleaned.
  Library(const std::filesystem::path& root, bool create);

  const std::filesystem::path& root() const { return root_; }
  JobStore& jobs() { return *jobs_; }

  // All paths of a person; the name is checked first, and a symbolic link in the person's place
  // is refused (Error(kInvalidArgument)): nothing outside of the library is ever touched.
  std::filesystem::path folder(const std::string& name) const;
  std::filesystem::path avatar_path(const std::string& name) const;
  std::filesystem::path work_folder(const std::string& name) const;
  std::filesystem::path results_folder(const std::string& name) const;

  std::vector<Person> people() const;
  // Error(kNotFound), naming who is there, for an unknown person.
  Person person(const std::string& name) const;
  bool has(const std::string& name) const;
  // Throws Error(kInvalidArgument) where `name` is new, and looks like somebody else's or the house
  // presenter's.
  void require_distinct(const std::string& name) const;
  // Adds a person, or updates source and consent of one.
  void put(const std::string& name, const std::string& source_film, const std::string& consent);
  // Deletes everything of the person. Takes the person's lock.
  void remove(const std::string& name);
  std::unique_ptr<PersonLock> lock(const std::string& name) const;

  // Removes what unfinished writes of dead processes left (".NAME.PID-N.part"). The caller holds
  // the person's lock.
  void clean_temporary_files(const std::string& name) const;

 private:
  void adopt_unknown_folders();
  void finish_removals();

  std::filesystem::path root_;
  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<JobStore> jobs_;
};

// Where the library is: `option` if not empty, else the environment's ANIMA_LIBRARY, else
// "library" in the working folder.
std::filesystem::path library_root(const std::string& option);

}  // namespace anima::studio
