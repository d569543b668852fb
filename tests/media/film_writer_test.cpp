#include "media/film_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <string>

#include "core/error.h"
#include "core/files.h"
#include "core/random.h"
#include "media/content_label.h"
#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/made_film.h"
#include "support/alpha_frames.h"

namespace anima::media {
namespace {

namespace fs = std::filesystem;
using anima::test::frames_with_alpha;
using test::numbered_frame;
using testing::HasSubstr;

class FilmWriter : public test::MediaTest {
 protected:
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_))
      found.push_back(entry.path().filename().string());
    return found;
  }
};

// Smooth in place and time, like a face, so that the bound below is about the codec's default.
Image moving_picture(int index, int width, int height) {
  Image frame(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        frame.row(y)[3 * x + c] = static_cast<std::uint8_t>(128 + 90 * std::sin(0.05 * x + 0.1 * index + c) *
                                                                      std::cos(0.04 * y - c));
      }
    }
  }
  return frame;
}

TEST_F(FilmWriter, WritesMp4ThatReadsBack) {
  const fs::path path = folder_ / "film.mp4";
  constexpr int kFrames = 60;
  {
    media::FilmWriter writer(path, {.width_px = 128, .height_px = 96, .title = "A <title> & more"});
    const std::vector<float> sound = test::clicks(kFrames / 25.0, 48000);
    for (int i = 0; i < kFrames; ++i) {
      writer.write_frame(moving_picture(i, 128, 96));
      writer.write_sound(std::span(sound).subspan(static_cast<std::size_t>(i) * 1920, 1920));
    }
    EXPECT_FALSE(fs::exists(path));
    writer.finish();
  }
  EXPECT_THAT(names(), testing::ElementsAre("film.mp4"));

  const FilmInfo info = probe_film(path);
  EXPECT_TRUE(info.has_video);
  EXPECT_TRUE(info.has_sound);
  EXPECT_TRUE(info.ai_generated);
  EXPECT_EQ(info.width_px, 128);
  EXPECT_EQ(info.height_px, 96);
  EXPECT_EQ(info.frame_rate_hz, 25);
  EXPECT_FALSE(info.variable_frame_rate);
  EXPECT_NEAR(info.duration_s, kFrames / 25.0, 0.05);
  EXPECT_THAT(info.video_codec, HasSubstr("H.264"));
  EXPECT_THAT(info.sound_codec, HasSubstr("AAC"));

  FrameReader reader(path, {});
  Image frame;
  double time_s = 0;
  int count = 0;
  double worst = 0;
  double squares = 0;
  double bias = 0;
  while (reader.next(frame, time_s)) {
    const Image truth = moving_picture(count, 128, 96);
    for (std::size_t i = 0; i < truth.pixels.size(); ++i) {
      const double difference = static_cast<double>(frame.pixels[i]) - truth.pixels[i];
      worst = std::max(worst, std::abs(difference));
      squares += difference * difference;
      bias += difference;
    }
    ++count;
  }
  const double values = static_cast<double>(count) * 128 * 96 * 3;
  EXPECT_EQ(count, kFrames);
  EXPECT_LE(worst, 30);
  EXPECT_GT(10 * std::log10(255 * 255 * values / squares), 38);
  EXPECT_NEAR(bias / values, 0, 0.5);  // no colour cast from one matrix in and another out

  const Sound sound = read_sound(path, 48000);
  EXPECT_NEAR(test::first_sound_s(sound.samples, 48000), 1, 3e-3);
  EXPECT_NEAR(test::first_sound_s(sound.samples, 48000, 1.5), 2, 3e-3);
  EXPECT_NEAR(sound.duration_s(), kFrames / 25.0, 0.05);
}

TEST_F(FilmWriter, LabelsMp4ForPlatformsToo) {
  const fs::path path = folder_ / "film.mp4";
  media::FilmWriter writer(path, {.width_px = 64, .height_px = 48, .with_sound = false, .title = "Zoë"});
  for (int i = 0; i < 3; ++i) writer.write_frame(numbered_frame(i, 64, 48));
  writer.finish();
  const std::string bytes = read_text_file(path, 1U << 24U);
  EXPECT_THAT(bytes, HasSubstr("trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"));
  EXPECT_THAT(bytes, HasSubstr("Zoë"));
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));  // plays while it loads
  EXPECT_FALSE(probe_film(path).has_sound);
}

TEST_F(FilmWriter, WritesWebm) {
  const fs::path path = folder_ / "film.WebM";
  media::FilmWriter writer(path, {.width_px = 65, .height_px = 49});
  writer.write_sound(test::clicks(1.2, 48000));
  for (int i = 0; i < 30; ++i) writer.write_frame(numbered_frame(i, 65, 49));
  writer.finish();
  const FilmInfo info = probe_film(path);
  EXPECT_THAT(info.video_codec, HasSubstr("VP9"));
  EXPECT_THAT(info.sound_codec, HasSubstr("Opus"));
  EXPECT_TRUE(info.ai_generated);
  FrameReader reader(path, {});
  Image frame;
  double time_s = 0;
  int count = 0;
  while (reader.next(frame, time_s)) EXPECT_EQ(test::number_of(frame), count++);
  EXPECT_EQ(count, 30);
  const Sound sound = read_sound(path, 48000);
  EXPECT_NEAR(test::first_sound_s(sound.samples, 48000), 1, 3e-3);
}

// Packets as large as the pictures: the encoder may not run out of room for those it gives at the end.
TEST_F(FilmWriter, LosesNoFrameOfASmallNoisyWebm) {
  const fs::path path = folder_ / "noise.webm";
  constexpr int kFrames = 25;
  media::FilmWriter writer(path, {.width_px = 128, .height_px = 128, .with_sound = false, .quality = 2});
  Random random(1);
  Image picture(128, 128, 3);
  for (int i = 0; i < kFrames; ++i) {
    for (std::uint8_t& value : picture.pixels) value = static_cast<std::uint8_t>(random.below(256));
    writer.write_frame(picture);
  }
  writer.finish();
  FrameReader reader(path, {});
  double time_s = 0;
  int count = 0;
  while (reader.next(picture, time_s)) ++count;
  EXPECT_EQ(count, kFrames);
  EXPECT_NEAR(time_s, (kFrames - 1) / 25.0, 0.005);
}

TEST_F(FilmWriter, WritesWebmWithAlpha) {
  const fs::path path = folder_ / "film.webm";
  constexpr int kFrames = 55;
  {
    media::FilmWriter writer(path, {.width_px = 96, .height_px = 66, .transparent = true, .title = "Clear"});
    const std::vector<float> sound = test::clicks(kFrames / 25.0, 48000);
    for (int i = 0; i < kFrames; ++i) {
      writer.write_frame(numbered_frame(i, 96, 66, 4));
      writer.write_sound(std::span(sound).subspan(static_cast<std::size_t>(i) * 1920, 1920));
    }
    writer.finish();
  }
  EXPECT_THAT(names(), testing::ElementsAre("film.webm"));
  const FilmInfo info = probe_film(path);
  EXPECT_TRUE(info.ai_generated);
  EXPECT_EQ(info.width_px, 96);
  EXPECT_EQ(info.height_px, 66);
  EXPECT_EQ(info.frame_rate_hz, 25);
  EXPECT_NEAR(info.duration_s, kFrames / 25.0, 0.03);
  EXPECT_THAT(info.video_codec, HasSubstr("VP9"));
  EXPECT_THAT(info.sound_codec, HasSubstr("Opus"));

  const std::vector<Image> frames = frames_with_alpha(path);
  ASSERT_EQ(frames.size(), static_cast<std::size_t>(kFrames));
  for (int i = 0; i < kFrames; ++i) {
    const Image& frame = frames[static_cast<std::size_t>(i)];
    const Image truth = numbered_frame(i, 96, 66, 4);
    ASSERT_EQ(frame.width, 96);
    EXPECT_NEAR(test::number_of(frame), i, 1);
    double error = 0;
    for (int pixel = 0; pixel < 96 * 66; ++pixel) {
      error += std::abs(static_cast<double>(frame.pixels[static_cast<std::size_t>(4 * pixel + 3)]) -
                        truth.pixels[static_cast<std::size_t>(4 * pixel + 3)]);
    }
    EXPECT_LT(error / (96 * 66), 4) << "alpha of frame " << i;
    EXPECT_LT(frame.row(33)[4 * 2 + 3], 20);    // clear at the left edge
    EXPECT_GT(frame.row(33)[4 * 48 + 3], 240);  // solid in the middle
  }
  const Sound sound = read_sound(path, 48000);
  EXPECT_NEAR(test::first_sound_s(sound.samples, 48000), 1, 3e-3);
  EXPECT_NEAR(test::first_sound_s(sound.samples, 48000, 1.5), 2, 3e-3);

  media::FilmWriter wrong(folder_ / "wrong.webm", {.width_px = 96, .height_px = 66, .transparent = true});
  EXPECT_THROW(wrong.write_frame(numbered_frame(0, 96, 66, 3)), Error);
}

TEST_F(FilmWriter, WritesWebmWithAlphaAndNoSound) {
  const fs::path path = folder_ / "film.webm";
  {
    media::FilmWriter writer(path,
                             {.width_px = 33, .height_px = 31, .with_sound = false, .transparent = true});
    for (int i = 0; i < 10; ++i) writer.write_frame(numbered_frame(i, 33, 31, 4));
    writer.finish();
  }
  EXPECT_FALSE(probe_film(path).has_sound);
  EXPECT_EQ(frames_with_alpha(path).size(), 10U);
  FrameReader reader(path, {});
  Image frame;
  double time_s = 0;
  ASSERT_TRUE(reader.next(frame, time_s));
  EXPECT_EQ(frame.channels, 3);
}

TEST_F(FilmWriter, TakesFramesAndSoundSecondsApart) {
  for (const bool sound_first : {false, true}) {
    const fs::path path = folder_ / (sound_first ? "sound-first.mp4" : "frames-first.mp4");
    media::FilmWriter writer(path, {.width_px = 32, .height_px = 32, .sample_rate_hz = 16000});
    const std::vector<float> sound = test::clicks(30, 16000);
    if (sound_first) writer.write_sound(sound);
    for (int i = 0; i < 750; ++i) writer.write_frame(numbered_frame(i % 50, 32, 32));
    if (!sound_first) writer.write_sound(sound);
    writer.finish();
    const FilmInfo info = probe_film(path);
    EXPECT_NEAR(info.duration_s, 30, 0.1);
    EXPECT_TRUE(info.has_sound);
  }
}

TEST_F(FilmWriter, RefusesALeadThatWouldFillTheMemory) {
  media::FilmWriter writer(folder_ / "film.mp4", {.width_px = 32, .height_px = 32});
  const std::vector<float> second(48000);
  int seconds = 0;
  try {
    for (; seconds < 200; ++seconds) writer.write_sound(second);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_NEAR(seconds, 61, 1);
  }
}

TEST_F(FilmWriter, LeavesNothingBehindWhenNotFinished) {
  {
    media::FilmWriter writer(folder_ / "film.mp4", {.width_px = 64, .height_px = 48});
    for (int i = 0; i < 30; ++i) writer.write_frame(numbered_frame(i, 64, 48));
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(FilmWriter, KeepsTheOldFileUntilTheNewOneIsWhole) {
  const fs::path path = folder_ / "film.mp4";
  write_file_atomically(path, std::string("old"));
  {
    media::FilmWriter writer(path, {.width_px = 64, .height_px = 48});
    writer.write_frame(numbered_frame(0, 64, 48));
  }
  EXPECT_EQ(read_text_file(path, 100), "old");
}

TEST_F(FilmWriter, RefusesWhatCannotBe) {
  const auto code_of = [&](const std::string& name, const FilmWriterOptions& options) {
    try {
      media::FilmWriter writer(folder_ / name, options);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of("film.avi", {}), ErrorCode::kUnsupported);
  EXPECT_EQ(code_of("film", {}), ErrorCode::kUnsupported);
  EXPECT_EQ(code_of("film.mp4", {.width_px = 63}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of("film.mp4", {.width_px = 0}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of("film.mp4", {.transparent = true}), ErrorCode::kUnsupported);
  EXPECT_EQ(code_of("film.mp4", {.frame_rate_hz = 0}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of("film.mp4", {.sample_rate_hz = 1}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of("film.mp4", {.quality = 51}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of("no/folder/film.mp4", {}), ErrorCode::kInvalidArgument);
  fs::create_directory(folder_ / "folder.mp4");
  EXPECT_EQ(code_of("folder.mp4", {}), ErrorCode::kInvalidArgument);

  media::FilmWriter writer(folder_ / "film.mp4", {.width_px = 64, .height_px = 48, .with_sound = false});
  EXPECT_THROW(writer.write_frame(numbered_frame(0, 48, 64)), Error);
  EXPECT_THROW(writer.write_frame(numbered_frame(0, 64, 48, 4)), Error);
  EXPECT_THROW(writer.write_sound(std::vector<float>(10)), Error);
  EXPECT_THROW(writer.finish(), Error);  // no frame
}

TEST_F(FilmWriter, SaysWhenTheDiskIsFull) {
  // A limit on the file size stands for a full disk: the write fails just so.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{20000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  try {
    media::FilmWriter writer(folder_ / "film.mp4",
                             {.width_px = 128, .height_px = 128, .with_sound = false, .quality = 0});
    Random random(1);
    Image noise(128, 128, 3);
    for (int i = 0; i < 200; ++i) {
      for (std::uint8_t& value : noise.pixels) value = static_cast<std::uint8_t>(random.below(256));
      writer.write_frame(noise);
    }
    writer.finish();
    ADD_FAILURE() << "written";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("film.mp4"));
    EXPECT_NE(error.code(), ErrorCode::kInternal) << error.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(names().empty());
}

TEST_F(FilmWriter, WritesWavExactly) {
  Sound sound{16000, {0.0F, 0.5F, -0.5F, 1.0F, -1.0F, 2.0F, -2.0F, std::nanf(""), 12345 / 32768.0F}};
  write_wav(folder_ / "sound.wav", sound, "odd");
  const Sound back = read_sound(folder_ / "sound.wav", 16000);
  const std::vector<float> expected = {0,  0.5F, -0.5F,           32767 / 32768.0F, -1, 32767 / 32768.0F,
                                       -1, 0,    12345 / 32768.0F};
  EXPECT_EQ(back.samples, expected);
  const FilmInfo info = probe_film(folder_ / "sound.wav");
  EXPECT_FALSE(info.has_video);
  EXPECT_TRUE(info.has_sound);
  EXPECT_TRUE(info.ai_generated);
  EXPECT_EQ(info.sample_rate_hz, 16000);
  EXPECT_EQ(info.channels, 1);
  EXPECT_THROW(write_wav(folder_ / "x.wav", {0, {0.0F}}), Error);
  EXPECT_THROW(write_wav(folder_ / "no" / "x.wav", sound), Error);
  write_wav(folder_ / "none.wav", {16000, {}});
  EXPECT_TRUE(fs::exists(folder_ / "none.wav"));
}

TEST(ContentLabel, IsRecognisedInAnyText) {
  EXPECT_TRUE(is_content_label(content_label_json()));
  EXPECT_TRUE(is_content_label("my comment\n" + content_label_json() + "\nmore"));
  for (const char* other : {"", "ai_generated", "{\"ai_generated\":false}", "{\"ai_generated\":\"true\"}",
                            "{\"ai_generated\":true", "[1]"}) {
    EXPECT_FALSE(is_content_label(other)) << other;
  }
  EXPECT_FALSE(is_content_label(std::string(100000, '[') + "ai_generated"));
  EXPECT_THAT(content_label_xmp("a<b&c\x01"), HasSubstr("a&lt;b&amp;c<"));
}

}  // namespace
}  // namespace anima::media
