#include "studio/speak_workflow.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(SpeakWorkflow, TakesTheTextFromOnePlace) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "text.txt", std::string("from a file 好"));
  SpeakOptions options;
  EXPECT_THROW(text_to_speak(options), Error);
  options.text = "from the line";
  EXPECT_EQ(text_to_speak(options), "from the line");
  options.text_file = folder.path() / "text.txt";
  EXPECT_THROW(text_to_speak(options), Error);
  options.text.clear();
  EXPECT_EQ(text_to_speak(options), "from a file 好");
  write_file_atomically(folder.path() / "text.txt", std::string("\xff\xfe"));
  EXPECT_THROW(text_to_speak(options), Error);
}

TEST(SpeakWorkflow, RefusesMoreThanTwoHoursOfSpeechBeforeItSpeaks) {
  SpeakOptions options;
  for (int i = 0; i < 350'000; ++i) options.text += "好";  // a megabyte
  try {
    text_to_speak(options);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(std::string(error.what()).find("21.4 hours"), std::string::npos) << error.what();
  }
  options.text.resize(30'000 * 3);  // 1.8 hours
  EXPECT_NO_THROW(text_to_speak(options));
  options.speed = 0.5;
  EXPECT_THROW(text_to_speak(options), Error);
}

TEST(SpeakWorkflow, RefusesASpeedThatNobodySpeaksAt) {
  for (const double speed : {0.4, 2.1, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    SpeakOptions options;
    options.speed = speed;
    EXPECT_THROW(options.validate(), Error) << speed;
  }
}

TEST(SpeakWorkflow, CaptionsShowTheTextAsItIsWritten) {
  voice::SpokenText spoken;
  spoken.text = "\"Well,\" she said: 3 apples! 你好，再见。";
  double at_s = 0;
  for (const char* word : {"Well", "she", "said", "3", "apples", "你", "好", "再", "见"}) {
    spoken.words.push_back({word, at_s, at_s + 0.3});
    at_s += 0.3;
  }
  const hearing::Transcript transcript = transcript_of(spoken);
  ASSERT_EQ(transcript.words.size(), 9U);
  EXPECT_EQ(transcript.words[0].word, "Well,\"");
  EXPECT_EQ(transcript.words[2].word, "said:");
  EXPECT_EQ(transcript.words[4].word, "apples!");
  EXPECT_EQ(transcript.words[6].word, "好，");
  EXPECT_EQ(transcript.words[8].word, "见。");
  const TemporaryFolder folder;
  write_spoken_subtitles(folder.path() / "a.srt", spoken);
  const std::string srt = read_text_file(folder.path() / "a.srt", 10000);
  EXPECT_NE(srt.find("apples!"), std::string::npos) << srt;
  EXPECT_NE(srt.find("你好，再见。"), std::string::npos) << srt;
}

}  // namespace
}  // namespace anima::studio
