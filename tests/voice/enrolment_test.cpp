// What recordings can be, good and bad. flite's voices stand in for people.
#include "voice/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "audio/resampler.h"
#include "audio/senone_scorer.h"
#include "core/error.h"
#include "core/random.h"
#include "text/normaliser.h"
#include "voice/measurement_sentences.h"
#include "voice/recording_check.h"
#include "voice/source_speaker.h"

namespace anima::voice {
namespace {

constexpr int kRate_hz = 24000;

Sound speech(const std::string& voice, std::size_t sentences = 4) {
  const auto speaker = make_flite_speaker(voice);
  Sound all;
  for (const std::string& sentence : enrolment_sentences("en").first(sentences)) {
    const Sound sound = speaker->speak(text::normalise_text(sentence, "en"), 1, {}).sound;
    all.sample_rate_hz = sound.sample_rate_hz;
    all.samples.insert(all.samples.end(), sound.samples.begin(), sound.samples.end());
  }
  return audio::resample(all, kRate_hz);
}

// Chords that change twice a second, without a gap.
Sound music(double duration_s) {
  const double chords[4][3] = {
      {261.6, 329.6, 392.0}, {220.0, 261.6, 329.6}, {174.6, 220.0, 261.6}, {196.0, 246.9, 293.7}};
  Sound sound{kRate_hz, {}};
  for (int i = 0; i < static_cast<int>(duration_s * kRate_hz); ++i) {
    const double t = static_cast<double>(i) / kRate_hz;
    double sum = 0;
    for (const double f : chords[static_cast<int>(2 * t) % 4]) {
      sum += std::sin(2 * std::numbers::pi * f * t) + 0.5 * std::sin(4 * std::numbers::pi * f * t);
    }
    sound.samples.push_back(static_cast<float>(0.1 * sum));
  }
  return sound;
}

Sound appended(Sound a, const Sound& b) {
  a.samples.insert(a.samples.end(), b.samples.begin(), b.samples.end());
  return a;
}

VoiceProfile enrol(Sound recording) {
  EnrolmentRequest request;
  request.recording = std::move(recording);
  return enrol_voice(request, {});
}

ErrorCode code_of(const Sound& recording) {
  try {
    enrol(recording);
  } catch (const Error& error) {
    EXPECT_FALSE(error.fix().empty());
    return error.code();
  }
  return ErrorCode::kInternal;
}

class EnrolledRecording : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(audio::default_acoustic_model_folder() / "mdef"))
      GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  }
};

TEST_F(EnrolledRecording, TakesSpeech) {
  const VoiceProfile profile = enrol(speech("slt"));
  EXPECT_NEAR(profile.quality.median_pitch_hz, 171, 15);
  EXPECT_GT(profile.quality.speech_s, 12);
  EXPECT_EQ(profile.index.rows(), profile.envelopes.rows());
}

TEST_F(EnrolledRecording, RefusesWhatIsNoSpeech) {
  EXPECT_EQ(code_of({kRate_hz, std::vector<float>(20 * kRate_hz, 0.0F)}), ErrorCode::kUnusableInput);
  EXPECT_EQ(code_of(music(20)), ErrorCode::kUnusableInput);
  Sound noise{kRate_hz, {}};
  Random random(1);
  for (int i = 0; i < 20 * kRate_hz; ++i) noise.samples.push_back(0.1F * static_cast<float>(random.normal()));
  EXPECT_EQ(code_of(noise), ErrorCode::kUnusableInput);
  EXPECT_EQ(code_of({kRate_hz, {}}), ErrorCode::kUnusableInput);
}

TEST_F(EnrolledRecording, RefusesTooLittleAndTooNarrow) {
  Sound half = speech("rms", 1);
  half.samples.resize(kRate_hz / 2);
  EXPECT_EQ(code_of(half), ErrorCode::kUnusableInput);
  EXPECT_EQ(code_of(audio::resample(audio::resample(speech("rms"), 4000), kRate_hz)),
            ErrorCode::kUnusableInput);
  EXPECT_EQ(code_of(audio::resample(speech("rms"), 4000)), ErrorCode::kUnusableInput);
}

TEST_F(EnrolledRecording, WarnsOfClippingTelephonesAndSecondVoices) {
  Sound clipped = speech("rms");
  for (float& sample : clipped.samples) sample = std::clamp(8 * sample, -1.0F, 1.0F);
  EXPECT_THAT(enrol(clipped).quality.warnings, testing::Contains(testing::HasSubstr("clipped")));
  EXPECT_THAT(enrol(audio::resample(audio::resample(speech("rms"), 8000), kRate_hz)).quality.warnings,
              testing::Contains(testing::HasSubstr("telephone")));
  EXPECT_THAT(enrol(appended(speech("rms"), speech("slt"))).quality.warnings,
              testing::Contains(testing::HasSubstr("only one person")));
  EXPECT_THAT(enrol(speech("rms", 8)).quality.warnings,
              testing::Not(testing::Contains(testing::HasSubstr("only one person"))));
}

TEST_F(EnrolledRecording, UsesTheBeginningOfALongRecording) {
  EnrolmentRequest request;
  request.recording = speech("rms");
  request.limit_s = 10;
  const VoiceProfile profile = enrol_voice(request, {});
  EXPECT_THAT(profile.quality.warnings, testing::Contains(testing::HasSubstr("first 10 s")));
  EXPECT_LT(profile.quality.speech_s, 10);
}

TEST_F(EnrolledRecording, SurvivesSamplesThatAreNoNumbers) {
  Sound sound = speech("rms");
  for (std::size_t i = 0; i < sound.samples.size(); i += 1000) sound.samples[i] = NAN;
  const VoiceProfile profile = enrol(sound);
  EXPECT_TRUE(profile.envelopes.allFinite());
  EXPECT_TRUE(profile.regression.allFinite());
}

TEST(RecordingCheck, TellsSpeechFromMusicAndOnePersonFromTwo) {
  const RecordingCheck one = check_recording(speech("rms", 8));
  EXPECT_GT(one.dips, 0.3);
  EXPECT_LT(one.turns.gain, 0.8);
  EXPECT_NEAR(one.bandwidth_hz, 7700, 500);  // flite has 16 kHz
  EXPECT_LT(check_recording(music(10)).dips, kMusicDips);
  const RecordingCheck two = check_recording(appended(speech("rms"), speech("slt")));
  EXPECT_GT(two.turns.gain, kTwoVoices);
  EXPECT_EQ(check_recording({kRate_hz, {}}).dips, 1);
}

}  // namespace
}  // namespace anima::voice
