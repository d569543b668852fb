#include "media/wav_stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "core/error.h"
#include "core/random.h"
#include "support/loopback_server.h"

namespace anima::media {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::vector<float> decode(const std::string& file, std::size_t piece, PcmFormat* format = nullptr) {
  WavDecoder decoder;
  std::vector<float> samples;
  for (std::size_t i = 0; i < file.size(); i += piece) decoder.push(bytes_of(file.substr(i, piece)), samples);
  decoder.finish();
  if (format != nullptr) *format = *decoder.format();
  return samples;
}

TEST(WavStream, ReadsAnyCutTheSame) {
  const std::string pcm = test::sine_pcm(24000, 0.02);
  const std::string file = test::wav_file(pcm, 24000);
  PcmFormat format;
  const std::vector<float> whole = decode(file, file.size(), &format);
  EXPECT_EQ(format.sample_rate_hz, 24000);
  ASSERT_EQ(whole.size(), 480U);
  EXPECT_NEAR(whole[30], 0.5 * std::sin(6.283185307 * 200 * 30 / 24000), 1e-4);
  for (const std::size_t piece : {1, 3, 7, 43, 45, 47}) EXPECT_EQ(decode(file, piece), whole);
}

TEST(WavStream, IgnoresALengthThatStreamsDoNotKnow) {
  const std::string pcm = test::sine_pcm(16000, 0.01);
  const std::vector<float> expected = decode(test::wav_file(pcm, 16000), 1000);
  for (const long long claimed : {0LL, 0xFFFFFFFFLL, 0x7FFFFFFFLL, 0x7FFFFFFFLL - 44}) {
    EXPECT_EQ(decode(test::wav_file(pcm, 16000, 1, claimed), 5), expected);
  }
}

TEST(WavStream, IsNotWholeWhereLessCameThanItStates) {
  const std::string file = test::wav_file(test::sine_pcm(16000, 0.01), 16000);
  EXPECT_NO_THROW(decode(file, 1000));
  for (const std::size_t cut : {1, 2, 200})
    EXPECT_THROW(decode(file.substr(0, file.size() - cut), 1000), Error);
}

TEST(WavStream, StopsAtTheEndOfItsData) {
  const std::string pcm = test::sine_pcm(16000, 0.01);
  const std::string file = test::wav_file(pcm, 16000) + "LIST" + std::string("\4\0\0\0abcd", 8);
  EXPECT_EQ(decode(file, 9).size(), 160U);
}

TEST(WavStream, MixesChannelsAndSkipsOtherChunks) {
  std::string pcm;
  for (int i = 0; i < 10; ++i) pcm += std::string("\0\x40\0\xC0", 4);  // +0.5 and -0.5
  std::string file = test::wav_file(pcm, 8000, 2);
  file.insert(12, std::string("junk\3\0\0\0abc\0", 12));
  for (const float sample : decode(file, 6)) EXPECT_EQ(sample, 0);
}

TEST(WavStream, ReadsOtherWidths) {
  const auto one = [](const PcmFormat& format, const std::string& bytes) {
    PcmDecoder decoder(format);
    std::vector<float> samples;
    decoder.push(bytes_of(bytes), samples);
    EXPECT_EQ(samples.size(), 1U);
    return samples.at(0);
  };
  EXPECT_EQ(one({.bits = 8}, "\xC0"), 0.5F);
  EXPECT_EQ(one({.bits = 24}, std::string("\0\0\xC0", 3)), -0.5F);
  EXPECT_EQ(one({.bits = 32}, std::string("\0\0\0\x40", 4)), 0.5F);
  const float value = 0.25F;
  const double wide = -0.75;
  EXPECT_EQ(one({.bits = 32, .floating = true}, std::string(reinterpret_cast<const char*>(&value), 4)),
            0.25F);
  EXPECT_EQ(one({.bits = 64, .floating = true}, std::string(reinterpret_cast<const char*>(&wide), 8)),
            -0.75F);
  const float not_a_number = std::nanf("");
  EXPECT_EQ(one({.bits = 32, .floating = true}, std::string(reinterpret_cast<const char*>(&not_a_number), 4)),
            0);
}

TEST(WavStream, RefusesWhatIsNoPlainWav) {
  EXPECT_THROW(decode("this is not a WAV file at all", 5), Error);
  EXPECT_THROW(decode("RIFF", 4), Error);
  const std::string good = test::wav_file(test::sine_pcm(16000, 0.01), 16000);
  std::string bad = good;
  bad[20] = 85;  // MP3 in WAV
  EXPECT_THROW(decode(bad, 100), Error);
  bad = good;
  bad[22] = 0;  // no channels
  EXPECT_THROW(decode(bad, 100), Error);
  bad = good;
  std::memset(bad.data() + 24, 0xFF, 4);  // sample rate
  EXPECT_THROW(decode(bad, 100), Error);
  bad = good.substr(0, 12) + "LIST" + std::string("\xFF\xFF\xFF\x7F", 4);
  EXPECT_THROW(decode(bad, 100), Error);
}

TEST(WavStream, SurvivesRandomHeaders) {
  const std::string good = test::wav_file(test::sine_pcm(16000, 0.005), 16000);
  Random random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string file = good;
    for (int i = 0; i < 3; ++i) file[random.below(60)] = static_cast<char>(random.below(256));
    try {
      decode(file.substr(0, random.below(200)), 1 + random.below(50));
    } catch (const Error&) {
    }
  }
}

TEST(WavStream, WritesWhatItReads) {
  const Sound sound{22050, {0, 0.5F, -1, 1, 2, -2, std::nanf("")}};
  PcmFormat format;
  const std::vector<float> samples = decode(encode_wav(sound), 11, &format);
  EXPECT_EQ(format.sample_rate_hz, 22050);
  const std::vector<float> expected{0, 0.5F, -1, 1, 1, -1, 0};
  ASSERT_EQ(samples.size(), expected.size());
  for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_NEAR(samples[i], expected[i], 6.2e-5) << i;
  EXPECT_THROW(encode_wav({}), Error);
}

}  // namespace
}  // namespace anima::media
