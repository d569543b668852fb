#include "motion/kernel_regression.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/error.h"

namespace anima::motion {
namespace {

// The sound around a frame is seen through Gaussian windows: sharp near it, wide far from it.
// Offsets and widths in steps of 10 ms from the middle of the frame.
struct Window {
  double offset, width;
  float weight;
};
constexpr std::array<Window, 11> kWindows = {{{-24, 5, 0.3F},
                                              {-16, 3, 0.5F},
                                              {-10, 2, 0.7F},
                                              {-6, 1.5, 0.9F},
                                              {-3, 1.5, 1},
                                              {0, 1.5, 1},
                                              {3, 1.5, 1},
                                              {6, 1.5, 1},
                                              {10, 2, 0.9F},
                                              {15, 3, 0.7F},
                                              {20, 4, 0.5F}}};
constexpr int kGathered = static_cast<int>(kWindows.size()) * KernelRegression::kChannels;

// [window][row]: weights that sum to each window's own weight.
const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>& window_rows() {
  static const auto rows = [] {
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> result(kWindows.size(),
                                                                                 kWindowRows);
    result.setZero();
    for (std::size_t w = 0; w < kWindows.size(); ++w) {
      for (int r = 0; r < kWindowRows; ++r) {
        // Row r covers speech frames 2 (r - kRowsBefore) and the next; the film frame covers four.
        const double distance = 2 * (r - kRowsBefore) + 0.5 - 1.5 - kWindows[w].offset;
        if (std::fabs(distance) > 3 * kWindows[w].width) continue;
        result(w, r) = static_cast<float>(
            std::exp(-0.5 * distance * distance / (kWindows[w].width * kWindows[w].width)));
      }
      result.row(w) *= kWindows[w].weight / result.row(w).sum();
    }
    return result;
  }();
  return rows;
}

// The `count` leading principal directions of the rows of `data`, as rows.
Eigen::MatrixXf principal_directions(const Eigen::MatrixXf& data, int count) {
  const Eigen::MatrixXf covariance = data.transpose() * data / static_cast<float>(data.rows());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(covariance);
  Eigen::MatrixXf directions = Eigen::MatrixXf::Zero(count, data.cols());
  const int have = std::min<int>(count, static_cast<int>(data.cols()));
  for (int i = 0; i < have; ++i)
    directions.row(i) = solver.eigenvectors().col(data.cols() - 1 - i).transpose();
  return directions;
}

// Frames are left out in this many blocks, in time, when the ridge is chosen; fewer frames than
// this say nothing about it.
constexpr int kBlocks = 6;
constexpr int kFewestToChoose = 20 * kBlocks;

// What is left of `wanted` where each block is predicted from all others. With A = K + ridge I, the
// residuals of a block b are (A^-1)_bb^-1 (A^-1 y)_b: the block form of the leave-one-out formula
// (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, equation 5.12).
Eigen::MatrixXf left_out_residuals(const Eigen::MatrixXf& kernel, const Eigen::MatrixXf& wanted,
                                   float ridge) {
  const Eigen::Index count = kernel.rows();
  Eigen::MatrixXf system = kernel;
  system.diagonal().array() += ridge;
  const Eigen::MatrixXf inverse = system.llt().solve(Eigen::MatrixXf::Identity(count, count));
  const Eigen::MatrixXf solved = inverse * wanted;
  Eigen::MatrixXf residuals(count, wanted.cols());
  for (int block = 0; block < kBlocks; ++block) {
    const Eigen::Index from = count * block / kBlocks, size = count * (block + 1) / kBlocks - from;
    const Eigen::MatrixXf part = inverse.block(from, from, size, size);
    residuals.middleRows(from, size) = part.llt().solve(solved.middleRows(from, size));
  }
  return residuals;
}

struct ChosenRidge {
  float ridge;
  Eigen::MatrixXf residuals;  // left out; no rows where there were too few frames to choose
};

ChosenRidge chosen_ridge(const Eigen::MatrixXf& kernel, const Eigen::MatrixXf& wanted,
                         const KernelRegressionOptions& options, const WorkContext& context) {
  ChosenRidge best{options.ridge > 0 ? options.ridge : KernelRegression::kRidges[0], {}};
  if (kernel.rows() < kFewestToChoose) return best;
  const Eigen::Map<const Eigen::RowVectorXf> importance(options.importance.data(), face::kMouthModes);
  const std::vector<float> ridges = options.ridge > 0 ? std::vector<float>{options.ridge}
                                                      : std::vector<float>(KernelRegression::kRidges.begin(),
                                                                           KernelRegression::kRidges.end());
  float least = INFINITY;
  for (const float ridge : ridges) {
    context.cancellation.throw_if_requested("learning how the mouth follows the voice");
    Eigen::MatrixXf residuals = left_out_residuals(kernel, wanted, ridge);
    const float error = (residuals * importance.asDiagonal()).squaredNorm();
    if (!(error < least)) break;  // it has one minimum, and each try costs the cube of the frames
    least = error;
    best = {ridge, std::move(residuals)};
  }
  return best;
}

}  // namespace

Eigen::VectorXf KernelRegression::gather(const InputWindow& window) const {
  // windows x channels, row by row.
  const Matrix gathered = (window_rows() * window) * channel_map_.transpose();
  return Eigen::Map<const Eigen::VectorXf>(gathered.data(), gathered.size());
}

KernelRegression KernelRegression::fit(const InputMatrix& rows, std::span<const MouthWeights> targets,
                                       std::span<const std::uint8_t> use,
                                       const KernelRegressionOptions& options, const WorkContext& context) {
  std::vector<int> frames;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (use[i] != 0) frames.push_back(static_cast<int>(i));
  }
  if (frames.size() < 25) {
    throw Error(
        ErrorCode::kUnusableInput,
        "only " + std::to_string(frames.size()) + " frames of the film show a face while there is sound",
        "film at least 20 seconds of clear speech");
  }
  if (static_cast<int>(frames.size()) > options.most_centres) {
    std::vector<int> fewer;
    for (int i = 0; i < options.most_centres; ++i)
      fewer.push_back(frames[frames.size() * i / options.most_centres]);
    frames = std::move(fewer);
  }
  KernelRegression model;
  const auto count = static_cast<Eigen::Index>(frames.size());

  // 1. Inputs to channels; each kind of input counts as a whole, however many numbers it has.
  const Eigen::RowVectorXf input_mean = rows.colwise().mean();
  Eigen::MatrixXf centred = rows.rowwise() - input_mean;
  Eigen::RowVectorXf kind_scale(kMouthInputs);
  const auto scale_kind = [&](int first, int size, float weight) {
    const float power = centred.middleCols(first, size).squaredNorm() / static_cast<float>(rows.rows());
    kind_scale.segment(first, size).setConstant(weight / std::sqrt(std::max(power, 1e-9F)));
  };
  scale_kind(0, kPosteriorInputs, 1);
  scale_kind(kPosteriorInputs, audio::kCepstra, 0.8F);
  scale_kind(kFirstArticulation, kArticulators, 1);
  scale_kind(kFirstArticulation + kArticulators, kArticulators, 0.7F);
  centred = centred * kind_scale.asDiagonal();
  model.channel_map_ = principal_directions(centred, kChannels) * kind_scale.asDiagonal();

  // 2. Windows of channels to the context.
  Eigen::MatrixXf gathered(count, kGathered);
  for (Eigen::Index i = 0; i < count; ++i)
    gathered.row(i) = model.gather(window_at(rows, frames[i])).transpose();
  model.context_mean_ = gathered.colwise().mean().transpose();
  gathered.rowwise() -= model.context_mean_.transpose();
  model.context_map_ = principal_directions(gathered, kContext);
  model.centres_ = gathered * model.context_map_.transpose();

  // 3. (K + ridge I) dual = targets - mean.
  const Eigen::VectorXf norms = model.centres_.rowwise().squaredNorm();
  Eigen::MatrixXf distances = -2 * model.centres_ * model.centres_.transpose();
  distances.colwise() += norms;
  distances.rowwise() += norms.transpose();
  distances = distances.cwiseMax(0);
  std::vector<float> some;
  for (Eigen::Index i = 0; i < distances.size(); i += std::max<Eigen::Index>(1, distances.size() / 20011)) {
    some.push_back(distances.data()[i]);
  }
  std::ranges::nth_element(some, some.begin() + static_cast<std::ptrdiff_t>(some.size() / 2));
  model.gamma_ = options.sharpness / std::max(some[some.size() / 2], 1e-9F);
  Eigen::MatrixXf kernel = (-model.gamma_ * distances.array()).exp();
  Eigen::MatrixXf wanted(count, face::kMouthModes);
  for (int k = 0; k < face::kMouthModes; ++k) {
    double mean = 0;
    for (const int frame : frames) mean += targets[frame][k] / static_cast<double>(frames.size());
    model.mean_[k] = static_cast<float>(mean);
    for (Eigen::Index i = 0; i < count; ++i) wanted(i, k) = targets[frames[i]][k] - model.mean_[k];
  }
  const ChosenRidge chosen = chosen_ridge(kernel, wanted, options, context);
  model.ridge_ = chosen.ridge;
  model.left_out_.resize(targets.size());
  for (Eigen::Index i = 0; i < chosen.residuals.rows(); ++i) {
    MouthWeights& predicted = model.left_out_[frames[i]].emplace();
    for (int k = 0; k < face::kMouthModes; ++k) predicted[k] = targets[frames[i]][k] - chosen.residuals(i, k);
  }
  kernel.diagonal().array() += model.ridge_;
  model.dual_ = kernel.llt().solve(wanted);
  return model;
}

MouthWeights KernelRegression::predict(const InputWindow& window) const {
  const Eigen::VectorXf here = context(window);
  const Eigen::ArrayXf distances = (centres_.rowwise() - here.transpose()).rowwise().squaredNorm();
  const Eigen::VectorXf kernel = (-gamma_ * distances).exp();
  const Eigen::VectorXf output = dual_.transpose() * kernel;
  MouthWeights result;
  for (int k = 0; k < face::kMouthModes; ++k) result[k] = mean_[k] + output[k];
  return result;
}

void KernelRegression::save(TensorFile& file) const {
  const auto put = [&](const char* name, const Matrix& m, TensorType type) {
    file.put(name, {m.rows(), m.cols()}, std::span<const float>(m.data(), static_cast<std::size_t>(m.size())),
             type);
  };
  put("motion.kernel.channels", channel_map_, TensorType::kF32);
  put("motion.kernel.context", context_map_, TensorType::kF16);
  put("motion.kernel.centres", centres_, TensorType::kF16);
  put("motion.kernel.dual", dual_, TensorType::kF32);
  file.put("motion.kernel.context_mean", {context_mean_.size()},
           std::span<const float>(context_mean_.data(), static_cast<std::size_t>(context_mean_.size())));
  file.put("motion.kernel.mean", {face::kMouthModes}, std::span<const float>(mean_));
  file.put("motion.kernel.gamma", {1}, std::span<const float>(&gamma_, 1));
}

KernelRegression KernelRegression::load(const TensorFile& file) {
  const auto matrix = [&](const char* name, std::int64_t rows, std::int64_t columns) {
    const std::array<std::int64_t, 2> shape = {rows, columns};
    const std::vector<float> values = file.floats(name, shape);
    const auto count = static_cast<Eigen::Index>(values.size()) / columns;
    return Matrix(Eigen::Map<const Matrix>(values.data(), count, columns));
  };
  const auto vector = [&](const char* name, std::int64_t size) {
    const std::array<std::int64_t, 1> shape = {size};
    return file.floats(name, shape);
  };
  KernelRegression model;
  model.channel_map_ = matrix("motion.kernel.channels", kChannels, kMouthInputs);
  model.context_map_ = matrix("motion.kernel.context", kContext, kGathered);
  model.centres_ = matrix("motion.kernel.centres", -1, kContext);
  model.dual_ = matrix("motion.kernel.dual", -1, face::kMouthModes);
  const auto mean = vector("motion.kernel.context_mean", kGathered);
  model.context_mean_ = Eigen::Map<const Eigen::VectorXf>(mean.data(), kGathered);
  std::ranges::copy(vector("motion.kernel.mean", face::kMouthModes), model.mean_.begin());
  model.gamma_ = vector("motion.kernel.gamma", 1)[0];
  if (model.dual_.rows() != model.centres_.rows() || model.centres_.rows() == 0 || !(model.gamma_ > 0)) {
    throw Error(ErrorCode::kCorruptData, "the avatar's mouth model (motion.kernel) does not fit together",
                "train the avatar again");
  }
  return model;
}

}  // namespace anima::motion
