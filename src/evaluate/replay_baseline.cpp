#include "evaluate/replay_baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"
#include "evaluate/image_metrics.h"

namespace anima::evaluate {
namespace {

constexpr int kBlock = 8;

// Sums over whole 8x8 blocks, per channel. At most 64 * 255 = 16320: fits 16 bits.
std::vector<std::uint16_t> block_sums(const Image& image) {
  const int across = image.width / kBlock;
  const int down = image.height / kBlock;
  std::vector<std::uint16_t> sums(static_cast<std::size_t>(across) * down * image.channels, 0);
  for (int y = 0; y < down * kBlock; ++y) {
    const std::uint8_t* row = image.row(y);
    std::uint16_t* out = sums.data() + static_cast<std::size_t>(y / kBlock) * across * image.channels;
    for (int x = 0; x < across * kBlock; ++x) {
      for (int c = 0; c < image.channels; ++c) {
        out[(x / kBlock) * image.channels + c] =
            static_cast<std::uint16_t>(out[(x / kBlock) * image.channels + c] + row[x * image.channels + c]);
      }
    }
  }
  return sums;
}

// A lower bound of the summed squared pixel difference: sum d^2 >= (sum d)^2 / 64 in each block.
double distance_bound(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int d = static_cast<int>(a[i]) - static_cast<int>(b[i]);
    sum += static_cast<std::uint32_t>(d * d);
  }
  return static_cast<double>(sum) / (kBlock * kBlock);
}

}  // namespace

ReplayBaseline replay_baseline(const media::FrameStore& film, int training_frames,
                               const WorkContext& context) {
  const int frames = film.count();
  if (training_frames < 1 || training_frames >= frames) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} training frames of {} leave nothing to replay or nothing to score",
                            training_frames, frames),
                "keep some frames of the film back");
  }
  Image frame;
  std::vector<std::vector<std::uint16_t>> training_sums(training_frames);
  std::vector<std::uint32_t> totals(static_cast<std::size_t>(film.width()) * film.height() * film.channels(),
                                    0);
  StageProgress reading(context, "reading the training frames");
  for (int i = 0; i < training_frames; ++i) {
    film.read(i, frame);
    training_sums[i] = block_sums(frame);
    for (std::size_t p = 0; p < totals.size(); ++p) totals[p] += frame.pixels[p];
    reading.update(i + 1, training_frames);
  }

  ReplayBaseline result;
  result.mean_image = Image(film.width(), film.height(), film.channels());
  const auto count = static_cast<std::uint32_t>(training_frames);
  for (std::size_t p = 0; p < totals.size(); ++p) {
    result.mean_image.pixels[p] = static_cast<std::uint8_t>((totals[p] + count / 2) / count);
  }

  StageProgress matching(context, "scoring the replay baseline");
  Image held_out;
  std::vector<double> bounds(training_frames);
  std::vector<int> order(training_frames);
  const int held_out_frames = frames - training_frames;
  for (int i = 0; i < held_out_frames; ++i) {
    film.read(training_frames + i, held_out);
    const auto sums = block_sums(held_out);
    for (int t = 0; t < training_frames; ++t) bounds[t] = distance_bound(sums, training_sums[t]);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) { return bounds[a] < bounds[b]; });
    const double values = static_cast<double>(held_out.pixels.size());
    double best_mse = std::numeric_limits<double>::infinity();
    int best = order.front();
    for (const int t : order) {
      if (bounds[t] / values >= best_mse) break;
      film.read(t, frame);
      const double mse = mean_squared_error(held_out, frame);
      if (mse < best_mse) {
        best_mse = mse;
        best = t;
      }
    }
    result.best_training_frame.push_back(best);
    result.replay_psnr_db.push_back(psnr_db(best_mse));
    result.mean_image_psnr_db.push_back(psnr_db(held_out, result.mean_image));
    matching.update(i + 1, held_out_frames);
  }
  for (int i = 0; i < held_out_frames; ++i) {
    result.mean_replay_psnr_db += result.replay_psnr_db[i] / held_out_frames;
    result.mean_mean_image_psnr_db += result.mean_image_psnr_db[i] / held_out_frames;
  }
  return result;
}

}  // namespace anima::evaluate
