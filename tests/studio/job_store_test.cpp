#include "studio/job_store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "studio/library.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(JobStore, RecordsProgressAndEnd) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  JobStore& jobs = library.jobs();
  const auto id = jobs.start("train", "lieu");
  EXPECT_EQ(jobs.job(id).state, JobState::kRunning);
  jobs.update(id, {"head", 0.25, 10, {{"psnr_db", 31.5}}});
  Job job = jobs.job(id);
  EXPECT_EQ(job.stage, "head");
  EXPECT_DOUBLE_EQ(job.fraction, 0.25);
  ASSERT_EQ(job.figures.size(), 1U);
  EXPECT_EQ(job.figures[0].first, "psnr_db");
  EXPECT_DOUBLE_EQ(job.figures[0].second, 31.5);
  jobs.complete(id);
  EXPECT_EQ(jobs.job(id).state, JobState::kCompleted);
  EXPECT_THROW(static_cast<void>(jobs.job(id + 1)), Error);
}

TEST(JobStore, AStopIsNoFailure) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  JobStore& jobs = library.jobs();
  const auto run = [&](ErrorCode code) {
    EXPECT_THROW(run_as_job(jobs, "train", "lieu", {},
                            [&](const WorkContext&) { throw Error(code, "it ended", "do this"); }),
                 Error);
    return jobs.jobs().front();
  };
  EXPECT_EQ(run(ErrorCode::kCancelled).state, JobState::kStopped);
  const Job failed = run(ErrorCode::kUnusableInput);
  EXPECT_EQ(failed.state, JobState::kFailed);
  EXPECT_EQ(failed.error_code, "unusable_input");
  EXPECT_NE(failed.error_message.find("it ended"), std::string::npos);
}

TEST(JobStore, ForeignExceptionsBecomeErrors) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  try {
    run_as_job(library.jobs(), "train", "lieu", {},
               [](const WorkContext&) { throw std::logic_error("oops"); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInternal);
    EXPECT_EQ(error.cause(), "oops");
  }
  EXPECT_EQ(library.jobs().jobs().front().state, JobState::kFailed);
}

TEST(JobStore, ReportsReachBothTheRecordAndTheCaller) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  int reports = 0;
  WorkContext context;
  context.progress = [&](const Progress&) { ++reports; };
  run_as_job(library.jobs(), "train", "lieu", context, [&](const WorkContext& work) {
    work.report({"a", 0.1, -1, {}});
    work.report({"b", 0.2, -1, {}});
    EXPECT_EQ(library.jobs().jobs().front().stage, "b");
  });
  EXPECT_EQ(reports, 2);
  EXPECT_EQ(library.jobs().jobs().front().state, JobState::kCompleted);
}

TEST(JobStore, TheJobOfADeadProcessIsInterrupted) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    Library library(folder.path(), true);
    library.jobs().start("train", "lieu");
    ::raise(SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  Library library(folder.path(), false);
  ASSERT_EQ(library.jobs().jobs().size(), 1U);
  EXPECT_EQ(library.jobs().jobs().front().state, JobState::kInterrupted);
}

TEST(JobStore, ListsTheNewestFirst) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  for (const char* person : {"a", "b", "a"}) library.jobs().start("train", person);
  const auto jobs = library.jobs().jobs("a");
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_GT(jobs[0].id, jobs[1].id);
  EXPECT_EQ(library.jobs().jobs({}, 1).size(), 1U);
}

}  // namespace
}  // namespace anima::studio
