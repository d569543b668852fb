#include "motion/articulation.h"

#include <gtest/gtest.h>

#include "test_film.h"

namespace anima::motion {
namespace {

Articulation of(const audio::AcousticModel& model, const char* phone) {
  audio::PhonePosteriors posteriors{};
  posteriors[static_cast<std::size_t>(model.phone_index(phone)) * audio::kStatesPerPhone + 1] = 1;
  return articulation_of(posteriors);
}

// The table is in the order of the model's phones: this would notice another order.
TEST(Articulation, FollowsTheModelsPhoneOrder) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const auto model = audio::load_acoustic_model();
  for (const char* phone : {"B", "M", "P"}) EXPECT_EQ(of(model, phone)[1], 1) << phone;
  for (const char* phone : {"F", "V"}) EXPECT_EQ(of(model, phone)[2], 1) << phone;
  for (const char* phone : {"TH", "DH"}) EXPECT_EQ(of(model, phone)[3], 1) << phone;
  for (const char* phone : {"UW", "W"}) EXPECT_EQ(of(model, phone)[4], 1) << phone;
  for (const char* phone : {"SIL", "+SPN+", "+NSN+"}) EXPECT_EQ(of(model, phone)[6], 1) << phone;
  EXPECT_GT(of(model, "AA")[0], of(model, "EH")[0]);
  EXPECT_GT(of(model, "EH")[0], of(model, "IY")[0]);
  EXPECT_GT(of(model, "IY")[5], of(model, "AA")[5]);
}

TEST(Articulation, IsTheExpectationUnderThePosteriors) {
  audio::PhonePosteriors posteriors{};
  posteriors[2 * 3] = 0.25F;      // AA
  posteriors[2 * 3 + 2] = 0.25F;  // AA
  posteriors[8 * 3] = 0.5F;       // B
  const Articulation a = articulation_of(posteriors);
  EXPECT_FLOAT_EQ(a[0], 0.5F);
  EXPECT_FLOAT_EQ(a[1], 0.5F);
}

}  // namespace
}  // namespace anima::motion
