#include "media/sound_sniffer.h"

#include <gtest/gtest.h>

#include <string>

namespace anima::media {
namespace {

SoundFormat sniff(const std::string& bytes) {
  return sniff_sound(std::as_bytes(std::span(bytes)));
}

TEST(SoundSniffer, KnowsFormatsByTheirFirstBytes) {
  using std::string;
  EXPECT_EQ(sniff(string("RIFF\0\0\0\0WAVEfmt ", 16)), SoundFormat::kWav);
  EXPECT_EQ(sniff(string("RIFF\0\0\0\0AVI LIST", 16)), SoundFormat::kUnknown);
  EXPECT_EQ(sniff(string("ID3\4\0\0\0\0\0\0\0\0", 12)), SoundFormat::kMp3);
  EXPECT_EQ(sniff("\xFF\xFB\x90\x64 more bytes"), SoundFormat::kMp3);
  EXPECT_EQ(sniff("\xFF\xF3\x44\xC4 more bytes"), SoundFormat::kMp3);
  EXPECT_EQ(sniff("\xFF\xF1\x50\x80 more bytes"), SoundFormat::kAac);
  EXPECT_EQ(sniff("OggS and so on"), SoundFormat::kOgg);
  EXPECT_EQ(sniff("fLaC and so on"), SoundFormat::kFlac);
  EXPECT_EQ(sniff(string("\0\0\0\x20"
                         "ftypM4A ",
                         12)),
            SoundFormat::kMp4);
  EXPECT_EQ(sniff("\x1A\x45\xDF\xA3 and so on"), SoundFormat::kWebm);
}

TEST(SoundSniffer, KnowsTextFromSamples) {
  EXPECT_EQ(sniff("{\"error\":\"no voice\"}"), SoundFormat::kText);
  EXPECT_EQ(sniff("<!doctype html>"), SoundFormat::kText);
  EXPECT_EQ(sniff(std::string(16, '\0')), SoundFormat::kUnknown);
  EXPECT_EQ(sniff(std::string(16, '\xFF')), SoundFormat::kUnknown);
  EXPECT_EQ(sniff(""), SoundFormat::kUnknown);
}

TEST(SoundSniffer, NamesExtensions) {
  EXPECT_EQ(extension_of(SoundFormat::kOgg), ".ogg");
  EXPECT_EQ(extension_of(SoundFormat::kText), ".bin");
}

}  // namespace
}  // namespace anima::media
