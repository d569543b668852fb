#include "face/static_shape_fit.h"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "face/canonical_mesh.h"
#include "face/face_regions.h"
#include "face/similarity.h"

namespace anima::face {
namespace {

using Matrix6 = Eigen::Matrix<double, 6, 6>;
using Vector6 = Eigen::Matrix<double, 6, 1>;

Eigen::Vector2d seen(const FaceObservation& frame, int vertex) {
  return frame.points.row(vertex).head<2>().cast<double>().transpose();
}

// Huber's weight and cost for a residual of length r.
double huber_weight(double r, double k) {
  return r <= k ? 1.0 : k / r;
}
double huber_cost(double r, double k) {
  return r <= k ? r * r : k * (2 * r - k);
}

// The rigid vertices, their poses and shape, and what they cost.
class Bundle {
 public:
  Bundle(std::span<const FaceObservation* const> frames, const Camera& camera,
         const StaticShapeOptions& options)
      : frames_(frames), camera_(camera), options_(options) {
    const FaceRegions& regions = face_regions();
    for (int v = 0; v < kMeshVertices; ++v) {
      if (regions.rigid[v] > 0) vertices_.push_back(v);
    }
    weights_ = Eigen::VectorXd::Ones(count());
    canonical_ = Shape(count(), 3);
    std::vector<int> place(kMeshVertices, -1);
    for (int i = 0; i < count(); ++i) {
      canonical_.row(i) = canonical_mesh().row(vertices_[i]).cast<double>();
      place[vertices_[i]] = i;
    }
    shape_ = canonical_;
    for (const auto& [a, b] : canonical_face().edges) {
      if (place[a] >= 0 && place[b] >= 0) edges_.push_back({place[a], place[b]});
    }
    huber_px_ = options.huber_px * camera.width_px / 512.0;
  }

  int count() const { return static_cast<int>(vertices_.size()); }
  const Camera& camera() const { return camera_; }
  const std::vector<int>& vertices() const { return vertices_; }
  const Shape& shape() const { return shape_; }
  const std::vector<Placement>& placements() const { return placements_; }
  const Eigen::VectorXd& weights() const { return weights_; }

  void place_first() {
    placements_.clear();
    Shape whole = Shape::Zero(kLandmarks, 3);
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(kLandmarks);
    for (int i = 0; i < count(); ++i) {
      whole.row(vertices_[i]) = shape_.row(i);
      weights[vertices_[i]] = 1;
    }
    for (const FaceObservation* frame : frames_) {
      Placement p = initial_placement(*frame, camera_, whole, weights);
      refine_placement(*frame, camera_, whole, weights, huber_px_, p);
      placements_.push_back(p);
    }
  }

  // Keeps the size of the head in the picture, so that a change of focal length starts close.
  void set_focal(double focal_px) {
    for (Placement& p : placements_) p.translation.z() *= focal_px / camera_.focal_px;
    camera_.focal_px = focal_px;
  }

  // Up to `iterations` accepted steps; returns the cost.
  double solve(int iterations) {
    double cost = cost_of(shape_, placements_);
    for (int i = 0; i < iterations; ++i) {
      const double before = cost;
      if (!step(cost) || before - cost < 1e-5 * before) break;
    }
    return cost;
  }

  // Weighted rms per axis in pixels.
  double rms() const {
    double sum = 0, total = 0;
    for (std::size_t k = 0; k < frames_.size(); ++k) {
      for (int i = 0; i < count(); ++i) {
        const double r = residual(k, i, shape_, placements_).norm();
        sum += weights_[i] * huber_cost(r, huber_px_);
        total += 2 * weights_[i];
      }
    }
    return std::sqrt(sum / total);
  }

  // Vertices that move a lot against the rest follow the skull badly: they count less.
  void reweight() {
    Eigen::VectorXd variance(count());
    for (int i = 0; i < count(); ++i) {
      std::vector<double> squares;
      for (std::size_t k = 0; k < frames_.size(); ++k) {
        squares.push_back(residual(k, i, shape_, placements_).squaredNorm());
      }
      std::nth_element(squares.begin(), squares.begin() + static_cast<long>(squares.size() / 2),
                       squares.end());
      variance[i] = squares[squares.size() / 2];
    }
    std::vector<double> sorted(variance.data(), variance.data() + count());
    std::nth_element(sorted.begin(), sorted.begin() + count() / 2, sorted.end());
    const double typical = std::max(sorted[count() / 2], 1e-6);
    // Squared, so that a vertex twice as restless as the typical one counts a sixth, not a half.
    for (int i = 0; i < count(); ++i) weights_[i] = std::pow(2.0 / (1.0 + variance[i] / typical), 2);
  }

 private:
  Eigen::Vector2d residual(std::size_t k, int i, const Shape& shape, const std::vector<Placement>& at) const {
    const Eigen::Vector3d p = at[k].rotation * shape.row(i).transpose() + at[k].translation;
    return camera_.project(p) - seen(*frames_[k], vertices_[i]);
  }

  double data_scale() const {
    // Pixels at width 512 are the unit in which the priors were chosen.
    const double unit = 512.0 / camera_.width_px;
    return unit * unit * std::min(1.0, options_.effective_keyframes / static_cast<double>(frames_.size()));
  }

  Eigen::Vector3d prior_information() const {
    const double lateral = 1 / (options_.lateral_sigma * options_.lateral_sigma);
    return {lateral, lateral, 1 / (options_.depth_sigma * options_.depth_sigma)};
  }

  double cost_of(const Shape& shape, const std::vector<Placement>& at) const {
    double data = 0;
    for (std::size_t k = 0; k < frames_.size(); ++k) {
      for (int i = 0; i < count(); ++i)
        data += weights_[i] * huber_cost(residual(k, i, shape, at).norm(), huber_px_);
    }
    const Shape moved = shape - canonical_;
    double prior = (moved.array().square().matrix() * prior_information()).sum();
    for (const auto& [a, b] : edges_) {
      prior += (moved.row(a) - moved.row(b)).squaredNorm() / (options_.edge_sigma * options_.edge_sigma);
    }
    return data * data_scale() + prior;
  }

  // One damped Gauss-Newton step of everything; false when no damping improves the cost.
  bool step(double& cost) {
    const int n = 3 * count();
    const int frames = static_cast<int>(frames_.size());
    Eigen::MatrixXd shape_block = Eigen::MatrixXd::Zero(n, n);
    Eigen::VectorXd shape_gradient = Eigen::VectorXd::Zero(n);
    std::vector<Matrix6> pose_block(frames_.size(), Matrix6::Zero());
    std::vector<Vector6> pose_gradient(frames_.size(), Vector6::Zero());
    Eigen::MatrixXd mixed = Eigen::MatrixXd::Zero(6L * frames, n);

    const double scale = data_scale();
    for (int k = 0; k < frames; ++k) {
      for (int i = 0; i < count(); ++i) {
        const Reprojection r = reproject(camera_, placements_[k], shape_.row(i).transpose());
        const Eigen::Vector2d e = r.pixel - seen(*frames_[k], vertices_[i]);
        const double w = scale * weights_[i] * huber_weight(e.norm(), huber_px_);
        pose_block[k].noalias() += w * r.by_pose.transpose() * r.by_pose;
        pose_gradient[k].noalias() += w * r.by_pose.transpose() * e;
        shape_block.block<3, 3>(3 * i, 3 * i).noalias() += w * r.by_point.transpose() * r.by_point;
        shape_gradient.segment<3>(3 * i).noalias() += w * r.by_point.transpose() * e;
        mixed.block<6, 3>(6L * k, 3 * i).noalias() = w * r.by_pose.transpose() * r.by_point;
      }
    }
    const Eigen::Vector3d prior = prior_information();
    const Shape moved = shape_ - canonical_;
    for (int i = 0; i < count(); ++i) {
      for (int c = 0; c < 3; ++c) {
        shape_block(3 * i + c, 3 * i + c) += prior[c];
        shape_gradient[3 * i + c] += prior[c] * moved(i, c);
      }
    }
    const double edge = 1 / (options_.edge_sigma * options_.edge_sigma);
    for (const auto& [a, b] : edges_) {
      for (int c = 0; c < 3; ++c) {
        const int p = 3 * a + c, q = 3 * b + c;
        shape_block(p, p) += edge;
        shape_block(q, q) += edge;
        shape_block(p, q) -= edge;
        shape_block(q, p) -= edge;
        const double difference = edge * (moved(a, c) - moved(b, c));
        shape_gradient[p] += difference;
        shape_gradient[q] -= difference;
      }
    }

    for (; damping_ < 1e6; damping_ *= 10) {
      Eigen::MatrixXd reduced = shape_block;
      reduced.diagonal() *= 1 + damping_;
      Eigen::VectorXd gradient = shape_gradient;
      Eigen::MatrixXd half = mixed;  // L^-1 W of each frame
      std::vector<Eigen::LLT<Matrix6>> factors(frames_.size());
      for (int k = 0; k < frames; ++k) {
        Matrix6 a = pose_block[k];
        a.diagonal() *= 1 + damping_;
        a.diagonal().array() += 1e-12;
        factors[k].compute(a);
        auto rows = half.middleRows<6>(6L * k);
        factors[k].matrixL().solveInPlace(rows);
        const Vector6 g = factors[k].matrixL().solve(pose_gradient[k]);
        gradient.noalias() -= rows.transpose() * g;
      }
      reduced.selfadjointView<Eigen::Lower>().rankUpdate(half.transpose(), -1.0);
      const Eigen::VectorXd delta = reduced.selfadjointView<Eigen::Lower>().llt().solve(-gradient);

      Shape shape = shape_;
      for (int i = 0; i < count(); ++i) shape.row(i) += delta.segment<3>(3 * i).transpose();
      std::vector<Placement> at = placements_;
      for (int k = 0; k < frames; ++k) {
        const Vector6 g = pose_gradient[k] + mixed.middleRows<6>(6L * k) * delta;
        at[k].step(-factors[k].solve(g));
      }
      const double now = cost_of(shape, at);
      if (std::isfinite(now) && now < cost) {
        cost = now;
        shape_ = shape;
        placements_ = at;
        damping_ = std::max(1e-8, damping_ / 10);
        return true;
      }
    }
    damping_ = 1e-4;
    return false;
  }

  std::span<const FaceObservation* const> frames_;
  Camera camera_;
  StaticShapeOptions options_;
  std::vector<int> vertices_;
  std::vector<std::array<int, 2>> edges_;
  Eigen::VectorXd weights_;
  Shape canonical_;
  Shape shape_;
  std::vector<Placement> placements_;
  double huber_px_ = 2;
  double damping_ = 1e-4;
};

std::vector<const FaceObservation*> spread(std::span<const FaceObservation* const> frames, int count) {
  const int n = static_cast<int>(frames.size());
  std::vector<const FaceObservation*> chosen;
  const int taken = std::min(n, count);
  for (int i = 0; i < taken; ++i) {
    const int at =
        taken == 1 ? 0 : static_cast<int>(std::llround(static_cast<double>(i) * (n - 1) / (taken - 1)));
    chosen.push_back(frames[at]);
  }
  return chosen;
}

// Every vertex's mean place in the head, given poses: the vertices that move get their mean, the
// depth stays near the canonical one where the views do not tell it.
Shape all_vertices(std::span<const FaceObservation* const> frames, const std::vector<Placement>& placements,
                   const Camera& camera, const StaticShapeOptions& options) {
  const Shape canonical = canonical_mesh().cast<double>();
  Shape shape = canonical;
  const double unit = 512.0 / camera.width_px;
  const double scale =
      unit * unit * std::min(1.0, options.effective_keyframes / static_cast<double>(frames.size()));
  const double huber_px = 2 * options.huber_px / unit;
  for (int round = 0; round < 4; ++round) {
    std::vector<Eigen::Triplet<double>> entries;
    Eigen::VectorXd gradient = Eigen::VectorXd::Zero(3 * kMeshVertices);
    for (int v = 0; v < kMeshVertices; ++v) {
      Eigen::Matrix3d block = Eigen::Matrix3d::Zero();
      Eigen::Vector3d g = Eigen::Vector3d::Zero();
      for (std::size_t k = 0; k < frames.size(); ++k) {
        const Reprojection r = reproject(camera, placements[k], shape.row(v).transpose());
        const Eigen::Vector2d e = r.pixel - seen(*frames[k], v);
        const double w = scale * huber_weight(e.norm(), huber_px);
        block.noalias() += w * r.by_point.transpose() * r.by_point;
        g.noalias() += w * r.by_point.transpose() * e;
      }
      const Eigen::Vector3d moved = (shape.row(v) - canonical.row(v)).transpose();
      const double lateral = 1 / (options.lateral_sigma * options.lateral_sigma);
      const Eigen::Vector3d prior(lateral, lateral, 1 / (options.depth_sigma * options.depth_sigma));
      block.diagonal() += prior;
      g += prior.cwiseProduct(moved);
      gradient.segment<3>(3 * v) += g;
      for (int a = 0; a < 3; ++a) {
        for (int b = 0; b < 3; ++b) entries.emplace_back(3 * v + a, 3 * v + b, block(a, b));
      }
    }
    const double edge = 1 / (options.edge_sigma * options.edge_sigma);
    for (const auto& [a, b] : canonical_face().edges) {
      for (int c = 0; c < 3; ++c) {
        // Sideways the views say where a vertex is, and lips differ from the canonical ones.
        const double w = c == 2 ? edge : 0.05 * edge;
        const int p = 3 * a + c, q = 3 * b + c;
        entries.emplace_back(p, p, w);
        entries.emplace_back(q, q, w);
        entries.emplace_back(p, q, -w);
        entries.emplace_back(q, p, -w);
        const double difference = w * ((shape(a, c) - canonical(a, c)) - (shape(b, c) - canonical(b, c)));
        gradient[p] += difference;
        gradient[q] -= difference;
      }
    }
    Eigen::SparseMatrix<double> system(3 * kMeshVertices, 3 * kMeshVertices);
    system.setFromTriplets(entries.begin(), entries.end());
    const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factor(system);
    const Eigen::VectorXd delta = factor.solve(-gradient);
    for (int v = 0; v < kMeshVertices; ++v) shape.row(v) += delta.segment<3>(3 * v).transpose();
    if (delta.cwiseAbs().maxCoeff() < 1e-4) break;
  }
  return shape;
}

// The irises have no canonical place: their mean seen at the mean depth of their eye's corners.
void add_irises(std::span<const FaceObservation* const> frames, const std::vector<Placement>& placements,
                const Camera& camera, Shape& shape) {
  shape.conservativeResize(kLandmarks, 3);
  for (int iris = 0; iris < 2; ++iris) {
    const int inner = iris == 0 ? 133 : 362, outer = iris == 0 ? 33 : 263;
    const double depth = 0.5 * (shape(inner, 2) + shape(outer, 2));
    for (int v = kMeshVertices + 5 * iris; v < kMeshVertices + 5 * (iris + 1); ++v) {
      Eigen::Vector2d sum = Eigen::Vector2d::Zero();
      for (std::size_t k = 0; k < frames.size(); ++k) {
        sum += on_head_plane(camera, placements[k], seen(*frames[k], v), depth);
      }
      sum /= static_cast<double>(frames.size());
      shape.row(v) << sum.x(), sum.y(), depth;
    }
  }
}

}  // namespace

Eigen::Vector2d on_head_plane(const Camera& camera, const Placement& placement, const Eigen::Vector2d& pixel,
                              double head_z) {
  // camera ray d t = R h + T  =>  h = t R^T d - R^T T, with h.z = head_z.
  const Eigen::Vector3d ray((pixel.x() - camera.centre_x_px) / camera.focal_px,
                            (pixel.y() - camera.centre_y_px) / camera.focal_px, 1);
  const Eigen::Vector3d d = placement.rotation.transpose() * ray;
  const Eigen::Vector3d o = -(placement.rotation.transpose() * placement.translation);
  const double t = (head_z - o.z()) / d.z();
  return (o + t * d).head<2>();
}

Placement initial_placement(const FaceObservation& frame, const Camera& camera, const Shape& shape,
                            const Eigen::VectorXd& weights) {
  Shape target = Shape::Zero(shape.rows(), 3);
  target.topRows(std::min<Eigen::Index>(shape.rows(), kLandmarks)) =
      frame.points.topRows(std::min<Eigen::Index>(shape.rows(), kLandmarks)).cast<double>();
  target.col(0).array() -= camera.centre_x_px;
  target.col(1).array() -= camera.centre_y_px;
  const Similarity s = fit_similarity(shape, target, weights.head(shape.rows()));
  Placement p;
  p.rotation = s.rotation;
  const double depth = camera.focal_px / s.scale;  // weak perspective: pixels per head unit = f / z
  p.translation = {s.translation.x() / s.scale, s.translation.y() / s.scale, depth};
  return p;
}

double refine_placement(const FaceObservation& frame, const Camera& camera, const Shape& shape,
                        const Eigen::VectorXd& weights, double huber_px, Placement& placement) {
  std::vector<int> used;
  double total = 0;
  for (int v = 0; v < static_cast<int>(shape.rows()); ++v) {
    if (weights[v] > 0) {
      used.push_back(v);
      total += 2 * weights[v];
    }
  }
  const auto cost_of = [&](const Placement& p) {
    double cost = 0;
    for (const int v : used) {
      const Eigen::Vector3d at = p.rotation * shape.row(v).transpose() + p.translation;
      cost += weights[v] * huber_cost((camera.project(at) - seen(frame, v)).norm(), huber_px);
    }
    return cost;
  };
  double cost = cost_of(placement);
  double damping = 1e-6;
  for (int iteration = 0; iteration < 20; ++iteration) {
    Matrix6 a = Matrix6::Zero();
    Vector6 g = Vector6::Zero();
    for (const int v : used) {
      const Reprojection r = reproject(camera, placement, shape.row(v).transpose());
      const Eigen::Vector2d e = r.pixel - seen(frame, v);
      const double w = weights[v] * huber_weight(e.norm(), huber_px);
      a.noalias() += w * r.by_pose.transpose() * r.by_pose;
      g.noalias() += w * r.by_pose.transpose() * e;
    }
    bool improved = false;
    const double before = cost;
    for (; damping < 1e6; damping *= 10) {
      Matrix6 damped = a;
      damped.diagonal() *= 1 + damping;
      Placement next = placement;
      next.step(-damped.llt().solve(g));
      const double now = cost_of(next);
      if (std::isfinite(now) && now < cost) {
        placement = next;
        cost = now;
        damping = std::max(1e-9, damping / 10);
        improved = true;
        break;
      }
    }
    if (!improved || before - cost < 1e-7 * before) break;
  }
  return std::sqrt(cost / std::max(total, 1e-12));
}

StaticShape fit_static_shape(std::span<const FaceObservation* const> frames, int width_px, int height_px,
                             const StaticShapeOptions& options, const WorkContext& context) {
  if (frames.size() < 10) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("a face shape needs 10 frames with a face, not {}", frames.size()),
                "film the face from the front for at least a few seconds");
  }
  StageProgress progress(context, "fitting the shape of the face");
  const double unit = width_px / 512.0;
  Camera camera;
  camera.width_px = width_px;
  camera.height_px = height_px;
  camera.centre_x_px = width_px / 2.0;
  camera.centre_y_px = height_px / 2.0;
  camera.focal_px = options.focal_prior_px * unit;

  const auto keyframes = spread(frames, options.keyframes);
  Bundle bundle(keyframes, camera, options);
  bundle.place_first();
  const int rounds = 2 + options.focal_steps + 1;
  for (int round = 0; round < 2; ++round) {
    bundle.solve(4);
    bundle.reweight();
    progress.update(round + 1, rounds);
  }

  // Focal search outwards from the prior, each step starting from its neighbour.
  StaticShape result;
  std::vector<double> focals;
  for (int i = 0; i < options.focal_steps; ++i) {
    const double t = options.focal_steps == 1 ? 0.5 : static_cast<double>(i) / (options.focal_steps - 1);
    focals.push_back(unit * options.focal_low_px * std::pow(options.focal_high_px / options.focal_low_px, t));
  }
  const auto few = spread(frames, std::max(12, options.keyframes / 2));
  Bundle search(few, camera, options);
  search.place_first();
  search.solve(4);
  search.reweight();
  for (const double focal : focals) {
    search.set_focal(focal);
    search.solve(4);
    result.focal_residuals.emplace_back(focal, search.rms());
    progress.update(2.0 + static_cast<double>(result.focal_residuals.size()), rounds);
  }
  double best = 1e300;
  for (const auto& [focal, rms] : result.focal_residuals) best = std::min(best, rms);
  double chosen = camera.focal_px, distance = 1e300;
  for (const auto& [focal, rms] : result.focal_residuals) {
    const double from_prior = std::abs(std::log(focal / (options.focal_prior_px * unit)));
    if (rms <= best * (1 + options.focal_tolerance) && from_prior < distance) {
      chosen = focal;
      distance = from_prior;
    }
  }
  bundle.set_focal(chosen);
  bundle.solve(8);
  bundle.reweight();
  bundle.solve(8);
  result.rms_px = bundle.rms();
  result.camera = bundle.camera();

  // The shape's frame is fixed only by weak priors: settle it on the canonical face.
  Shape canonical(bundle.count(), 3);
  for (int i = 0; i < bundle.count(); ++i)
    canonical.row(i) = canonical_mesh().row(bundle.vertices()[i]).cast<double>();
  const Similarity settle = fit_similarity(bundle.shape(), canonical, bundle.weights());
  std::vector<Placement> placements = bundle.placements();
  for (Placement& p : placements) {
    // X = R s + T; s' = c Q s + q  =>  c X = (R Q^T) s' + c T - R Q^T q.
    p.rotation = p.rotation * settle.rotation.transpose();
    p.translation = settle.scale * p.translation - p.rotation * settle.translation;
  }
  result.vertices = all_vertices(keyframes, placements, result.camera, options);
  result.pose_weights = Eigen::VectorXd::Zero(kLandmarks);
  for (int i = 0; i < bundle.count(); ++i) {
    const int v = bundle.vertices()[i];
    result.vertices.row(v) =
        (settle.scale * settle.rotation * bundle.shape().row(i).transpose() + settle.translation).transpose();
    result.pose_weights[v] = bundle.weights()[i];
  }
  add_irises(keyframes, placements, result.camera, result.vertices);
  progress.update(rounds, rounds);
  return result;
}

}  // namespace anima::face
