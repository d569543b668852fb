#include "media/channel_mixer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/random.h"
#include "media/film_reader.h"
#include "media/made_film.h"

namespace anima::media {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kRate_hz = 16000;

using Channels = std::vector<std::vector<float>>;

std::vector<float> interleave(const Channels& channels) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < channels[0].size(); ++i) {
    for (const auto& channel : channels) samples.push_back(channel[i]);
  }
  return samples;
}

std::vector<float> scaled(std::vector<float> samples, float factor) {
  for (float& sample : samples) sample *= factor;
  return samples;
}

std::vector<float> noise(std::size_t count, float level, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> samples(count);
  for (float& sample : samples) sample = level * static_cast<float>(random.uniform() * 2 - 1);
  return samples;
}

std::vector<float> speech() {
  return test::syllables(4, kRate_hz);
}

// What comes out, and the remarks.
std::vector<float> mixed(const Channels& channels, std::vector<std::string>* remarks = nullptr) {
  ChannelMixer mixer(static_cast<int>(channels.size()), kRate_hz);
  std::vector<float> mono;
  mixer.mix(interleave(channels), mono);
  if (remarks != nullptr) *remarks = mixer.take_remarks();
  return mono;
}

double greatest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double greatest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    greatest = std::max<double>(greatest, std::abs(a[i] - b[i]));
  return greatest;
}

TEST(ChannelMixer, AddsUpWhatIsAlike) {
  std::vector<std::string> remarks;
  EXPECT_LT(greatest_difference(mixed({speech(), speech()}, &remarks), speech()), 1e-6);
  EXPECT_LT(greatest_difference(mixed({speech(), scaled(speech(), 0.4F)}, &remarks), scaled(speech(), 0.7F)),
            1e-6);
  EXPECT_THAT(remarks, IsEmpty());
  EXPECT_LT(greatest_difference(mixed({speech()}, &remarks), speech()), 1e-9);
  EXPECT_THAT(remarks, IsEmpty());
}

TEST(ChannelMixer, KeepsTwoSpeakersWithAMicrophoneEach) {
  std::vector<float> other(4 * kRate_hz);  // speaks while the first one does not
  for (std::size_t i = 0; i < other.size(); ++i) {
    const double t = static_cast<double>(i) / kRate_hz;
    other[i] =
        static_cast<float>(0.3 * std::max(0.0, std::sin(2 * M_PI * 2.9 * t)) * std::sin(2 * M_PI * 310 * t));
  }
  std::vector<std::string> remarks;
  const std::vector<float> mono = mixed({speech(), other}, &remarks);
  EXPECT_THAT(remarks, IsEmpty());
  EXPECT_NEAR(mono[9000], (speech()[9000] + other[9000]) / 2, 1e-6);
}

TEST(ChannelMixer, TakesOneOfTwoThatCancel) {
  std::vector<std::string> remarks;
  EXPECT_LT(greatest_difference(mixed({speech(), scaled(speech(), -1)}, &remarks), speech()), 1e-6);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("cancel each other")));
  EXPECT_LT(greatest_difference(mixed({speech(), scaled(speech(), -0.8F)}), speech()), 1e-6);
  // A little noise on top of the turned-over channel, as real wires have.
  std::vector<float> turned = scaled(speech(), -1);
  const std::vector<float> hiss = noise(turned.size(), 0.01F, 5);
  for (std::size_t i = 0; i < turned.size(); ++i) turned[i] += hiss[i];
  EXPECT_LT(greatest_difference(mixed({speech(), turned}), speech()), 1e-6);
}

TEST(ChannelMixer, LeavesDeadChannelsOut) {
  const std::vector<float> dead(speech().size());
  std::vector<std::string> remarks;
  EXPECT_LT(greatest_difference(mixed({dead, speech()}, &remarks), speech()), 1e-6);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("the right one is used")));
  EXPECT_LT(greatest_difference(mixed({speech(), noise(dead.size(), 0.001F, 3)}), speech()), 1e-6);
  EXPECT_LT(greatest_difference(mixed({dead, dead, speech(), dead, dead, dead}, &remarks), speech()), 1e-6);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("channel 3 of 6")));
}

TEST(ChannelMixer, TakesTheSideThatSpeaks) {
  std::vector<std::string> remarks;
  const std::vector<float> loud = noise(speech().size(), 0.3F, 9);
  EXPECT_LT(greatest_difference(mixed({loud, speech()}, &remarks), speech()), 1e-6);
  EXPECT_THAT(remarks, ElementsAre(HasSubstr("only one of its channels holds speech")));
}

TEST(ChannelMixer, DecidesAnewForEachWindowAndFadesOver) {
  ChannelMixer mixer(2, kRate_hz);
  std::vector<float> mono;
  mixer.mix(interleave({speech(), std::vector<float>(speech().size())}), mono);
  mixer.mix(interleave({std::vector<float>(speech().size()), std::vector<float>(speech().size())}), mono);
  mixer.mix(interleave({speech(), scaled(speech(), -1)}), mono);
  mixer.mix(interleave({std::vector<float>(speech().size()), speech()}), mono);
  ASSERT_EQ(mono.size(), 4 * speech().size());
  const std::vector<float> truth = speech();
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ASSERT_NEAR(mono[i], truth[i], 1e-6);
    ASSERT_NEAR(mono[2 * truth.size() + i], truth[i], 1e-6);
    if (i > kRate_hz / 50) {
      ASSERT_NEAR(mono[3 * truth.size() + i], truth[i], 1e-6);
    }
  }
  EXPECT_EQ(mixer.take_remarks().size(), 2U);  // each kind once
  EXPECT_THAT(mixer.take_remarks(), IsEmpty());
}

TEST(ChannelMixer, SurvivesWhatIsNoSound) {
  std::vector<std::string> remarks;
  const std::vector<float> nothing = mixed({{NAN, INFINITY, 0.5F}, {1, 1, -INFINITY}}, &remarks);
  EXPECT_THAT(nothing, ElementsAre(0.5F, 0.5F, 0.25F));
  EXPECT_THAT(remarks, IsEmpty());
  std::vector<float> mono;
  ChannelMixer(2, kRate_hz).mix({}, mono);
  EXPECT_THAT(mono, IsEmpty());
}

class ChannelsOfFiles : public test::MediaTest {};

TEST_F(ChannelsOfFiles, SpeechIsReadFromChannelsThatCancel) {
  const auto path = folder_ / "turned.wav";
  test::make_film(path, {.sound = "audioconvert mix-matrix=\"<<(float)1.0>,<(float)-1.0>>\" ! "
                                  "audio/x-raw,format=F32LE,channels=2,channel-mask=(bitmask)3 ! wavenc",
                         .samples = speech(),
                         .sample_rate_hz = kRate_hz});
  std::vector<std::string> warnings;
  const Sound sound =
      read_sound(path, kRate_hz, 60, [&](const std::string& warning) { warnings.push_back(warning); });
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("turned.wav': its channels cancel each other")));
  EXPECT_LT(greatest_difference(sound.samples, speech()), 1e-5);
  EXPECT_EQ(read_sound(path, kRate_hz).samples, sound.samples);  // the same where nobody is told
}

}  // namespace
}  // namespace anima::media
