#include "motion/motion_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/error.h"

namespace anima::motion {
namespace {

constexpr int kMostNetworks = 8;
constexpr std::int64_t kMostFrames = 25 * 60 * 60;  // an hour
constexpr float kVersion = 1;

[[noreturn]] void corrupt(const std::string& what) {
  throw Error(ErrorCode::kCorruptData, "the avatar's motion model " + what, "train the avatar again");
}

void require(bool good, const char* what) {
  if (!good) corrupt(what);
}

}  // namespace

MouthPrediction MotionModel::predict(const InputWindow& window) const {
  MouthPrediction prediction;
  std::array<double, face::kMouthModes> sum{}, squares{}, variance{};
  for (const MotionNetwork& network : networks) {
    const MotionNetwork::Output output = network.evaluate(window);
    for (int k = 0; k < face::kMouthModes; ++k) {
      sum[k] += output.mean[k];
      squares[k] += static_cast<double>(output.mean[k]) * output.mean[k];
      variance[k] += std::exp(output.log_variance[k]);
    }
  }
  const MouthWeights by_kernel = kernel.predict(window);
  const double count = static_cast<double>(networks.size());
  for (int k = 0; k < face::kMouthModes; ++k) {
    const double mean = sum[k] / count;
    prediction.mean[k] = static_cast<float>(gain * (0.5 * mean + 0.5 * by_kernel[k]));
    // What each expects, and what they disagree about.
    const double disagreement = std::max(0.0, squares[k] / count - mean * mean);
    prediction.deviation[k] = static_cast<float>(std::sqrt(variance[k] / count + disagreement));
  }
  return prediction;
}

void MotionModel::save(TensorFile& file) const {
  const auto frames = static_cast<std::int64_t>(film.frames());
  std::vector<float> poses, weights;
  for (const face::HeadPose& pose : film.poses) {
    for (int i = 0; i < 3; ++i) poses.push_back(static_cast<float>(pose.rotation[i]));
    for (int i = 0; i < 3; ++i) poses.push_back(static_cast<float>(pose.translation[i]));
  }
  for (const face::Weights& w : film.weights) weights.insert(weights.end(), w.begin(), w.end());
  file.put("motion.film.poses", {frames, 6}, std::span<const float>(poses));
  file.put("motion.film.weights", {frames, face::kModes}, std::span<const float>(weights), TensorType::kF16);
  file.put("motion.film.speaking", {frames}, std::span<const std::uint8_t>(film.speaking));
  const std::array<float, 3> blink = {blinks.log_interval_mean, blinks.log_interval_deviation,
                                      static_cast<float>(blinks.seen)};
  file.put("motion.blink.statistics", {3}, std::span<const float>(blink));
  file.put("motion.blink.shape", {kBlinkShapeFrames}, std::span<const float>(blinks.shape));
  normaliser.save(file);
  for (std::size_t i = 0; i < networks.size(); ++i)
    networks[i].save(file, "motion.network" + std::to_string(i) + ".");
  kernel.save(file);
  file.put("motion.importance", {face::kMouthModes}, std::span<const float>(importance));
  file.put("motion.cepstral_mean", {audio::kCepstra}, std::span<const float>(cepstral_mean));
  const std::array<float, 5> about = {kVersion, static_cast<float>(networks.size()),
                                      static_cast<float>(silence_phone), validation_correlation, gain};
  file.put("motion.about", {5}, std::span<const float>(about));
}

MotionModel MotionModel::load(const TensorFile& file) {
  const auto floats = [&](const char* name, std::initializer_list<std::int64_t> shape) {
    return file.floats(name, std::vector<std::int64_t>(shape));
  };
  MotionModel model;
  const auto about = floats("motion.about", {5});
  if (about[0] > kVersion) {
    throw Error(ErrorCode::kUnsupported, "the avatar's motion model was made by a newer Anima",
                "update Anima, or train the avatar again");
  }
  require(about[0] == kVersion, "has no version");
  require(about[1] >= 1 && about[1] <= kMostNetworks && about[1] == std::floor(about[1]),
          "has no usable number of networks");
  require(about[2] >= 0 && about[2] < audio::kPhones, "names a silence phone that does not exist");
  model.silence_phone = static_cast<int>(about[2]);
  model.validation_correlation = about[3];
  require(about[4] >= 1 && about[4] <= kMostGain, "has no usable gain");
  model.gain = about[4];

  const auto& shape = file.shape("motion.film.poses");
  require(shape.size() == 2 && shape[0] >= 1 && shape[0] <= kMostFrames && shape[1] == 6,
          "has no usable film poses");
  const std::int64_t frames = shape[0];
  const auto poses = floats("motion.film.poses", {frames, 6});
  const auto weights = floats("motion.film.weights", {frames, face::kModes});
  const std::array<std::int64_t, 1> one = {frames};
  model.film.speaking = file.bytes("motion.film.speaking", one);
  for (std::int64_t t = 0; t < frames; ++t) {
    face::HeadPose pose;
    for (int i = 0; i < 3; ++i) {
      pose.rotation[i] = poses[t * 6 + i];
      pose.translation[i] = poses[t * 6 + 3 + i];
    }
    require(pose.rotation.norm() < 7 && pose.translation.norm() < 1e5, "holds a head pose that no head has");
    model.film.poses.push_back(pose);
    face::Weights w;
    for (int k = 0; k < face::kModes; ++k) {
      w[k] = weights[t * face::kModes + k];
      require(std::fabs(w[k]) < 1e3F, "holds an expression weight that no face has");
    }
    model.film.weights.push_back(w);
  }

  const auto blink = floats("motion.blink.statistics", {3});
  require(std::fabs(blink[0]) < 10 && blink[1] >= 0 && blink[1] < 5 && blink[2] >= 0 && blink[2] < 1e6F,
          "has no usable blink statistics");
  model.blinks.log_interval_mean = blink[0];
  model.blinks.log_interval_deviation = blink[1];
  model.blinks.seen = static_cast<int>(blink[2]);
  std::ranges::copy(floats("motion.blink.shape", {kBlinkShapeFrames}), model.blinks.shape.begin());
  for (const float v : model.blinks.shape) require(v >= 0 && v <= 1.5F, "has no usable blink shape");
  model.normaliser = InputNormaliser::load(file);
  for (int i = 0; i < static_cast<int>(about[1]); ++i) {
    model.networks.push_back(MotionNetwork::load(file, "motion.network" + std::to_string(i) + "."));
  }
  model.kernel = KernelRegression::load(file);
  std::ranges::copy(floats("motion.importance", {face::kMouthModes}), model.importance.begin());
  std::ranges::copy(floats("motion.cepstral_mean", {audio::kCepstra}), model.cepstral_mean.begin());
  return model;
}

}  // namespace anima::motion
