#include "media/sound_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/made_film.h"
#include "support/mutations.h"

namespace anima::media {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
  return text;
}

std::string chunk(const std::string& tag, const std::string& data) {
  return tag + number(data.size(), 4) + data + (data.size() % 2 == 1 ? std::string(1, '\0') : "");
}

// A WAV file around coded sound. The bytes per second are as wrong as some programs write them.
std::string wav(unsigned coding, int rate_hz, unsigned block_bytes, const std::string& extra,
                std::uint32_t fact, const std::string& data) {
  const std::string format = number(coding, 2) + number(1, 2) + number(static_cast<unsigned>(rate_hz), 4) +
                             number(16000, 4) + number(block_bytes, 2) + number(4, 2) +
                             number(extra.size(), 2) + extra;
  const std::string body =
      "WAVE" + chunk("fmt ", format) + (fact > 0 ? chunk("fact", number(fact, 4)) : "") + chunk("data", data);
  return "RIFF" + number(body.size(), 4) + body;
}

class SoundHeaders : public test::MediaTest {
 protected:
  fs::path write(const std::string& name, const std::string& bytes) {
    write_file_atomically(folder_ / name, bytes);
    return folder_ / name;
  }
  fs::path encode(const std::string& encoder, const std::vector<float>& samples, int rate_hz,
                  const std::string& name) {
    test::make_film(folder_ / name, {.sound = encoder, .samples = samples, .sample_rate_hz = rate_hz});
    return folder_ / name;
  }
  Sound read(const fs::path& path, int rate_hz) {
    warnings_.clear();
    return read_sound(path, rate_hz, 60, [&](const std::string& warning) { warnings_.push_back(warning); });
  }
  std::vector<std::string> warnings_;
};

double snr_db(const std::vector<float>& truth, const std::vector<float>& heard) {
  double signal = 0;
  double noise = 1e-20;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double off = truth[i] - (i < heard.size() ? heard[i] : 0.0F);
    signal += truth[i] * truth[i];
    noise += off * off;
  }
  return 10 * std::log10(signal / noise);
}

// Both kinds of ADPCM that WAV files hold, with a block that the sound does not fill.
TEST_F(SoundHeaders, AdpcmIsReadWhole) {
  constexpr int kRate_hz = 24000;
  const std::vector<float> truth = test::syllables(2.466, kRate_hz);
  struct Case {
    const char* encoder;
    unsigned coding;
    unsigned block_samples;
    std::string extra;
  };
  const std::string ms_tables = number(7, 2) + number(256, 2) + number(0, 2) + number(512, 2) +
                                number(0xFF00, 2) + number(0, 2) + number(0, 2) + number(192, 2) +
                                number(64, 2) + number(240, 2) + number(0, 2) + number(460, 2) +
                                number(0xFF30, 2) + number(392, 2) + number(0xFF18, 2);
  for (const Case& coded : {Case{"avenc_adpcm_ima_wav", 0x11, 2041, number(2041, 2)},
                            Case{"avenc_adpcm_ms", 2, 2036, number(2036, 2) + ms_tables}}) {
    const std::string data = read_text_file(encode(coded.encoder, truth, kRate_hz, "blocks"), 1U << 24U);
    ASSERT_EQ(data.size() % 1024, 0U) << coded.encoder;
    ASSERT_GE(data.size() / 1024 * coded.block_samples, truth.size());
    const auto whole = static_cast<std::uint32_t>(data.size() / 1024 * coded.block_samples);
    for (const std::uint32_t fact : {static_cast<std::uint32_t>(truth.size()), 0U, 7U}) {
      const fs::path path = write("coded.wav", wav(coded.coding, kRate_hz, 1024, coded.extra, fact, data));
      const Sound sound = read(path, kRate_hz);
      EXPECT_THAT(warnings_, IsEmpty()) << coded.encoder;
      // Without a usable count of samples the filling of the last block is heard too.
      EXPECT_EQ(sound.samples.size(), fact == truth.size() ? truth.size() : whole);
      EXPECT_GT(snr_db(truth, sound.samples), 25) << coded.encoder;
      EXPECT_NEAR(probe_film(path).duration_s, sound.duration_s(), 1e-3);
      EXPECT_NEAR(read(path, 16000).duration_s(), sound.duration_s(), 1e-3);
    }
  }
}

TEST_F(SoundHeaders, StatesTheLengthOfWhatIsStreamed) {
  std::string streamed = wav(1, 16000, 2, "", 0, std::string(64000, '\0'));
  streamed.replace(streamed.find("data") + 4, 4, number(0xFFFFFFFF, 4));
  streamed.replace(4, 4, number(0xFFFFFFFF, 4));
  const auto header = read_sound_header(write("streamed.wav", streamed));
  ASSERT_TRUE(header);
  EXPECT_DOUBLE_EQ(header->length_s, 2);
  EXPECT_TRUE(header->without_times);
  EXPECT_FALSE(header->in_blocks);
}

TEST_F(SoundHeaders, StatesNothingOfOtherFiles) {
  EXPECT_FALSE(read_sound_header(folder_ / "nothing.wav"));
  EXPECT_FALSE(read_sound_header(folder_));
  EXPECT_FALSE(read_sound_header(write("text.wav", "RIFF is a word")));
  EXPECT_FALSE(read_sound_header(write("film.avi", "RIFF" + number(4, 4) + "AVI ")));
  const auto empty = read_sound_header(write("empty.wav", "RIFF" + number(4, 4) + "WAVE"));
  ASSERT_TRUE(empty);
  EXPECT_LT(empty->length_s, 0);
}

TEST_F(SoundHeaders, SurviveDamage) {
  const std::vector<float> samples = test::syllables(0.3, 16000);
  for (const char* encoder : {"wavenc", "aiffmux", "avmux_au", "lamemp3enc ! xingmux"}) {
    const std::vector<std::byte> good = read_file(encode(encoder, samples, 16000, "good"), 1U << 24U);
    ASSERT_TRUE(read_sound_header(folder_ / "good")) << encoder;
    EXPECT_NEAR(read_sound_header(folder_ / "good")->length_s, 0.3, 0.15) << encoder;
    anima::test::expect_survives_mutations(good, 200, 3, [&](std::span<const std::byte> bytes) {
      std::ofstream(folder_ / "bad", std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
      const auto header = read_sound_header(folder_ / "bad");
      EXPECT_TRUE(!header || std::isfinite(header->length_s));
    });
  }
}

// Whatever the form: what is missing at the end is an error or a warning with both lengths, never silence.
TEST_F(SoundHeaders, ASoundThatIsCutOffIsNeverSilent) {
  const std::vector<float> samples = test::syllables(4, 44100);
  for (const char* encoder : {"wavenc", "aiffmux", "avmux_au", "flacenc", "vorbisenc ! oggmux",
                              "lamemp3enc ! xingmux", "avenc_aac ! mp4mux", "avenc_aac ! matroskamux",
                              "avenc_aac ! flvmux", "lamemp3enc ! mpegaudioparse ! avimux", "wavpackenc"}) {
    const fs::path path = encode(encoder, samples, 44100, "sound");
    EXPECT_NEAR(read(path, 16000).duration_s(), 4, 0.1) << encoder;
    EXPECT_THAT(warnings_, IsEmpty()) << encoder;
    fs::resize_file(path, fs::file_size(path) * 55 / 100);
    try {
      const Sound sound = read(path, 16000);
      EXPECT_LT(sound.duration_s(), 3.5) << encoder;
      EXPECT_THAT(warnings_, ElementsAre(AllOf(HasSubstr("ends after"), HasSubstr("the file states"))))
          << encoder;
      try {
        read_sound(path, 16000);
        ADD_FAILURE() << encoder << " was read in silence";
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kCorruptData) << encoder;
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorruptData) << encoder;
      EXPECT_THAT(error.what(), HasSubstr("cut off")) << encoder;
    }
  }
}

// The picture goes on: a short sound track is no damage.
TEST_F(SoundHeaders, ASoundThatEndsBeforeThePictureIsNoDamage) {
  for (const char* name : {"film.mp4", "film.mkv"}) {
    const bool mp4 = std::string(name) == "film.mp4";
    test::make_film(folder_ / name,
                    {.times_s = test::even_times(75, 25),
                     .video = mp4 ? "x264enc ! mp4mux name=mux" : "x264enc ! matroskamux name=mux",
                     .samples = test::syllables(1.5, 48000)});
    EXPECT_NEAR(read(folder_ / name, 16000).duration_s(), 1.5, 0.1);
    EXPECT_THAT(warnings_, IsEmpty());
    test::make_film(folder_ / name,
                    {.times_s = test::even_times(25, 25),
                     .video = mp4 ? "x264enc ! mp4mux name=mux" : "x264enc ! matroskamux name=mux",
                     .samples = test::syllables(2.5, 48000)});
    FrameReader reader(folder_ / name, {}, [&](const std::string& warning) { warnings_.push_back(warning); });
    Image frame;
    double time_s = 0;
    int frames = 0;
    while (reader.next(frame, time_s)) ++frames;
    EXPECT_EQ(frames, 25) << name;
    EXPECT_THAT(warnings_, IsEmpty());
  }
}

}  // namespace
}  // namespace anima::media
