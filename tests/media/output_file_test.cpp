#include "media/output_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>

namespace anima::media {
namespace {

namespace fs = std::filesystem;

class OutputFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("anima-output-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path leave(const std::string& name, bool old = false) const {
    const fs::path path = folder_ / name;
    std::ofstream(path) << "half a film";
    if (old) fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(2));
    return path;
  }

  // The number of a process that has just ended.
  static std::string dead_process() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return std::to_string(child);
  }

  fs::path folder_;
};

TEST_F(OutputFiles, RemoveWhatKilledProcessesLeft) {
  const std::string dead = dead_process();
  const fs::path same = leave(".out.mp4." + dead + "-0.part");
  const fs::path scratch = leave(".out.mp4." + dead + "-0.scratch");
  const fs::path old = leave(".other.webm." + dead + "-3.part", true);
  const fs::path fresh = leave(".other.mp4." + dead + "-3.part");
  const fs::path alive = leave(".out.mp4." + std::to_string(::getppid()) + "-0.part", true);
  const OutputFile file(folder_ / "out.mp4");
  EXPECT_FALSE(fs::exists(same));
  EXPECT_FALSE(fs::exists(scratch));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh)) << "it may be written from another machine";
  EXPECT_TRUE(fs::exists(alive));
}

TEST_F(OutputFiles, LeaveEverythingElseAlone) {
  const std::string dead = dead_process();
  for (const std::string& name : std::initializer_list<std::string>{
           "out.mp4", "out.mp4." + dead + "-0.part", ".out.mp4." + dead + ".part", ".out.mp4." + dead + "-0",
           ".out.mp4.x" + dead + "-0.part", ".out.txt." + dead + "-0.part", ".out.mp4.0-0.part",
           ".out.mp4." + dead + "-0.part.bak", ".part"}) {
    const fs::path path = leave(name, true);
    const OutputFile file(folder_ / "out.mp4");
    EXPECT_TRUE(fs::exists(path)) << name;
  }
  const fs::path folder = folder_ / (".out.mp4." + dead + "-9.part");
  fs::create_directory(folder);
  const OutputFile file(folder_ / "out.mp4");
  EXPECT_TRUE(fs::exists(folder));
}

}  // namespace
}  // namespace anima::media
