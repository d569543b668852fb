#include "motion/motion_generator.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.h"
#include "face/lip_measures.h"

namespace anima::motion {
namespace {

constexpr int kSamplesPerFrame = audio::kSpeechRateHz / kFrameRateHz;

const MotionOptions& checked(const MotionOptions& options) {
  const auto require = [](double value, double low, double high, const char* name) {
    if (value >= low && value <= high) return;
    throw Error(ErrorCode::kInvalidArgument, std::string(name) + " is " + std::to_string(value),
                "choose " + std::to_string(low) + " to " + std::to_string(high));
  };
  require(options.mouth_amplitude, 0, 3, "the mouth amplitude");
  require(options.lle_fraction, 0, 1, "the LLE fraction");
  require(options.temperature, 0, 2, "the temperature");
  require(options.silence, 0, 1, "the silence strength");
  return options;
}

audio::SpeechFeatureOptions feature_options(const MotionOptions& options) {
  audio::SpeechFeatureOptions features;
  features.pitch = false;
  features.posteriors.cepstral_mean = options.cepstral_mean;
  return features;
}

HeadMotionOptions head_options(const MotionOptions& options) {
  HeadMotionOptions head = options.head;
  head.seed = options.seed;
  return head;
}

// Least squares: how far the gaze turns per radian of nod and of turn of the head.
Eigen::Matrix2d gaze_by_turn(const FilmMotion& film) {
  Eigen::Vector2d mean_turn = Eigen::Vector2d::Zero(), mean_gaze = Eigen::Vector2d::Zero();
  const auto gaze_of = [&](int t) {
    return Eigen::Vector2d(film.weights[t][face::kFirstGaze], film.weights[t][face::kFirstGaze + 1]);
  };
  for (int t = 0; t < film.frames(); ++t) {
    mean_turn += film.poses[t].rotation.head<2>() / film.frames();
    mean_gaze += gaze_of(t) / film.frames();
  }
  Eigen::Matrix2d turns = 1e-3 * Eigen::Matrix2d::Identity(), both = Eigen::Matrix2d::Zero();
  for (int t = 0; t < film.frames(); ++t) {
    const Eigen::Vector2d turn = film.poses[t].rotation.head<2>() - mean_turn;
    turns += turn * turn.transpose();
    both += (gaze_of(t) - mean_gaze) * turn.transpose();
  }
  return both * turns.inverse();
}

}  // namespace

MotionGenerator::MotionGenerator(const MotionModel& model, const face::ExpressionBasis& basis,
                                 const MotionOptions& options)
    : model_(model),
      basis_(basis),
      options_(checked(options)),
      features_(audio::shared_senone_scorer(), feature_options(options)),
      gate_(model.silence_phone),
      manifold_(model.film.weights, model.importance),
      head_(model.film, head_options(options)),
      blinks_(model.blinks, options.blink, options.blink_period_s, options.seed),
      noise_random_(options.seed, 13) {
  if (options.head.mode == PoseMode::kStatic) {
    HeadMotionOptions anywhere;
    anywhere.seed = options.seed + 1;
    eyes_.emplace(model.film, anywhere);
    gaze_by_turn_ = gaze_by_turn(model.film);
  }
  neutral_gap_ = rest_gap_ = static_cast<float>(face::signed_lip_gap(basis.neutral));
  double reach = 0;
  for (int k = 0; k < face::kMouthModes; ++k) {
    gap_gradient_[k] = static_cast<float>(face::signed_lip_gap(basis.modes[face::kFirstMouth + k]));
    rest_gap_ += gap_gradient_[k] * basis.rest[face::kFirstMouth + k];
    // Least sum of (importance_k * step_k)^2 with gradient . step = 1.
    gap_step_[k] = gap_gradient_[k] / std::max(model.importance[k] * model.importance[k], 1e-8F);
    reach += static_cast<double>(gap_gradient_[k]) * gap_step_[k];
  }
  for (float& step : gap_step_) step = reach > 1e-12 ? static_cast<float>(step / reach) : 0.0F;
}

// Modes add up linearly, so lips that are pressed together by more than one of them would pass
// through each other: they stop where the mouth at rest is.
void MotionGenerator::keep_lips_apart(face::Weights& weights) const {
  float gap = neutral_gap_;
  for (int k = 0; k < face::kMouthModes; ++k) gap += gap_gradient_[k] * weights[face::kFirstMouth + k];
  const float missing = rest_gap_ - gap;
  if (missing <= 0) return;
  for (int k = 0; k < face::kMouthModes; ++k) weights[face::kFirstMouth + k] += missing * gap_step_[k];
}

void MotionGenerator::push(std::span<const float> samples) {
  features_.push(samples);
  samples_ += static_cast<long long>(samples.size());
}

void MotionGenerator::finish() {
  if (finished_) return;
  features_.finish();
  listen();
  finished_ = true;
  gate_.finish();
  listen();
}

void MotionGenerator::listen() {
  audio::SpeechFrame frame;
  const auto add_row = [this](const audio::SpeechFrame& first, const audio::SpeechFrame& second) {
    rows_.push_back(model_.normaliser.apply(mouth_input(first, second)));
  };
  while (features_.pull(frame)) {
    gate_.push(frame);
    if (odd_frame_) {
      add_row(*odd_frame_, frame);
      odd_frame_.reset();
    } else {
      odd_frame_ = frame;
    }
  }
  if (finished_ && odd_frame_) {
    add_row(*odd_frame_, *odd_frame_);
    odd_frame_.reset();
  }
  float gate = 0;
  while (gate_.pull(gate)) gate_values_.push_back(gate);
}

bool MotionGenerator::mouth_of_next(MouthPrediction& prediction, float& speaking) {
  const long long last_row = first_row_ + static_cast<long long>(rows_.size()) - 1;
  if (!finished_ && (last_row < 2 * next_ + kRowsAfter || gate_values_.size() < 4)) return false;
  // The first and the last row stand for what lies beyond the ends.
  InputWindow window;
  for (int r = 0; r < kWindowRows; ++r) {
    const long long wanted = std::clamp(2 * next_ - kRowsBefore + r, std::max(0LL, first_row_), last_row);
    const MouthInput& row = rows_[static_cast<std::size_t>(wanted - first_row_)];
    window.row(r) = Eigen::Map<const Eigen::RowVectorXf>(row.data(), kMouthInputs);
  }
  prediction = model_.predict(window);
  speaking = 0;
  for (int j = 0; j < 4; ++j) {
    if (!gate_values_.empty()) {
      last_gate_ = gate_values_.front();
      gate_values_.pop_front();
    }
    speaking += 0.25F * last_gate_;
  }
  while (first_row_ < 2 * (next_ + 1) - kRowsBefore && rows_.size() > 1) {
    rows_.pop_front();
    ++first_row_;
  }
  return true;
}

// Unit variance, correlated over about a tenth of a second: a random walk that is pulled back,
// smoothed once more so that its velocity is finite.
MouthWeights MotionGenerator::noise() {
  constexpr float kKeep = 0.7F;
  // Two equal first-order filters in a row on unit noise have this variance.
  static const float scale = [] {
    const double a = kKeep, gain = (1 - a) * (1 - a);
    return static_cast<float>(1 / std::sqrt(gain * gain * (1 + a * a) / std::pow(1 - a * a, 3)));
  }();
  MouthWeights result;
  for (int k = 0; k < face::kMouthModes; ++k) {
    noise_fast_[k] = kKeep * noise_fast_[k] + (1 - kKeep) * static_cast<float>(noise_random_.normal());
    noise_slow_[k] = kKeep * noise_slow_[k] + (1 - kKeep) * noise_fast_[k];
    result[k] = scale * noise_slow_[k];
  }
  return result;
}

// Brows and gaze of a place in the film.
void MotionGenerator::move_eyes(const FilmPosition& at, face::Weights& weights) {
  const face::Weights& a = model_.film.weights[at.frame_a];
  const face::Weights& b = model_.film.weights[at.frame_b];
  for (int k = face::kFirstBrow; k < face::kFirstBrow + face::kBrowModes; ++k) {
    weights[k] = (1 - at.blend) * a[k] + at.blend * b[k];
  }
  // Eyes jump rather than drift: while one passage of the film fades into another, within three frames.
  const bool fading = at.frame_b - at.frame_a != 1 && at.frame_a != at.frame_b;
  const float jump = fading ? std::clamp((at.blend - 0.35F) / 0.3F, 0.0F, 1.0F) : at.blend;
  float shift = 0;
  for (int k = face::kFirstGaze; k < face::kFirstGaze + face::kGazeModes; ++k) {
    weights[k] = (1 - jump) * a[k] + jump * b[k];
    shift += std::fabs(b[k] - a[k]);
  }
  if (fading && at.blend > 0.1F && at.blend < 0.35F && shift > 1.5F) blinks_.suggest();
}

bool MotionGenerator::pull(MotionFrame& frame) {
  if (finished_) {
    if (next_ * kSamplesPerFrame >= samples_) return false;
  } else {
    listen();
  }
  MouthPrediction prediction;
  float speaking = 0;
  if (!mouth_of_next(prediction, speaking)) return false;
  frame.index = next_++;
  frame.speaking = speaking;

  // 1. Pose, brows and gaze from one place of the film, so that the eyes fit the head.
  frame.film = head_.next(speaking > 0.5F);
  const FilmPosition& at = frame.film;
  frame.pose = blend_poses(model_.film.poses[at.frame_a], model_.film.poses[at.frame_b], at.blend);
  if (eyes_) {
    const FilmPosition elsewhere = eyes_->next(speaking > 0.5F);
    move_eyes(elsewhere, frame.weights);
    const face::HeadPose there = blend_poses(model_.film.poses[elsewhere.frame_a],
                                             model_.film.poses[elsewhere.frame_b], elsewhere.blend);
    const Eigen::Vector2d made_up = gaze_by_turn_ * (frame.pose.rotation - there.rotation).head<2>();
    for (int k = 0; k < face::kGazeModes; ++k)
      frame.weights[face::kFirstGaze + k] += static_cast<float>(made_up[k]);
  } else {
    move_eyes(at, frame.weights);
  }

  // 2. Lids.
  const auto lids = blinks_.next();
  frame.weights[face::kFirstBlink] = lids[0];
  frame.weights[face::kFirstBlink + 1] = lids[1];

  // 3. Mouth: prediction, noise, the person's own shapes, amplitude, silence.
  MouthWeights mouth = prediction.mean;
  const MouthWeights random = noise();
  double variance = 0, total = 0;
  for (int k = 0; k < face::kMouthModes; ++k) {
    mouth[k] += options_.temperature * prediction.deviation[k] * random[k];
    const double counts = static_cast<double>(model_.importance[k]) * model_.importance[k];
    variance +=
        counts * std::min(1.0, static_cast<double>(prediction.deviation[k]) * prediction.deviation[k]);
    total += counts;
  }
  mouth = manifold_.project(mouth, options_.lle_fraction);
  const float open = 1 - options_.silence * (1 - speaking);
  for (int k = 0; k < face::kMouthModes; ++k) {
    const float rest = basis_.rest[face::kFirstMouth + k];
    frame.weights[face::kFirstMouth + k] = rest + options_.mouth_amplitude * open * (mouth[k] - rest);
  }
  keep_lips_apart(frame.weights);
  frame.confidence = static_cast<float>(total > 0 ? 1 - variance / total : 0);
  return true;
}

std::vector<MotionFrame> generate_motion(const MotionModel& model, const face::ExpressionBasis& basis,
                                         const Sound& sound, MotionOptions options,
                                         const WorkContext& context) {
  if (!options.cepstral_mean) options.cepstral_mean = audio::cepstral_mean_of(sound);
  MotionGenerator generator(model, basis, options);
  StageProgress progress(context, "moving the face");
  std::vector<MotionFrame> frames;
  MotionFrame frame;
  const std::span<const float> samples(sound.samples);
  constexpr std::size_t kPiece = audio::kSpeechRateHz;
  for (std::size_t at = 0; at < samples.size(); at += kPiece) {
    generator.push(samples.subspan(at, std::min(kPiece, samples.size() - at)));
    while (generator.pull(frame)) frames.push_back(frame);
    progress.update(static_cast<double>(at), static_cast<double>(samples.size()));
  }
  generator.finish();
  while (generator.pull(frame)) frames.push_back(frame);
  return frames;
}

}  // namespace anima::motion
