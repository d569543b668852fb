#include "studio/job_store.h"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "studio/database_errors.h"
#include "studio/process_identity.h"

namespace anima::studio {
namespace {

std::int64_t now_ms() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch())
      .count();
}

JobState state_from(const std::string& name) {
  for (const JobState state : {JobState::kPending, JobState::kRunning, JobState::kCompleted,
                               JobState::kFailed, JobState::kStopped}) {
    if (name_of(state) == name) return state;
  }
  return JobState::kFailed;
}

std::string figures_json(const std::vector<std::pair<std::string, double>>& figures) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : figures) json[name] = value;
  return json.dump();
}

std::vector<std::pair<std::string, double>> figures_from(const std::string& text) {
  std::vector<std::pair<std::string, double>> figures;
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object()) return figures;
  for (const auto& [name, value] : json.items()) {
    if (value.is_number()) figures.emplace_back(name, value.get<double>());
  }
  return figures;
}

Job job_from(SQLite::Statement& row) {
  Job job;
  job.id = row.getColumn("id").getInt64();
  job.kind = row.getColumn("kind").getString();
  job.person = row.getColumn("person").getString();
  job.state = state_from(row.getColumn("state").getString());
  job.stage = row.getColumn("stage").getString();
  job.fraction = row.getColumn("fraction").getDouble();
  job.figures = figures_from(row.getColumn("figures").getString());
  job.created_ms = row.getColumn("created_ms").getInt64();
  job.updated_ms = row.getColumn("updated_ms").getInt64();
  job.error_code = row.getColumn("error_code").getString();
  job.error_message = row.getColumn("error_message").getString();
  job.process = row.getColumn("process").getString();
  const bool unfinished = job.state == JobState::kRunning || job.state == JobState::kPending;
  if (unfinished && !still_runs(job.process)) job.state = JobState::kInterrupted;
  return job;
}

}  // namespace

std::string name_of(JobState state) {
  switch (state) {
    case JobState::kPending:
      return "pending";
    case JobState::kRunning:
      return "running";
    case JobState::kCompleted:
      return "completed";
    case JobState::kFailed:
      return "failed";
    case JobState::kStopped:
      return "stopped";
    case JobState::kInterrupted:
      return "interrupted";
  }
  return "failed";
}

JobStore::JobStore(SQLite::Database& database) : database_(database) {
  with_database_errors("preparing the list of jobs", [&] {
    database_.exec(
        "CREATE TABLE IF NOT EXISTS jobs ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT "
        "NULL,"
        " stage TEXT NOT NULL DEFAULT '', fraction REAL NOT NULL DEFAULT 0, figures TEXT NOT NULL DEFAULT "
        "'{}',"
        " created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, error_code TEXT NOT NULL DEFAULT '',"
        " error_message TEXT NOT NULL DEFAULT '', process TEXT NOT NULL)");
  });
}

std::int64_t JobStore::start(const std::string& kind, const std::string& person) {
  const std::scoped_lock lock(mutex_);
  return with_database_errors("recording a new job", [&] {
    SQLite::Statement insert(database_,
                             "INSERT INTO jobs (kind, person, state, created_ms, updated_ms, process)"
                             " VALUES (?, ?, 'running', ?, ?, ?)");
    const std::int64_t now = now_ms();
    insert.bind(1, kind);
    insert.bind(2, person);
    insert.bind(3, now);
    insert.bind(4, now);
    insert.bind(5, this_process());
    insert.exec();
    return database_.getLastInsertRowid();
  });
}

void JobStore::update(std::int64_t id, const Progress& progress) {
  const std::scoped_lock lock(mutex_);
  with_database_errors("recording the progress of a job", [&] {
    SQLite::Statement update(database_,
                             "UPDATE jobs SET stage=?, fraction=?, figures=?, updated_ms=? WHERE id=?");
    update.bind(1, progress.stage);
    update.bind(2, progress.fraction);
    update.bind(3, figures_json(progress.figures));
    update.bind(4, now_ms());
    update.bind(5, id);
    update.exec();
  });
}

void JobStore::complete(std::int64_t id) {
  const std::scoped_lock lock(mutex_);
  with_database_errors("recording the end of a job", [&] {
    SQLite::Statement update(database_,
                             "UPDATE jobs SET state='completed', fraction=1, updated_ms=? WHERE id=?");
    update.bind(1, now_ms());
    update.bind(2, id);
    update.exec();
  });
}

void JobStore::fail(std::int64_t id, const Error& error) {
  const std::scoped_lock lock(mutex_);
  with_database_errors("recording the end of a job", [&] {
    const JobState state = error.code() == ErrorCode::kCancelled ? JobState::kStopped : JobState::kFailed;
    SQLite::Statement update(
        database_, "UPDATE jobs SET state=?, error_code=?, error_message=?, updated_ms=? WHERE id=?");
    update.bind(1, name_of(state));
    update.bind(2, std::string(anima::name_of(error.code())));
    update.bind(3, std::string(error.what()));
    update.bind(4, now_ms());
    update.bind(5, id);
    update.exec();
  });
}

Job JobStore::job(std::int64_t id) const {
  const std::scoped_lock lock(mutex_);
  return with_database_errors("reading a job", [&] {
    SQLite::Statement query(database_, "SELECT * FROM jobs WHERE id=?");
    query.bind(1, id);
    if (!query.executeStep()) {
      throw Error(ErrorCode::kNotFound, fmt::format("there is no job {}", id),
                  "list the jobs with: anima list --jobs");
    }
    return job_from(query);
  });
}

std::vector<Job> JobStore::jobs(const std::string& person, int limit) const {
  const std::scoped_lock lock(mutex_);
  return with_database_errors("reading the jobs", [&] {
    SQLite::Statement query(database_,
                            "SELECT * FROM jobs WHERE ?1='' OR person=?1 ORDER BY id DESC LIMIT ?2");
    query.bind(1, person);
    query.bind(2, limit);
    std::vector<Job> jobs;
    while (query.executeStep()) jobs.push_back(job_from(query));
    return jobs;
  });
}

void JobStore::remove_jobs_of(const std::string& person) {
  const std::scoped_lock lock(mutex_);
  with_database_errors("removing jobs", [&] {
    SQLite::Statement remove(database_, "DELETE FROM jobs WHERE person=?");
    remove.bind(1, person);
    remove.exec();
  });
}

void run_as_job(JobStore& store, const std::string& kind, const std::string& person,
                const WorkContext& context, const std::function<void(const WorkContext&)>& work) {
  const std::int64_t id = store.start(kind, person);
  double last_write_s = -1e9;
  std::string last_stage;
  WorkContext recorded = context;
  recorded.progress = [&](const Progress& progress) {
    const double now_s = monotonic_s();
    if (progress.stage != last_stage || now_s - last_write_s >= 1) {
      last_stage = progress.stage;
      last_write_s = now_s;
      // A sink must not throw, and a record that lags behind is no reason to lose the work.
      try {
        store.update(id, progress);
      } catch (const Error&) {
      }
    }
    context.report(progress);
  };
  try {
    work(recorded);
  } catch (const Error& error) {
    store.fail(id, error);
    throw;
  } catch (const std::bad_alloc&) {
    const Error error(ErrorCode::kResourceExhausted, "the memory was not enough",
                      "close other programs, or use a shorter film or a smaller size");
    store.fail(id, error);
    throw error;
  } catch (const std::exception& exception) {
    const Error error(ErrorCode::kInternal, "something went wrong inside of Anima",
                      "report this with the text in brackets", exception.what());
    store.fail(id, error);
    throw error;
  }
  store.complete(id);
}

}  // namespace anima::studio
