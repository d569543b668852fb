#include "avatar/frame_variables.h"

#include <cmath>

#include "avatar/adam.h"

namespace anima::avatar {
namespace {

void turn(face::HeadPose& pose, const Eigen::Vector3d& by) {
  pose.rotation = face::rotation_vector(face::rotation_matrix(by) * pose.matrix());
}

// Checkpoints hold single precision; what runs on must be what a resumed run would read.
void round_to_stored(face::HeadPose& pose) {
  pose.rotation = pose.rotation.cast<float>().cast<double>();
  pose.translation = pose.translation.cast<float>().cast<double>();
}

}  // namespace

FrameVariables::FrameVariables(std::vector<FrameState> states)
    : states_(std::move(states)), moments_(states_.size()) {
  for (FrameState& s : states_) {
    round_to_stored(s.head);
    round_to_stored(s.torso);
  }
}

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
    round_to_stored(p);
  };
  pose(state.head, head, rates.rotation, rates.translation);
  for (int k = 0; k < face::kModes; ++k) {
    state.weights[k] += static_cast<float>(move(head.weights[k], rates.weights));
  }
  if (torso != nullptr) pose(state.torso, *torso, rates.torso_rotation, rates.torso_translation);
}

void FrameVariables::save(TensorFile& file, const std::string& prefix) const {
  const auto frames = static_cast<std::int64_t>(states_.size());
  std::vector<float> numbers, first, second;
  std::vector<std::int32_t> steps;
  for (std::size_t f = 0; f < states_.size(); ++f) {
    const FrameState& s = states_[f];
    for (const face::HeadPose* pose : {&s.head, &s.torso}) {
      for (int i = 0; i < 3; ++i) numbers.push_back(static_cast<float>(pose->rotation[i]));
      for (int i = 0; i < 3; ++i) numbers.push_back(static_cast<float>(pose->translation[i]));
    }
    numbers.insert(numbers.end(), s.weights.begin(), s.weights.end());
    first.insert(first.end(), moments_[f].first.begin(), moments_[f].first.end());
    second.insert(second.end(), moments_[f].second.begin(), moments_[f].second.end());
    steps.push_back(moments_[f].steps);
  }
  file.put(prefix + ".numbers", {frames, kFrameNumbers}, numbers);
  file.put(prefix + ".first", {frames, kFrameNumbers}, first);
  file.put(prefix + ".second", {frames, kFrameNumbers}, second);
  file.put(prefix + ".steps", {frames}, steps);
}

FrameVariables FrameVariables::load(const TensorFile& file, const std::string& prefix) {
  using Shape = std::vector<std::int64_t>;
  const std::vector<float> numbers = file.floats(prefix + ".numbers", Shape{-1, kFrameNumbers});
  const auto frames = static_cast<std::int64_t>(numbers.size() / kFrameNumbers);
  const std::vector<float> first = file.floats(prefix + ".first", Shape{frames, kFrameNumbers});
  const std::vector<float> second = file.floats(prefix + ".second", Shape{frames, kFrameNumbers});
  const std::vector<std::int32_t> steps = file.integers(prefix + ".steps", Shape{frames});
  FrameVariables out(std::vector<FrameState>(static_cast<std::size_t>(frames)));
  for (std::int64_t f = 0; f < frames; ++f) {
    const float* n = numbers.data() + f * kFrameNumbers;
    FrameState& s = out.states_[f];
    for (face::HeadPose* pose : {&s.head, &s.torso}) {
      pose->rotation = {n[0], n[1], n[2]};
      pose->translation = {n[3], n[4], n[5]};
      n += 6;
    }
    std::copy_n(n, face::kModes, s.weights.begin());
    std::copy_n(first.data() + f * kFrameNumbers, kFrameNumbers, out.moments_[f].first.begin());
    std::copy_n(second.data() + f * kFrameNumbers, kFrameNumbers, out.moments_[f].second.begin());
    out.moments_[f].steps = steps[f];
  }
  return out;
}

}  // namespace anima::avatar
