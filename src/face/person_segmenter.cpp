#include "face/person_segmenter.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "core/error.h"
#include "face/model_files.h"

namespace anima::face {

PersonSegmenter::PersonSegmenter() : network_(load_network(ModelFile::kPersonSegmenter)) {}

Image PersonSegmenter::mask(const Image& picture) const {
  if (picture.channels != 3 || picture.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "A person is looked for in a picture of " +
                                                 std::to_string(picture.channels) +
                                                 " channels, 3 are needed");
  }
  const cv::Mat source(picture.height, picture.width, CV_8UC3,
                       const_cast<std::uint8_t*>(picture.pixels.data()));
  cv::Mat pixels;
  cv::resize(source, pixels, {kMaskSide, kMaskSide}, 0, 0, cv::INTER_AREA);
  std::vector<float> input(static_cast<std::size_t>(kMaskSide) * kMaskSide * 3);
  cv::Mat target(kMaskSide, kMaskSide, CV_32FC3, input.data());
  pixels.convertTo(target, CV_32F, 1.0 / 255);

  const auto outputs = network_.run(input);
  Image result(kMaskSide, kMaskSide, 1);
  const std::vector<float>& person = nn::output_named(outputs, "activation_10", result.pixels.size());
  std::transform(person.begin(), person.end(), result.pixels.begin(), [](float value) {
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0F, 1.0F)));
  });
  return result;
}

}  // namespace anima::face
