#include "motion/network_training.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/random.h"

namespace anima::motion {
namespace {

// libtorch has one thread count for the whole process.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

// The parameters as tensors; `forward` with random dropout for training, without for validation.
class Trainable {
 public:
  Trainable(at::Generator generator, double dropout) : generator_(std::move(generator)), dropout_(dropout) {
    add(kNetworkChannels, kMouthInputs, 1);
    add(kNetworkChannels, kNetworkChannels, kFirstTaps);
    for (std::size_t i = 0; i < kDilations.size(); ++i) add(kNetworkChannels, kNetworkChannels, 3);
    add(face::kMouthModes, kNetworkChannels, 1);
    add(face::kMouthModes, kNetworkChannels, 1);
  }

  // x: [1][inputs][rows]; returns mean and log variance, each [1][modes][frames].
  std::pair<torch::Tensor, torch::Tensor> forward(torch::Tensor x, bool training) {
    x = drop(torch::conv1d(x, p_[0], p_[1]), training);
    x = drop(torch::gelu(torch::conv1d(x, p_[2], p_[3], 2)), training);
    for (std::size_t i = 0; i < kDilations.size(); ++i) {
      const int d = kDilations[i];
      const auto y = drop(torch::gelu(torch::conv1d(x, p_[4 + 2 * i], p_[5 + 2 * i], at::IntArrayRef({1}),
                                                    at::IntArrayRef({0}), at::IntArrayRef({d}))),
                          training);
      x = x.slice(2, d, x.size(2) - d) + y;
    }
    return {torch::conv1d(x, p_[10], p_[11]),
            torch::conv1d(x, p_[12], p_[13]).clamp(kLowestLogVariance, kHighestLogVariance)};
  }

  std::vector<torch::Tensor>& parameters() { return p_; }

  MotionNetwork snapshot() const {
    const auto values = [](const torch::Tensor& t) {
      const auto flat = t.detach().contiguous();
      return std::vector<float>(flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
    };
    MotionNetwork network;
    network.input_weight = values(p_[0]);
    network.input_bias = values(p_[1]);
    network.first_weight = values(p_[2]);
    network.first_bias = values(p_[3]);
    for (std::size_t i = 0; i < kDilations.size(); ++i) {
      network.dilated_weight[i] = values(p_[4 + 2 * i]);
      network.dilated_bias[i] = values(p_[5 + 2 * i]);
    }
    network.mean_weight = values(p_[10]);
    network.mean_bias = values(p_[11]);
    network.log_variance_weight = values(p_[12]);
    network.log_variance_bias = values(p_[13]);
    return network;
  }

 private:
  void add(int out, int in, int taps) {
    const double bound = 1 / std::sqrt(static_cast<double>(in) * taps);
    const auto uniform = [&](at::IntArrayRef shape) {
      return ((at::rand(shape, generator_) * 2 - 1) * bound).requires_grad_(true);
    };
    p_.push_back(uniform({out, in, taps}));
    p_.push_back(uniform({out}));
  }
  torch::Tensor drop(const torch::Tensor& x, bool training) {
    if (!training || dropout_ <= 0) return x;
    return x * ((at::rand(x.sizes(), generator_) >= dropout_).to(torch::kFloat) / (1 - dropout_));
  }

  at::Generator generator_;
  double dropout_;
  std::vector<torch::Tensor> p_;
};

// One cycle: cosine up from a 25th over the first fifth, cosine down to nearly nothing.
double cycle(int step, int steps) {
  const double warm = 0.2 * steps;
  const double x = step < warm ? step / warm : 1 - (step - warm) / std::max(1.0, steps - warm);
  return 0.04 + 0.96 * 0.5 * (1 - std::cos(std::numbers::pi * x));
}

// [1][channels][columns] by linear interpolation at `places` (in columns).
torch::Tensor resample(const torch::Tensor& x, const torch::Tensor& places) {
  const auto low = places.floor().clamp(0, x.size(2) - 1);
  const auto part = (places - low).clamp(0, 1);
  const auto i0 = low.to(torch::kLong);
  const auto i1 = (i0 + 1).clamp_max(x.size(2) - 1);
  return x.index_select(2, i0) * (1 - part) + x.index_select(2, i1) * part;
}

}  // namespace

MotionNetwork train_network(const InputMatrix& rows, std::span<const MouthWeights> targets,
                            std::span<const std::uint8_t> use, const MouthWeights& importance,
                            const NetworkTrainingOptions& options, StageProgress& progress,
                            double progress_from, double progress_total) {
  const OneThread one_thread;
  const auto generator = at::detail::createCPUGenerator(options.seed);
  Random random(options.seed, 21);
  const auto frames = static_cast<std::int64_t>(targets.size());

  // [1][channels][time]
  const auto inputs = torch::from_blob(const_cast<float*>(rows.data()), {2 * frames, kMouthInputs})
                          .t()
                          .contiguous()
                          .unsqueeze(0)
                          .clone();
  auto wanted = torch::empty({1, face::kMouthModes, frames});
  auto counts = torch::zeros({1, 1, frames});
  auto wanted_at = wanted.accessor<float, 3>();
  auto counts_at = counts.accessor<float, 3>();
  for (std::int64_t t = 0; t < frames; ++t) {
    for (int k = 0; k < face::kMouthModes; ++k) wanted_at[0][k][t] = targets[static_cast<std::size_t>(t)][k];
    counts_at[0][0][t] = use[static_cast<std::size_t>(t)] != 0 ? 1 : 0;
  }
  auto weight = torch::empty({1, face::kMouthModes, 1});
  for (int k = 0; k < face::kMouthModes; ++k) weight[0][k][0] = importance[k];
  weight = weight / weight.sum();
  const auto deviation = inputs.std(at::IntArrayRef({0, 2}), true, true);

  Trainable network(generator, options.dropout);
  torch::optim::AdamW optimiser(
      network.parameters(),
      torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay));
  // Rows beyond the ends repeat, as they do when the network is asked.
  const auto padded = [](const torch::Tensor& x) {
    return torch::replication_pad1d(
        x, {kRowsBefore - kFirstNetworkRow, kNetworkRows - 2 - (kRowsBefore - kFirstNetworkRow)});
  };

  double shown = NAN;  // the loss, smoothed: each step has another noise
  for (int step = 0; step < options.steps; ++step) {
    // 1. A passage, perhaps at another speed.
    const std::int64_t length = std::min<std::int64_t>(frames, options.most_frames);
    const std::int64_t first =
        frames > length ? random.below(static_cast<std::uint32_t>(frames - length)) : 0;
    auto x = inputs.slice(2, 2 * first, 2 * (first + length));
    auto y = wanted.slice(2, first, first + length);
    auto m = counts.slice(2, first, first + length);
    if (options.speed_change > 0 && random.uniform() < 0.5) {
      const double speed = 1 + random.uniform(-options.speed_change, options.speed_change);
      const auto count = static_cast<std::int64_t>(static_cast<double>(length) / speed);
      const auto places = torch::arange(count, torch::kFloat) * speed;
      y = resample(y, places);
      // A frame counts if both that it is made of do.
      m = (resample(m, places) > 0.999).to(torch::kFloat);
      x = resample(x, (torch::arange(2 * count, torch::kFloat) + 0.5) * speed - 0.5);
    }

    // 2. Another voice, another room.
    if (options.sharpness_change > 0) {
      const double power = 1 + random.uniform(-options.sharpness_change, options.sharpness_change);
      auto posteriors = x.slice(1, 0, kPosteriorInputs).clamp_min(0) / 2;
      const auto mass = posteriors.square().sum(1, true).clamp_min(1e-6);
      posteriors = posteriors.clamp_min(1e-6).pow(power);
      posteriors = posteriors * (mass / posteriors.square().sum(1, true).clamp_min(1e-6)).sqrt() * 2;
      x = torch::cat({posteriors, x.slice(1, kPosteriorInputs)}, 1);
    }
    auto offset = torch::zeros({1, kMouthInputs, 1});
    offset.slice(1, kPosteriorInputs, kPosteriorInputs + audio::kCepstra) =
        options.level_change * at::randn({1, audio::kCepstra, 1}, generator);
    x = x + offset +
        deviation * (options.input_noise * 2 * random.uniform()) * at::randn(x.sizes(), generator);
    x = x * ((at::rand({1, kMouthInputs, 1}, generator) >= options.input_dropout).to(torch::kFloat) /
             (1 - options.input_dropout));

    // 3. Likelihood and velocity.
    const auto [mean, log_variance] = network.forward(padded(x), true);
    const auto squares = (mean - y).square();
    auto error = 0.5 * squares;
    if (step > options.steps * 3 / 10) {
      error = (error * torch::exp(-log_variance) + 0.5 * log_variance) * torch::exp(log_variance.detach());
    }
    const auto total = m.sum().clamp_min(1);
    auto loss = (error * weight * m).sum() / total;
    const auto pairs = m.slice(2, 1) * m.slice(2, 0, m.size(2) - 1);
    const auto velocity_error = (mean.diff(1, 2) - y.diff(1, 2)).square();
    loss = loss + options.velocity_weight * (velocity_error * weight * pairs).sum() / total;
    for (auto& group : optimiser.param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options())
          .lr(options.learning_rate * cycle(step, options.steps));
    }
    optimiser.zero_grad();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(network.parameters(), 1.0);
    optimiser.step();

    const double now = loss.item<double>();
    shown = std::isfinite(shown) ? 0.9 * shown + 0.1 * now : now;
    progress.update(progress_from + static_cast<double>(step + 1) / options.steps, progress_total,
                    {{"error", shown}});
  }
  return network.snapshot();
}

}  // namespace anima::motion
