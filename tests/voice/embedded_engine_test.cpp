// The whole chain on a "person" that is free to use: flite's slt, lowered, stands in for a human.
#include "voice/embedded_engine.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>

#include "audio/join.h"
#include "audio/loudness.h"
#include "audio/resampler.h"
#include "audio/vocoder_pitch.h"
#include "core/error.h"
#include "core/random.h"
#include "text/normaliser.h"
#include "voice/enrolment.h"
#include "voice/measurement_sentences.h"
#include "voice/speech_stream.h"

namespace anima::voice {
namespace {

bool has_model() {
  return std::filesystem::exists(audio::default_acoustic_model_folder() / "mdef");
}

Sound person_speaking() {
  const auto speaker = make_flite_speaker("slt");
  Sound all;
  for (const std::string& sentence : enrolment_sentences("en").first(5)) {
    const Sound sound = speaker->speak(text::normalise_text(sentence, "en"), 1, {}).sound;
    all.sample_rate_hz = sound.sample_rate_hz;
    all.samples.insert(all.samples.end(), sound.samples.begin(), sound.samples.end());
  }
  return all;
}

// Enrolled once for all tests here: a second of work.
const std::filesystem::path& folder() {
  static const std::filesystem::path path = [] {
    const auto made = std::filesystem::path(testing::TempDir()) / "anima_embedded_engine";
    std::filesystem::create_directories(made);
    EnrolmentRequest request;
    request.name = "slt";
    request.language = "en";
    request.consent = "CMU, by licence";
    request.recording = person_speaking();
    save_voice_profile(enrol_voice(request, {}), made / "slt.voice");
    return made;
  }();
  return path;
}

EmbeddedEngine& engine() {
  static EmbeddedEngine shared({.cache_folder = folder() / "cache", .conversion = {}});
  return shared;
}

SpeechRequest request_for(const std::string& text) {
  SpeechRequest request;
  request.text = text;
  request.voice.name = "slt";
  request.voice.profile = folder() / "slt.voice";
  return request;
}

TEST(EmbeddedEngine, SpeaksInTheEnrolledVoiceWithTimes) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  Sound sound;
  std::vector<WordTiming> words;
  std::vector<PhonemeTiming> phonemes;
  engine().synthesize(request_for("We meet at 9:30, don't we?"),
                      [&](const SpeechPiece& piece) {
                        EXPECT_LE(piece.sound.duration_s(), 0.5);
                        sound.sample_rate_hz = piece.sound.sample_rate_hz;
                        sound.samples.insert(sound.samples.end(), piece.sound.samples.begin(),
                                             piece.sound.samples.end());
                        words.insert(words.end(), piece.words.begin(), piece.words.end());
                        phonemes.insert(phonemes.end(), piece.phonemes.begin(), piece.phonemes.end());
                      },
                      {});
  ASSERT_GT(sound.duration_s(), 1.0);
  ASSERT_EQ(words.size(), 6U);
  EXPECT_EQ(words[3].word, "9:30");
  EXPECT_EQ(words[4].word, "don't");
  double last_s = 0;
  for (const WordTiming& word : words) {
    EXPECT_GE(word.start_s, last_s - 1e-6);
    EXPECT_GT(word.end_s, word.start_s) << word.word;
    last_s = word.end_s;
  }
  EXPECT_LE(last_s, sound.duration_s() + 0.05);
  EXPECT_GT(phonemes.size(), 12U);
  for (const float sample : sound.samples) EXPECT_LT(std::abs(sample), 1.0F);
  const VoiceProfile profile = load_voice_profile(folder() / "slt.voice");
  EXPECT_EQ(profile.consent, "CMU, by licence");
  EXPECT_NEAR(audio::median_pitch_hz(audio::track_vocoder_pitch(sound).f0_hz),
              profile.quality.median_pitch_hz, 12);
}

TEST(EmbeddedEngine, StreamsAStoryWithoutClicksAndInOrder) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  const SpokenText spoken =
      speak_text(engine(), request_for("Good morning. It is warm today, so we walk."), {});
  ASSERT_EQ(spoken.words.size(), 9U);
  double last_s = 0;
  for (const WordTiming& word : spoken.words) {
    EXPECT_GE(word.start_s, last_s - 1e-6) << word.word;
    last_s = word.start_s;
  }
  EXPECT_LT(last_s, spoken.sound.duration_s());
  EXPECT_LT(audio::greatest_step(spoken.sound.samples), 0.5F);
  EXPECT_LT(std::abs(spoken.sound.samples.front()), 1e-3F);
  EXPECT_EQ(spoken.sound.samples.back(), 0.0F);
}

TEST(EmbeddedEngine, StopsBeforeTheNextPiece) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  WorkContext context;
  int pieces = 0;
  try {
    engine().synthesize(
        request_for("This is a rather long sentence that goes on for some time."),
        [&](const SpeechPiece&) {
          ++pieces;
          context.cancellation.request();
        },
        context);
    FAIL() << "not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_EQ(pieces, 1);
}

TEST(EmbeddedEngine, SaysNothingForNothingAndRefusesWhatIsNoText) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  int pieces = 0;
  const SpeechSink count = [&](const SpeechPiece&) { ++pieces; };
  engine().synthesize(request_for(" ... !? \x01"), count, {});
  EXPECT_EQ(pieces, 0);
  EXPECT_THROW(engine().synthesize(request_for("\xff\xfe"), count, {}), Error);
  EXPECT_THROW(engine().synthesize(request_for(std::string(5000, 'a')), count, {}), Error);
  SpeechRequest missing = request_for("hello");
  missing.voice.profile = folder() / "nobody.voice";
  EXPECT_THROW(engine().synthesize(missing, count, {}), Error);
}

TEST(EmbeddedEngine, SpeaksChineseAlignedToItsCharacters) {
  if (!has_model() || !make_espeak_speaker("cmn")->readiness().ready)
    GTEST_SKIP() << "espeak-ng is not installed";
  SpeechRequest request;  // no voice: unconverted
  request.text = "你好，我是助手。";
  const SpokenText spoken = speak_text(engine(), request, {});
  ASSERT_EQ(spoken.words.size(), 6U);
  EXPECT_EQ(spoken.words[0].word, "你");
  EXPECT_GT(spoken.sound.duration_s(), 1.0);
  for (std::size_t i = 1; i < spoken.words.size(); ++i)
    EXPECT_GE(spoken.words[i].start_s, spoken.words[i - 1].start_s);
}

// The phonemes of a text in no enrolled voice, silence left out.
std::vector<std::string> phonemes_of(const SpeechRequest& request) {
  std::vector<std::string> phonemes;
  engine().synthesize(request,
                      [&](const SpeechPiece& piece) {
                        for (const PhonemeTiming& timing : piece.phonemes) {
                          if (timing.phoneme != "SIL") phonemes.push_back(timing.phoneme);
                        }
                      },
                      {});
  return phonemes;
}

TEST(EmbeddedEngine, ReadsNumbersAloneInTheLanguageAroundThem) {
  if (!has_model() || !make_espeak_speaker("cmn")->readiness().ready)
    GTEST_SKIP() << "espeak-ng is not installed";
  const std::vector<std::string> english = phonemes_of({.text = "3.5,"});
  ASSERT_FALSE(english.empty());
  EXPECT_EQ(english.front(), "TH");
  for (const SpeechRequest& request : {SpeechRequest{.text = "3.5，", .language = "zh"},
                                       SpeechRequest{.text = "3.5，", .surrounding_language = "zh"}}) {
    const std::vector<std::string> chinese = phonemes_of(request);
    ASSERT_FALSE(chinese.empty());
    EXPECT_EQ(chinese.front(), "S");  // 三
  }
}

TEST(EmbeddedEngine, ReadsOtherScriptsInTheirOwnLanguages) {
  if (!has_model() || !make_espeak_speaker("ru")->readiness().ready)
    GTEST_SKIP() << "espeak-ng is not installed";
  for (const char* text : {"Привет, мир.", "ありがとう。", "안녕하세요.", "مرحبا؟", "Γειά σου.", "שלום.",
                           "नमस्ते।", "สวัสดี", "他说Привет。"}) {
    const std::vector<std::string> phonemes = phonemes_of({.text = text});
    EXPECT_GE(phonemes.size(), 4U) << text;
  }
  EXPECT_GE(phonemes_of({.text = "他说ありがとう。", .language = "zh"}).size(), 9U);
  // Russian, not the names of its letters: "mir" and no more.
  EXPECT_LE(phonemes_of({.text = "Мир"}).size(), 4U);
}

TEST(EmbeddedEngine, RefusesWhatNobodyCanRead) {
  if (!has_model() || !make_espeak_speaker("ja")->readiness().ready)
    GTEST_SKIP() << "espeak-ng is not installed";
  const auto refused = [](const SpeechRequest& request) -> std::string {
    try {
      engine().synthesize(request, [](const SpeechPiece&) {}, {});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnsupported) << error.what();
      return std::string(error.what()) + error.fix();
    }
    return "not refused";
  };
  EXPECT_NE(refused({.text = "ສະບາຍດີ"}).find("--language"), std::string::npos);
  const std::string japanese = refused({.text = "東京に行きます。"});
  EXPECT_NE(japanese.find("\"ja\""), std::string::npos) << japanese;
  EXPECT_NE(japanese.find("server engine"), std::string::npos) << japanese;
  EXPECT_NE(refused({.text = "東京", .language = "ja"}).find("Han"), std::string::npos);
  const std::string klingon = refused({.text = "hello", .language = "tlh"});
  EXPECT_NE(klingon.find("tlh"), std::string::npos) << klingon;
}

// A voice whose English is flite's slt itself.
const std::filesystem::path& native_voice() {
  static const std::filesystem::path path = [] {
    VoiceProfile profile = load_voice_profile(folder() / "slt.voice");
    profile.native = {{"en", "flite-slt"}};
    save_voice_profile(profile, folder() / "native.voice");
    return folder() / "native.voice";
  }();
  return path;
}

SpokenText speak_natively(const std::string& text) {
  SpeechRequest request;
  request.text = text;
  request.voice = {.name = "native", .profile = native_voice()};
  return speak_text(engine(), request, {});
}

// The greatest correlation of what a voice says with what slt itself says, over all shifts.
double likeness_to_slt(const std::filesystem::path& profile) {
  const std::string text = "The weather is lovely today.";
  Sound heard;
  SpeechRequest request;
  request.text = text;
  request.voice = {.name = "any", .profile = profile};
  engine().synthesize(request,
                      [&](const SpeechPiece& piece) {
                        heard.sample_rate_hz = piece.sound.sample_rate_hz;
                        heard.samples.insert(heard.samples.end(), piece.sound.samples.begin(),
                                             piece.sound.samples.end());
                      },
                      {});
  const Sound own = audio::resample(
      make_flite_speaker("slt")->speak(text::normalise_text(text, "en"), 1, {}).sound, heard.sample_rate_hz);
  double best = 0;
  for (std::size_t first = 0; first + heard.samples.size() <= own.samples.size(); ++first) {
    double across = 0;
    double own_power = 0;
    double heard_power = 0;
    for (std::size_t i = 0; i < heard.samples.size(); i += 3) {
      across += heard.samples[i] * own.samples[first + i];
      own_power += own.samples[first + i] * own.samples[first + i];
      heard_power += heard.samples[i] * heard.samples[i];
    }
    best = std::max(best, across / std::sqrt(own_power * heard_power));
  }
  return best;
}

TEST(NativeSpeaker, SpeaksUnconverted) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  // Not the very samples: flite draws the noise of its breath anew for every sentence.
  EXPECT_GT(likeness_to_slt(native_voice()), 0.97);
  EXPECT_LT(likeness_to_slt(folder() / "slt.voice"), 0.9) << "a clone has phases of its own";
}

TEST(NativeSpeaker, IsOnePersonInBothLanguages) {
  if (!has_model() || !make_espeak_speaker("cmn")->readiness().ready)
    GTEST_SKIP() << "espeak-ng or the package pocketsphinx-en-us is not installed";
  const Sound english =
      speak_natively("Good morning, everybody. We are going to take a long walk along the river today.")
          .sound;
  const Sound chinese = speak_natively("早上好，各位朋友。今天我们要沿着河边散步，走很远的路。").sound;
  EXPECT_NEAR(audio::integrated_loudness_lufs(english), audio::integrated_loudness_lufs(chinese), 2.0);
  EXPECT_NEAR(audio::median_pitch_hz(audio::track_vocoder_pitch(english).f0_hz),
              audio::median_pitch_hz(audio::track_vocoder_pitch(chinese).f0_hz), 15);
}

TEST(NativeSpeaker, IsKeptInTheFileAndSaidPlainly) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  const VoiceProfile native = load_voice_profile(native_voice());
  EXPECT_EQ(native.native.at("en"), "flite-slt");
  EXPECT_EQ(speakers_of(native).find("English: flite slt; Chinese"), 0U) << speakers_of(native);
  const VoiceProfile plain = load_voice_profile(folder() / "slt.voice");
  EXPECT_TRUE(plain.native.empty());
  EXPECT_NE(speakers_of(plain).find("both in this voice's timbre"), std::string::npos) << speakers_of(plain);
}

TEST(NativeSpeaker, AForeignNameIsRefused) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  VoiceProfile profile = load_voice_profile(folder() / "slt.voice");
  profile.native = {{"en", "espeak-en; rm -rf"}};
  save_voice_profile(profile, folder() / "foreign.voice");
  SpeechRequest request = request_for("hello");
  request.voice.profile = folder() / "foreign.voice";
  try {
    engine().synthesize(request, [](const SpeechPiece&) {}, {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  }
}

TEST(Enrolment, RefusesWhatHoldsNoVoice) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  const auto refuse = [](Sound recording) {
    EnrolmentRequest request;
    request.recording = std::move(recording);
    try {
      enrol_voice(request, {});
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnusableInput);
      EXPECT_FALSE(error.fix().empty());
    }
  };
  refuse({16000, std::vector<float>(16000 * 5, 0.0F)});  // silence
  refuse({16000, {}});
  refuse({4000, std::vector<float>(4000 * 5, 0.1F)});
  Random random(2);
  Sound noise{16000, {}};
  for (int i = 0; i < 16000 * 6; ++i) noise.samples.push_back(static_cast<float>(0.1 * random.normal()));
  refuse(noise);
  Sound half_second = person_speaking();
  half_second.samples.resize(8000);
  refuse(half_second);
}

TEST(VoiceProfile, ADamagedFileIsRefused) {
  if (!has_model()) GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  TensorFile file = read_tensor_file(folder() / "slt.voice");
  EXPECT_TRUE(has_voice_profile(file));
  TensorFile missing = file;
  missing.tensors.erase("voice.index");
  EXPECT_THROW(get_voice_profile(missing), Error);
  TensorFile wrong = file;
  wrong.metadata["voice.profile"] = "{}";
  EXPECT_THROW(get_voice_profile(wrong), Error);
  wrong.metadata["voice.profile"] = file.metadata["voice.profile"];
  wrong.metadata["voice.profile"].replace(0, 1, R"({"native": [1, 2], )");
  EXPECT_THROW(get_voice_profile(wrong), Error);
  EXPECT_THROW(get_voice_profile(TensorFile{}), Error);
}

}  // namespace
}  // namespace anima::voice
