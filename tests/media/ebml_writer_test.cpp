#include "media/ebml_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace anima::media {
namespace {

using testing::ElementsAre;

TEST(EbmlWriter, WritesElements) {
  EbmlWriter writer;
  writer.number(0xD7, 1);
  writer.number(0x2AD7B1, 1000000);
  writer.text(0x4282, "webm");
  EXPECT_THAT(writer.bytes, ElementsAre(0xD7, 0x81, 1,                             //
                                        0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40,  //
                                        0x42, 0x82, 0x84, 'w', 'e', 'b', 'm'));
}

TEST(EbmlWriter, SizesTakeTheBytesTheyNeed) {
  for (const auto& [size, head_bytes] : {std::pair{0, 2}, {126, 2}, {127, 3}, {16382, 3}, {16383, 4}}) {
    EbmlWriter writer;
    writer.binary(0xA3, std::vector<std::uint8_t>(static_cast<std::size_t>(size)));
    EXPECT_EQ(writer.bytes.size(), static_cast<std::size_t>(size + head_bytes)) << size;
  }
  EbmlWriter writer;
  writer.binary(0xA3, std::vector<std::uint8_t>(127));
  EXPECT_EQ(writer.bytes[1], 0x40);  // not 0xFF, which would be an unknown size
  EXPECT_EQ(writer.bytes[2], 127);
}

TEST(EbmlWriter, HeadsAndPaddingHaveKnownSizes) {
  EbmlWriter writer;
  writer.head(0x18538067, kEbmlUnknownSize);
  EXPECT_THAT(writer.bytes,
              ElementsAre(0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF));
  for (const std::size_t size : {2U, 64U, 127U}) {
    EbmlWriter padding;
    padding.padding(size);
    EXPECT_EQ(padding.bytes.size(), size);
  }
  EXPECT_THROW(writer.padding(1), Error);
}

TEST(EbmlWriter, RealsAreBigEndianDoubles) {
  EbmlWriter writer;
  writer.real(0x4489, 1);
  EXPECT_THAT(writer.bytes, ElementsAre(0x44, 0x89, 0x88, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0));
}

}  // namespace
}  // namespace anima::media
