// Gaussian mixtures with diagonal covariances: the classical model of "who speaks".
#pragma once

#include <cstdint>

#include "voice/phonetic_frames.h"

namespace anima::voice {

struct GaussianMixture {
  RowVector weights;    // [component], sums to 1
  RowMatrix means;      // [component][dimension]
  RowMatrix variances;  // the same shape
};

struct GaussianMixtureOptions {
  int components = 64;
  int iterations = 12;
  float variance_floor = 0.01F;  // of the variance of all data
  std::uint64_t seed = 1;
};

// Expectation maximisation from k-means++ centres. `data` is [frame][dimension], at least ten
// frames per component. Throws Error(kUnusableInput) for less.
GaussianMixture train_gaussian_mixture(const RowMatrix& data, const GaussianMixtureOptions& options = {});

// Means moved to `data` where there is enough of it: maximum a posteriori with relevance factor r
// (Reynolds, Quatieri and Dunn, "Speaker Verification Using Adapted Gaussian Mixture Models",
// 2000, eq. 11-14, means only).
GaussianMixture adapt_means(const GaussianMixture& mixture, const RowMatrix& data, float relevance = 8);

// Natural log likelihood of each frame.
Eigen::VectorXf log_likelihoods(const GaussianMixture& mixture, const RowMatrix& data);

}  // namespace anima::voice
