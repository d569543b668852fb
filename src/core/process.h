// Runs a program outside of Anima: an argument list (never a shell), text in, bytes out.
//
//   const ProcessResult spoken = run_process({.arguments = {"espeak-ng", "--stdout", "hello"}}, context);
//
// The program gets a process group of its own. Whatever ends the call early (a stop, the time
// limit, too much output, a throwing sink) kills that whole group before the call returns, so
// no helper of the program is left behind.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/progress.h"

namespace anima {

struct ProcessRequest {
  // The program, by path or looked up in PATH, then its arguments, each handed on as it is.
  std::vector<std::string> arguments;
  std::string input = {};                     // given to standard input, which is then closed
  std::filesystem::path working_folder = {};  // empty: ours
  double timeout_s = 60;                      // of the whole run
  std::size_t output_limit_bytes = 256U << 20U;
};

struct ProcessResult {
  int exit_status = 0;       // 128 + signal number where a signal ended it
  std::string output;        // standard output; empty where a sink took it
  std::string error_output;  // the last 8 kB of standard error
};

// Called on the calling thread with each piece of standard output as it comes.
using ProcessOutputSink = std::function<void(std::span<const std::byte> bytes)>;

// Waits for the end. An exit status other than 0 is a result, not an error: `require_success`
// turns it into one. Throws Error: kNotReady (no such program; `fix` names it), kTimeout,
// kCancelled (at most 20 ms after the stop), kResourceExhausted (output over the limit).
ProcessResult run_process(const ProcessRequest& request, const WorkContext& context,
                          const ProcessOutputSink& sink = {});

// Throws Error(kExternal) with the end of what the program said where it did not exit with 0.
void require_success(const ProcessRequest& request, const ProcessResult& result);

// The file that `program` would run: itself where it holds a slash, else the first of that name
// in PATH that may be executed. Empty where there is none.
std::filesystem::path find_program(const std::string& program);

}  // namespace anima
