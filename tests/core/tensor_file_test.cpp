#include "core/tensor_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>

#include "core/error.h"
#include "support/mutations.h"

namespace anima {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Shape = std::vector<std::int64_t>;

std::vector<std::byte> file_of(const std::string& header, const std::string& data = {}) {
  std::vector<std::byte> bytes(8 + header.size() + data.size());
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  if (!header.empty()) std::memcpy(bytes.data() + 8, header.data(), header.size());
  if (!data.empty()) std::memcpy(bytes.data() + 8 + header.size(), data.data(), data.size());
  return bytes;
}

TensorFile example() {
  TensorFile file;
  file.put("positions", {2, 3}, std::array{1.0F, -2.5F, 3.0F, 0.0F, 1e-20F, 3e38F});
  file.put("modes", {4}, std::array{0.5F, -1.0F, 65504.0F, 6e-8F}, TensorType::kF16);
  file.put("faces", {1, 3}, std::array<std::int32_t, 3>{0, -1, 2147483647});
  file.put("mask", {5}, std::array<std::uint8_t, 5>{0, 1, 2, 254, 255});
  file.put("empty", {0, 7}, std::span<const float>());
  file.metadata["consent"] = "Zoë, \"by letter\"";
  return file;
}

void expect_corrupt(const std::vector<std::byte>& bytes, const std::string& part_of_message) {
  try {
    decode_tensor_file(bytes, "x.anima");
    FAIL() << "accepted; expected: " << part_of_message;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
    EXPECT_THAT(error.what(), HasSubstr("x.anima"));
    EXPECT_THAT(error.what(), HasSubstr(part_of_message));
  }
}

TEST(TensorFile, RoundTripsThroughBytes) {
  const TensorFile file = decode_tensor_file(encode_tensor_file(example()), "test");
  EXPECT_THAT(file.floats("positions", Shape{2, 3}), ElementsAre(1.0F, -2.5F, 3.0F, 0.0F, 1e-20F, 3e38F));
  EXPECT_THAT(file.floats("modes", Shape{-1}), ElementsAre(0.5F, -1.0F, 65504.0F, 0x1p-24F));
  EXPECT_THAT(file.integers("faces", Shape{-1, 3}), ElementsAre(0, -1, 2147483647));
  EXPECT_THAT(file.bytes("mask", Shape{5}), ElementsAre(0, 1, 2, 254, 255));
  EXPECT_TRUE(file.floats("empty", Shape{0, 7}).empty());
  EXPECT_EQ(file.metadata, example().metadata);
  EXPECT_EQ(file.shape("faces"), (Shape{1, 3}));
  EXPECT_FALSE(file.has("nothing"));
}

TEST(TensorFile, RoundTripsThroughDisk) {
  const auto path = std::filesystem::path(testing::TempDir()) / "tensor_file_test.anima";
  write_tensor_file(path, example());
  EXPECT_EQ(read_tensor_file(path).metadata, example().metadata);
  EXPECT_THROW(read_tensor_file(path, 100), Error);
  std::filesystem::remove(path);
  try {
    read_tensor_file(path);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  }
}

TEST(TensorFile, IsSafetensorsAsPublished) {
  // Written by hand after the format's description.
  const auto bytes =
      file_of(R"({"__metadata__":{"k":"v"},"t":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}  )",
              std::string("\x00\x3c\x00\xc0", 4));
  const TensorFile file = decode_tensor_file(bytes, "test");
  EXPECT_THAT(file.floats("t", Shape{2}), ElementsAre(1.0F, -2.0F));
  EXPECT_EQ(file.metadata.at("k"), "v");
}

TEST(TensorFile, DataIsAlignedForItsType) {
  const auto bytes = encode_tensor_file(example());
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), 8);
  EXPECT_EQ(header_bytes % 8, 0U);
  const TensorFile file = decode_tensor_file(bytes, "test");
  EXPECT_EQ(bytes.size(), 8 + header_bytes + 6 * 4 + 4 * 2 + 3 * 4 + 5);
}

TEST(TensorFile, EveryHalfSurvivesFloatAndBack) {
  std::string data;
  for (std::uint32_t half = 0; half < 0x10000U; ++half) {
    if ((half & 0x7C00U) == 0x7C00U) continue;  // infinities and NaNs
    data.push_back(static_cast<char>(half & 0xFFU));
    data.push_back(static_cast<char>(half >> 8U));
  }
  const std::int64_t count = static_cast<std::int64_t>(data.size() / 2);
  const auto bytes = file_of("{\"t\":{\"dtype\":\"F16\",\"shape\":[" + std::to_string(count) +
                                 "],\"data_offsets\":[0," + std::to_string(data.size()) + "]}}",
                             data);
  const TensorFile first = decode_tensor_file(bytes, "test");
  const std::vector<float> values = first.floats("t", Shape{count});
  TensorFile second;
  second.put("t", {count}, values, TensorType::kF16);
  EXPECT_EQ(second.tensors["t"].bytes, first.tensors.at("t").bytes);
}

TEST(TensorFile, HalfRoundsToNearestEven) {
  const auto rounded = [](float value) {
    TensorFile file;
    file.put("t", {1}, std::span(&value, 1), TensorType::kF16);
    return file.floats("t", Shape{1})[0];
  };
  EXPECT_EQ(rounded(1.0F + 0x1p-11F), 1.0F);                 // tie: down to even
  EXPECT_EQ(rounded(1.0F + 0x3p-11F), 1.0F + 0x1p-9F);       // tie: up to even
  EXPECT_EQ(rounded(1.0F + 0x1.002p-11F), 1.0F + 0x1p-10F);  // just above the tie
  EXPECT_EQ(rounded(0x1p-25F), 0.0F);                        // tie below the smallest
  EXPECT_EQ(rounded(0x1.8p-24F), 0x1p-23F);                  // subnormal tie: to even
  EXPECT_EQ(rounded(0x1.FFFp-15F), 0x1p-14F);                // subnormal that rounds to the first normal
  EXPECT_EQ(rounded(-65519.0F), -65504.0F);
  EXPECT_TRUE(std::signbit(rounded(-0.0F)));
  for (const float outside : {65520.0F, -1e9F, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    EXPECT_THROW(rounded(outside), Error) << outside;
  }
}

TEST(TensorFile, PutChecksShape) {
  TensorFile file;
  EXPECT_THROW(file.put("t", {2}, std::array{1.0F}), Error);
  EXPECT_THROW(file.put("t", {-1}, std::array{1.0F}), Error);
  EXPECT_THROW(file.put("t", {1LL << 62, 4}, std::span<const float>()), Error);
  EXPECT_THROW(file.put("t", {1}, std::array{1.0F}, TensorType::kI32), Error);
  EXPECT_TRUE(file.tensors.empty());
}

TEST(TensorFile, ReadersNameTheTensor) {
  const TensorFile file = example();
  const auto expect = [](const auto& call, const std::string& name) {
    try {
      call();
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
      EXPECT_THAT(error.what(), HasSubstr("'" + name + "'"));
    }
  };
  expect([&] { file.floats("nothing", Shape{1}); }, "nothing");
  expect([&] { file.floats("positions", Shape{3, 2}); }, "positions");
  expect([&] { file.floats("positions", Shape{6}); }, "positions");
  expect([&] { file.integers("positions", Shape{2, 3}); }, "positions");
  expect([&] { file.bytes("faces", Shape{1, 3}); }, "faces");
  expect([&] { file.shape("nothing"); }, "nothing");
}

TEST(TensorFile, RefusesValuesThatAreNotFinite) {
  TensorFile file;
  file.put("t", {1}, std::array{std::numeric_limits<float>::infinity()});
  EXPECT_THROW(file.floats("t", Shape{1}), Error);
  file.tensors["t"] = {TensorType::kF16, {1}, {std::byte{0x00}, std::byte{0x7E}}};
  EXPECT_THROW(file.floats("t", Shape{1}), Error);
  file.tensors["t"] = {TensorType::kF32, {2}, std::vector<std::byte>(4)};  // made by hand, too short
  EXPECT_THROW(file.floats("t", Shape{2}), Error);
}

TEST(TensorFile, RefusesHostileHeaders) {
  expect_corrupt({}, "0 bytes");
  expect_corrupt(std::vector<std::byte>(7), "7 bytes");
  expect_corrupt(std::vector<std::byte>(8, std::byte{0xFF}), "claims");
  expect_corrupt(file_of(""), "not JSON");
  expect_corrupt(file_of("[]"), "not a JSON object");
  expect_corrupt(file_of("{\"a\":"), "not JSON");
  expect_corrupt(file_of("{}", "hidden"), "6 bytes of data");
  expect_corrupt(file_of(R"({"t":1})"), "lacks");
  expect_corrupt(file_of(R"({"t":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}})", "ab"), "BF16");
  expect_corrupt(file_of(R"({"t":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", "a"), "shape");
  expect_corrupt(file_of(R"({"t":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", "a"), "shape");
  expect_corrupt(file_of(R"({"t":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})", "a"), "lies at");
  expect_corrupt(file_of(R"({"t":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", "a"), "lies at");
  expect_corrupt(file_of(R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}})", "abc"), "does not fit");
  expect_corrupt(file_of(R"({"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})"),
                 "does not fit");
  expect_corrupt(file_of(R"({"__metadata__":{"k":1}})"), "metadata");
  expect_corrupt(file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                         R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                         "abc"),
                 "starts at byte 1");
  expect_corrupt(file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                         R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                         "a"),
                 "twice");
  expect_corrupt(file_of(std::string(100000, '[')), "nested");
  expect_corrupt(file_of("{\"\xff\":1}"), "not JSON");
}

TEST(TensorFile, SurvivesThousandsOfMutations) {
  const std::vector<std::byte> good = encode_tensor_file(example());
  const int refused = test::expect_survives_mutations(good, 20000, 7, [](std::span<const std::byte> bytes) {
    const TensorFile file = decode_tensor_file(bytes, "mutated");
    std::size_t total = 0;
    for (const auto& [name, tensor] : file.tensors) {
      total += tensor.bytes.size();
      try {
        file.floats(name, tensor.shape);
      } catch (const Error&) {
        // a value that is not finite, or I64
      }
    }
    ASSERT_LE(total, bytes.size());  // never more than the file holds
    ASSERT_EQ(decode_tensor_file(encode_tensor_file(file), "again").tensors.size(), file.tensors.size());
  });
  EXPECT_GT(refused, 10000);
}

}  // namespace
}  // namespace anima
