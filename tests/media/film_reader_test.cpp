#include "media/film_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "core/error.h"
#include "core/files.h"
#include "media/film_info.h"
#include "media/made_film.h"
#include "support/mutations.h"

namespace anima::media {
namespace {

namespace fs = std::filesystem;
using test::even_times;
using test::MadeFilm;
using test::make_film;
using test::number_of;
using testing::ElementsAre;
using testing::HasSubstr;

class FilmReader : public test::MediaTest {
 protected:
  fs::path film(const MadeFilm& spec, const std::string& name = "film.mp4") {
    make_film(folder_ / name, spec);
    return folder_ / name;
  }
};

std::vector<int> numbers_in(const fs::path& path, const FrameReaderOptions& options = {}) {
  FrameReader reader(path, options);
  std::vector<int> numbers;
  Image frame;
  double time_s = -1;
  while (reader.next(frame, time_s)) {
    if (options.frame_rate_hz > 0) {
      EXPECT_NEAR(time_s, static_cast<double>(numbers.size()) / options.frame_rate_hz, 1e-9);
    }
    numbers.push_back(number_of(frame));
  }
  EXPECT_FALSE(reader.next(frame, time_s));  // the end stays the end
  return numbers;
}

ErrorCode code_of(const fs::path& path, std::string* message = nullptr) {
  try {
    FrameReader reader(path, {});
    Image frame;
    double time_s = 0;
    while (reader.next(frame, time_s)) {
    }
  } catch (const Error& error) {
    if (message != nullptr) *message = error.what();
    return error.code();
  }
  ADD_FAILURE() << path << " was read";
  return ErrorCode::kInternal;
}

TEST_F(FilmReader, GivesEveryFrameOfA25HzFilmOnce) {
  const std::vector<int> numbers = numbers_in(film({.times_s = even_times(30, 25)}));
  ASSERT_EQ(numbers.size(), 30U);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(numbers[static_cast<std::size_t>(i)], i);
}

TEST_F(FilmReader, PutsOtherFrameRatesOntoTheGridByTime) {
  for (const double rate_hz : {24.0, 30.0, 60.0, 12.5}) {
    const int count = static_cast<int>(rate_hz * 0.8);
    const std::vector<int> numbers = numbers_in(film({.times_s = even_times(count, rate_hz)}));
    EXPECT_NEAR(static_cast<double>(numbers.size()), count / rate_hz * 25, 1) << rate_hz;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      // The frame nearest in time: never more than half a source frame away.
      const double shown_s = numbers[i] / rate_hz;
      const double last_s = (count - 1) / rate_hz;
      EXPECT_LE(std::abs(shown_s - std::min(static_cast<double>(i) / 25, last_s)), 0.5 / rate_hz + 1e-3)
          << rate_hz << " Hz, output frame " << i << " shows " << numbers[i];
    }
  }
}

TEST_F(FilmReader, KeepsTheTimesOfAVariableFrameRate) {
  MadeFilm spec{.times_s = {0, 0.04, 0.21, 0.24, 0.28, 0.61, 0.65}};
  const fs::path path = film(spec);
  // The last frame lasts until 0.69 s.
  EXPECT_THAT(numbers_in(path), ElementsAre(0, 1, 1, 1, 2, 2, 3, 4, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6));
  FrameReader every(path, {.frame_rate_hz = 0});
  Image frame;
  double time_s = 0;
  for (std::size_t i = 0; i < spec.times_s.size(); ++i) {
    ASSERT_TRUE(every.next(frame, time_s));
    EXPECT_NEAR(time_s, spec.times_s[i], 2e-3);
    EXPECT_EQ(number_of(frame), static_cast<int>(i));
  }
  EXPECT_FALSE(every.next(frame, time_s));
  const FilmInfo info = probe_film(path);
  EXPECT_TRUE(info.variable_frame_rate);
}

TEST_F(FilmReader, ReadsMatroskaWithItsRoundedTimes) {
  const auto path =
      film({.times_s = even_times(31, 30), .video = "x264enc ! matroskamux name=mux"}, "film.mkv");
  const FilmInfo info = probe_film(path);
  EXPECT_FALSE(info.variable_frame_rate);
  EXPECT_NEAR(info.frame_rate_hz, 30, 0.01);
  EXPECT_THAT(numbers_in(path).size(), testing::AllOf(testing::Ge(25U), testing::Le(26U)));
}

TEST_F(FilmReader, KeepsColours) {
  const auto path = film({.width_px = 128, .height_px = 96, .times_s = even_times(3, 25)});
  FrameReader reader(path, {});
  Image frame;
  double time_s = 0;
  ASSERT_TRUE(reader.next(frame, time_s));
  const Image truth = test::numbered_frame(0, 128, 96);
  for (const auto& [x, y] : {std::pair{8, 8}, {120, 8}, {8, 88}, {120, 88}, {64, 48}}) {
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(frame.row(y)[3 * x + c], truth.row(y)[3 * x + c], 6) << x << "," << y;
  }
}

TEST_F(FilmReader, TurnsThePictureAsTheFlagSays) {
  struct Case {
    int degrees;
    int width;
    int top_left;  // which corner of the stored picture is shown there: red, green, blue component
  };
  // 90: shown turned clockwise, so the stored bottom left (blue) comes to the top left.
  for (const Case& turned : {Case{90, 48, 2}, Case{180, 64, 3}, Case{270, 48, 1}}) {
    const auto path = film({.times_s = even_times(5, 25)});
    test::set_rotation(path, turned.degrees);
    const FilmInfo info = probe_film(path);
    EXPECT_EQ(info.rotation_degrees, turned.degrees);
    EXPECT_EQ(info.width_px, turned.width);
    EXPECT_EQ(info.height_px, 64 + 48 - turned.width);
    FrameReader reader(path, {});
    Image frame;
    double time_s = 0;
    ASSERT_TRUE(reader.next(frame, time_s));
    ASSERT_EQ(frame.width, turned.width);
    const std::uint8_t* corner = frame.row(3) + 3 * 3;
    const int expected[4][3] = {{220, 40, 40}, {40, 200, 40}, {40, 40, 220}, {220, 220, 60}};
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(corner[c], expected[turned.top_left][c], 20) << turned.degrees;
  }
}

TEST_F(FilmReader, ShowsPixelsSquare) {
  const auto path = film({.times_s = even_times(3, 25), .aspect_numerator = 4, .aspect_denominator = 3});
  EXPECT_EQ(probe_film(path).width_px, 85);
  FrameReader reader(path, {});
  Image frame;
  double time_s = 0;
  ASSERT_TRUE(reader.next(frame, time_s));
  EXPECT_EQ(frame.width, 85);
  EXPECT_EQ(frame.height, 48);
  // The crop is in pixels as shown: the right half of 85.
  FrameReader cropped(path, {.crop = CropSquare{45, 0, 20}, .width_px = 20, .height_px = 20});
  ASSERT_TRUE(cropped.next(frame, time_s));
  EXPECT_EQ(frame.width, 20);
  EXPECT_NEAR(frame.row(5)[3 * 15 + 1], 200, 20);  // green
}

TEST_F(FilmReader, ReadsOddSizes) {
  const auto path = film({.width_px = 63,
                          .height_px = 47,
                          .times_s = even_times(4, 25),
                          .video = "vp8enc deadline=1 ! webmmux name=mux"},
                         "odd.webm");
  FrameReader reader(path, {});
  Image frame;
  double time_s = 0;
  ASSERT_TRUE(reader.next(frame, time_s));
  EXPECT_EQ(frame.width, 63);
  EXPECT_EQ(frame.height, 47);
}

TEST_F(FilmReader, CropsAndScales) {
  const auto path = film({.times_s = even_times(3, 25)});
  Image whole;
  Image part;
  double time_s = 0;
  FrameReader all(path, {});
  ASSERT_TRUE(all.next(whole, time_s));
  FrameReader exact(path, {.crop = CropSquare{5, 7, 30}});
  ASSERT_TRUE(exact.next(part, time_s));
  ASSERT_EQ(part.width, 30);
  ASSERT_EQ(part.height, 30);
  for (int y = 0; y < 30; ++y) {
    ASSERT_TRUE(std::equal(part.row(y), part.row(y) + 90, whole.row(y + 7) + 15)) << "row " << y;
  }
  FrameReader scaled(path, {.crop = CropSquare{-10, -10, 40}, .width_px = 16, .height_px = 16});
  ASSERT_TRUE(scaled.next(part, time_s));
  EXPECT_EQ(part.width, 16);
  EXPECT_NEAR(part.row(0)[0], whole.row(0)[0], 12);  // outside: the edge repeats
  EXPECT_THROW(FrameReader(path, {.crop = CropSquare{0, 0, 0}}), Error);
  EXPECT_THROW(FrameReader(path, {.crop = CropSquare{0, 0, 8}, .width_px = 8, .height_px = 9}), Error);
  EXPECT_THROW(FrameReader(path, {.frame_rate_hz = -1}), Error);
}

TEST_F(FilmReader, ReadsSoundAtItsTime) {
  const auto path = film({.times_s = even_times(60, 25),
                          .video = "x264enc ! matroskamux name=mux",
                          .sound = "identity",
                          .samples = test::clicks(2.4, 44100),
                          .sample_rate_hz = 44100},
                         "film.mkv");
  for (const int rate_hz : {8000, 16000, 48000}) {
    const Sound sound = read_sound(path, rate_hz);
    EXPECT_EQ(sound.sample_rate_hz, rate_hz);
    EXPECT_NEAR(sound.duration_s(), 2.4, 0.03);
    EXPECT_NEAR(test::first_sound_s(sound.samples, rate_hz), 1, 2e-3) << rate_hz;
  }
}

TEST_F(FilmReader, PadsSoundThatStartsLate) {
  const auto path = film({.times_s = even_times(75, 25),
                          .video = "x264enc ! matroskamux name=mux",
                          .sound = "identity",
                          .samples = test::clicks(1.5, 48000),
                          .sound_start_s = 1.2},
                         "late.mkv");
  const Sound sound = read_sound(path, 16000);
  EXPECT_NEAR(test::first_sound_s(sound.samples, 16000), 2.2, 5e-3);
  EXPECT_NEAR(sound.duration_s(), 2.7, 0.05);
}

TEST_F(FilmReader, SaysWhatIsMissing) {
  const auto silent = film({.times_s = even_times(5, 25)});
  const FilmInfo info = probe_film(silent);
  EXPECT_TRUE(info.has_video);
  EXPECT_FALSE(info.has_sound);
  EXPECT_FALSE(info.ai_generated);
  try {
    read_sound(silent, 16000);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnusableInput);
    EXPECT_THAT(error.what(), HasSubstr("no sound"));
  }
  const auto blind = film({.sound = "wavenc", .samples = test::clicks(1.2, 48000)}, "sound.wav");
  std::string message;
  EXPECT_EQ(code_of(blind, &message), ErrorCode::kUnusableInput);
  EXPECT_THAT(message, HasSubstr("no picture"));
  EXPECT_THROW(read_sound(blind, 16000, 0.5), Error);
  EXPECT_THROW(SoundReader(blind, 0), Error);
}

TEST_F(FilmReader, NamesThePackageOfAMissingDecoder) {
  const auto path =
      film({.times_s = even_times(5, 25), .video = "vp8enc deadline=1 ! webmmux name=mux"}, "film.webm");
  std::vector<GstPluginFeature*> hidden;
  for (const char* name : {"vp8dec", "avdec_vp8", "vp8alphadecodebin"}) {
    GstPluginFeature* feature = gst_registry_lookup_feature(gst_registry_get(), name);
    if (feature == nullptr) continue;
    hidden.push_back(feature);
    gst_plugin_feature_set_rank(feature, GST_RANK_NONE);
  }
  std::string message;
  EXPECT_EQ(code_of(path, &message), ErrorCode::kUnsupported);
  EXPECT_THAT(message, HasSubstr("VP8"));
  EXPECT_THAT(message, HasSubstr("gstreamer1.0-plugins-good"));
  EXPECT_THROW(probe_film(path), Error);
  for (GstPluginFeature* feature : hidden) {
    gst_plugin_feature_set_rank(feature, GST_RANK_PRIMARY);
    gst_object_unref(feature);
  }
  EXPECT_NO_THROW(probe_film(path));
}

TEST_F(FilmReader, RefusesWhatIsNotAFilm) {
  EXPECT_EQ(code_of(folder_ / "nothing.mp4"), ErrorCode::kNotFound);
  EXPECT_EQ(code_of(folder_), ErrorCode::kInvalidArgument);
  write_file_atomically(folder_ / "empty.mp4", std::string());
  EXPECT_EQ(code_of(folder_ / "empty.mp4"), ErrorCode::kCorruptData);
  write_file_atomically(folder_ / "text.mp4", std::string("This is a letter, not a film.\n"));
  EXPECT_EQ(code_of(folder_ / "text.mp4"), ErrorCode::kCorruptData);
  write_file_atomically(folder_ / "zeros.mp4", std::string(10000, '\0'));
  EXPECT_EQ(code_of(folder_ / "zeros.mp4"), ErrorCode::kCorruptData);
  EXPECT_EQ(code_of("/dev/null"), ErrorCode::kInvalidArgument);
}

TEST_F(FilmReader, FetchesNothingThatAFileNames) {
  write_file_atomically(
      folder_ / "list.mp4",
      std::string("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"));
  const ErrorCode code = code_of(folder_ / "list.mp4");
  EXPECT_TRUE(code == ErrorCode::kCorruptData || code == ErrorCode::kUnsupported) << name_of(code);
}

TEST_F(FilmReader, RefusesTruncatedFilms) {
  for (const char* name : {"film.mp4", "film.mkv"}) {
    const bool mp4 = std::string(name) == "film.mp4";
    const auto path =
        film({.times_s = even_times(20, 25),
              .video = mp4 ? "x264enc ! mp4mux faststart=true name=mux" : "x264enc ! matroskamux name=mux"},
             name);
    const auto size = fs::file_size(path);
    for (const double share : {0.001, 0.05, 0.3, 0.6, 0.9, 0.99}) {
      const fs::path cut = folder_ / (std::string("cut-") + name);
      fs::copy_file(path, cut, fs::copy_options::overwrite_existing);
      fs::resize_file(cut, static_cast<std::uintmax_t>(static_cast<double>(size) * share));
      EXPECT_EQ(code_of(cut), ErrorCode::kCorruptData) << name << " cut to " << share;
      EXPECT_THROW(probe_film(cut), Error);
    }
  }
}

TEST_F(FilmReader, SurvivesDamagedFilms) {
  for (const char* name : {"film.mp4", "film.mkv", "film.wav"}) {
    MadeFilm spec{.times_s = even_times(6, 25), .samples = test::clicks(1.1, 16000), .sample_rate_hz = 16000};
    if (std::string(name) == "film.mkv")
      spec.video = "vp8enc deadline=1 ! matroskamux name=mux", spec.sound = "opusenc";
    if (std::string(name) == "film.wav") spec.times_s.clear(), spec.sound = "wavenc";
    const std::vector<std::byte> good = read_file(film(spec, name), 1 << 24);
    anima::test::expect_survives_mutations(good, 30, 11, [&](std::span<const std::byte> bytes) {
      const fs::path path = folder_ / (std::string("damaged-") + name);
      std::ofstream(path, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
      probe_film(path);
      if (!spec.times_s.empty()) {
        FrameReader frames(path, {});
        Image frame;
        double time_s = 0;
        for (int i = 0; i < 1000 && frames.next(frame, time_s); ++i) {
        }
      }
      read_sound(path, 16000, 60);
    });
  }
}

}  // namespace
}  // namespace anima::media
