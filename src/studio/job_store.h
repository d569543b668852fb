// Jobs in the library's database: what was started, how far it is, how it ended.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/progress.h"

namespace anima::studio {

enum class JobState {
  kPending,
  kRunning,
  kCompleted,
  kFailed,
  kStopped,      // by the user
  kInterrupted,  // its process died; never stored, found out when it is read
};

// "pending", "running", ...
std::string name_of(JobState state);

struct Job {
  std::int64_t id = 0;
  std::string kind;  // "train", "render", "evaluate"
  std::string person;
  JobState state = JobState::kPending;
  std::string stage;
  double fraction = 0;
  std::vector<std::pair<std::string, double>> figures;
  std::int64_t created_ms = 0;  // since 1970, UTC
  std::int64_t updated_ms = 0;
  std::string error_code;  // empty unless failed
  std::string error_message;
  std::string process;  // see studio/process_identity.h
};

// Safe from several threads; several processes may use one database at once (WAL).
class JobStore {
 public:
  explicit JobStore(SQLite::Database& database);  // must outlive the store

  // A running job of this process.
  std::int64_t start(const std::string& kind, const std::string& person);
  void update(std::int64_t id, const Progress& progress);
  void complete(std::int64_t id);
  // kCancelled becomes kStopped, any other code kFailed.
  void fail(std::int64_t id, const Error& error);

  Job job(std::int64_t id) const;  // Error(kNotFound)
  // Newest first; of everyone where `person` is empty.
  std::vector<Job> jobs(const std::string& person = {}, int limit = 100) const;
  void remove_jobs_of(const std::string& person);

 private:
  SQLite::Database& database_;
  mutable std::mutex mutex_;
};

// Runs `work` as a recorded job: its progress goes to the database (each new stage at once, else
// once a second) and to `context`; how it ended is recorded before this returns or throws.
void run_as_job(JobStore& store, const std::string& kind, const std::string& person,
                const WorkContext& context, const std::function<void(const WorkContext&)>& work);

}  // namespace anima::studio
