#include "app/terminal_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace anima::app {
namespace {

constexpr int kBarColumns = 24;
constexpr const char* kClearLine = "\r\x1b[K";

std::string figures_text(const Progress& progress) {
  std::string text;
  for (const auto& [name, value] : progress.figures) text += fmt::format("  {} {:.4g}", name, value);
  return text;
}

}  // namespace

std::string clock_text(double seconds) {
  const auto total = static_cast<long>(std::max(0.0, std::round(seconds)));
  if (total >= 3600) return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
  return fmt::format("{}:{:02}", total / 60, total % 60);
}

std::string live_line(const Progress& progress, int columns) {
  std::string line = progress.stage;
  if (progress.fraction >= 0) {
    const int filled = static_cast<int>(std::lround(std::clamp(progress.fraction, 0.0, 1.0) * kBarColumns));
    line +=
        fmt::format("  [{}{}] {:3.0f} %", std::string(filled, '#'), std::string(kBarColumns - filled, '-'),
                    100 * std::clamp(progress.fraction, 0.0, 1.0));
  }
  if (progress.remaining_s >= 0) line += fmt::format("  {} left", clock_text(progress.remaining_s));
  line += figures_text(progress);
  // One column stays free: a full line would make some terminals wrap.
  return line.substr(0, static_cast<std::size_t>(std::max(10, columns - 1)));
}

TerminalProgress::TerminalProgress(std::ostream& out, TerminalProgressOptions options)
    : out_(out), options_(std::move(options)) {
  if (!options_.columns) options_.columns = [] { return 80; };
  if (!options_.clock_s) options_.clock_s = monotonic_s;
}

TerminalProgress::~TerminalProgress() {
  const std::scoped_lock lock(mutex_);
  if (line_open_) out_ << kClearLine << std::flush;
}

TerminalProgressOptions TerminalProgress::for_standard_error() {
  TerminalProgressOptions options;
  options.live = ::isatty(STDERR_FILENO) == 1;
  options.columns = [] {
    struct winsize size {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? static_cast<int>(size.ws_col)
                                                                             : 80;
  };
  return options;
}

ProgressSink TerminalProgress::sink() {
  return [this](const Progress& progress) { show(progress); };
}

void TerminalProgress::finish() {
  const std::scoped_lock lock(mutex_);
  end_stage();
}

void TerminalProgress::show(const Progress& progress) {
  const std::scoped_lock lock(mutex_);
  const double now_s = options_.clock_s();
  if (progress.stage != stage_) {
    end_stage();
    stage_ = progress.stage;
    stage_started_s_ = now_s;
    last_shown_s_ = now_s;
    if (!options_.live) out_ << stage_ << " ...\n" << std::flush;
  }
  last_ = progress;
  if (options_.live) {
    out_ << kClearLine << live_line(progress, options_.columns()) << std::flush;
    line_open_ = true;
  } else if (now_s - last_shown_s_ >= options_.line_every_s) {
    last_shown_s_ = now_s;
    std::string line = stage_;
    if (progress.fraction >= 0) line += fmt::format(": {:.0f} %", 100 * progress.fraction);
    if (progress.remaining_s >= 0) line += fmt::format(", {} left", clock_text(progress.remaining_s));
    out_ << line << figures_text(progress) << "\n" << std::flush;
  }
}

void TerminalProgress::end_stage() {
  if (stage_.empty()) return;
  if (line_open_) out_ << kClearLine;
  line_open_ = false;
  out_ << fmt::format("{}: done in {:.1f} s{}\n", stage_, options_.clock_s() - stage_started_s_,
                      figures_text(last_))
       << std::flush;
  stage_.clear();
}

}  // namespace anima::app
