#include "core/base64.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/random.h"

namespace anima {
namespace {

std::string encoded(const std::string& text) {
  return encode_base64(std::as_bytes(std::span(text)));
}
std::string decoded(const std::string& text) {
  const auto bytes = decode_base64(text);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(Base64, MatchesTheStandardsExamples) {
  const std::pair<std::string, std::string> examples[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : examples) {
    EXPECT_EQ(encoded(plain), text);
    EXPECT_EQ(decoded(text), plain);
  }
  EXPECT_EQ(decoded("Zm9v\r\nYg"), "foob");
}

TEST(Base64, RoundTripsRandomBytes) {
  Random random(1);
  for (int round = 0; round < 100; ++round) {
    std::string bytes;
    for (std::uint32_t i = random.below(50); i > 0; --i) bytes += static_cast<char>(random.below(256));
    EXPECT_EQ(decoded(encoded(bytes)), bytes);
  }
}

TEST(Base64, RefusesOtherText) {
  EXPECT_THROW(decode_base64("Zm9*"), Error);
  EXPECT_THROW(decode_base64("Zg==Zg"), Error);
  EXPECT_THROW(decode_base64("Zm9vY"), Error);
}

}  // namespace
}  // namespace anima
