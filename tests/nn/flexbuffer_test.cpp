#include "nn/flexbuffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "support/mutations.h"

namespace anima::nn {
namespace {

using ::testing::ElementsAre;

// {"a": 7, "list": [3, 300], "x": 1.5}, laid out by the format's rules.
std::vector<std::byte> sample() {
  const unsigned char bytes[] = {
      'a', 0, 'l',  'i', 's', 't', 0, 'x', 0,  // 0: keys
      0,                                       // 9: padding
      2,   0,                                  // 10: list count, two bytes each
      3,   0, 0x2C, 1,                         // 12: the list
  };
  std::vector<std::byte> file;
  for (const unsigned char value : bytes) file.push_back(static_cast<std::byte>(value));
  auto byte = [&](int value) { file.push_back(static_cast<std::byte>(value)); };
  auto word = [&](std::uint32_t value) {
    for (int i = 0; i < 4; ++i) byte(static_cast<int>(value >> (8 * i) & 0xFFU));
  };
  byte(3);            // 16: number of keys
  byte(17 - 0);       // 17: "a"
  byte(18 - 2);       // 18: "list"
  byte(19 - 7);       // 19: "x"
  word(20 - 17);      // 20: back to the keys
  word(1);            // 24: bytes per key offset
  word(3);            // 28: number of values
  word(7);            // 32: a
  word(36 - 12);      // 36: list
  word(0x3FC00000);   // 40: x = 1.5F
  byte(1 << 2 | 2);   // 44: int
  byte(11 << 2 | 1);  // 45: vector of int, two bytes each
  byte(3 << 2 | 2);   // 46: float
  byte(47 - 32);      // 47: root: back to the map
  byte(9 << 2 | 2);   // 48: map, four bytes each
  byte(1);            // 49: bytes of the root
  return file;
}

TEST(Flexbuffer, ReadsNumbersAndLists) {
  const auto map = read_flexbuffer_map(sample(), "test");
  ASSERT_EQ(map.size(), 3U);
  EXPECT_THAT(map.at("a"), ElementsAre(7));
  EXPECT_THAT(map.at("list"), ElementsAre(3, 300));
  EXPECT_THAT(map.at("x"), ElementsAre(1.5));
}

TEST(Flexbuffer, RefusesOtherValues) {
  std::vector<std::byte> file = sample();
  file[46] = std::byte{5 << 2};  // a string
  try {
    read_flexbuffer_map(file, "test");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  }
  EXPECT_THROW(read_flexbuffer_map({}, "test"), Error);
}

TEST(Flexbuffer, SurvivesDamage) {
  const int refused = test::expect_survives_mutations(
      sample(), 20000, 3, [](std::span<const std::byte> bytes) { read_flexbuffer_map(bytes, "damaged"); });
  EXPECT_GT(refused, 5000);
}

}  // namespace
}  // namespace anima::nn
