#include "presenter/performance/coarticulation.h"

#include <algorithm>
#include <cmath>

#include "presenter/performance/mouth_shapes.h"

namespace anima::presenter {
namespace {

constexpr double kStep_s = 0.005;
constexpr double kReach_s = 0.5;    // beyond it a sound has no say
constexpr double kCoreShare = 0.5;  // of a sound's time, around its middle, at full strength

// Time constants of how a sound's strength rises before it and falls after it.
struct Speed {
  double rise_s;
  double fall_s;
  double smoothing_s;  // standard deviation of the articulator's own inertia
};
constexpr std::array<Speed, kArticulators> kSpeeds = {{
    {.rise_s = 0.060, .fall_s = 0.055, .smoothing_s = 0.022},  // jaw
    {.rise_s = 0.100, .fall_s = 0.055, .smoothing_s = 0.018},  // rounding
    {.rise_s = 0.070, .fall_s = 0.055, .smoothing_s = 0.016},  // spreading
    {.rise_s = 0.045, .fall_s = 0.045, .smoothing_s = 0.012},  // parting
}};

// Contacts: how long before and after it the touching parts are under way.
constexpr double kContactRise_s = 0.065;
constexpr double kContactFall_s = 0.055;
constexpr double kStopClosedShare = 0.7;  // of a stop's time; then it bursts
constexpr double kTongueRise_s = 0.050;
constexpr double kCompression = 0.32;  // more looks like a grin that is held back

struct Segment {
  const MouthShape* shape = nullptr;
  double start_s = 0;
  double end_s = 0;
  double opening = 1;  // factor of the jaw's target
};

std::vector<Segment> segments_of(std::span<const PerformedSound> sounds, double length_s) {
  std::vector<Segment> segments;
  const auto silence_until = [&](double time_s) {
    const double last_s = segments.empty() ? 0 : segments.back().end_s;
    if (time_s > last_s + 1e-6) segments.push_back({&mouth_shape("SIL"), last_s, time_s, 1});
  };
  for (const PerformedSound& sound : sounds) {
    silence_until(sound.timed.start_s);
    double at_s = sound.timed.start_s;
    for (const ShapeShare& part : shape_sequence(sound.timed.sound)) {
      const double end_s = at_s + part.share * (sound.timed.end_s - sound.timed.start_s);
      const MouthShape& shape = mouth_shape(part.name);
      // A long silence is several, so that its middle is held and its ends are near.
      segments.push_back({&shape, at_s, end_s, shape.vowel ? sound.loudness : 1});
      at_s = end_s;
    }
  }
  silence_until(length_s);
  return segments;
}

double strength(const Segment& segment, Articulator articulator, double time_s) {
  const double alpha = segment.shape->dominance[static_cast<std::size_t>(articulator)];
  const Speed& speed = kSpeeds[static_cast<std::size_t>(articulator)];
  // Silence lasts as long as it lasts; its edges belong to the speech around it.
  const double length_s = segment.end_s - segment.start_s;
  const double margin_s = std::min(0.5 * (1 - kCoreShare) * length_s, 0.06);
  const double before_s = segment.start_s + margin_s - time_s;
  const double after_s = time_s - (segment.end_s - margin_s);
  if (before_s > 0) return alpha * std::exp(-before_s / speed.rise_s);
  if (after_s > 0) return alpha * std::exp(-after_s / speed.fall_s);
  return alpha;
}

// Smooth from 0 to 1 (least jerk).
double ease(double x) {
  x = std::clamp(x, 0.0, 1.0);
  return x * x * x * (10 + x * (6 * x - 15));
}

double contact_level(double start_s, double end_s, double rise_s, double fall_s, double time_s) {
  if (time_s < start_s) return ease(1 - (start_s - time_s) / rise_s);
  if (time_s > end_s) return ease(1 - (time_s - end_s) / fall_s);
  return 1;
}

// Convolves with a Gaussian; the ends repeat.
std::vector<double> smoothed(const std::vector<double>& values, double deviation_s) {
  const int reach = static_cast<int>(std::ceil(3 * deviation_s / kStep_s));
  std::vector<double> kernel;
  double sum = 0;
  for (int k = -reach; k <= reach; ++k) {
    kernel.push_back(std::exp(-0.5 * std::pow(k * kStep_s / deviation_s, 2)));
    sum += kernel.back();
  }
  std::vector<double> result(values.size());
  const int last = static_cast<int>(values.size()) - 1;
  for (int i = 0; i <= last; ++i) {
    double total = 0;
    for (int k = -reach; k <= reach; ++k) {
      total += kernel[static_cast<std::size_t>(k + reach)] *
               values[static_cast<std::size_t>(std::clamp(i + k, 0, last))];
    }
    result[static_cast<std::size_t>(i)] = total / sum;
  }
  return result;
}

// Widens [start_s, end_s] so that a frame of the film lies in it.
void include_a_frame(double& start_s, double& end_s) {
  constexpr double kFrame_s = 1 / kPresenterFrames_per_s;
  const double nearest_s = std::round(0.5 * (start_s + end_s) / kFrame_s) * kFrame_s;
  start_s = std::min(start_s, nearest_s);
  end_s = std::max(end_s, nearest_s);
}

}  // namespace

std::vector<MouthPose> perform_mouth(std::span<const PerformedSound> sounds, std::size_t frames) {
  const double length_s = static_cast<double>(frames) / kPresenterFrames_per_s;
  const std::vector<Segment> segments = segments_of(sounds, length_s);
  const auto steps = static_cast<std::size_t>(length_s / kStep_s) + 1;

  // 1. Dominance: every target on a fine grid.
  std::array<std::vector<double>, kMouthTargets> curves;
  for (std::size_t target = 0; target < kMouthTargets; ++target) {
    const Articulator articulator = articulator_of(static_cast<MouthTarget>(target));
    const bool jaw = target == static_cast<std::size_t>(MouthTarget::kOpen);
    std::vector<double> curve(steps, 0);
    std::size_t first = 0;
    for (std::size_t i = 0; i < steps; ++i) {
      const double time_s = static_cast<double>(i) * kStep_s;
      while (first < segments.size() && segments[first].end_s < time_s - kReach_s) ++first;
      double pulled = 0;
      double total = 1e-9;
      for (std::size_t s = first; s < segments.size() && segments[s].start_s < time_s + kReach_s; ++s) {
        const double weight = strength(segments[s], articulator, time_s);
        pulled += weight * segments[s].shape->targets[target] * (jaw ? segments[s].opening : 1);
        total += weight;
      }
      curve[i] = pulled / total;
    }
    curves[target] = smoothed(curve, kSpeeds[static_cast<std::size_t>(articulator)].smoothing_s);
  }

  // 2. Contacts over it, frame by frame.
  std::vector<MouthPose> poses(frames);
  for (std::size_t f = 0; f < frames; ++f) {
    const double time_s = static_cast<double>(f) / kPresenterFrames_per_s;
    const auto step = std::min(steps - 1, static_cast<std::size_t>(time_s / kStep_s + 0.5));
    MouthPose& pose = poses[f];
    for (std::size_t target = 0; target < kMouthTargets; ++target) {
      pose.targets[target] = static_cast<float>(curves[target][step]);
    }
    double lips = 0;
    double teeth = 0;
    double tongue_up = 0;
    double tongue_out = 0;
    for (const Segment& segment : segments) {
      if (segment.shape->contact == Contact::kNone || segment.end_s < time_s - 0.3) continue;
      if (segment.start_s > time_s + 0.3) break;
      double start_s = segment.start_s;
      double end_s = segment.end_s;
      const std::string_view name = segment.shape->name;
      if (name == "P" || name == "B") end_s = start_s + kStopClosedShare * (end_s - start_s);
      const double margin_s = 0.2 * (end_s - start_s);
      start_s += margin_s;
      end_s -= margin_s;
      include_a_frame(start_s, end_s);
      const bool tongue =
          segment.shape->contact == Contact::kTongueRidge || segment.shape->contact == Contact::kTongueTeeth;
      const double level = contact_level(start_s, end_s, tongue ? kTongueRise_s : kContactRise_s,
                                         tongue ? kTongueRise_s : kContactFall_s, time_s);
      switch (segment.shape->contact) {
        case Contact::kLips:
          lips = std::max(lips, level);
          break;
        case Contact::kLipAndTeeth:
          teeth = std::max(teeth, level);
          break;
        case Contact::kTongueRidge:
          tongue_up = std::max(tongue_up, level * segment.shape->tongue);
          break;
        case Contact::kTongueTeeth:
          tongue_out = std::max(tongue_out, level * segment.shape->tongue);
          break;
        case Contact::kNone:
          break;
      }
    }
    const auto at = [&](MouthTarget target) -> float& {
      return pose.targets[static_cast<std::size_t>(target)];
    };
    const auto mix = [](float& value, double goal, double level) {
      value = static_cast<float>(value + level * (goal - value));
    };
    // Teeth on the lower lip: the jaw nearly closed, the upper lip lifted off the teeth.
    mix(at(MouthTarget::kOpen), 0.04, teeth);
    mix(at(MouthTarget::kPursing), 0.3 * at(MouthTarget::kPursing), teeth);
    mix(at(MouthTarget::kPartLater), 0.05, teeth);
    pose.lower_lip_tuck = static_cast<float>(teeth);
    at(MouthTarget::kElevation) = static_cast<float>(0.2 * teeth);
    at(MouthTarget::kParling) = static_cast<float>(0.12 * teeth);
    at(MouthTarget::kEversion) = static_cast<float>(-0.2 * teeth);
    // Closed lips, whatever was going on.
    mix(at(MouthTarget::kOpen), 0, lips);
    mix(at(MouthTarget::kPartLater), 0, lips);
    mix(at(MouthTarget::kDepressionRetraction), 0, lips);
    mix(at(MouthTarget::kRetraction), 0.4 * at(MouthTarget::kRetraction), lips);
    mix(at(MouthTarget::kPursing), 0.5 * at(MouthTarget::kPursing), lips);
    mix(at(MouthTarget::kProtusion), 0, lips);
    mix(at(MouthTarget::kElevation), 0, lips);
    mix(at(MouthTarget::kParling), 0, lips);
    mix(at(MouthTarget::kEversion), 0, lips);
    pose.lower_lip_tuck *= static_cast<float>(1 - lips);
    at(MouthTarget::kCompression) = static_cast<float>(kCompression * lips);
    // The tongue is behind closed lips; where it comes out the teeth make way.
    pose.tongue_up = static_cast<float>(tongue_up * (1 - lips));
    pose.tongue_out = static_cast<float>(tongue_out * (1 - lips));
  }
  return poses;
}

}  // namespace anima::presenter
