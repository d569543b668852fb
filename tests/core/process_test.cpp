#include "core/process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "core/error.h"

namespace anima {
namespace {

ErrorCode code_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error was thrown";
  return ErrorCode::kInternal;
}

TEST(Process, HandsArgumentsOnWithoutAShell) {
  const ProcessResult result =
      run_process({.arguments = {"printf", "%s|", "a b", "$HOME", "; false", "*"}}, {});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.output, "a b|$HOME|; false|*|");
}

TEST(Process, PipesLongInputAndOutputWithoutDeadlock) {
  std::string input(3'000'000, 'x');
  for (std::size_t i = 0; i < input.size(); i += 997) input[i] = '\n';
  const ProcessResult result = run_process({.arguments = {"cat"}, .input = input}, {});
  EXPECT_EQ(result.output, input);
}

TEST(Process, SurvivesAProgramThatDoesNotReadItsInput) {
  const ProcessResult result = run_process({.arguments = {"true"}, .input = std::string(2'000'000, 'x')}, {});
  EXPECT_EQ(result.exit_status, 0);
}

TEST(Process, TellsExitStatusAndErrorOutput) {
  const ProcessRequest request{.arguments = {"sh", "-c", "echo broken >&2; exit 3"}};
  const ProcessResult result = run_process(request, {});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_EQ(result.error_output, "broken\n");
  try {
    require_success(request, result);
    FAIL() << "status 3 was taken for success";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kExternal);
    EXPECT_EQ(error.cause(), "broken");
  }
}

TEST(Process, TellsASignalAsStatus) {
  const ProcessResult result = run_process({.arguments = {"sh", "-c", "kill -SEGV $$"}}, {});
  EXPECT_EQ(result.exit_status, 128 + SIGSEGV);
}

TEST(Process, NamesAMissingProgram) {
  try {
    run_process({.arguments = {"anima-no-such-program"}}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotReady);
    EXPECT_NE(error.message().find("anima-no-such-program"), std::string::npos);
  }
  EXPECT_EQ(code_of([] { run_process({}, {}); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([] { run_process({.arguments = {"true"}, .working_folder = "/no/such/folder"}, {}); }),
            ErrorCode::kNotFound);
}

TEST(Process, EndsAtTheTimeLimit) {
  EXPECT_EQ(code_of([] {
              run_process({.arguments = {"sleep", "30"}, .timeout_s = 0.1}, {});
            }),
            ErrorCode::kTimeout);
}

TEST(Process, RefusesTooMuchOutput) {
  EXPECT_EQ(code_of([] { run_process({.arguments = {"yes"}, .output_limit_bytes = 100000}, {}); }),
            ErrorCode::kResourceExhausted);
}

// The shell's own child must die with it, else a stopped synthesis would go on eating a core.
TEST(Process, StopKillsTheWholeGroup) {
  WorkContext context;
  pid_t helper = 0;
  const auto sink = [&](std::span<const std::byte> bytes) {
    helper = std::stoi(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    context.cancellation.request();
  };
  EXPECT_EQ(code_of([&] {
              run_process({.arguments = {"sh", "-c", "sleep 60 & echo $!; wait"}}, context, sink);
            }),
            ErrorCode::kCancelled);
  ASSERT_GT(helper, 0);
  // The helper was killed; it may stay a zombie until its new parent reaps it.
  bool running = true;
  for (int i = 0; i < 100000 && running; ++i) {
    std::ifstream stat("/proc/" + std::to_string(helper) + "/stat");
    std::string text;
    running = std::getline(stat, text) && text.find(") Z ") == std::string::npos;
  }
  EXPECT_FALSE(running);
}

TEST(Process, DoesNotWaitForAHelperThatHoldsTheOutputOpen) {
  const ProcessResult result =
      run_process({.arguments = {"sh", "-c", "sleep 60 & echo done"}, .timeout_s = 30}, {});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.output, "done\n");
}

TEST(Process, PassesTheSinksErrorOnAndKillsTheProgram) {
  const auto sink = [](std::span<const std::byte>) { throw Error(ErrorCode::kCorruptData, "no"); };
  EXPECT_EQ(code_of([&] { run_process({.arguments = {"yes"}}, {}, sink); }), ErrorCode::kCorruptData);
}

TEST(Process, RunsFromSeveralThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<std::string> outputs(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i, &outputs] {
      outputs[i] =
          run_process({.arguments = {"cat"}, .input = std::string(200000, static_cast<char>('a' + i))}, {})
              .output;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(outputs[i], std::string(200000, static_cast<char>('a' + i)));
}

TEST(Process, FindsPrograms) {
  EXPECT_FALSE(find_program("sh").empty());
  EXPECT_TRUE(find_program("anima-no-such-program").empty());
  EXPECT_TRUE(find_program("/etc/passwd").empty());
  EXPECT_TRUE(find_program("").empty());
}

}  // namespace
}  // namespace anima
