#include "voice/gaussian_mixture.h"

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/random.h"

namespace anima::voice {
namespace {

// [frame][component]: log of weight times density, as two matrix products.
RowMatrix joint_log(const GaussianMixture& mixture, const RowMatrix& data) {
  const RowMatrix precision = mixture.variances.cwiseInverse();
  const RowMatrix scaled_mean = mixture.means.cwiseProduct(precision);
  RowVector constant = mixture.weights.array().max(1e-12F).log();
  const auto dimensions = static_cast<float>(data.cols());
  for (Eigen::Index c = 0; c < constant.size(); ++c) {
    constant[c] -=
        0.5F * (dimensions * std::log(2 * std::numbers::pi_v<float>) +
                mixture.variances.row(c).array().log().sum() + mixture.means.row(c).dot(scaled_mean.row(c)));
  }
  RowMatrix result = data * scaled_mean.transpose();
  result.noalias() -= 0.5F * data.array().square().matrix() * precision.transpose();
  result.rowwise() += constant;
  return result;
}

// Turns rows of logs into shares that sum to 1; returns the log of each row's sum.
Eigen::VectorXf normalise_rows(RowMatrix& logs) {
  const Eigen::VectorXf peak = logs.rowwise().maxCoeff();
  logs = (logs.colwise() - peak).array().exp();
  const Eigen::VectorXf sum = logs.rowwise().sum();
  logs.array().colwise() /= sum.array();
  return peak.array() + sum.array().log();
}

}  // namespace

GaussianMixture train_gaussian_mixture(const RowMatrix& data, const GaussianMixtureOptions& options) {
  const Eigen::Index n = data.rows();
  const Eigen::Index components = options.components;
  if (n < 10 * components) {
    throw Error(
        ErrorCode::kUnusableInput,
        "only " + std::to_string(n) + " frames of speech for a mixture of " + std::to_string(components),
        "give more speech: at least " + std::to_string(components / 10 + 1) + " s");
  }
  const RowVector mean = data.colwise().mean();
  const RowVector variance = (data.rowwise() - mean).array().square().colwise().mean();
  GaussianMixture mixture;
  mixture.means.resize(components, data.cols());
  Random random(options.seed);
  // k-means++: each centre far from those before it.
  const auto at_random = [&] {
    return static_cast<Eigen::Index>(random.below(static_cast<std::uint32_t>(n)));
  };
  mixture.means.row(0) = data.row(at_random());
  Eigen::VectorXf distance = Eigen::VectorXf::Constant(n, INFINITY);
  for (Eigen::Index c = 1; c < components; ++c) {
    const RowVector previous = mixture.means.row(c - 1);
    for (Eigen::Index i = 0; i < n; ++i) {
      const float d = ((data.row(i) - previous).array().square() / variance.array()).sum();
      distance[i] = std::min(distance[i], d);
    }
    double target = random.uniform() * distance.cast<double>().sum();
    Eigen::Index chosen = 0;
    while (chosen + 1 < n && (target -= distance[chosen]) > 0) ++chosen;
    mixture.means.row(c) = data.row(chosen);
  }
  mixture.weights = RowVector::Constant(components, 1.0F / static_cast<float>(components));
  mixture.variances = variance.replicate(components, 1);
  const RowVector floor = (variance * options.variance_floor).array().max(1e-8F);
  const RowMatrix square = data.array().square();
  for (int iteration = 0; iteration < options.iterations; ++iteration) {
    RowMatrix share = joint_log(mixture, data);
    normalise_rows(share);
    const RowVector mass = share.colwise().sum();
    const RowMatrix sum = share.transpose() * data;
    const RowMatrix square_sum = share.transpose() * square;
    for (Eigen::Index c = 0; c < components; ++c) {
      mixture.weights[c] = mass[c] / static_cast<float>(n);
      if (mass[c] < 1) continue;  // as good as empty: it stays where it is
      mixture.means.row(c) = sum.row(c) / mass[c];
      mixture.variances.row(c) =
          (square_sum.row(c) / mass[c] - mixture.means.row(c).array().square().matrix()).cwiseMax(floor);
    }
  }
  return mixture;
}

GaussianMixture adapt_means(const GaussianMixture& mixture, const RowMatrix& data, float relevance) {
  GaussianMixture adapted = mixture;
  RowMatrix share = joint_log(mixture, data);
  normalise_rows(share);
  const RowVector mass = share.colwise().sum();
  const RowMatrix sum = share.transpose() * data;
  for (Eigen::Index c = 0; c < mixture.means.rows(); ++c) {
    if (mass[c] < 1e-6F) continue;
    const float alpha = mass[c] / (mass[c] + relevance);
    adapted.means.row(c) = alpha * sum.row(c) / mass[c] + (1 - alpha) * mixture.means.row(c);
  }
  return adapted;
}

Eigen::VectorXf log_likelihoods(const GaussianMixture& mixture, const RowMatrix& data) {
  RowMatrix joint = joint_log(mixture, data);
  return normalise_rows(joint);
}

}  // namespace anima::voice
