#include "evaluate/replay_baseline.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "core/error.h"
#include "core/random.h"
#include "evaluate/image_metrics.h"

namespace anima::evaluate {
namespace {

class ReplayBaselineTest : public testing::Test {
 protected:
  ReplayBaselineTest()
      : folder_(std::filesystem::temp_directory_path() / ("anima-replay-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~ReplayBaselineTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write_film(const std::vector<Image>& frames) {
    const auto path = folder_ / "frames";
    media::FrameStoreWriter writer(path, frames[0].width, frames[0].height);
    for (const Image& frame : frames) writer.append(frame);
    writer.finish();
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(ReplayBaselineTest, FindsTheBestFrameThatBruteForceFinds) {
  // 29x21: not a multiple of the 8x8 blocks, so the bound ignores a margin.
  Random random(7);
  std::vector<Image> frames;
  for (int i = 0; i < 30; ++i) {
    Image image(29, 21, 3);
    const int base = static_cast<int>(random.below(60));
    for (auto& p : image.pixels) p = static_cast<std::uint8_t>(base + random.below(100));
    frames.push_back(image);
  }
  frames[27] = frames[11];
  const media::FrameStore film(write_film(frames));
  const ReplayBaseline result = replay_baseline(film, 25, {});
  ASSERT_EQ(result.best_training_frame.size(), 5U);
  for (int h = 0; h < 5; ++h) {
    double best = 0;
    for (int t = 0; t < 25; ++t) best = std::max(best, psnr_db(frames[25 + h], frames[t]));
    EXPECT_DOUBLE_EQ(result.replay_psnr_db[h], best);
  }
  EXPECT_EQ(result.best_training_frame[2], 11);
  EXPECT_EQ(result.replay_psnr_db[2], kPsnrCeilingDb);
}

TEST_F(ReplayBaselineTest, MeanImageIsTheRoundedMean) {
  std::vector<Image> frames;
  for (const int value : {10, 20, 31}) {
    Image image(16, 16, 3);
    std::fill(image.pixels.begin(), image.pixels.end(), static_cast<std::uint8_t>(value));
    frames.push_back(image);
  }
  const media::FrameStore film(write_film(frames));
  const ReplayBaseline result = replay_baseline(film, 2, {});
  EXPECT_EQ(result.mean_image.pixels[0], 15);
  EXPECT_NEAR(result.mean_mean_image_psnr_db, psnr_db(16.0 * 16), 1e-9);
  EXPECT_NEAR(result.mean_replay_psnr_db, psnr_db(11.0 * 11), 1e-9);
  EXPECT_THROW(replay_baseline(film, 3, {}), Error);
  EXPECT_THROW(replay_baseline(film, 0, {}), Error);
}

TEST_F(ReplayBaselineTest, StopsWhenAsked) {
  const media::FrameStore film(write_film(std::vector<Image>(3, Image(16, 16, 3))));
  WorkContext context;
  context.cancellation.request();
  try {
    replay_baseline(film, 2, context);
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

}  // namespace
}  // namespace anima::evaluate
