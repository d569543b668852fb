#include "audio/phone_alignment.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/error.h"
#include "core/random.h"

namespace anima::audio {
namespace {

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {
      "+NSN+", "+SPN+", "AA", "AE", "AH",  "AO", "AW", "AY", "B",  "CH", "D", "DH", "EH", "ER",
      "EY",    "F",     "G",  "HH", "IH",  "IY", "JH", "K",  "L",  "M",  "N", "NG", "OW", "OY",
      "P",     "R",     "S",  "SH", "SIL", "T",  "TH", "UH", "UW", "V",  "W", "Y",  "Z",  "ZH"};
  return all;
}

// A frame that is `name` in one of its states, with probability `share`.
PhonePosteriors frame_of(const std::string& name, int state, float share) {
  const auto phone = std::find(names().begin(), names().end(), name) - names().begin();
  PhonePosteriors posteriors;
  posteriors.fill((1 - share) / kPhoneStates);
  posteriors[static_cast<std::size_t>(phone * kStatesPerPhone + state)] += share;
  return posteriors;
}

void add(std::vector<PhonePosteriors>& frames, const std::string& name, int count) {
  for (int i = 0; i < count; ++i) frames.push_back(frame_of(name, i * kStatesPerPhone / count, 0.8F));
}

TEST(PhoneAlignment, FindsEachWordAndTheSilenceBetween) {
  std::vector<PhonePosteriors> frames;
  add(frames, "SIL", 10);
  add(frames, "K", 6);
  add(frames, "AE", 12);
  add(frames, "T", 6);
  add(frames, "SIL", 20);
  add(frames, "S", 9);
  add(frames, "IY", 12);
  add(frames, "SIL", 7);
  const std::vector<AlignmentWord> words = {{{"K", "AE", "T"}}, {{"S", "IY"}}};
  const PhoneAlignment alignment = align_phones(words, frames, names(), {});
  ASSERT_EQ(alignment.words.size(), 2U);
  EXPECT_NEAR(alignment.words[0].start_s, 0.10, 0.015);
  EXPECT_NEAR(alignment.words[0].end_s, 0.34, 0.015);
  EXPECT_NEAR(alignment.words[1].start_s, 0.54, 0.015);
  EXPECT_NEAR(alignment.words[1].end_s, 0.75, 0.015);
  ASSERT_EQ(alignment.phones.size(), 5U);
  EXPECT_EQ(alignment.phones[1].phone, "AE");
  EXPECT_NEAR(alignment.phones[1].start_s, 0.16, 0.015);
  EXPECT_EQ(alignment.phones[3].word, 1);
  // The text of another sound matches far worse.
  const std::vector<AlignmentWord> wrong = {{{"M", "OW", "N"}}, {{"D", "ER"}}};
  EXPECT_LT(align_phones(wrong, frames, names(), {}).mean_match, alignment.mean_match - 1);
}

TEST(PhoneAlignment, AnUnknownWordStandsForWhatIsSpokenThere) {
  std::vector<PhonePosteriors> frames;
  add(frames, "K", 9);
  add(frames, "AE", 12);
  add(frames, "M", 9);
  add(frames, "OW", 12);
  const std::vector<AlignmentWord> words = {{{"K", "AE"}}, {{"?", "?"}}};
  const PhoneAlignment alignment = align_phones(words, frames, names(), {});
  EXPECT_NEAR(alignment.words[1].start_s, 0.21, 0.04);
}

TEST(PhoneAlignment, KeepsTheOrderOnNoise) {
  Random random(1);
  std::vector<PhonePosteriors> frames;
  for (int i = 0; i < 80; ++i) frames.push_back(frame_of(names()[random.below(42)], 0, 0.5F));
  const std::vector<AlignmentWord> words = {{{"K", "AE"}}, {{"S", "IY", "N"}}, {{"T"}}};
  double last_s = 0;
  for (const AlignedWord& word : align_phones(words, frames, names(), {}).words) {
    EXPECT_GE(word.start_s, last_s);
    EXPECT_GT(word.end_s, word.start_s);
    last_s = word.end_s;
  }
  EXPECT_LE(last_s, 0.8);
}

TEST(PhoneAlignment, RefusesWhatCannotBeAligned) {
  std::vector<PhonePosteriors> frames;
  add(frames, "K", 2);
  const std::vector<AlignmentWord> too_long = {{{"K", "AE", "T"}}};
  const std::vector<AlignmentWord> unknown = {{{"QQ"}}};
  EXPECT_THROW(align_phones(too_long, frames, names(), {}), Error);
  add(frames, "K", 20);
  EXPECT_THROW(align_phones(unknown, frames, names(), {}), Error);
}

}  // namespace
}  // namespace anima::audio
