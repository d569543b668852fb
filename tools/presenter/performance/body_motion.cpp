#include "presenter/performance/body_motion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/random.h"

namespace anima::presenter {
namespace {

constexpr double kFrame_s = 1 / kPresenterFrames_per_s;

// One stream of random numbers for each kind of motion: changing one leaves the others.
enum Stream : std::uint64_t {
  kBlinkStream = 11,
  kGazeStream,
  kYawStream,
  kPitchStream,
  kRollStream,
  kSwayStream
};

constexpr double kYawLimit_deg = 12;
constexpr double kPitchLimit_deg = 6;
constexpr double kRollLimit_deg = 4;

double ease(double x) {
  x = std::clamp(x, 0.0, 1.0);
  return x * x * x * (10 + x * (6 * x - 15));
}

// Up in `rise_s` to 1 at `peak_s`, and down in `fall_s`.
double bump(double time_s, double peak_s, double rise_s, double fall_s) {
  return time_s < peak_s ? ease(1 - (peak_s - time_s) / rise_s) : ease(1 - (time_s - peak_s) / fall_s);
}

struct Key {
  double time_s;
  double value;
};

// Rests at keys and moves between them without jerk: a move takes `move_share` of the interval.
double follow(const std::vector<Key>& keys, double time_s, double move_share) {
  const auto next =
      std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.time_s > time_s; });
  if (next == keys.begin()) return keys.front().value;
  if (next == keys.end()) return keys.back().value;
  const Key& from = *(next - 1);
  const double length_s = next->time_s - from.time_s;
  const double x = (time_s - from.time_s - (1 - move_share) * length_s) / (move_share * length_s);
  return from.value + ease(x) * (next->value - from.value);
}

// Poses of an axis of the head: a new one every one to three seconds.
std::vector<Key> wander(double length_s, double deviation, double limit, std::uint64_t seed, Stream stream) {
  Random random(seed, stream);
  std::vector<Key> keys = {{0, 0}};
  for (double at_s = random.uniform(0.5, 1.2); at_s < length_s; at_s += random.uniform(0.9, 2.6)) {
    // Drawn towards the camera: half of what it was, and something new.
    const double value = 0.35 * keys.back().value + deviation * random.normal();
    keys.push_back({at_s, std::clamp(value, -limit, limit)});
  }
  keys.push_back({length_s + 1, 0});
  return keys;
}

// Fixations of the eyes, degrees from the camera. A saccade is over within a frame.
struct Fixation {
  double start_s;
  double yaw_deg;
  double pitch_deg;
};

std::vector<Fixation> plan_gaze(const BodyCues& cues, std::uint64_t seed) {
  Random random(seed, kGazeStream);
  std::vector<Fixation> plan = {{0, 0, 0}};
  double next_glance_s = random.uniform(4, 7);
  for (double at_s = random.uniform(0.6, 1.5); at_s < cues.length_s;) {
    if (at_s > next_glance_s) {
      // Away from the camera while thinking, and back.
      const double side = random.uniform() < 0.5 ? -1 : 1;
      plan.push_back({at_s, side * random.uniform(5, 10), random.uniform(-5, 4)});
      at_s += random.uniform(0.45, 0.9);
      plan.push_back({at_s, random.uniform(-0.8, 0.8), random.uniform(-0.5, 0.5)});
      next_glance_s = at_s + random.uniform(4, 8);
    } else {
      plan.push_back({at_s, 1.1 * random.normal(), 0.7 * random.normal()});
    }
    at_s += random.uniform(0.5, 1.7);
  }
  return plan;
}

// Lungs: filled in the half second before a phrase, emptied by it; calm waves in longer silence.
std::vector<Key> plan_breath(const BodyCues& cues) {
  std::vector<Key> keys = {{0, 0.35}};
  double last_s = 0;
  const auto rest_until = [&](double time_s) {
    constexpr double kCycle_s = 3.8;
    while (time_s - last_s > kCycle_s) {
      keys.push_back({last_s + 0.4 * kCycle_s, 0.6});
      keys.push_back({last_s + kCycle_s, 0.15});
      last_s += kCycle_s;
    }
  };
  for (const SpokenPhrase& phrase : cues.phrases) {
    rest_until(phrase.start_s - 0.5);
    const double filled = std::clamp(0.45 + 0.13 * (phrase.end_s - phrase.start_s), 0.5, 1.0);
    const double start_s = std::max(phrase.start_s - 0.5, last_s + 0.02);
    if (start_s > last_s + 0.01) keys.push_back({start_s, keys.back().value});
    keys.push_back({std::max(phrase.start_s, start_s + 0.05), filled});
    keys.push_back({phrase.end_s, 0.12});
    last_s = phrase.end_s;
  }
  rest_until(cues.length_s);
  keys.push_back({cues.length_s + 2, 0.4});
  return keys;
}

std::vector<double> smoothed(const std::vector<double>& values, double deviation_s) {
  const int reach = static_cast<int>(std::ceil(3 * deviation_s / kFrame_s));
  const int last = static_cast<int>(values.size()) - 1;
  std::vector<double> result(values.size());
  for (int i = 0; i <= last; ++i) {
    double total = 0;
    double sum = 0;
    for (int k = -reach; k <= reach; ++k) {
      const double weight = std::exp(-0.5 * std::pow(k * kFrame_s / deviation_s, 2));
      total += weight * values[static_cast<std::size_t>(std::clamp(i + k, 0, last))];
      sum += weight;
    }
    result[static_cast<std::size_t>(i)] = total / sum;
  }
  return result;
}

}  // namespace

std::vector<Blink> plan_blinks(const BodyCues& cues, std::uint64_t seed) {
  constexpr double kShortest_s = 1.1;  // between two blinks
  constexpr double kMean_s = 3.9;      // without those at the ends of phrases
  Random random(seed, kBlinkStream);
  std::vector<double> phrase_ends;
  for (const SpokenPhrase& phrase : cues.phrases) {
    if (random.uniform() < 0.55) phrase_ends.push_back(phrase.end_s + random.uniform(-0.1, 0.25));
  }
  std::vector<Blink> blinks;
  double last_s = 0;
  for (std::size_t end = 0; last_s < cues.length_s;) {
    // An exponential rest after the shortest, cut at three means.
    double next_s = last_s + kShortest_s +
                    std::min(3 * kMean_s, -(kMean_s - kShortest_s) * std::log(1 - random.uniform()));
    while (end < phrase_ends.size() && phrase_ends[end] < last_s + kShortest_s) ++end;
    if (end < phrase_ends.size() && phrase_ends[end] < next_s + 0.6) next_s = phrase_ends[end++];
    const Blink blink = {next_s, random.uniform(0.26, 0.38)};
    if (blink.start_s + blink.length_s > cues.length_s) break;
    blinks.push_back(blink);
    last_s = next_s;
  }
  return blinks;
}

double blink_closure(const Blink& blink, double time_s) {
  // Closing is twice as fast as opening; closed for a little more than a frame.
  constexpr double kClosed_s = 1.05 * kFrame_s;
  const double moving_s = blink.length_s - kClosed_s;
  const double closing_s = 0.36 * moving_s;
  const double x_s = time_s - blink.start_s;
  if (x_s <= 0 || x_s >= blink.length_s) return 0;
  if (x_s < closing_s) return ease(x_s / closing_s);
  if (x_s < closing_s + kClosed_s) return 1;
  return ease((blink.length_s - x_s) / (moving_s - closing_s));
}

void perform_body(const BodyCues& cues, std::uint64_t seed, PresenterPerformance& poses) {
  const std::vector<Blink> blinks = plan_blinks(cues, seed);
  const std::vector<Key> yaw = wander(cues.length_s, 5.0, kYawLimit_deg - 2, seed, kYawStream);
  const std::vector<Key> pitch = wander(cues.length_s, 1.5, 3, seed, kPitchStream);
  const std::vector<Key> roll = wander(cues.length_s, 1.7, kRollLimit_deg - 0.5, seed, kRollStream);
  const std::vector<Key> sway_x = wander(cues.length_s, 0.025, 0.06, seed, kSwayStream);
  const std::vector<Key> sway_z = wander(cues.length_s, 0.03, 0.07, seed + 1, kSwayStream);
  const std::vector<Fixation> gaze = plan_gaze(cues, seed);
  const std::vector<Key> breath = plan_breath(cues);
  // The head goes with the voice: half the power of speech moves it a degree.
  const std::vector<double> loudness = smoothed(cues.loudness, 0.14);
  Random random(seed, kSwayStream + 1);

  struct Nod {
    double peak_s;
    double depth_deg;
    double brow;
    double length_s;
  };
  std::vector<Nod> nods;
  for (const SpokenStress& stress : cues.stresses) {
    nods.push_back({0.5 * (stress.start_s + stress.end_s), random.uniform(1.6, 3.2),
                    random.uniform(0.25, 0.5), random.uniform(0.22, 0.3)});
  }
  for (const SpokenPhrase& silence : cues.listening) {
    for (double at_s = silence.start_s + 0.9; at_s < silence.end_s - 0.6; at_s += random.uniform(1.1, 2.0)) {
      nods.push_back({at_s, random.uniform(2.2, 3.6), random.uniform(0, 0.25), 0.34});
      if (random.uniform() < 0.5) nods.push_back({at_s + 0.55, 1.6, 0, 0.3});
    }
  }

  std::size_t fixation = 0;
  std::size_t blink = 0;
  for (std::size_t f = 0; f < poses.size(); ++f) {
    PresenterPose& pose = poses[f];
    const double time_s = static_cast<double>(f) * kFrame_s;

    double nod_deg = 0;
    double brow = 0.04 * std::sin(2 * std::numbers::pi * time_s / 7.3);
    for (const Nod& nod : nods) {
      nod_deg += nod.depth_deg * bump(time_s, nod.peak_s, nod.length_s, 1.3 * nod.length_s);
      brow = std::max(brow, nod.brow * bump(time_s, nod.peak_s - 0.05, 0.2, 0.45));
    }
    double tilt_deg = 0;
    for (const SpokenPhrase& phrase : cues.phrases) {
      if (!phrase.question) continue;
      const double level = bump(time_s, phrase.end_s - 0.1, 0.5, 0.7);
      brow = std::max(brow, 0.45 * level);
      tilt_deg += 1.2 * level;
    }
    const double head_yaw = follow(yaw, time_s, 0.55);
    const double head_pitch = follow(pitch, time_s, 0.6) - nod_deg + 1.1 * (loudness[f] - 0.5);
    const double head_roll = follow(roll, time_s, 0.6) + tilt_deg;
    pose.head_yaw_deg = static_cast<float>(std::clamp(head_yaw, -kYawLimit_deg, kYawLimit_deg));
    pose.head_pitch_deg = static_cast<float>(std::clamp(head_pitch, -kPitchLimit_deg, kPitchLimit_deg));
    pose.head_roll_deg = static_cast<float>(std::clamp(head_roll, -kRollLimit_deg, kRollLimit_deg));
    pose.head_shift_dm = {static_cast<float>(follow(sway_x, time_s, 0.8) + 0.004 * head_yaw),
                          static_cast<float>(-0.004 * nod_deg),
                          static_cast<float>(follow(sway_z, time_s, 0.8) + 0.006 * nod_deg)};
    pose.brow_raise = static_cast<float>(std::clamp(brow, -0.5, 1.0));

    while (blink < blinks.size() && blinks[blink].start_s + blinks[blink].length_s < time_s) ++blink;
    if (blink < blinks.size()) {
      pose.blink_left = pose.blink_right = static_cast<float>(blink_closure(blinks[blink], time_s));
    }

    while (fixation + 1 < gaze.size() && gaze[fixation + 1].start_s <= time_s) ++fixation;
    // The eyes turn against the head: they stay where they look.
    pose.gaze_yaw_deg =
        static_cast<float>(std::clamp(gaze[fixation].yaw_deg - pose.head_yaw_deg, -22.0, 22.0));
    pose.gaze_pitch_deg =
        static_cast<float>(std::clamp(gaze[fixation].pitch_deg - pose.head_pitch_deg, -14.0, 14.0));

    pose.breath = static_cast<float>(follow(breath, time_s, 1));
    pose.shoulder_shift_dm = {static_cast<float>(0.6 * follow(sway_x, time_s, 0.95)),
                              static_cast<float>(0.012 * loudness[f] - 0.002 * nod_deg)};
    pose.shoulder_roll_deg = static_cast<float>(0.22 * follow(roll, time_s, 0.95));
  }
}

}  // namespace anima::presenter
