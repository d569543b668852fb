#include "presenter/performance/coarticulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "presenter/performance/mouth_shapes.h"

namespace anima::presenter {
namespace {

std::vector<PerformedSound> sounds_of(std::initializer_list<std::pair<const char*, double>> lengths) {
  std::vector<PerformedSound> sounds;
  double at_s = 0;
  for (const auto& [name, length_s] : lengths) {
    sounds.push_back({{name, at_s, at_s + length_s}, 1});
    at_s += length_s;
  }
  return sounds;
}

float at(const MouthPose& pose, MouthTarget target) {
  return pose.targets[static_cast<std::size_t>(target)];
}

TEST(Coarticulation, ClosesTheLipsForBilabialsHoweverShort) {
  for (const double length_s : {0.03, 0.045, 0.06, 0.1}) {
    for (double shift_s = 0; shift_s < 0.04; shift_s += 0.005) {
      const auto sounds = sounds_of({{"SIL", 0.3 + shift_s}, {"AA", 0.15}, {"B", length_s}, {"AA", 0.15}});
      const auto poses = perform_mouth(sounds, 25);
      const double from_s = 0.3 + shift_s + 0.15 - 0.02;
      float least = 1;
      float compressed = 0;
      for (std::size_t f = 0; f < poses.size(); ++f) {
        const double time_s = static_cast<double>(f) / 25;
        if (time_s < from_s || time_s > from_s + length_s + 0.04) continue;
        least = std::min(least, at(poses[f], MouthTarget::kOpen) + at(poses[f], MouthTarget::kPartLater));
        compressed = std::max(compressed, at(poses[f], MouthTarget::kCompression));
      }
      EXPECT_LT(least, 0.002F) << length_s << " " << shift_s;
      EXPECT_GT(compressed, 0.31F) << length_s << " " << shift_s;
    }
  }
}

TEST(Coarticulation, RoundsTheLipsBeforeARoundedVowel) {
  // Half of the rounding of "too" is there 80 to 160 ms before its vowel begins, through the T.
  const auto sounds = sounds_of({{"AH", 0.3}, {"T", 0.12}, {"UW", 0.3}, {"SIL", 0.3}});
  const auto poses = perform_mouth(sounds, 25);
  const float full = at(poses[14], MouthTarget::kPursing);
  EXPECT_GT(full, 0.75F);
  EXPECT_GT(at(poses[8], MouthTarget::kPursing), 0.5F * full) << "100 ms before the vowel";
  EXPECT_LT(at(poses[4], MouthTarget::kPursing), 0.2F * full) << "260 ms before the vowel";
}

TEST(Coarticulation, SpeaksTheSameConsonantWithTheLipsOfItsVowel) {
  const auto spread = perform_mouth(sounds_of({{"IY", 0.2}, {"T", 0.08}, {"IY", 0.2}, {"SIL", 0.2}}), 16);
  const auto round = perform_mouth(sounds_of({{"UW", 0.2}, {"T", 0.08}, {"UW", 0.2}, {"SIL", 0.2}}), 16);
  EXPECT_GT(at(spread[6], MouthTarget::kRetraction), 0.35F);
  EXPECT_LT(at(round[6], MouthTarget::kRetraction), 0.1F);
  EXPECT_GT(at(round[6], MouthTarget::kPursing), 0.5F);
  EXPECT_GT(spread[6].tongue_up, 0.7F);
}

TEST(Coarticulation, RestsWithASoftClosedSmile) {
  const auto poses = perform_mouth(sounds_of({{"AA", 0.3}, {"SIL", 1.0}, {"AA", 0.3}}), 40);
  const MouthPose& rest = poses[20];
  EXPECT_LT(at(rest, MouthTarget::kOpen), 0.005F);
  EXPECT_LT(at(rest, MouthTarget::kPartLater), 0.005F);
  EXPECT_GT(at(rest, MouthTarget::kCornerPuller), 0.18F);
}

TEST(Coarticulation, OpensWiderForLouderVowels) {
  auto sounds = sounds_of({{"SIL", 0.2}, {"AA", 0.25}, {"SIL", 0.3}});
  const float usual = at(perform_mouth(sounds, 18)[8], MouthTarget::kOpen);
  sounds[1].loudness = 1.2;
  EXPECT_NEAR(at(perform_mouth(sounds, 18)[8], MouthTarget::kOpen) / usual, 1.2, 0.02);
}

TEST(Coarticulation, PutsTeethOnTheLipAndTheTongueBetweenTheTeeth) {
  const auto poses =
      perform_mouth(sounds_of({{"AE", 0.2}, {"V", 0.08}, {"AH", 0.2}, {"TH", 0.1}, {"AH", 0.2}}), 20);
  EXPECT_GT(poses[6].lower_lip_tuck, 0.95F);
  EXPECT_LT(at(poses[6], MouthTarget::kOpen), 0.08F);
  EXPECT_GT(poses[13].tongue_out, 0.9F);
  EXPECT_GT(at(poses[13], MouthTarget::kOpen), 0.08F) << "the teeth make way";
}

TEST(Coarticulation, NeverMovesFasterThanAMouth) {
  // Lips open or close in no less than about 60 ms: less than 70 % of the widest in a frame.
  const auto sounds = sounds_of({{"SIL", 0.2},
                                 {"B", 0.05},
                                 {"AA", 0.1},
                                 {"B", 0.05},
                                 {"AA", 0.1},
                                 {"M", 0.06},
                                 {"AA", 0.1},
                                 {"SIL", 0.3}});
  const auto poses = perform_mouth(sounds, 24);
  for (std::size_t f = 1; f < poses.size(); ++f) {
    EXPECT_LT(std::abs(at(poses[f], MouthTarget::kOpen) - at(poses[f - 1], MouthTarget::kOpen)), 0.36F);
  }
}

TEST(MouthShapes, KnowEverySoundThatFliteAndTheMandarinTableName) {
  for (const char* sound : {"AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F",
                            "G",  "HH", "IH", "IY", "JH", "K",  "L", "M",  "N", "NG", "OW", "OY", "P",  "R",
                            "S",  "SH", "T",  "TH", "UH", "UW", "V", "W",  "Y", "Z",  "ZH", "SIL"}) {
    double total = 0;
    for (const ShapeShare& part : shape_sequence(sound)) {
      EXPECT_NO_THROW(mouth_shape(part.name));
      total += part.share;
    }
    EXPECT_NEAR(total, 1, 1e-9) << sound;
  }
  EXPECT_THROW(mouth_shape("QQ"), std::exception);
}

}  // namespace
}  // namespace anima::presenter
