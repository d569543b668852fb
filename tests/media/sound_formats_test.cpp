// Every form of sound that is read: made here by Debian's encoders, read back, and compared sample by sample.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "media/film_reader.h"
#include "media/made_film.h"

namespace anima::media {
namespace {

constexpr int kReadings = 25;  // a race between a file's reader and its decoder shows in one of ten or fewer

struct SoundForm {
  const char* name;  // of the file
  const char* encoder;
  int sample_rate_hz;
  double least_snr_db;      // that the coding leaves of this sound
  double lag_s = 0;         // the sound comes out later by at most this: containers that state no delay
  double length_off_s = 0;  // and is longer or shorter by at most this: the last block is filled up
};

void PrintTo(const SoundForm& form, std::ostream* out) {
  *out << form.name;
}

double snr_db(const std::vector<float>& truth, const std::vector<float>& heard, std::size_t late) {
  double signal = 0;
  double noise = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double value = i + late < heard.size() ? heard[i + late] : 0;
    signal += truth[i] * truth[i];
    noise += (truth[i] - value) * (truth[i] - value);
  }
  return 10 * std::log10(signal / std::max(noise, 1e-20));
}

class SoundForms : public test::MediaTest, public testing::WithParamInterface<SoundForm> {
 protected:
  std::filesystem::path make(const std::vector<float>& samples) {
    const SoundForm& form = GetParam();
    const std::filesystem::path path = folder_ / form.name;
    test::make_film(path, {.sound = form.encoder, .samples = samples, .sample_rate_hz = form.sample_rate_hz});
    return path;
  }
};

TEST_P(SoundForms, AreReadWhole) {
  const SoundForm& form = GetParam();
  const std::vector<float> truth = test::syllables(2.47, form.sample_rate_hz);
  const Sound sound = read_sound(make(truth), form.sample_rate_hz);
  EXPECT_NEAR(sound.duration_s(), 2.47, form.length_off_s + 1.0 / form.sample_rate_hz);
  double best_db = -100;
  for (std::size_t late = 0; late <= static_cast<std::size_t>(form.lag_s * form.sample_rate_hz); ++late)
    best_db = std::max(best_db, snr_db(truth, sound.samples, late));
  EXPECT_GE(best_db, form.least_snr_db);
}

TEST_P(SoundForms, AreReadEveryTime) {
  const SoundForm& form = GetParam();
  const std::filesystem::path path = make(test::syllables(0.6, form.sample_rate_hz));
  const Sound first = read_sound(path, 16000);
  ASSERT_GT(first.samples.size(), 9000U);
  for (int i = 1; i < kReadings; ++i)
    ASSERT_EQ(read_sound(path, 16000).samples, first.samples) << "reading " << i;
}

INSTANTIATE_TEST_SUITE_P(
    , SoundForms,
    testing::Values(SoundForm{"s16.wav", "audio/x-raw,format=S16LE ! wavenc", 24000, 75},
                    SoundForm{"s24.wav", "audio/x-raw,format=S24LE ! wavenc", 44100, 100},
                    SoundForm{"f32.wav", "audio/x-raw,format=F32LE ! wavenc", 16000, 100},
                    SoundForm{"mulaw.wav", "mulawenc ! wavenc", 8000, 30},
                    SoundForm{"alaw.wav", "alawenc ! wavenc", 8000, 30},
                    SoundForm{"s16.aiff", "audio/x-raw,format=S16BE ! aiffmux", 16000, 75},
                    SoundForm{"s16.flac", "flacenc", 48000, 75},
                    SoundForm{"vorbis.ogg", "vorbisenc ! oggmux", 48000, 20},
                    SoundForm{"opus.ogg", "opusenc bitrate=96000 ! oggmux", 48000, 15},
                    SoundForm{"opus.webm", "opusenc bitrate=96000 ! webmmux", 48000, 15},
                    SoundForm{"mp3.mp3", "lamemp3enc target=bitrate bitrate=128 cbr=true ! xingmux", 44100,
                              15, 0.05, 0.06},
                    SoundForm{"aac.aac",
                              "avenc_aac bitrate=128000 ! aacparse ! audio/mpeg,stream-format=adts", 48000,
                              15, 0.05, 0.06},
                    SoundForm{"aac.m4a", "avenc_aac bitrate=128000 ! mp4mux", 48000, 15, 0.05, 0.06},
                    SoundForm{"alac.m4a", "avenc_alac ! mp4mux", 48000, 75},
                    SoundForm{"aac.mka", "avenc_aac bitrate=128000 ! matroskamux", 48000, 15, 0.05, 0.06}),
    [](const testing::TestParamInfo<SoundForm>& form) {
      std::string name = form.param.name;
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

}  // namespace
}  // namespace anima::media
