#include "voice/speaker_turns.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <span>

#include "audio/resampler.h"
#include "core/random.h"
#include "media/film_reader.h"
#include "text/normaliser.h"
#include "voice/measurement_sentences.h"
#include "voice/recording_check.h"
#include "voice/source_speaker.h"

namespace anima::voice {
namespace {

constexpr int kRate_hz = 24000;

// Sentences from `first` on, about three seconds each.
Sound said(const std::string& voice, std::size_t first, std::size_t count) {
  const auto speaker = make_flite_speaker(voice);
  const std::span<const std::string> sentences = enrolment_sentences("en");
  Sound sound{kRate_hz, {}};
  for (std::size_t i = first; i < first + count; ++i) {
    const Sound piece = audio::resample(
        speaker->speak(text::normalise_text(sentences[i % sentences.size()], "en"), 1, {}).sound, kRate_hz);
    sound.samples.insert(sound.samples.end(), piece.samples.begin(), piece.samples.end());
  }
  return sound;
}

Sound in_turns(std::size_t turns, std::size_t sentences_each) {
  Sound sound{kRate_hz, {}};
  for (std::size_t t = 0; t < turns; ++t) {
    const Sound piece = said(t % 2 == 0 ? "slt" : "rms", t * sentences_each, sentences_each);
    sound.samples.insert(sound.samples.end(), piece.samples.begin(), piece.samples.end());
  }
  return sound;
}

TEST(SpeakerTurns, OnePersonIsOne) {
  for (const char* voice : {"slt", "rms"}) {
    for (const std::size_t sentences : {std::size_t{3}, std::size_t{8}})
      EXPECT_LT(check_recording(said(voice, 0, sentences)).turns.gain, 0.8) << voice << ' ' << sentences;
  }
}

TEST(SpeakerTurns, TwoPeopleAreTwoHoweverOftenTheyTakeTurns) {
  for (const auto& [turns, each] : {std::pair<std::size_t, std::size_t>{2, 3}, {4, 1}, {4, 2}, {6, 1}}) {
    const SpeakerTurns found = check_recording(in_turns(turns, each)).turns;
    EXPECT_GT(found.gain, kTwoVoices) << turns << " turns of " << each;
    EXPECT_GT(found.second_share, 0.25);
  }
}

TEST(SpeakerTurns, OfTooLittleOrNothingNothingIsSaid) {
  EXPECT_EQ(find_speaker_turns(Eigen::MatrixXd(0, 12)).gain, 0);
  EXPECT_EQ(find_speaker_turns(Eigen::MatrixXd::Random(599, 12)).gain, 0);
  EXPECT_LT(find_speaker_turns(Eigen::MatrixXd::Zero(1000, 12)).gain, kTwoVoices);
}

TEST(SpeakerTurns, AreHeardInRealRecordings) {
  const char* shared = std::getenv("ANIMA_SHARED");
  const std::filesystem::path root = shared == nullptr ? "" : shared;
  if (!std::filesystem::exists(root / "cases" / "two-speakers.wav"))
    GTEST_SKIP() << "the shared recordings are not there";
  EXPECT_GT(check_recording(media::read_sound(root / "cases/two-speakers.wav", kRate_hz)).turns.gain, 1.4);
  for (const char* one : {"audio/macron-speech.wav", "audio/zhb-reference-zh.wav", "videos/lieu-45s-512.mp4"})
    EXPECT_LT(check_recording(media::read_sound(root / one, kRate_hz)).turns.gain, 0.8) << one;
}

}  // namespace
}  // namespace anima::voice
