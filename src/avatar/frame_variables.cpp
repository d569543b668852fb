#include "avatar/frame_variables.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "avatar/adam.h"
#include "core/error.h"

namespace anima::avatar {
namespace {

void turn(face::HeadPose& pose, const Eigen::Vector3d& by) {
  pose.rotation = face::rotation_vector(face::rotation_matrix(by) * pose.matrix());
}

constexpr int kPoseNumbers = 12;  // head, then torso: rotation 3, translation 3
constexpr int kWordsPerDouble = 2;

// A resumed run must go on from the very numbers that the stopped one had, to the last bit: the
// tensor file knows no doubles, so their bit patterns are kept as words, the low one first.
void append_words(std::vector<std::int32_t>& words, double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  words.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)));
  words.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(bits >> 32U)));
}

// Throws Error(kCorruptData) for a number that is none: the words of a damaged file can be anything.
double number_of_words(const std::int32_t* words) {
  const auto low = static_cast<std::uint32_t>(words[0]), high = static_cast<std::uint32_t>(words[1]);
  const auto number = std::bit_cast<double>((static_cast<std::uint64_t>(high) << 32U) | low);
  if (!std::isfinite(number) || std::fabs(number) > 1e6) {
    throw Error(ErrorCode::kCorruptData, "the checkpoint holds a pose that no head has",
                "train with --fresh to start again");
  }
  return number;
}

}  // namespace

FrameVariables::FrameVariables(std::vector<FrameState> states)
    : states_(std::move(states)), moments_(states_.size()) {}

void FrameVariables::step(int frame, const LayerGradient& head, const LayerGradient* torso,
                          const FrameRates& rates, float share) {
  FrameState& state = states_[frame];
  Moments& m = moments_[frame];
  ++m.steps;
  const double correction =
      std::sqrt(1 - std::pow(kAdamBeta2, m.steps)) / (1 - std::pow(kAdamBeta1, m.steps)) * share;
  int next = 0;
  const auto move = [&](double gradient, float rate) {
    const int i = next++;
    m.first[i] = kAdamBeta1 * m.first[i] + (1 - kAdamBeta1) * static_cast<float>(gradient);
    m.second[i] = kAdamBeta2 * m.second[i] + (1 - kAdamBeta2) * static_cast<float>(gradient * gradient);
    return -correction * rate * m.first[i] / (std::sqrt(m.second[i]) + kAdamEpsilon);
  };
  const auto pose = [&](face::HeadPose& p, const LayerGradient& g, float rotation, float translation) {
    Eigen::Vector3d by;
    for (int axis = 0; axis < 3; ++axis) by[axis] = move(g.rotation[axis], rotation);
    turn(p, by);
    for (int axis = 0; axis < 3; ++axis) {
      p.translation[axis] += move(g.translation[axis], axis == 2 ? 3 * translation : translation);
    }
  };
  pose(state.head, head, rates.rotation, rates.translation);
  for (int k = 0; k < face::kModes; ++k) {
    state.weights[k] += static_cast<float>(move(head.weights[k], rates.weights));
  }
  if (torso != nullptr) pose(state.torso, *torso, rates.torso_rotation, rates.torso_translation);
}

void FrameVariables::save(TensorFile& file, const std::string& prefix) const {
  const auto frames = static_cast<std::int64_t>(states_.size());
  std::vector<float> weights, first, second;
  std::vector<std::int32_t> poses, steps;
  for (std::size_t f = 0; f < states_.size(); ++f) {
    const FrameState& s = states_[f];
    for (const face::HeadPose* pose : {&s.head, &s.torso}) {
      for (int i = 0; i < 3; ++i) append_words(poses, pose->rotation[i]);
      for (int i = 0; i < 3; ++i) append_words(poses, pose->translation[i]);
    }
    weights.insert(weights.end(), s.weights.begin(), s.weights.end());
    first.insert(first.end(), moments_[f].first.begin(), moments_[f].first.end());
    second.insert(second.end(), moments_[f].second.begin(), moments_[f].second.end());
    steps.push_back(moments_[f].steps);
  }
  file.put(prefix + ".poses", {frames, kPoseNumbers, kWordsPerDouble}, poses);
  file.put(prefix + ".weights", {frames, face::kModes}, weights);
  file.put(prefix + ".first", {frames, kFrameNumbers}, first);
  file.put(prefix + ".second", {frames, kFrameNumbers}, second);
  file.put(prefix + ".steps", {frames}, steps);
}

FrameVariables FrameVariables::load(const TensorFile& file, const std::string& prefix) {
  using Shape = std::vector<std::int64_t>;
  const std::vector<float> weights = file.floats(prefix + ".weights", Shape{-1, face::kModes});
  const auto frames = static_cast<std::int64_t>(weights.size() / face::kModes);
  const std::vector<std::int32_t> poses =
      file.integers(prefix + ".poses", Shape{frames, kPoseNumbers, kWordsPerDouble});
  const std::vector<float> first = file.floats(prefix + ".first", Shape{frames, kFrameNumbers});
  const std::vector<float> second = file.floats(prefix + ".second", Shape{frames, kFrameNumbers});
  const std::vector<std::int32_t> steps = file.integers(prefix + ".steps", Shape{frames});
  FrameVariables out(std::vector<FrameState>(static_cast<std::size_t>(frames)));
  for (std::int64_t f = 0; f < frames; ++f) {
    const std::int32_t* words = poses.data() + f * kPoseNumbers * kWordsPerDouble;
    FrameState& s = out.states_[f];
    for (face::HeadPose* pose : {&s.head, &s.torso}) {
      for (Eigen::Vector3d* part : {&pose->rotation, &pose->translation}) {
        for (int i = 0; i < 3; ++i, words += kWordsPerDouble) (*part)[i] = number_of_words(words);
      }
    }
    std::copy_n(weights.data() + f * face::kModes, face::kModes, s.weights.begin());
    std::copy_n(first.data() + f * kFrameNumbers, kFrameNumbers, out.moments_[f].first.begin());
    std::copy_n(second.data() + f * kFrameNumbers, kFrameNumbers, out.moments_[f].second.begin());
    out.moments_[f].steps = steps[f];
  }
  return out;
}

}  // namespace anima::avatar
