#include "avatar/torso_track.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "core/threads.h"

namespace anima::avatar {
namespace {

constexpr int kCorners = 300;
constexpr int kFewestCorners = 12;

// x' = [a -b; b a] x + t, about the principal point.
struct Similarity {
  double a = 1, b = 0, tx = 0, ty = 0;
};

cv::Mat grey(const Image& frame) {
  const cv::Mat rgb(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.pixels.data()));
  cv::Mat out;
  cv::cvtColor(rgb, out, cv::COLOR_RGB2GRAY);
  return out;
}

// Weighted least squares in closed form, weights 1 / (1 + (residual / scale)^2) refined ten times.
bool fit_similarity(const std::vector<cv::Point2f>& from, const std::vector<cv::Point2f>& to,
                    const std::vector<std::uint8_t>& found, Similarity& out) {
  std::vector<double> weight(from.size());
  double total = 0;
  for (std::size_t i = 0; i < from.size(); ++i) total += weight[i] = found[i] ? 1 : 0;
  if (total < kFewestCorners) return false;
  Similarity s;
  for (int round = 0; round < 10; ++round) {
    double w = 0, fx = 0, fy = 0, gx = 0, gy = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      w += weight[i];
      fx += weight[i] * from[i].x;
      fy += weight[i] * from[i].y;
      gx += weight[i] * to[i].x;
      gy += weight[i] * to[i].y;
    }
    if (w < 1e-6) return false;
    fx /= w, fy /= w, gx /= w, gy /= w;
    double along = 0, across = 0, size = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const double px = from[i].x - fx, py = from[i].y - fy, qx = to[i].x - gx, qy = to[i].y - gy;
      along += weight[i] * (px * qx + py * qy);
      across += weight[i] * (px * qy - py * qx);
      size += weight[i] * (px * px + py * py);
    }
    if (size < 1e-6) return false;
    s.a = along / size;
    s.b = across / size;
    s.tx = gx - (s.a * fx - s.b * fy);
    s.ty = gy - (s.b * fx + s.a * fy);
    std::vector<double> residuals;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!found[i]) continue;
      residuals.push_back(std::hypot(s.a * from[i].x - s.b * from[i].y + s.tx - to[i].x,
                                     s.b * from[i].x + s.a * from[i].y + s.ty - to[i].y));
    }
    std::nth_element(residuals.begin(), residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2),
                     residuals.end());
    const double scale = std::max(0.3, 1.5 * residuals[residuals.size() / 2]);
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!found[i]) continue;
      const double r = std::hypot(s.a * from[i].x - s.b * from[i].y + s.tx - to[i].x,
                                  s.b * from[i].x + s.a * from[i].y + s.ty - to[i].y) /
                       scale;
      weight[i] = 1 / (1 + r * r);
    }
  }
  const double size = std::hypot(s.a, s.b);
  if (size < 0.7 || size > 1.4) return false;
  out = s;
  return true;
}

face::HeadPose pose_of(const Similarity& s, const face::Camera& camera, double depth) {
  const double size = std::hypot(s.a, s.b);
  face::HeadPose pose;
  pose.rotation = {0, 0, std::atan2(s.b, s.a)};
  const double z = depth / size;
  pose.translation = {s.tx * z / camera.focal_px, s.ty * z / camera.focal_px, z - depth};
  return pose;
}

}  // namespace

double torso_depth(const face::TrackedFilm& track) {
  double sum = 0;
  for (int f = 0; f < track.training_frames; ++f) sum += track.poses[f].translation.z();
  // The ears stand for the head's centre; the collar bones are a hand's breadth behind them.
  const double ears = 0.5 * (track.basis.neutral(234, 2) + track.basis.neutral(454, 2));
  return sum / std::max(1, track.training_frames) + ears + 2.0;
}

int reference_frame(const face::TrackedFilm& track) {
  const PoseDrivers drivers = PoseDrivers::of(track.poses, track.training_frames);
  int best = 0;
  double least = std::numeric_limits<double>::max();
  for (int f = 0; f < track.training_frames; ++f) {
    if (!track.observations[f].found) continue;
    double oddness = 0;
    for (const float v : drivers.values(track.poses[f])) oddness += v * v;
    for (int k = 0; k < face::kMouthModes; ++k) {
      const double off = track.weights[f][k] - track.basis.rest[k];
      oddness += 0.3 * off * off;
    }
    for (int k = face::kFirstBlink; k < face::kModes; ++k)
      oddness += track.weights[f][k] * track.weights[f][k];
    if (oddness < least) {
      least = oddness;
      best = f;
    }
  }
  return best;
}

std::vector<face::HeadPose> track_torso(const TrainingFilm& film, const WorkContext& context) {
  const face::TrackedFilm& track = *film.track;
  const int frames = track.frames();
  const int reference = reference_frame(track);
  const double depth = torso_depth(track);
  Image image, mask;
  film.frames->read(reference, image);
  film.masks->read(reference, mask);
  const int width = image.width;
  const int height = image.height;
  const PersonRegions regions = person_regions(mask, track.observations[reference], width, width, height);
  cv::Mat torso(height, width, CV_8UC1);
  for (std::size_t i = 0; i < regions.torso.size(); ++i) torso.data[i] = regions.torso[i] > 0.9F ? 255 : 0;
  cv::erode(torso, torso, cv::Mat::ones(9, 9, CV_8UC1));  // corners on the outline belong to nothing
  const cv::Mat first = grey(image);
  std::vector<cv::Point2f> corners;
  cv::goodFeaturesToTrack(first, corners, kCorners, 0.005, 5, torso);

  const face::HeadPose still{Eigen::Vector3d::Zero(), Eigen::Vector3d::Zero()};
  std::vector<face::HeadPose> poses(frames, still);
  if (static_cast<int>(corners.size()) < kFewestCorners) return poses;
  const cv::Point2f centre(static_cast<float>(track.camera.centre_x_px),
                           static_cast<float>(track.camera.centre_y_px));
  std::vector<cv::Point2f> from(corners.size());
  for (std::size_t i = 0; i < corners.size(); ++i) from[i] = corners[i] + cv::Point2f(0.5F, 0.5F) - centre;

  // Forward and backward from the reference frame, each in its own thread.
  ThreadPool pool(std::min(2, available_cores()));
  std::mutex mutex;  // guards what follows
  StageProgress progress(context, "following the shoulders");
  int done = 0;
  pool.run(2, [&](int direction, int) {
    const int step = direction == 0 ? 1 : -1;
    Similarity last;
    Image frame;
    for (int f = reference + step; f >= 0 && f < frames; f += step) {
      {
        const std::lock_guard lock(mutex);
        progress.update(++done, frames);
      }
      film.frames->read(f, frame);
      std::vector<cv::Point2f> to(corners.size());
      for (std::size_t i = 0; i < corners.size(); ++i) {
        const cv::Point2f p = from[i];
        to[i] = cv::Point2f(static_cast<float>(last.a * p.x - last.b * p.y + last.tx),
                            static_cast<float>(last.b * p.x + last.a * p.y + last.ty)) +
                centre - cv::Point2f(0.5F, 0.5F);
      }
      std::vector<std::uint8_t> found;
      std::vector<float> error;
      cv::calcOpticalFlowPyrLK(first, grey(frame), corners, to, found, error, {21, 21}, 3,
                               {cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 20, 0.02},
                               cv::OPTFLOW_USE_INITIAL_FLOW);
      std::vector<cv::Point2f> moved(to.size());
      for (std::size_t i = 0; i < to.size(); ++i) {
        moved[i] = to[i] + cv::Point2f(0.5F, 0.5F) - centre;
        const bool inside = to[i].x > 2 && to[i].y > 2 && to[i].x < static_cast<float>(width - 3) &&
                            to[i].y < static_cast<float>(height - 3);
        if (!inside || error[i] > 30) found[i] = 0;
      }
      Similarity s = last;
      if (fit_similarity(from, moved, found, s)) last = s;
      poses[f] = pose_of(last, track.camera, depth);
    }
  });
  progress.update(frames, frames);
  return poses;
}

}  // namespace anima::avatar
