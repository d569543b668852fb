// Every form of film that is read: made here by Debian's encoders, read back, and compared frame by frame.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/installed_elements.h"
#include "media/made_film.h"

namespace anima::media {
namespace {

constexpr int kFrames = 30;
constexpr int kReadings = 10;

struct FilmForm {
  const char* name;   // of the file
  const char* video;  // encoder and muxer
  double colours_off = 8;
  const char* sound = nullptr;
};

void PrintTo(const FilmForm& form, std::ostream* out) {
  *out << form.name;
}

class FilmForms : public test::MediaTest, public testing::WithParamInterface<FilmForm> {
 protected:
  std::filesystem::path make(int frames) {
    const FilmForm& form = GetParam();
    const std::filesystem::path path = folder_ / form.name;
    test::MadeFilm film{.width_px = 128, .height_px = 96, .times_s = test::even_times(frames, 25)};
    film.frame_rate_hz = 25;  // some muxers want to know it beforehand
    film.video = form.video;
    if (form.sound != nullptr) {
      film.sound = form.sound;
      film.samples = test::syllables(frames / 25.0, 48000);
    }
    test::make_film(path, film);
    return path;
  }
};

TEST_P(FilmForms, AreReadFrameByFrame) {
  const FilmForm& form = GetParam();
  const auto path = make(kFrames);
  const FilmInfo info = probe_film(path);
  EXPECT_NEAR(info.frame_rate_hz, 25, 1e-6);
  EXPECT_FALSE(info.variable_frame_rate);
  EXPECT_NEAR(info.duration_s, kFrames / 25.0, 0.09);
  std::vector<std::string> warnings;
  const WarningSink warn = [&](const std::string& warning) { warnings.push_back(warning); };
  FrameReader reader(path, {.frame_rate_hz = 0}, warn);
  Image frame;
  double time_s = 0;
  int count = 0;
  while (reader.next(frame, time_s)) {
    ASSERT_EQ(frame.width, 128);
    ASSERT_EQ(frame.height, 96);
    EXPECT_EQ(test::number_of(frame), count);
    EXPECT_NEAR(time_s, count / 25.0, 2e-3);
    const Image truth = test::numbered_frame(count, 128, 96);
    for (const auto& [x, y] : {std::pair{8, 8}, {120, 8}, {8, 88}, {120, 88}, {64, 48}}) {
      for (int c = 0; c < 3; ++c)
        ASSERT_NEAR(frame.row(y)[3 * x + c], truth.row(y)[3 * x + c], form.colours_off) << x << "," << y;
    }
    ++count;
  }
  EXPECT_EQ(count, kFrames);
  if (form.sound != nullptr) {
    EXPECT_NEAR(read_sound(path, 48000, 60, warn).duration_s(), kFrames / 25.0, 0.06);
  }
  EXPECT_THAT(warnings, testing::IsEmpty());
}

TEST_P(FilmForms, AreReadEveryTime) {
  const auto path = make(8);
  for (int i = 0; i < kReadings; ++i) {
    FrameReader reader(path, {.frame_rate_hz = 0});
    Image frame;
    double time_s = 0;
    int count = 0;
    while (reader.next(frame, time_s)) EXPECT_EQ(test::number_of(frame), count++);
    ASSERT_EQ(count, 8) << "reading " << i;
  }
}

// What `doctor` lists for reading, and which forms above or in sound_formats_test.cpp are read by it. Debian
// has an encoder for every one of them.
TEST(ListedElements, EachHasATestFilmOrSound) {
  const std::set<std::string> tested = {
      "decodebin",      // all
      "qtdemux",        // h264.mp4, h264.mov, aac.m4a
      "matroskademux",  // h264.mkv, vp9.webm, opus.webm
      "wavparse",       // s16.wav and others
      "aiffparse",      // s16.aiff
      "avidemux",       // h264.avi and others
      "oggdemux",       // vorbis.ogg, opus.ogg
      "adpcmdec",       // SoundHeaders.AdpcmIsReadWhole
      "flacdec",        // s16.flac
      "vorbisdec",      // vorbis.ogg
      "avdec_mpeg4",    // mpeg4.avi, mpeg4-b.avi
      "vp8dec",         // vp8.webm
      "avdec_h264",     // h264.*
      "avdec_h265",     // h265.*
      "avdec_aac",      // aac.*
      "avdec_mp3",      // mp3.mp3, mpeg4.avi
      "opusdec",        // opus.*
      "vp9dec",         // vp9.webm
  };
  int listed = 0;
  for (const InstalledElement& element : installed_elements()) {
    if (!element.purpose.starts_with("read ") && !element.purpose.starts_with("decode ")) continue;
    ++listed;
    EXPECT_TRUE(tested.count(element.name) == 1) << "make a test film for " << element.name;
  }
  EXPECT_GE(listed, 9);
}

INSTANTIATE_TEST_SUITE_P(
    , FilmForms,
    testing::Values(
        FilmForm{"h264.mp4", "x264enc bframes=2 b-adapt=false pass=quant quantizer=8 ! mp4mux name=mux", 8,
                 "avenc_aac"},
        FilmForm{"h264.mov", "x264enc bframes=0 pass=quant quantizer=8 ! qtmux name=mux", 8, "avenc_aac"},
        FilmForm{"h264.mkv", "x264enc bframes=2 pass=quant quantizer=8 ! matroskamux name=mux", 8, "opusenc"},
        FilmForm{"h264.avi", "x264enc bframes=2 b-adapt=false pass=quant quantizer=8 ! avimux name=mux", 8,
                 "lamemp3enc ! mpegaudioparse"},
        FilmForm{"h264.ts", "x264enc pass=quant quantizer=8 ! mpegtsmux name=mux"},
        FilmForm{"h265.mp4", "x265enc qp=8 ! h265parse ! mp4mux name=mux", 8, "avenc_aac"},
        FilmForm{"h265.mkv", "x265enc qp=8 ! h265parse ! matroskamux name=mux"},
        FilmForm{"vp8.webm", "vp8enc deadline=1 target-bitrate=4000000 ! webmmux name=mux", 10, "opusenc"},
        FilmForm{"vp9.webm", "vp9enc deadline=1 target-bitrate=4000000 ! webmmux name=mux", 10, "opusenc"},
        FilmForm{"mpeg4.avi", "avenc_mpeg4 bitrate=20000000 qmin=1 qmax=2 ! avimux name=mux", 10,
                 "lamemp3enc ! mpegaudioparse"},
        FilmForm{"mpeg4-b.avi", "avenc_mpeg4 bitrate=20000000 qmin=1 qmax=2 max-bframes=2 ! avimux name=mux",
                 10},
        FilmForm{"motion-jpeg.avi",
                 "videoconvert ! video/x-raw,colorimetry=1:4:0:0 ! jpegenc quality=95 ! avimux name=mux", 10},
        FilmForm{"wmv.wmv", "avenc_wmv2 bitrate=20000000 qmin=1 qmax=2 ! asfmux name=mux", 10},
        FilmForm{"h264.flv", "x264enc bframes=0 pass=quant quantizer=8 ! flvmux name=mux", 8}),
    [](const testing::TestParamInfo<FilmForm>& form) {
      std::string name = form.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
      return name;
    });

}  // namespace
}  // namespace anima::media
