// The work context of a command: progress on the terminal, stop by Ctrl-C.
#pragma once

#include <iostream>

#include "app/command.h"
#include "app/terminal_progress.h"

namespace anima::app {

class CommandProgress {
 public:
  explicit CommandProgress(const CommandContext& context)
      : terminal_(std::cerr, TerminalProgress::for_standard_error()) {
    work_.cancellation = context.cancellation;
    if (!context.quiet) work_.progress = terminal_.sink();
  }
  const WorkContext& work() const { return work_; }
  void finish() { terminal_.finish(); }

 private:
  TerminalProgress terminal_;
  WorkContext work_;
};

}  // namespace anima::app
