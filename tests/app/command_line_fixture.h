// Runs the built program as a user does, in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace anima::app {

namespace fs = std::filesystem;

struct Outcome {
  int status = -1;
  std::string output;
  std::string errors;
};

class CommandLine : public testing::Test {
 protected:
  CommandLine() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("anima-cli-" + std::string(test->name()) + "-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~CommandLine() override {
    std::error_code error;
    fs::remove_all(folder_, error);
  }

  // `arguments` are words of the test's own, never foreign text: the shell sees them.
  Outcome anima(const std::string& arguments) const {
    const fs::path errors = folder_ / ".stderr";
    const std::string command = "cd '" + folder_.string() + "' && unset ANIMA_LIBRARY; ANIMA_ASSETS='" +
                                assets_ + "' " + environment_ + " '" ANIMA_PROGRAM "' " + arguments + " 2>'" +
                                errors.string() + "' </dev/null";
    Outcome outcome;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return outcome;
    std::array<char, 4096> buffer{};
    for (std::size_t got = 0; (got = ::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      outcome.output.append(buffer.data(), got);
    const int status = ::pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
    std::ifstream file(errors);
    outcome.errors.assign(std::istreambuf_iterator<char>(file), {});
    return outcome;
  }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }

  // With the house presenter of this source tree (or of ANIMA_ASSETS); false where she is not there.
  bool bring_mira() {
    const char* chosen = std::getenv("ANIMA_ASSETS");
    assets_ = chosen != nullptr && *chosen != '\0' ? chosen : ANIMA_SOURCE_DIR "/assets";
    return fs::exists(fs::path(assets_) / "mira.anima") && fs::exists(fs::path(assets_) / "mira.voice");
  }

  fs::path folder_;
  std::string assets_ = "no assets";
  std::string environment_;  // more of it, as the shell takes it: "NAME=value"
};

}  // namespace anima::app
