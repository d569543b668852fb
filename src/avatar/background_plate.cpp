#include "avatar/background_plate.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace anima::avatar {
namespace {

constexpr int kFreeBelow = 16;    // of 255: surely not the person
constexpr int kMaskMarginPx = 5;  // the network's mask frays at hair

// Pixels that the person may cover, at the film's size.
cv::Mat covered(const Image& mask, int width, int height) {
  const cv::Mat small(mask.height, mask.width, CV_8UC1, const_cast<std::uint8_t*>(mask.pixels.data()));
  cv::Mat large, grown;
  cv::resize(small, large, {width, height}, 0, 0, cv::INTER_LINEAR);
  const int side = 2 * kMaskMarginPx + 1;
  cv::dilate(large >= kFreeBelow, grown, cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side}));
  return grown;
}

// Pull-push: averages of what is known, level by level, flow into what is not (Gortler et al.,
// "The Lumigraph", 1996, section 3.4).
void fill_unknown(cv::Mat& colour, cv::Mat& weight) {
  if (colour.rows <= 2 || colour.cols <= 2) {
    const cv::Scalar mean = cv::sum(colour);
    const double total = std::max(1e-6, cv::sum(weight)[0]);
    const cv::Scalar average(mean[0] / total, mean[1] / total, mean[2] / total);
    for (int y = 0; y < colour.rows; ++y) {
      for (int x = 0; x < colour.cols; ++x) {
        auto& c = colour.at<cv::Vec3f>(y, x);
        float& w = weight.at<float>(y, x);
        if (w < 1) {
          for (int k = 0; k < 3; ++k) c[k] += (1 - w) * static_cast<float>(average[k]);
          w = 1;
        }
      }
    }
    return;
  }
  cv::Mat small_colour, small_weight;
  const cv::Size half((colour.cols + 1) / 2, (colour.rows + 1) / 2);
  cv::resize(colour, small_colour, half, 0, 0, cv::INTER_AREA);
  cv::resize(weight, small_weight, half, 0, 0, cv::INTER_AREA);
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x) {
      float& w = small_weight.at<float>(y, x);
      const float gain = w > 1e-6F ? std::min(1.0F, w * 4) / w : 0.0F;  // one known pixel of four suffices
      small_colour.at<cv::Vec3f>(y, x) *= gain;
      w *= gain;
    }
  }
  fill_unknown(small_colour, small_weight);
  cv::Mat up;
  cv::resize(small_colour, up, colour.size(), 0, 0, cv::INTER_LINEAR);
  for (int y = 0; y < colour.rows; ++y) {
    for (int x = 0; x < colour.cols; ++x) {
      float& w = weight.at<float>(y, x);
      colour.at<cv::Vec3f>(y, x) += (1 - w) * up.at<cv::Vec3f>(y, x);
      w = 1;
    }
  }
}

}  // namespace

Image background_plate(const media::FrameStore& film, const media::FrameStore& masks, int frames,
                       const WorkContext& context, int samples) {
  const int width = film.width();
  const int height = film.height();
  const int used = std::min(samples, frames);
  const std::size_t pixels = static_cast<std::size_t>(width) * height;
  // values[pixel][channel][n]: small enough to keep (48 frames of 512x512: 38 MB).
  std::vector<std::uint8_t> values(pixels * 3 * used);
  std::vector<std::uint8_t> count(pixels, 0);
  Image frame, mask;
  StageProgress progress(context, "looking behind the person");
  for (int s = 0; s < used; ++s) {
    progress.update(s, used);
    const int index = static_cast<int>(static_cast<long long>(s) * frames / used);
    film.read(index, frame);
    masks.read(index, mask);
    const cv::Mat person = covered(mask, width, height);
    for (std::size_t i = 0; i < pixels; ++i) {
      if (person.data[i] != 0) continue;
      std::uint8_t* at = values.data() + i * 3 * used;
      for (int c = 0; c < 3; ++c) at[c * used + count[i]] = frame.pixels[i * 3 + c];
      ++count[i];
    }
  }
  progress.update(used, used);
  cv::Mat colour(height, width, CV_32FC3, cv::Scalar(0, 0, 0));
  cv::Mat weight(height, width, CV_32FC1, cv::Scalar(0));
  for (std::size_t i = 0; i < pixels; ++i) {
    if (count[i] == 0) continue;
    std::uint8_t* at = values.data() + i * 3 * used;
    float* out = reinterpret_cast<float*>(colour.data) + i * 3;
    for (int c = 0; c < 3; ++c) {
      std::uint8_t* first = at + c * used;
      std::nth_element(first, first + count[i] / 2, first + count[i]);
      out[c] = first[count[i] / 2];
    }
    reinterpret_cast<float*>(weight.data)[i] = 1;
  }
  fill_unknown(colour, weight);
  Image plate(width, height, 3);
  for (std::size_t i = 0; i < pixels * 3; ++i) {
    plate.pixels[i] = cv::saturate_cast<std::uint8_t>(reinterpret_cast<const float*>(colour.data)[i]);
  }
  return plate;
}

}  // namespace anima::avatar
