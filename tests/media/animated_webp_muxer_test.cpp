#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <webp/demux.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "media/film_writer.h"
#include "media/made_film.h"

namespace anima::media {
namespace {

using AnimatedWebp = test::MediaTest;

struct Closer {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

struct ShownFrame {
  std::vector<std::uint8_t> rgba;
  int until_ms = 0;
};

std::vector<ShownFrame> read_frames(const std::string& bytes, int& width, int& height, int& loops) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  const std::unique_ptr<WebPAnimDecoder, Closer> decoder(WebPAnimDecoderNew(&data, nullptr));
  std::vector<ShownFrame> frames;
  if (!decoder) return frames;
  WebPAnimInfo info;
  WebPAnimDecoderGetInfo(decoder.get(), &info);
  width = static_cast<int>(info.canvas_width);
  height = static_cast<int>(info.canvas_height);
  loops = static_cast<int>(info.loop_count);
  while (WebPAnimDecoderHasMoreFrames(decoder.get()) != 0) {
    std::uint8_t* pixels = nullptr;
    ShownFrame frame;
    if (WebPAnimDecoderGetNext(decoder.get(), &pixels, &frame.until_ms) == 0) break;
    frame.rgba.assign(pixels, pixels + static_cast<std::size_t>(width) * height * 4);
    frames.push_back(std::move(frame));
  }
  return frames;
}

// A disc that moves to the right over a soft ground; alpha outside of it if `channels` is 4.
Image disc(int index, int side, int channels) {
  Image picture(side, side, channels);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool inside = std::hypot(x - 20.0 - 3 * index, y - side / 2.0) < 12;
      std::uint8_t* pixel = picture.row(y) + channels * x;
      pixel[0] = inside ? 220 : static_cast<std::uint8_t>(60 + x);
      pixel[1] = inside ? 40 : 90;
      pixel[2] = inside ? 60 : 120;
      if (channels == 4) pixel[3] = inside ? 255 : 0;
    }
  }
  return picture;
}

TEST_F(AnimatedWebp, PlaysTheFramesInTimeWithoutEnd) {
  const auto path = folder_ / "loop.webp";
  FilmWriter writer(path, {.width_px = 96, .height_px = 96, .title = "A disc"});
  const std::vector<float> sound(1920, 0.1F);
  for (int i = 0; i < 10; ++i) {
    writer.write_frame(disc(i, 96, 3));
    writer.write_sound(sound);
  }
  writer.finish();

  const std::string bytes = read_text_file(path, 1 << 24);
  EXPECT_THAT(bytes, testing::HasSubstr("trainedAlgorithmicMedia"));
  int width = 0, height = 0, loops = -1;
  const auto frames = read_frames(bytes, width, height, loops);
  ASSERT_EQ(frames.size(), 10U);
  EXPECT_EQ(width, 96);
  EXPECT_EQ(height, 96);
  EXPECT_EQ(loops, 0);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(frames[i].until_ms, (i + 1) * 40);
    const Image truth = disc(i, 96, 3);
    double sum = 0;
    for (int p = 0; p < 96 * 96; ++p) {
      for (int c = 0; c < 3; ++c) sum += std::abs(frames[i].rgba[4 * p + c] - truth.pixels[3 * p + c]);
    }
    EXPECT_LT(sum / (96 * 96 * 3), 4) << "frame " << i;
  }
}

TEST_F(AnimatedWebp, KeepsTransparency) {
  const auto path = folder_ / "loop.webp";
  FilmWriter writer(path, {.width_px = 96, .height_px = 96, .with_sound = false, .transparent = true});
  for (int i = 0; i < 3; ++i) writer.write_frame(disc(i, 96, 4));
  writer.finish();
  int width = 0, height = 0, loops = -1;
  const auto frames = read_frames(read_text_file(path, 1 << 24), width, height, loops);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].rgba[3], 0);
  EXPECT_EQ(frames[0].rgba[4 * (48 * 96 + 20) + 3], 255);
}

TEST_F(AnimatedWebp, RefusesToBecomeAFilm) {
  const auto path = folder_ / "long.webp";
  FilmWriter writer(path, {.width_px = 16, .height_px = 16, .frame_rate_hz = 1, .with_sound = false});
  const Image picture(16, 16, 3);
  try {
    for (int i = 0; i < 70; ++i) writer.write_frame(picture);
    ADD_FAILURE() << "was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  }
}

}  // namespace
}  // namespace anima::media
