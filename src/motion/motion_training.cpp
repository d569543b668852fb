#include "motion/motion_training.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "audio/speech_features.h"
#include "core/error.h"
#include "core/threads.h"
#include "face/lip_measures.h"
#include "motion/silence_gate.h"

namespace anima::motion {
namespace {

constexpr int kSamplesPerFrame = audio::kSpeechRateHz / kFrameRateHz;
constexpr int kMostFrames = 20 * 60 * kFrameRateHz;

// Which frames hold speech, by the gate that will be used on other sounds.
std::vector<std::uint8_t> speaking_frames(std::span<const audio::SpeechFrame> speech, int frames,
                                          int silence_phone) {
  SilenceGate gate(silence_phone);
  for (const audio::SpeechFrame& frame : speech) gate.push(frame);
  gate.finish();
  std::vector<float> open;
  float value = 0;
  while (gate.pull(value)) open.push_back(value);
  std::vector<std::uint8_t> result(static_cast<std::size_t>(frames), 0);
  for (int i = 0; i < frames; ++i) {
    const std::size_t at = static_cast<std::size_t>(i) * 4 + 2;
    result[i] = at < open.size() && open[at] > 0.5F ? 1 : 0;
  }
  return result;
}

double lip_opening_of(const face::ExpressionBasis& basis, const MouthWeights& mouth) {
  double gap = face::signed_lip_gap(basis.neutral);
  for (int k = 0; k < face::kMouthModes; ++k)
    gap += mouth[k] * face::signed_lip_gap(basis.modes[face::kFirstMouth + k]);
  return gap;
}

}  // namespace

MouthWeights mouth_importance(const face::ExpressionBasis& basis) {
  MouthWeights importance;
  for (int k = 0; k < face::kMouthModes; ++k) {
    const face::Vertices& mode = basis.modes[face::kFirstMouth + k];
    double squares = 0;
    for (const int v : face::kInnerLips) squares += mode.row(v).squaredNorm();
    for (const int v : face::kOuterLips) squares += mode.row(v).squaredNorm();
    const double lips = std::sqrt(squares / (face::kInnerLips.size() + face::kOuterLips.size()));
    importance[k] = static_cast<float>(lips + 0.5 * std::fabs(face::signed_lip_gap(mode)) + 1e-4);
  }
  return importance;
}

MotionModel train_motion(const face::TrackedFilm& film, const Sound& sound,
                         const MotionTrainingOptions& options, const WorkContext& context) {
  if (options.networks < 1 || options.networks > 8) {
    throw Error(ErrorCode::kInvalidArgument, "the number of networks is " + std::to_string(options.networks),
                "choose 1 to 8");
  }
  // 1. The training part of the sound, and nothing of the rest.
  const int heard = static_cast<int>(sound.samples.size() / kSamplesPerFrame);
  const int frames = std::min({film.training_frames, film.frames(), heard, kMostFrames});
  if (frames < kLeastTrainingFrames) {
    throw Error(
        ErrorCode::kUnusableInput,
        "only " + std::to_string(frames) + " frames of the film have both a picture and sound to learn from",
        "film at least 20 seconds of clear speech, with sound");
  }
  Sound part{sound.sample_rate_hz,
             {sound.samples.begin(),
              sound.samples.begin() + static_cast<std::ptrdiff_t>(frames) * kSamplesPerFrame}};
  const audio::AcousticModel acoustic = audio::load_acoustic_model();
  MotionModel model;
  model.silence_phone = acoustic.silence_phone;
  model.cepstral_mean = audio::cepstral_mean_of(part);
  audio::SpeechFeatureOptions features;
  features.pitch = false;
  features.posteriors.cepstral_mean = model.cepstral_mean;
  const auto speech = audio::speech_features(part, audio::shared_senone_scorer(), features, context);

  // 2. What is seen: poses and weights; a frame without a face teaches nothing.
  model.film.poses.assign(film.poses.begin(), film.poses.begin() + frames);
  model.film.weights.assign(film.weights.begin(), film.weights.begin() + frames);
  model.film.speaking = speaking_frames(speech, frames, model.silence_phone);
  model.blinks = learn_blinks(model.film.weights);
  carry_across_blinks(model.film.weights);
  std::vector<MouthWeights> targets(static_cast<std::size_t>(frames));
  std::vector<std::uint8_t> use(static_cast<std::size_t>(frames));
  for (int i = 0; i < frames; ++i) {
    std::copy_n(film.weights[i].begin() + face::kFirstMouth, face::kMouthModes, targets[i].begin());
    use[i] = film.observations.empty() || film.observations[i].found ? 1 : 0;
  }

  // 3. What is heard.
  const std::vector<MouthInput> inputs = mouth_inputs(speech, frames);
  model.normaliser = InputNormaliser::learn(inputs);
  InputMatrix rows(static_cast<Eigen::Index>(inputs.size()), kMouthInputs);
  for (std::size_t u = 0; u < inputs.size(); ++u) {
    const MouthInput row = model.normaliser.apply(inputs[u]);
    rows.row(static_cast<Eigen::Index>(u)) = Eigen::Map<const Eigen::RowVectorXf>(row.data(), kMouthInputs);
  }

  // 4. Both kinds of predictor.
  model.importance = mouth_importance(film.basis);
  StageProgress progress(context, "learning how the mouth follows the voice");
  progress.update(0, options.networks);
  KernelRegressionOptions kernel = options.kernel;
  kernel.importance = model.importance;
  model.kernel = KernelRegression::fit(rows, targets, use, kernel, context);
  model.networks.resize(options.networks);
  ThreadPool pool(std::min(options.networks, available_cores()));
  pool.run(options.networks, [&](int n, int worker) {
    NetworkTrainingOptions one = options.network;
    one.seed += static_cast<std::uint64_t>(n);
    // Reports must not come from two threads at once: the calling one speaks for all.
    const WorkContext unheard{{}, context.cancellation};
    StageProgress silent(unheard, "learning how the mouth follows the voice");
    model.networks[n] = train_network(rows, targets, use, model.importance, one,
                                      worker == 0 ? progress : silent, n, options.networks);
  });

  // 5. How well mouths are predicted that were not learned from, and how much too small.
  std::vector<double> predicted, truth;
  for (int i = 0; i < frames; ++i) {
    const std::optional<MouthWeights>& left_out = model.kernel.left_out()[i];
    if (!left_out) continue;
    predicted.push_back(lip_opening_of(film.basis, *left_out));
    truth.push_back(lip_opening_of(film.basis, targets[i]));
  }
  const Eigen::Map<const Eigen::ArrayXd> p(predicted.data(), static_cast<Eigen::Index>(predicted.size()));
  const Eigen::Map<const Eigen::ArrayXd> t(truth.data(), static_cast<Eigen::Index>(truth.size()));
  if (p.size() > 2) {
    const Eigen::ArrayXd dp = p - p.mean(), dt = t - t.mean();
    const double scale = std::sqrt(dp.square().sum() * dt.square().sum());
    // Half of what is missing: full size would also enlarge the errors.
    const double size = std::sqrt(dp.square().sum() / std::max(dt.square().sum(), 1e-12));
    model.gain = static_cast<float>(
        std::clamp(1 / std::sqrt(std::max(size, 1e-3)), 1.0, 1.0 * MotionModel::kMostGain));
    model.validation_correlation = scale > 0 ? static_cast<float>((dp * dt).sum() / scale) : 0;
  }
  return model;
}

}  // namespace anima::motion
