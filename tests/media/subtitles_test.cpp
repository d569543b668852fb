#include "media/subtitles.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>

#include "core/error.h"
#include "core/files.h"

namespace anima::media {
namespace {

TEST(Subtitles, WritesSubRip) {
  const std::array cues{Cue{0, 1.5, "Hello"}, Cue{3661.0424, 3662.5, "你好，\r\nzwei Zeilen"}};
  EXPECT_EQ(to_srt(cues),
            "1\n00:00:00,000 --> 00:00:01,500\nHello\n\n"
            "2\n01:01:01,042 --> 01:01:02,500\n你好，\nzwei Zeilen\n\n");
}

TEST(Subtitles, WritesWebVtt) {
  const std::array cues{Cue{0.25, 1.5, "if a < b && c --> d"}};
  EXPECT_EQ(to_vtt(cues), "WEBVTT\n\n00:00:00.250 --> 00:00:01.500\nif a &lt; b &amp;&amp; c --&gt; d\n\n");
  EXPECT_EQ(to_vtt({}), "WEBVTT\n\n");
}

TEST(Subtitles, SortsCutsAndCleans) {
  const std::array cues{Cue{2, 5, "second"}, Cue{0, 3, "first\n\n \nstill first --> here"}, Cue{1, 1, " \n"}};
  EXPECT_EQ(to_srt(cues),
            "1\n00:00:00,000 --> 00:00:02,000\nfirst\nstill first -> here\n\n"
            "2\n00:00:02,000 --> 00:00:05,000\nsecond\n\n");
}

TEST(Subtitles, RefusesImpossibleTimes) {
  for (const Cue& cue : {Cue{-1, 1, "x"}, Cue{2, 1, "x"}, Cue{0, std::nan(""), "x"},
                         Cue{std::nan(""), 1, "x"}, Cue{0, 1e9, "x"}}) {
    EXPECT_THROW(to_srt(std::array{cue}), Error) << cue.start_s << " " << cue.end_s;
  }
}

TEST(Subtitles, ChoosesByExtension) {
  const std::array cues{Cue{0, 1, "x"}};
  const std::filesystem::path folder = testing::TempDir();
  write_subtitles(folder / "anima-test.SRT", cues);
  EXPECT_EQ(read_text_file(folder / "anima-test.SRT", 1000), to_srt(cues));
  write_subtitles(folder / "anima-test.vtt", cues);
  EXPECT_EQ(read_text_file(folder / "anima-test.vtt", 1000), to_vtt(cues));
  EXPECT_THROW(write_subtitles(folder / "anima-test.txt", cues), Error);
  EXPECT_NO_THROW(require_subtitle_name("a.SRT"));
  EXPECT_THROW(require_subtitle_name("a.srt.txt"), Error);
  std::filesystem::remove(folder / "anima-test.SRT");
  std::filesystem::remove(folder / "anima-test.vtt");
}

}  // namespace
}  // namespace anima::media
