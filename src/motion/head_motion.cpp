#include "motion/head_motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "core/error.h"

namespace anima::motion {
namespace {

constexpr int kStride = 5;            // change-overs start at every fifth frame
constexpr int kMostTransitions = 12;  // kept per start: the nearest four, and the best of each eighth
constexpr int kNearest = 4;
constexpr int kFilmParts = 8;
constexpr int kLeastPlay = 40;      // frames between change-overs
constexpr int kUsualPlay = 250;     // after about so many an easy change-over is taken
constexpr int kLeastDistance = 50;  // frames: a change-over goes elsewhere
constexpr int kUnrestFrames = 50;
// A turn by one radian moves the tip of the nose by about this much.
constexpr double kHeadRadius = 10;
// Depth shows as a change of size: of a face 10 cm wide at 60 cm.
constexpr double kDepthWeight = 10.0 / 60;
constexpr double kVelocityWeight = 6;

using PoseVector = Eigen::Matrix<double, 6, 1>;

PoseVector pose_vector(const face::HeadPose& pose) {
  PoseVector v;
  v << kHeadRadius * pose.rotation, pose.translation.x(), pose.translation.y(),
      kDepthWeight * pose.translation.z();
  return v;
}

std::vector<PoseVector> pose_vectors(const FilmMotion& film) {
  std::vector<PoseVector> result;
  result.reserve(film.poses.size());
  for (const auto& pose : film.poses) result.push_back(pose_vector(pose));
  return result;
}

// Slow start, slow end.
double smooth_step(double x) {
  return x * x * x * (x * (6 * x - 15) + 10);
}

template <typename T>
T median_of(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

int usual_pose_frame(const FilmMotion& film) {
  const auto poses = pose_vectors(film);
  PoseVector centre;
  for (int i = 0; i < 6; ++i) {
    std::vector<double> values;
    for (const auto& p : poses) values.push_back(p[i]);
    centre[i] = median_of(values);
  }
  int best = 0;
  double least = INFINITY;
  for (int t = 0; t < film.frames(); ++t) {
    const int before = std::max(0, t - 2), after = std::min(film.frames() - 1, t + 2);
    const double cost =
        (poses[t] - centre).norm() + kVelocityWeight * (poses[after] - poses[before]).norm() / 4;
    if (cost < least) {
      least = cost;
      best = t;
    }
  }
  return best;
}

HeadMotion::HeadMotion(const FilmMotion& film, const HeadMotionOptions& options)
    : film_(film), options_(options), random_(options.seed, 11) {
  const int frames = film.frames();
  if (frames == 0) {
    throw Error(ErrorCode::kUnusableInput, "the motion model holds no film to take head motion from",
                "train the avatar again");
  }
  const auto require_frame = [&](int frame, const char* what) {
    if (frame >= 0 && frame < frames) return;
    throw Error(ErrorCode::kInvalidArgument,
                std::string(what) + " is frame " + std::to_string(frame) + ", the film has frames 0 to " +
                    std::to_string(frames - 1),
                "choose a frame of the training film");
  };
  if (options_.static_frame < 0) options_.static_frame = usual_pose_frame(film);
  if (options_.range_last < 0) options_.range_last = frames - 1;
  if (options_.mode == PoseMode::kStatic) require_frame(options_.static_frame, "the static pose");
  if (options_.mode == PoseMode::kRange) {
    require_frame(options_.range_first, "the start of the pose range");
    require_frame(options_.range_last, "the end of the pose range");
    if (options_.range_first > options_.range_last) {
      throw Error(ErrorCode::kInvalidArgument, "the pose range ends before it starts", "swap its two frames");
    }
  }
  if (options_.mode == PoseMode::kFilm) {
    if (frames < 2 * (kFadeFrames + kLeastDistance)) {
      // Too short for change-overs: forth and back.
      options_.mode = PoseMode::kRange;
      options_.range_first = 0;
      options_.range_last = frames - 1;
    } else {
      find_transitions();
    }
  }
}

void HeadMotion::find_transitions() {
  const int frames = film_.frames();
  const auto poses = pose_vectors(film_);
  std::vector<PoseVector> velocities(frames, PoseVector::Zero());
  for (int t = 1; t + 1 < frames; ++t) velocities[t] = (poses[t + 1] - poses[t - 1]) / 2;

  unrest_.assign(frames, 0);
  for (int t = 0; t < frames; ++t) {
    const int end = std::min(frames, t + kUnrestFrames);
    for (int s = t; s < end; ++s)
      unrest_[t] += static_cast<float>(velocities[s].norm()) / static_cast<float>(end - t);
  }
  usual_unrest_ = std::accumulate(unrest_.begin(), unrest_.end(), 0.0F) / static_cast<float>(frames);
  last_used_.assign(static_cast<std::size_t>(frames) / kFrameRateHz + 1, -1000000);

  // A target must leave room for the fade and for playing on.
  const int last_target = frames - kFadeFrames - kLeastPlay - 1;
  const int last_start = frames - kFadeFrames - 1;
  transitions_.assign(static_cast<std::size_t>(last_start) / kStride + 1, {});
  // Targets two frames apart, farther in a long film: the search stays short.
  const int target_step = std::max(2, frames / 2000);
  std::vector<float> closest;
  for (int from = 0; from <= last_start; from += kStride) {
    std::vector<Transition> found;
    for (int to = 0; to <= last_target; to += target_step) {
      if (std::abs(to - from) < kLeastDistance) continue;
      double sum = 0;
      constexpr std::array<int, 3> kProbes = {0, kFadeFrames / 2, kFadeFrames - 1};
      for (const int k : kProbes) {
        sum += (poses[from + k] - poses[to + k]).squaredNorm() +
               kVelocityWeight * kVelocityWeight * (velocities[from + k] - velocities[to + k]).squaredNorm();
      }
      found.push_back({to, static_cast<float>(std::sqrt(sum / kProbes.size()))});
    }
    // Nearest first; neighbours of a good target are as good, so targets must differ. The best of
    // each part of the film keeps the head from being caught in one passage.
    std::ranges::sort(found, {}, &Transition::distance);
    auto& kept = transitions_[static_cast<std::size_t>(from / kStride)];
    std::array<bool, kFilmParts> reached{};
    for (const Transition& candidate : found) {
      const auto part =
          static_cast<std::size_t>(candidate.to) * kFilmParts / static_cast<std::size_t>(frames);
      const bool near =
          std::ranges::any_of(kept, [&](const Transition& k) { return std::abs(k.to - candidate.to) < 12; });
      if (near || (reached[part] && kept.size() >= kNearest)) continue;
      reached[part] = true;
      kept.push_back(candidate);
      if (kept.size() == kMostTransitions) break;
    }
    if (!kept.empty()) closest.push_back(kept.front().distance);
  }
  std::ranges::sort(closest);
  // A fade over the distance d adds a speed of up to 1.9 d / kFadeFrames: no more than the head's
  // usual speed goes unnoticed.
  easy_distance_ = std::max(closest[closest.size() / 2], 10 * usual_unrest_);
  // Start somewhere usual, so that a short sound does not begin with an odd pose.
  at_ = std::min(usual_pose_frame(film_), last_start / kStride * kStride - kStride);
}

const HeadMotion::Transition* HeadMotion::choose(int from, bool speaking, bool must) {
  const auto& options = transitions_[static_cast<std::size_t>(from / kStride)];
  std::array<double, kMostTransitions> weight{};
  double total = 0;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (!must && options[i].distance > easy_distance_) continue;
    const double calm = unrest_[options[i].to] / std::max(usual_unrest_, 1e-6F);
    const double age =
        static_cast<double>(output_ - last_used_[static_cast<std::size_t>(options[i].to / kFrameRateHz)]) /
        kFrameRateHz;
    weight[i] = std::exp(-options[i].distance / std::max(easy_distance_, 1e-3F)) *
                (speaking ? 1 : std::exp(-2 * calm)) * std::min(1.0, 0.01 + (age / 60) * (age / 60));
    total += weight[i];
  }
  if (total <= 0) return options.empty() ? nullptr : (must ? &options.front() : nullptr);
  double pick = random_.uniform() * total;
  for (std::size_t i = 0; i < options.size(); ++i) {
    pick -= weight[i];
    if (pick < 0 && weight[i] > 0) return &options[i];
  }
  return must ? &options.front() : nullptr;
}

FilmPosition HeadMotion::next_of_film(bool speaking) {
  if (fade_to_ >= 0) {
    const double x = static_cast<double>(fade_step_ + 1) / (kFadeFrames + 1);
    const FilmPosition position{at_ + fade_step_, fade_to_ + fade_step_, static_cast<float>(smooth_step(x))};
    if (++fade_step_ == kFadeFrames) {
      at_ = fade_to_ + kFadeFrames;
      fade_to_ = -1;
      since_change_ = 0;
    }
    return position;
  }
  last_used_[static_cast<std::size_t>(at_ / kFrameRateHz)] = output_;
  const FilmPosition position{at_, at_, 0};
  ++since_change_;
  const int start = at_ + 1;
  const int last_start = static_cast<int>(transitions_.size() - 1) * kStride;
  if (start % kStride == 0 && start <= last_start) {
    // Must go over before the film ends: at the best place of the coming ones, or at the last.
    const bool last = start + kStride > last_start;
    const double age = static_cast<double>(since_change_) / kUsualPlay;
    const bool tired = since_change_ >= kLeastPlay && random_.uniform() < 0.05 * age * age;
    if (last || tired) {
      if (const Transition* chosen = choose(start, speaking, last)) {
        at_ = start;
        fade_to_ = chosen->to;
        fade_step_ = 0;
        return position;
      }
    }
  }
  at_ = start;
  return position;
}

FilmPosition HeadMotion::next_of_range() {
  const double length = options_.range_last - options_.range_first;
  if (length <= 0) return {options_.range_first, options_.range_first, 0};
  // Constant speed, with a parabolic slowing-down over `ease` frames at both ends.
  const double ease = std::min(12.0, length / 2);
  const double half_period = length + 2 * ease;
  double t = std::fmod(static_cast<double>(output_) + 2 * ease, 2 * half_period);
  const bool back = t >= half_period;
  if (back) t -= half_period;
  double place;
  if (t < 2 * ease)
    place = t * t / (4 * ease);
  else if (t > half_period - 2 * ease)
    place = length - (half_period - t) * (half_period - t) / (4 * ease);
  else
    place = t - ease;
  if (back) place = length - place;
  place = std::clamp(place, 0.0, length);
  const int a = options_.range_first + std::min(static_cast<int>(place), static_cast<int>(length) - 1);
  return {a, a + 1, static_cast<float>(place - (a - options_.range_first))};
}

FilmPosition HeadMotion::next(bool speaking) {
  FilmPosition position;
  switch (options_.mode) {
    case PoseMode::kFilm:
      position = next_of_film(speaking);
      break;
    case PoseMode::kRange:
      position = next_of_range();
      break;
    case PoseMode::kStatic:
      position = {options_.static_frame, options_.static_frame, 0};
      break;
  }
  ++output_;
  return position;
}

}  // namespace anima::motion
