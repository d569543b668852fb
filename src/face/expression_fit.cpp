#include "face/expression_fit.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "core/threads.h"
#include "face/blink_and_gaze.h"
#include "face/canonical_mesh.h"
#include "face/face_regions.h"
#include "face/lip_measures.h"

namespace anima::face {
namespace {

using Points = Eigen::Matrix<double, Eigen::Dynamic, 2, Eigen::RowMajor>;  // kLandmarks x 2, head space

constexpr int kShapeModes = kMouthModes + kBrowModes;  // those found by principal components
constexpr double kClosedEye = 0.35;                    // beyond this blink the iris is half hidden

Placement placement_of(const HeadPose& pose) {
  return {pose.matrix(), pose.translation};
}

double quantile(std::vector<double> values, double q) {
  const auto at = values.begin() + static_cast<long>(std::lround(q * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// All that is computed per frame before anything is learned.
struct HeadSpaceFilm {
  std::vector<Points> points;           // empty for frames without a face
  std::vector<Eigen::VectorXd> depths;  // network's z minus the static shape's, head units; may be 0
  std::vector<int> training;            // frames with a face below training_frames
};

// The network's z of each vertex against the static shape's, after the best offset and factor on
// the rigid vertices.
Eigen::VectorXd depth_differences(const FaceObservation& seen, const HeadPose& pose,
                                  const StaticShape& shape) {
  const Placement p = placement_of(pose);
  const double pixels_per_unit = shape.camera.focal_px / pose.translation.z();
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  Eigen::VectorXd network(kMeshVertices), predicted(kMeshVertices);
  for (int v = 0; v < kMeshVertices; ++v) {
    network[v] = seen.points(v, 2) / pixels_per_unit;
    predicted[v] = p.rotation.row(2).dot(shape.vertices.row(v));
    const double w = shape.pose_weights[v];
    n += w;
    sx += w * network[v];
    sy += w * predicted[v];
    sxx += w * network[v] * network[v];
    sxy += w * network[v] * predicted[v];
  }
  Eigen::VectorXd difference = Eigen::VectorXd::Zero(kLandmarks);
  const double spread = sxx - sx * sx / n;
  if (spread < 1e-6) return difference;  // a tracker without depth
  const double factor = std::clamp((sxy - sx * sy / n) / spread, 0.3, 3.0);
  const double offset = (sy - factor * sx) / n;
  difference.head(kMeshVertices) = (factor * network.array() + offset).matrix() - predicted;
  return difference;
}

HeadSpaceFilm to_head_space(const std::vector<FaceObservation>& observations, const HeadPoseFit& head,
                            int training_frames, ThreadPool& pool) {
  HeadSpaceFilm film;
  film.points.resize(observations.size());
  film.depths.resize(observations.size());
  const StaticShape& shape = head.shape;
  pool.run(static_cast<int>(observations.size()), [&](int t, int) {
    const FaceObservation& seen = observations[t];
    if (!seen.found) return;
    const Placement placement = placement_of(head.poses[t]);
    Points points(kLandmarks, 2);
    for (int v = 0; v < kLandmarks; ++v) {
      const Eigen::Vector2d pixel = seen.points.row(v).head<2>().cast<double>().transpose();
      points.row(v) = on_head_plane(shape.camera, placement, pixel, shape.vertices(v, 2)).transpose();
    }
    film.points[t] = std::move(points);
    if (t < training_frames) film.depths[t] = depth_differences(seen, head.poses[t], shape);
  });
  for (int t = 0; t < training_frames; ++t) {
    if (observations[t].found) film.training.push_back(t);
  }
  return film;
}

// Linear between the frames where `known`, constant outside of them.
void interpolate(const std::vector<bool>& known, std::vector<Weights>& weights, int first, int count) {
  const int n = static_cast<int>(weights.size());
  int last = -1;
  for (int t = 0; t <= n; ++t) {
    if (t < n && !known[t]) continue;
    for (int gap = last + 1; gap < t; ++gap) {
      for (int k = first; k < first + count; ++k) {
        if (last < 0 && t == n) continue;  // nothing is known
        if (last < 0 || t == n) {
          weights[gap][k] = weights[last < 0 ? t : last][k];
        } else {
          const float a = static_cast<float>(gap - last) / static_cast<float>(t - last);
          weights[gap][k] = (1 - a) * weights[last][k] + a * weights[t][k];
        }
      }
    }
    last = t;
  }
}

void smooth(std::vector<Weights>& weights, int first, int count, double sigma_frames) {
  const std::vector<double> kernel = gaussian_kernel(sigma_frames);
  const int radius = static_cast<int>(kernel.size() / 2);
  const int n = static_cast<int>(weights.size());
  const std::vector<Weights> raw = weights;
  for (int t = 0; t < n; ++t) {
    for (int k = first; k < first + count; ++k) {
      double sum = 0;
      for (int i = -radius; i <= radius; ++i) sum += kernel[i + radius] * raw[std::clamp(t + i, 0, n - 1)][k];
      weights[t][k] = static_cast<float>(sum);
    }
  }
}

// Blinks and gaze of every frame, before normalisation.
void measure_blinks_and_gaze(const HeadSpaceFilm& film, const ExpressionFitOptions& options,
                             std::vector<Weights>& weights) {
  const std::size_t n = film.points.size();
  std::vector<EyeMeasure> eyes(n);
  std::vector<bool> seen(n, false), open(n, false);
  for (std::size_t t = 0; t < n; ++t) {
    if (film.points[t].size() == 0) continue;
    eyes[t] = measure_eyes(film.points[t]);
    seen[t] = true;
  }
  for (std::size_t e = 0; e < 2; ++e) {
    std::vector<double> openings;
    for (const int t : film.training) openings.push_back(eyes[t].opening[e]);
    const LidRange range = lid_range(openings);
    for (std::size_t t = 0; t < n; ++t) {
      if (seen[t]) weights[t][kFirstBlink + e] = static_cast<float>(range.blink(eyes[t].opening[e]));
    }
  }
  for (std::size_t t = 0; t < n; ++t) {
    if (!seen[t]) continue;
    open[t] = std::max(weights[t][kFirstBlink], weights[t][kFirstBlink + 1]) < kClosedEye;
    const Eigen::Vector2d gaze = common_gaze(eyes[t]);
    weights[t][kFirstGaze] = static_cast<float>(gaze.x());
    weights[t][kFirstGaze + 1] = static_cast<float>(gaze.y());
  }
  interpolate(seen, weights, kFirstBlink, kBlinkModes);
  // A lid on its way already pulls the iris points along: its neighbours in time are not believed.
  const std::vector<bool> wide = open;
  for (std::size_t t = 0; t < n; ++t) {
    if ((t > 0 && !wide[t - 1]) || (t + 1 < n && !wide[t + 1])) open[t] = false;
  }
  interpolate(open, weights, kFirstGaze, kGazeModes);
  smooth(weights, kFirstGaze, kGazeModes, options.gaze_sigma_frames);
}

// Zero mean and unit deviation over the training frames, for modes [first, first + count); the
// basis takes up what the weights give off, so that the meshes stay the same.
void normalise(const std::vector<int>& training, int first, int count, std::vector<Weights>& weights,
               ExpressionBasis& basis) {
  for (int k = first; k < first + count; ++k) {
    double sum = 0, squares = 0;
    for (const int t : training) sum += weights[t][k];
    const double mean = sum / static_cast<double>(training.size());
    for (const int t : training) squares += (weights[t][k] - mean) * (weights[t][k] - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(training.size()));
    basis.neutral += static_cast<float>(mean) * basis.modes[k];
    if (deviation < 1e-6) {
      basis.modes[k].setZero();
      for (Weights& w : weights) w[k] = 0;
      continue;
    }
    basis.modes[k] *= static_cast<float>(deviation);
    for (Weights& w : weights) w[k] = static_cast<float>((w[k] - mean) / deviation);
  }
}

// Slopes of `values(frame)` on the weights of `modes` (columns) with an intercept, by least
// squares over `frames`: first row the intercept, then one row per mode.
template <typename ValueOf>
Eigen::MatrixX3d regress(const std::vector<int>& frames, const std::vector<Weights>& weights,
                         const std::vector<int>& modes, const ValueOf& value_of) {
  const auto m = static_cast<Eigen::Index>(modes.size() + 1);
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(m, m);
  Eigen::MatrixX3d b = Eigen::MatrixX3d::Zero(m, 3);
  Eigen::VectorXd f(m);
  for (const int t : frames) {
    f[0] = 1;
    for (std::size_t i = 0; i < modes.size(); ++i) f[static_cast<Eigen::Index>(i) + 1] = weights[t][modes[i]];
    a.noalias() += f * f.transpose();
    b.noalias() += f * value_of(t);
  }
  // A little ridge, so that a mode that never moves gets no slope instead of a wild one.
  a.diagonal().tail(m - 1).array() += 1e-3 * static_cast<double>(frames.size());
  return a.ldlt().solve(b);
}

// Lids follow their own eye's blink and both gazes; irises follow the gaze alone.
void add_eye_modes(const HeadSpaceFilm& film, const std::vector<Weights>& weights, double depth_share,
                   ExpressionBasis& basis) {
  const FaceRegions& regions = face_regions();
  std::vector<int> open;
  for (const int t : film.training) {
    if (std::max(weights[t][kFirstBlink], weights[t][kFirstBlink + 1]) < kClosedEye) open.push_back(t);
  }
  for (int v = 0; v < kLandmarks; ++v) {
    const bool iris = v >= kMeshVertices;
    const bool right = iris ? v < kMeshVertices + 5 : regions.right_eye[v] > 0;
    const double mask = iris ? 1.0 : std::max(regions.right_eye[v], regions.left_eye[v]);
    if (mask <= 0) continue;
    std::vector<int> modes = {kFirstGaze, kFirstGaze + 1};
    if (!iris) modes.push_back(right ? kFirstBlink : kFirstBlink + 1);
    const Eigen::MatrixX3d slopes =
        regress(iris ? open : film.training, weights, modes, [&](int t) -> Eigen::RowVector3d {
          return {film.points[t](v, 0), film.points[t](v, 1), iris ? 0.0 : depth_share * film.depths[t][v]};
        });
    for (std::size_t i = 0; i < modes.size(); ++i) {
      basis.modes[modes[i]].row(v) = (mask * slopes.row(static_cast<Eigen::Index>(i) + 1)).cast<float>();
    }
    basis.neutral.row(v).head<2>() = slopes.row(0).head<2>().cast<float>();
  }
}

// Mean of what the eye modes leave over becomes the neutral face (x and y).
void centre_neutral(const HeadSpaceFilm& film, const std::vector<Weights>& weights, ExpressionBasis& basis) {
  Points sum = Points::Zero(kLandmarks, 2);
  for (const int t : film.training) {
    sum += film.points[t];
    for (int k = kFirstBlink; k < kModes; ++k)
      sum -= weights[t][k] * basis.modes[k].leftCols<2>().cast<double>();
  }
  sum /= static_cast<double>(film.training.size());
  basis.neutral.topLeftCorner(kMeshVertices, 2) = sum.topRows(kMeshVertices).cast<float>();
}

// Principal components of the displacements under `mask`, weighted by `importance`; displacement
// modes for unit-variance scores go to modes [first, first + count).
void add_components(const HeadSpaceFilm& film, const std::vector<Weights>& weights,
                    const Eigen::VectorXd& mask, const Eigen::VectorXd& importance, int first, int count,
                    double depth_share, ExpressionBasis& basis) {
  std::vector<int> vertices;
  for (int v = 0; v < kMeshVertices; ++v) {
    if (mask[v] > 0.01) vertices.push_back(v);
  }
  const auto frames = static_cast<Eigen::Index>(film.training.size());
  const auto used = static_cast<Eigen::Index>(vertices.size());
  Eigen::MatrixXd moved(frames, 2 * used), depth(frames, used);
  for (Eigen::Index i = 0; i < frames; ++i) {
    const int t = film.training[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j < used; ++j) {
      const int v = vertices[static_cast<std::size_t>(j)];
      Eigen::RowVector2d d = film.points[t].row(v) - basis.neutral.row(v).head<2>().cast<double>();
      for (int k = kFirstBlink; k < kModes; ++k)
        d -= weights[t][k] * basis.modes[k].row(v).head<2>().cast<double>();
      moved.block<1, 2>(i, 2 * j) = d;
      depth(i, j) = film.depths[t][v];
    }
  }
  moved.rowwise() -= moved.colwise().mean().eval();
  depth.rowwise() -= depth.colwise().mean().eval();
  Eigen::VectorXd column_weight(2 * used);
  for (Eigen::Index j = 0; j < used; ++j) {
    const int v = vertices[static_cast<std::size_t>(j)];
    column_weight[2 * j] = column_weight[2 * j + 1] = std::sqrt(mask[v] * importance[v]);
  }
  const Eigen::MatrixXd weighted = moved * column_weight.asDiagonal();
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(2 * used, 2 * used);
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose(),
                                                        1.0 / static_cast<double>(frames));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  const double most = solver.eigenvalues().tail(1)[0];
  for (int k = 0; k < count; ++k) {
    const Eigen::Index column = 2 * used - 1 - k;
    Vertices& mode = basis.modes[first + k];
    if (column < 0 || solver.eigenvalues()[column] < 1e-9 * most || most < 1e-12) continue;
    const double deviation = std::sqrt(solver.eigenvalues()[column]);
    const Eigen::VectorXd scores = weighted * solver.eigenvectors().col(column) / deviation;
    const Eigen::VectorXd slope = moved.transpose() * scores / static_cast<double>(frames);
    const Eigen::VectorXd depth_slope = depth.transpose() * scores / static_cast<double>(frames);
    for (Eigen::Index j = 0; j < used; ++j) {
      const int v = vertices[static_cast<std::size_t>(j)];
      const double m = mask[v];
      mode.row(v) << static_cast<float>(m * slope[2 * j]), static_cast<float>(m * slope[2 * j + 1]),
          static_cast<float>(m * depth_share * depth_slope[j]);
    }
  }
}

// An eigenvector has no sign of its own: the first mouth mode opens the lips, every other one
// moves its farthest coordinate forward.
void orient(ExpressionBasis& basis) {
  for (int k = 0; k < kShapeModes; ++k) {
    Vertices& mode = basis.modes[k];
    float most = 0;
    for (Eigen::Index i = 0; i < mode.size(); ++i) {
      if (std::abs(mode.data()[i]) > std::abs(most)) most = mode.data()[i];
    }
    if (k == kFirstMouth && std::abs(signed_lip_gap(mode)) > 1e-6)
      most = static_cast<float>(signed_lip_gap(mode));
    if (most < 0) mode *= -1;
  }
}

// Mouth and brow weights of one frame: argmin sum_v l_v |pixel_v - project(mesh(w))_v|^2 + |w|^2.
void project_weights(const FaceObservation& seen, const Placement& placement, const Camera& camera,
                     const ExpressionBasis& basis, const Eigen::VectorXd& information, Weights& weights) {
  using Normal = Eigen::Matrix<double, kShapeModes, kShapeModes>;
  using Vector = Eigen::Matrix<double, kShapeModes, 1>;
  for (int iteration = 0; iteration < 3; ++iteration) {  // the projection is almost linear
    const Vertices mesh = basis.mesh(weights);
    Normal a = Normal::Identity();
    Vector g;
    for (int k = 0; k < kShapeModes; ++k) g[k] = weights[k];
    for (int v = 0; v < kMeshVertices; ++v) {
      if (information[v] <= 0) continue;
      const Reprojection r = reproject(camera, placement, mesh.row(v).cast<double>().transpose());
      const Eigen::Vector2d e = r.pixel - seen.points.row(v).head<2>().cast<double>().transpose();
      Eigen::Matrix<double, 2, kShapeModes> j;
      for (int k = 0; k < kShapeModes; ++k) {
        j.col(k).noalias() = r.by_point * basis.modes[k].row(v).cast<double>().transpose();
      }
      a.noalias() += information[v] * j.transpose() * j;
      g.noalias() += information[v] * j.transpose() * e;
    }
    const Vector delta = a.llt().solve(-g);
    for (int k = 0; k < kShapeModes; ++k) weights[k] += static_cast<float>(delta[k]);
    if (delta.cwiseAbs().maxCoeff() < 1e-3) break;
  }
}

// What the mouth does while this person is silent: the mean of the frames with the lips closest,
// then the smallest change of weights that brings the inner lips of that mesh to the gap of
// truly closed frames.
Weights resting_mouth(const HeadSpaceFilm& film, const std::vector<Weights>& weights,
                      const ExpressionBasis& basis) {
  std::vector<double> gaps;
  for (const int t : film.training) gaps.push_back(signed_lip_gap(film.points[t]));
  const double few = quantile(gaps, 0.10);
  Weights rest{};
  double count = 0, gap_sum = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    if (gaps[i] > few) continue;
    for (int k = 0; k < kMouthModes; ++k) rest[k] += weights[film.training[i]][k];
    gap_sum += gaps[i];
    count += 1;
  }
  for (int k = 0; k < kMouthModes; ++k) rest[k] = static_cast<float>(rest[k] / count);
  const double wanted = std::max(0.0, gap_sum / count);
  double change = wanted - signed_lip_gap(basis.mesh(rest)), norm = 0;
  for (int k = 0; k < kMouthModes; ++k) norm += std::pow(signed_lip_gap(basis.modes[k]), 2);
  if (norm < 1e-9) return rest;
  for (int k = 0; k < kMouthModes; ++k)
    rest[k] += static_cast<float>(change * signed_lip_gap(basis.modes[k]) / norm);
  return rest;
}

}  // namespace

ExpressionFit fit_expressions(const std::vector<FaceObservation>& observations, const HeadPoseFit& head,
                              int training_frames, const ExpressionFitOptions& options,
                              const WorkContext& context) {
  StageProgress progress(context, "learning the expressions");
  ThreadPool pool(std::min(2, available_cores()));
  const FaceRegions& regions = face_regions();
  const HeadSpaceFilm film = to_head_space(observations, head, training_frames, pool);
  progress.update(1, 6);

  ExpressionFit fit;
  ExpressionBasis& basis = fit.basis;
  basis.neutral = head.shape.vertices.cast<float>();
  for (Vertices& mode : basis.modes) mode = Vertices::Zero(kLandmarks, 3);
  fit.weights.assign(observations.size(), Weights{});

  measure_blinks_and_gaze(film, options, fit.weights);
  normalise(film.training, kFirstGaze, kGazeModes, fit.weights, basis);
  add_eye_modes(film, fit.weights, options.depth_share, basis);
  centre_neutral(film, fit.weights, basis);
  progress.update(2, 6);

  const Eigen::VectorXd mouth_importance = 0.15 + 0.85 * regions.lips.array();
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(kLandmarks);
  add_components(film, fit.weights, regions.lower_face, mouth_importance, kFirstMouth, kMouthModes,
                 options.depth_share, basis);
  progress.update(3, 6);
  add_components(film, fit.weights, regions.brows, ones, kFirstBrow, kBrowModes, options.depth_share, basis);
  orient(basis);
  progress.update(4, 6);

  Eigen::VectorXd information =
      regions.lower_face.cwiseProduct(mouth_importance) + regions.brows.cwiseProduct(ones);
  const double noise_px = options.noise_px * head.shape.camera.width_px / 512.0;
  information *= options.effective_landmarks / information.sum() / (noise_px * noise_px);
  constexpr int kBlock = 64;
  const int n = static_cast<int>(observations.size());
  for (int begin = 0; begin < n; begin += kBlock) {
    progress.update(4 + static_cast<double>(begin) / n, 6);
    pool.run(std::min(kBlock, n - begin), [&](int item, int) {
      const int t = begin + item;
      if (!observations[t].found) return;
      project_weights(observations[t], placement_of(head.poses[t]), head.shape.camera, basis, information,
                      fit.weights[t]);
    });
  }
  std::vector<bool> seen;
  for (const FaceObservation& o : observations) seen.push_back(o.found);
  interpolate(seen, fit.weights, kFirstMouth, kShapeModes);
  smooth(fit.weights, kFirstMouth, kMouthModes, options.mouth_sigma_frames);
  smooth(fit.weights, kFirstBrow, kBrowModes, options.brow_sigma_frames);
  normalise(film.training, kFirstMouth, kShapeModes, fit.weights, basis);
  basis.rest = resting_mouth(film, fit.weights, basis);
  progress.update(6, 6);
  return fit;
}

}  // namespace anima::face
