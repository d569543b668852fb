#include "studio/process_identity.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace anima::studio {
namespace {

TEST(ProcessIdentity, ThisProcessRuns) {
  EXPECT_TRUE(still_runs(this_process()));
}

TEST(ProcessIdentity, AnotherStartTimeOrBootIsAnotherProcess) {
  const std::string self = this_process();
  const std::size_t first = self.find(' ');
  const std::size_t second = self.find(' ', first + 1);
  EXPECT_FALSE(still_runs(self.substr(0, first) + " 1" + self.substr(second)));
  EXPECT_FALSE(still_runs(self.substr(0, second) + " another-boot"));
  for (const char* text : {"", "x", "0 0 0", "-1 2 3", "99999999999999999999 1 x"})
    EXPECT_FALSE(still_runs(text)) << text;
}

TEST(ProcessIdentity, ADeadProcessDoesNotRunEvenBeforeItIsCollected) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string self = this_process();
    [[maybe_unused]] const ssize_t written = ::write(pipe[1], self.data(), self.size());
    ::_exit(0);
  }
  std::array<char, 200> text{};
  ASSERT_GT(::read(pipe[0], text.data(), text.size() - 1), 0);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);  // dead, still a zombie
  EXPECT_FALSE(still_runs(text.data()));
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(still_runs(text.data()));
  ::close(pipe[0]);
  ::close(pipe[1]);
}

}  // namespace
}  // namespace anima::studio
