#include "avatar/head_region.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

namespace anima::avatar {
namespace {

// The jaw line of the face mesh, from below the person's right ear to below the left one.
constexpr std::array<int, 17> kJawLine = {132, 58,  172, 136, 150, 149, 176, 148, 152,
                                          377, 400, 378, 379, 365, 397, 288, 361};

float border_at(const std::array<cv::Point2f, kJawLine.size()>& line, float x) {
  if (x <= line.front().x) return line.front().y;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (x > line[i].x) continue;
    const float span = line[i].x - line[i - 1].x;
    const float t = span > 1e-3F ? (x - line[i - 1].x) / span : 1.0F;
    return line[i - 1].y + t * (line[i].y - line[i - 1].y);
  }
  return line.back().y;
}

}  // namespace

PersonRegions person_regions(const Image& mask, const face::FaceObservation& observation, int film_width_px,
                             int width_px, int height_px, float neck_overlap) {
  const cv::Mat small(mask.height, mask.width, CV_8UC1, const_cast<std::uint8_t*>(mask.pixels.data()));
  cv::Mat person;
  cv::resize(small, person, {width_px, height_px}, 0, 0, cv::INTER_LINEAR);
  const float scale = static_cast<float>(width_px) / static_cast<float>(film_width_px);
  const float face_height = scale * (observation.points(152, 1) - observation.points(10, 1));
  const float margin = neck_overlap * face_height;
  std::array<cv::Point2f, kJawLine.size()> line;
  for (std::size_t i = 0; i < kJawLine.size(); ++i) {
    line[i] = {scale * observation.points(kJawLine[i], 0),
               scale * observation.points(kJawLine[i], 1) + margin};
  }
  // A turned head can fold the line over itself; the border has one height per column.
  for (std::size_t i = 1; i < line.size(); ++i) line[i].x = std::max(line[i].x, line[i - 1].x);
  PersonRegions regions;
  regions.head.resize(static_cast<std::size_t>(width_px) * height_px);
  regions.torso.resize(regions.head.size());
  for (int x = 0; x < width_px; ++x) {
    const float border = border_at(line, static_cast<float>(x) + 0.5F);
    for (int y = 0; y < height_px; ++y) {
      const std::size_t at = static_cast<std::size_t>(y) * width_px + x;
      const float inside = static_cast<float>(person.at<std::uint8_t>(y, x)) * (1.0F / 255);
      const float above = std::clamp(border - (static_cast<float>(y) + 0.5F) + 0.5F, 0.0F, 1.0F);
      regions.head[at] = inside * above;
      regions.torso[at] = inside * (1 - above);
    }
  }
  return regions;
}

}  // namespace anima::avatar
