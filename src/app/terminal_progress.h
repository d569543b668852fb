// Progress on a terminal as one live line, elsewhere as few plain lines.
#pragma once

#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>

#include "core/progress.h"

namespace anima::app {

struct TerminalProgressOptions {
  bool live = false;                // a terminal: redraw one line; otherwise print lines
  double line_every_s = 5;          // without a terminal: at most this often within a stage
  std::function<int()> columns;     // width of the terminal; empty: 80
  std::function<double()> clock_s;  // empty: monotonic_s
};

class TerminalProgress {
 public:
  TerminalProgress(std::ostream& out, TerminalProgressOptions options);
  ~TerminalProgress();  // clears a live line that was not finished
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  // On standard error, live if that is a terminal.
  static TerminalProgressOptions for_standard_error();

  // Valid as long as this object.
  ProgressSink sink();
  // Ends the last stage: its closing line is printed.
  void finish();

 private:
  void show(const Progress& progress);
  void end_stage();

  std::ostream& out_;
  TerminalProgressOptions options_;
  std::mutex mutex_;
  std::string stage_;
  Progress last_;
  double stage_started_s_ = 0;
  double last_shown_s_ = 0;
  bool line_open_ = false;
};

// "tracking the face  [#####-----]  50 %  0:12 left  psnr_db 31.2", cut to `columns`.
std::string live_line(const Progress& progress, int columns);
// "0:07", "12:30", "1:02:03"
std::string clock_text(double seconds);

}  // namespace anima::app
