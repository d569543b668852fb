#include "hearing/pocketsphinx_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "audio/resampler.h"
#include "core/error.h"
#include "core/process.h"
#include "core/random.h"
#include "core/temporary_folder.h"
#include "hearing/forced_alignment.h"
#include "media/film_reader.h"
#include "media/wav_stream.h"

namespace anima::hearing {
namespace {

using testing::HasSubstr;

std::unique_ptr<HearingEngine> make_engine(std::map<std::string, std::string> options = {}) {
  EngineConfiguration configuration;
  configuration.name = "pocketsphinx";
  configuration.kind = "pocketsphinx";
  configuration.options = std::move(options);
  return make_pocketsphinx_engine(configuration);
}

// Spoken by eSpeak NG, whose speech PocketSphinx half understands: enough to test times and plumbing.
Sound spoken(const std::string& voice, const std::string& text) {
  ProcessRequest request{.arguments = {"espeak-ng", "-v", voice, "-s", "140", "--stdout", "--stdin"},
                         .input = text};
  const ProcessResult result = run_process(request, {});
  require_success(request, result);
  media::WavDecoder decoder;
  Sound sound;
  decoder.push(std::as_bytes(std::span(result.output)), sound.samples);
  sound.sample_rate_hz = decoder.format()->sample_rate_hz;
  return audio::resample(sound, kHearingRate_hz);
}

void add_silence(Sound& sound, double seconds) {
  Random random(1);
  for (int i = 0; i < static_cast<int>(seconds * sound.sample_rate_hz); ++i) {
    sound.samples.push_back(static_cast<float>(1e-4 * random.normal()));
  }
}

void add(Sound& sound, const Sound& more) {
  sound.samples.insert(sound.samples.end(), more.samples.begin(), more.samples.end());
}

class Spoken : public testing::Test {
 protected:
  void SetUp() override {
    if (find_program("espeak-ng").empty()) GTEST_SKIP() << "espeak-ng is not installed";
    if (!make_engine()->readiness().ready) GTEST_SKIP() << "pocketsphinx-en-us is not installed";
  }
};

TEST(PocketSphinxEngine, SaysThatItKnowsEnglishOnly) {
  const auto engine = make_engine();
  EXPECT_THAT(engine->capabilities().languages, testing::ElementsAre("en"));
  try {
    engine->transcribe(Sound{16000, std::vector<float>(16000, 0.1F)}, {.language = "zh"}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("English only"));
    EXPECT_THAT(error.fix(), HasSubstr("zhipu"));
  }
}

TEST(PocketSphinxEngine, SaysWhatToInstall) {
  const auto engine = make_engine({{"folder", "/no/such/folder"}});
  EXPECT_FALSE(engine->readiness().ready);
  EXPECT_THAT(engine->readiness().what_to_do, HasSubstr("pocketsphinx-en-us"));
  EXPECT_THROW(engine->transcribe({}, {}, {}), Error);
}

TEST_F(Spoken, HearsWordsWithTheirTimes) {
  Sound sound{kHearingRate_hz, {}};
  add_silence(sound, 1.5);
  const double start_s = sound.duration_s();
  add(sound, spoken("en-us", "Hello world. Good morning."));
  const double end_s = sound.duration_s();
  add_silence(sound, 1);
  const Transcript transcript = make_engine()->transcribe(sound, {.language = "en"}, {});
  EXPECT_EQ(transcript.times, TimeSource::kRecogniser);
  ASSERT_FALSE(transcript.words.empty());
  EXPECT_NEAR(transcript.words.front().start_s, start_s, 0.3);
  EXPECT_NEAR(transcript.words.back().end_s, end_s, 0.8);  // eSpeak NG ends with silence
  for (const TranscribedWord& word : transcript.words) {
    EXPECT_GE(word.confidence, 0);
    EXPECT_LE(word.confidence, 1);
  }
}

// A decoder that is used again must not count its frames on from the utterance before.
TEST_F(Spoken, CountsTimeFromTheStartOfEachSound) {
  const Sound sound = spoken("en-us", "Hello world. Good morning.");
  const auto engine = make_engine();
  for (int round = 0; round < 3; ++round) {
    const Transcript transcript = engine->transcribe(sound, {}, {});
    ASSERT_FALSE(transcript.words.empty());
    EXPECT_LT(transcript.words.front().start_s, 0.5) << round;
    EXPECT_LE(transcript.words.back().end_s, sound.duration_s()) << round;
  }
}

TEST_F(Spoken, StreamsAndStops) {
  Sound sound = spoken("en-us", "Good morning everybody");
  const auto engine = make_engine();
  const auto stream = engine->open_stream({});
  EXPECT_EQ(stream->partial(), "");
  std::string partial;
  for (std::size_t i = 0; i < sound.samples.size(); i += 1600) {
    stream->push(std::span(sound.samples).subspan(i, std::min<std::size_t>(1600, sound.samples.size() - i)),
                 {});
    if (partial.empty()) partial = stream->partial();
  }
  EXPECT_FALSE(partial.empty());
  EXPECT_FALSE(stream->finish({}).text.empty());

  WorkContext stopped;
  stopped.cancellation.request();
  const auto other = engine->open_stream({});
  EXPECT_THROW(other->push(sound.samples, stopped), Error);
}

TEST_F(Spoken, HearsNothingInSilence) {
  EXPECT_EQ(make_engine()->transcribe(Sound{8000, std::vector<float>(40000, 0.0F)}, {}, {}).text, "");
  EXPECT_EQ(make_engine()->transcribe(Sound{16000, {}}, {}, {}).text, "");
}

// Each sentence is put at a known place, so that the truth is known.
TEST_F(Spoken, AlignsAKnownTextWithinATenthOfASecond) {
  struct Case {
    const char* voice;
    const char* language;
    std::vector<std::string> words;
  };
  const Case cases[] = {{"en-us", "en", {"yesterday", "everybody", "listened", "carefully"}},
                        {"cmn-latn-pinyin", "zh", {"今天天气", "很好", "我们", "去北京"}}};
  for (const Case& c : cases) {
    Sound sound{kHearingRate_hz, {}};
    std::vector<std::pair<double, double>> truth;
    std::string text;
    for (const std::string& word : c.words) {
      add_silence(sound, 0.4);
      Sound said = spoken(c.voice, word);
      // eSpeak NG pads with silence at both ends.
      const auto loud = [](float sample) { return std::abs(sample) > 0.01F; };
      const auto first = std::find_if(said.samples.begin(), said.samples.end(), loud);
      const auto last = std::find_if(said.samples.rbegin(), said.samples.rend(), loud).base();
      const double start_s = sound.duration_s();
      sound.samples.insert(sound.samples.end(), first, last);
      truth.emplace_back(start_s, sound.duration_s());
      text += (text.empty() || std::string(c.language) == "zh" ? "" : " ") + word;
    }
    add_silence(sound, 0.4);
    const Transcript transcript = align_text(text, c.language, sound, {});
    EXPECT_EQ(transcript.times, TimeSource::kAligned) << c.language;
    std::size_t at = 0;
    for (std::size_t i = 0; i < c.words.size(); ++i) {
      const std::size_t count = words_to_show(c.words[i]).size();
      ASSERT_LE(at + count, transcript.words.size());
      EXPECT_NEAR(transcript.words[at].start_s, truth[i].first, 0.1) << c.words[i];
      EXPECT_NEAR(transcript.words[at + count - 1].end_s, truth[i].second, 0.1) << c.words[i];
      at += count;
    }
  }
}

TEST_F(Spoken, EstimatesWhereTheTextCannotBeThatOfTheSound) {
  const Sound sound = spoken("en-us", "Good morning.");
  const std::string text =
      "Nobody can say the forty words of this long and winding sentence in the short time that it takes to "
      "wish "
      "somebody a good morning, so the text cannot be that of the sound, whatever it is that was said in it.";
  const Transcript transcript = align_text(text, "en", sound, {});
  EXPECT_EQ(transcript.times, TimeSource::kEstimated);
  ASSERT_EQ(transcript.words.size(), words_to_show(text).size());
  EXPECT_LE(transcript.words.back().end_s, sound.duration_s() + 1e-6);
}

TEST(ForcedAlignment, SpreadsWordsOverTheVoicedTime) {
  Sound sound{kHearingRate_hz, {}};
  add_silence(sound, 1);
  for (int part = 0; part < 2; ++part) {
    for (int i = 0; i < kHearingRate_hz; ++i)
      sound.samples.push_back(static_cast<float>(0.3 * std::sin(i * 0.3)));
    add_silence(sound, 1);
  }
  const Transcript transcript = estimate_word_times("aaaa bbbb", "en", sound);
  EXPECT_NEAR(transcript.words.at(0).start_s, 1, 0.3);
  EXPECT_NEAR(transcript.words.at(1).end_s, 4, 0.3);
  EXPECT_TRUE(estimate_word_times("", "en", sound).words.empty());
}

TEST_F(Spoken, WordsThatFitTheSoundAreTrusted) {
  const Sound sound =
      media::read_sound(std::string(ANIMA_SOURCE_DIR) + "/tests/data/mira-6s.mp4", kHearingRate_hz);
  const Transcript transcript = make_engine()->transcribe(sound, {}, {});
  EXPECT_GT(transcript.confidence, 0.7) << transcript.text;
  EXPECT_EQ(doubt_of(transcript), "");
}

TEST_F(Spoken, ForeignSpeechAndNoiseAreDoubted) {
  const Transcript french = make_engine()->transcribe(
      spoken("fr", "Bonjour, je suis le président. La situation est difficile, mais nous allons travailler."),
      {}, {});
  EXPECT_LT(french.confidence, 0.2) << french.text;
  EXPECT_GE(french.confidence, 0);
  EXPECT_THAT(doubt_of(french), HasSubstr("does not sound like English"));

  Random random(3);
  Sound noise{kHearingRate_hz, {}};
  for (int i = 0; i < 10 * kHearingRate_hz; ++i)
    noise.samples.push_back(static_cast<float>(0.2 * random.normal() * (i / 2000 % 2 == 0 ? 1 : 0.1)));
  const Transcript heard = make_engine()->transcribe(noise, {}, {});
  EXPECT_LT(heard.confidence, kDoubtfulBelow) << heard.text;
}

TEST_F(Spoken, RealForeignSpeechIsDoubted) {
  const char* shared = std::getenv("ANIMA_SHARED");
  if (shared == nullptr || !std::filesystem::exists(std::filesystem::path(shared) / "audio"))
    GTEST_SKIP() << "the shared recordings are not there";
  for (const char* name : {"macron-speech.wav", "zhb-reference-zh.wav"}) {
    const Sound sound = media::read_sound(std::filesystem::path(shared) / "audio" / name, kHearingRate_hz);
    const Transcript transcript = make_engine()->transcribe(sound, {}, {});
    EXPECT_LT(transcript.confidence, 0.2) << name << ": " << transcript.text;
  }
}

}  // namespace
}  // namespace anima::hearing
