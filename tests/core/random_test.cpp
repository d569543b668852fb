#include "core/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace anima {
namespace {

TEST(Random, IsPcg32) {
  // The demonstration values that the generator's author publishes for seed 42, stream 54.
  Random random(42, 54);
  const std::uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
  for (const std::uint32_t value : expected) EXPECT_EQ(random.next(), value);
}

TEST(Random, GoesOnFromASavedState) {
  Random first(7);
  for (int i = 0; i < 100; ++i) first.next();
  Random second(999);
  second.set_state(first.state());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(first.next(), second.next());
}

TEST(Random, SeedsAndStreamsDiffer) {
  EXPECT_NE(Random(1).next(), Random(2).next());
  EXPECT_NE(Random(1, 1).next(), Random(1, 2).next());
}

TEST(Random, HasTheDistributionsItNames) {
  Random random(3);
  constexpr int kCount = 200000;
  double sum = 0;
  double squares = 0;
  double uniform_sum = 0;
  std::vector<int> counts(7);
  for (int i = 0; i < kCount; ++i) {
    const double normal = random.normal();
    ASSERT_TRUE(std::isfinite(normal));
    sum += normal;
    squares += normal * normal;
    const double uniform = random.uniform(2, 3);
    ASSERT_GE(uniform, 2);
    ASSERT_LT(uniform, 3);
    uniform_sum += uniform;
    ++counts.at(random.below(7));
  }
  EXPECT_NEAR(sum / kCount, 0, 0.01);
  EXPECT_NEAR(squares / kCount, 1, 0.015);
  EXPECT_NEAR(uniform_sum / kCount, 2.5, 0.003);
  for (const int count : counts) EXPECT_NEAR(count, kCount / 7.0, 700);
}

}  // namespace
}  // namespace anima
