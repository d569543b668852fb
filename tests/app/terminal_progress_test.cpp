#include "app/terminal_progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace anima::app {
namespace {

// A progress display whose clock the test sets.
struct Display {
  std::ostringstream out;
  double now_s = 0;

  TerminalProgressOptions options(bool live, int columns = 80) {
    return {live, 5, [columns] { return columns; }, [this] { return now_s; }};
  }
};

int lines(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

TEST(TerminalProgress, WithoutATerminalPrintsStartEndAndALineEveryFiveSeconds) {
  Display display;
  TerminalProgress progress(display.out, display.options(false));
  const ProgressSink sink = progress.sink();
  for (int i = 0; i <= 120; ++i) {
    display.now_s = 0.1 * i;
    sink({"tracking", i / 120.0, 12 - 0.1 * i, {{"frames", 3.0 * i}}});
  }
  progress.finish();
  const std::string text = display.out.str();
  EXPECT_EQ(lines(text), 4) << text;  // start, 5 s, 10 s, end
  EXPECT_EQ(text.find("tracking ...\n"), 0U);
  EXPECT_NE(text.find("tracking: done in 12.0 s  frames 360"), std::string::npos) << text;
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(TerminalProgress, EachStageStartsAndEnds) {
  Display display;
  TerminalProgress progress(display.out, display.options(false));
  const ProgressSink sink = progress.sink();
  sink({"one", 0.5, -1, {}});
  display.now_s = 2;
  sink({"two", -1, -1, {}});
  display.now_s = 3;
  progress.finish();
  progress.finish();
  EXPECT_EQ(display.out.str(), "one ...\none: done in 2.0 s\ntwo ...\ntwo: done in 1.0 s\n");
}

TEST(TerminalProgress, OnATerminalOneLineIsRedrawn) {
  Display display;
  TerminalProgress progress(display.out, display.options(true));
  const ProgressSink sink = progress.sink();
  sink({"tracking", 0.25, 30, {}});
  sink({"tracking", 0.5, 20, {}});
  EXPECT_EQ(lines(display.out.str()), 0);
  EXPECT_NE(display.out.str().find("50 %"), std::string::npos);
  progress.finish();
  EXPECT_EQ(lines(display.out.str()), 1);
}

TEST(TerminalProgress, AnUnfinishedLineIsClearedAndNotCalledDone) {
  Display display;
  {
    TerminalProgress progress(display.out, display.options(true));
    progress.sink()({"tracking", 0.25, 30, {}});
  }
  EXPECT_EQ(display.out.str().find("done"), std::string::npos);
  EXPECT_TRUE(display.out.str().ends_with("\r\x1b[K"));
}

TEST(TerminalProgress, TheLiveLineFitsItsTerminal) {
  const Progress progress{"learning the head", 0.5, 75, {{"psnr_db", 31.25}, {"step", 1100}}};
  const std::string line = live_line(progress, 200);
  EXPECT_EQ(line, "learning the head  [############------------]  50 %  1:15 left  psnr_db 31.25  step 1100");
  EXPECT_EQ(live_line(progress, 40).size(), 39U);
  EXPECT_EQ(live_line({"unknown end", -1, -1, {}}, 80), "unknown end");
}

TEST(TerminalProgress, TimesReadLikeAClock) {
  EXPECT_EQ(clock_text(7.4), "0:07");
  EXPECT_EQ(clock_text(750), "12:30");
  EXPECT_EQ(clock_text(3723), "1:02:03");
  EXPECT_EQ(clock_text(-3), "0:00");
}

}  // namespace
}  // namespace anima::app
