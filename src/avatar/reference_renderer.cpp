// The plain renderer: every formula once, in double precision, no tiles, no vectors.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <Eigen/Core>
#include <Eigen/Geometry>

#include "avatar/reference_renderer.h"
#include "avatar/renderer.h"

namespace anima::avatar {
namespace {

using Matrix23 = Eigen::Matrix<double, 2, 3>;
using Eigen::Matrix2d;
using Eigen::Matrix3d;
using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector4d;

// Everything between a Gaussian's attributes and its ellipse on the screen.
struct Projection {
  Vector3d point;  // in camera space
  Matrix3d axes;   // rotation of the Gaussian
  Vector3d scale;
  Vector4d quaternion;  // as stored
  Matrix23 to_screen;   // J R
  Matrix23 root;        // J R axes diag(scale): covariance = root root^T + pixel
  Matrix2d inverse;     // of the covariance
  Vector2d centre;
  double opacity = 0;
  Vector3d colour;
  bool visible = false;
};

Matrix3d matrix_of(const Vector4d& quaternion) {
  const Vector4d q = quaternion.normalized();
  return Eigen::Quaterniond(q[0], q[1], q[2], q[3]).toRotationMatrix();
}

double blended(const PlacedLayer& placed, int plane, int i) {
  double value = placed.layer->plane(plane)[i];
  if (plane < kModalPlanes && i < placed.layer->modal_count) {
    for (int mode = 0; mode < placed.layer->modes; ++mode) {
      value += static_cast<double>(placed.weights[mode]) * placed.layer->delta(mode, plane)[i];
    }
  }
  return value;
}

Projection project(const face::Camera& camera, const PlacedLayer& placed, const Matrix3d& rotation, int i) {
  Projection p;
  const auto at = [&](int plane) { return blended(placed, plane, i); };
  p.opacity = 1 / (1 + std::exp(-at(kOpacityLogit)));
  p.colour = {at(kRed), at(kGreen), at(kBlue)};
  p.point = rotation * Vector3d(at(kPositionX), at(kPositionY), at(kPositionZ)) + placed.pose.translation;
  p.visible = p.point.z() > kNearest && p.opacity >= kMinAlpha;
  if (!p.visible) return p;
  p.scale = {std::exp(at(kLogScaleX)), std::exp(at(kLogScaleY)), std::exp(at(kLogScaleZ))};
  p.quaternion = {at(kRotationW), at(kRotationX), at(kRotationY), at(kRotationZ)};
  p.axes = matrix_of(p.quaternion);
  const double f = camera.focal_px;
  const double w = 1 / p.point.z();
  Matrix23 jacobian;
  jacobian << f * w, 0, -f * p.point.x() * w * w, 0, f * w, -f * p.point.y() * w * w;
  p.to_screen = jacobian * rotation;
  p.root = p.to_screen * p.axes * p.scale.asDiagonal();
  const Matrix2d covariance = p.root * p.root.transpose() + kPixelVariance * Matrix2d::Identity();
  p.inverse = covariance.inverse();
  p.centre = camera.project(p.point);
  return p;
}

struct Entry {
  int layer;
  int index;
};

struct Prepared {
  std::vector<Matrix3d> rotations;
  std::vector<Entry> entries;           // visible ones, nearest first
  std::vector<Projection> projections;  // of `entries`
};

Prepared prepare(const Scene& scene) {
  Prepared prepared;
  std::vector<Entry> entries;
  std::vector<Projection> projections;
  for (int l = 0; l < static_cast<int>(scene.layers.size()); ++l) {
    const PlacedLayer& placed = scene.layers[l];
    prepared.rotations.push_back(placed.pose.matrix());
    for (int i = 0; i < placed.layer->count; ++i) {
      Projection p = project(scene.camera, placed, prepared.rotations.back(), i);
      if (!p.visible) continue;
      entries.push_back({l, i});
      projections.push_back(p);
    }
  }
  std::vector<int> order(entries.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int x, int y) { return projections[x].point.z() < projections[y].point.z(); });
  for (const int i : order) {
    prepared.entries.push_back(entries[i]);
    prepared.projections.push_back(projections[i]);
  }
  return prepared;
}

// alpha of one Gaussian at one pixel; 0 where it is skipped.
double alpha_at(const Projection& p, const Vector2d& d) {
  const double alpha = p.opacity * std::exp(-0.5 * d.dot(p.inverse * d));
  return alpha < kMinAlpha ? 0 : std::min<double>(alpha, kMaxAlpha);
}

// Pixels that the Gaussian can reach.
struct Box {
  int x0, x1, y0, y1;
};
Box reach(const Projection& p, int width, int height) {
  const Matrix2d covariance = p.inverse.inverse();
  const double radius = std::sqrt(2 * std::log(p.opacity / kMinAlpha));
  const double rx = radius * std::sqrt(covariance(0, 0)) + 1;
  const double ry = radius * std::sqrt(covariance(1, 1)) + 1;
  return {std::max(0, static_cast<int>(std::floor(p.centre.x() - rx))),
          std::min(width - 1, static_cast<int>(std::ceil(p.centre.x() + rx))),
          std::max(0, static_cast<int>(std::floor(p.centre.y() - ry))),
          std::min(height - 1, static_cast<int>(std::ceil(p.centre.y() + ry)))};
}

// Derivatives of R(q/|q|) with respect to the four stored numbers, contracted with dR.
Vector4d quaternion_gradient(const Vector4d& stored, const Matrix3d& d_axes) {
  const double norm = stored.norm();
  const Vector4d q = stored / norm;
  const double w = q[0], x = q[1], y = q[2], z = q[3];
  Matrix3d dw, dx, dy, dz;
  dw << 0, -2 * z, 2 * y, 2 * z, 0, -2 * x, -2 * y, 2 * x, 0;
  dx << 0, 2 * y, 2 * z, 2 * y, -4 * x, -2 * w, 2 * z, 2 * w, -4 * x;
  dy << -4 * y, 2 * x, 2 * w, 2 * x, 0, 2 * z, -2 * w, 2 * z, -4 * y;
  dz << -4 * z, -2 * w, 2 * x, 2 * w, -4 * z, 2 * y, 2 * x, 2 * y, 0;
  const Vector4d unit(dw.cwiseProduct(d_axes).sum(), dx.cwiseProduct(d_axes).sum(),
                      dy.cwiseProduct(d_axes).sum(), dz.cwiseProduct(d_axes).sum());
  return (unit - q * q.dot(unit)) / norm;
}

class ReferenceRenderer : public Renderer {
 public:
  std::string_view name() const override { return "reference"; }

  void forward(const Scene& scene, RenderPass& pass, ThreadPool*) const override {
    const int width = scene.camera.width_px;
    const int height = scene.camera.height_px;
    pass.canvas.resize(width, height);
    const Prepared prepared = prepare(scene);
    std::vector<double> red(pass.canvas.red.size()), green(red.size()), blue(red.size()),
        left(red.size(), 1.0);
    for (const Projection& p : prepared.projections) {
      const Box box = reach(p, width, height);
      for (int y = box.y0; y <= box.y1; ++y) {
        for (int x = box.x0; x <= box.x1; ++x) {
          const double alpha = alpha_at(p, Vector2d(x + 0.5, y + 0.5) - p.centre);
          const std::size_t at = static_cast<std::size_t>(y) * width + x;
          const double weight = left[at] * alpha;
          red[at] += weight * p.colour[0];
          green[at] += weight * p.colour[1];
          blue[at] += weight * p.colour[2];
          left[at] -= weight;
        }
      }
    }
    std::copy(red.begin(), red.end(), pass.canvas.red.begin());
    std::copy(green.begin(), green.end(), pass.canvas.green.begin());
    std::copy(blue.begin(), blue.end(), pass.canvas.blue.begin());
    std::copy(left.begin(), left.end(), pass.canvas.transmittance.begin());
  }

  void backward(const Scene& scene, RenderPass&, const CanvasGradient& canvas_gradient,
                std::vector<LayerGradient>& gradient) const override {
    const int width = scene.camera.width_px;
    const int height = scene.camera.height_px;
    const Prepared prepared = prepare(scene);
    gradient.assign(scene.layers.size(), {});
    for (std::size_t l = 0; l < scene.layers.size(); ++l) {
      gradient[l].base.assign(static_cast<std::size_t>(kBasePlanes) * scene.layers[l].layer->count, 0.0F);
      gradient[l].weights.assign(scene.layers[l].layer->modes, 0.0);
    }

    // The sum that lies behind a pixel is (whole - what was drawn so far): one pass to get the
    // whole, one to go through it again.
    const std::size_t pixels = static_cast<std::size_t>(width) * height;
    std::vector<double> behind(pixels, 0.0), left(pixels, 1.0);
    for (int pass_number = 0; pass_number < 2; ++pass_number) {
      if (pass_number == 1) {
        for (std::size_t at = 0; at < pixels; ++at) {
          behind[at] += left[at] * canvas_gradient.transmittance[at];
          left[at] = 1;
        }
      }
      for (std::size_t n = 0; n < prepared.entries.size(); ++n) {
        const Projection& p = prepared.projections[n];
        const Box box = reach(p, width, height);
        Vector2d d_centre = Vector2d::Zero();
        Matrix2d d_inverse = Matrix2d::Zero();
        Vector3d d_colour = Vector3d::Zero();
        double d_log_opacity = 0;
        for (int y = box.y0; y <= box.y1; ++y) {
          for (int x = box.x0; x <= box.x1; ++x) {
            const Vector2d d = Vector2d(x + 0.5, y + 0.5) - p.centre;
            const double alpha = alpha_at(p, d);
            if (alpha == 0) continue;
            const std::size_t at = static_cast<std::size_t>(y) * width + x;
            const Vector3d g(canvas_gradient.red[at], canvas_gradient.green[at], canvas_gradient.blue[at]);
            const double weight = left[at] * alpha;
            if (pass_number == 0) {
              behind[at] += weight * p.colour.dot(g);
              left[at] -= weight;
              continue;
            }
            behind[at] -= weight * p.colour.dot(g);
            const double d_alpha = left[at] * p.colour.dot(g) - behind[at] / (1 - alpha);
            d_colour += weight * g;
            left[at] -= weight;
            if (alpha >= kMaxAlpha) continue;  // clamped: no slope
            const double q = alpha * d_alpha;  // d loss / d exponent
            d_log_opacity += q;
            d_centre += q * (p.inverse * d);
            d_inverse -= 0.5 * q * d * d.transpose();
          }
        }
        if (pass_number == 1) {
          push_back(scene, prepared, n, d_centre, d_inverse, d_colour, d_log_opacity, gradient);
        }
      }
    }
  }

 private:
  // From a splat's derivatives to the Gaussian's attributes, the pose and the weights.
  static void push_back(const Scene& scene, const Prepared& prepared, std::size_t n, const Vector2d& d_centre,
                        const Matrix2d& d_inverse, const Vector3d& d_colour, double d_log_opacity,
                        std::vector<LayerGradient>& gradient) {
    const int l = prepared.entries[n].layer;  // not as a binding: Clang 14 cannot capture those
    const int i = prepared.entries[n].index;
    const Projection& p = prepared.projections[n];
    const PlacedLayer& placed = scene.layers[l];
    const Matrix3d& rotation = prepared.rotations[l];
    LayerGradient& out = gradient[l];
    const double f = scene.camera.focal_px;
    const double w = 1 / p.point.z();

    const Matrix2d d_covariance = -p.inverse * d_inverse * p.inverse;
    const Matrix23 d_root = 2 * d_covariance * p.root;
    const Matrix3d shape = p.axes * p.scale.asDiagonal();
    const Matrix23 d_to_screen = d_root * shape.transpose();
    const Matrix3d d_shape = p.to_screen.transpose() * d_root;
    const Vector3d d_log_scale =
        (p.axes.cwiseProduct(d_shape)).colwise().sum().transpose().cwiseProduct(p.scale);
    const Vector4d d_quaternion = quaternion_gradient(p.quaternion, d_shape * p.scale.asDiagonal());

    Matrix23 jacobian;
    jacobian << f * w, 0, -f * p.point.x() * w * w, 0, f * w, -f * p.point.y() * w * w;
    const Matrix23 d_jacobian = d_to_screen * rotation.transpose();
    Matrix3d d_rotation = jacobian.transpose() * d_to_screen;

    Vector3d d_point = jacobian.transpose() * d_centre;
    d_point.x() += -f * w * w * d_jacobian(0, 2);
    d_point.y() += -f * w * w * d_jacobian(1, 2);
    d_point.z() += -f * w * w * (d_jacobian(0, 0) + d_jacobian(1, 1)) +
                   2 * f * w * w * w * (p.point.x() * d_jacobian(0, 2) + p.point.y() * d_jacobian(1, 2));
    const Vector3d d_position = rotation.transpose() * d_point;
    const Vector3d position = rotation.transpose() * (p.point - placed.pose.translation);
    d_rotation += d_point * position.transpose();
    const Matrix3d spin = d_rotation * rotation.transpose();
    out.rotation[0] += spin(2, 1) - spin(1, 2);
    out.rotation[1] += spin(0, 2) - spin(2, 0);
    out.rotation[2] += spin(1, 0) - spin(0, 1);
    for (int axis = 0; axis < 3; ++axis) out.translation[axis] += d_point[axis];

    double d_modal[kModalPlanes];
    for (int axis = 0; axis < 3; ++axis) {
      d_modal[kPositionX + axis] = d_position[axis];
      d_modal[kRed + axis] = d_colour[axis];
    }
    d_modal[kOpacityLogit] = d_log_opacity * (1 - p.opacity);
    const auto put = [&](int plane, double value) {
      out.base[static_cast<std::size_t>(plane) * placed.layer->count + i] = static_cast<float>(value);
    };
    for (int plane = 0; plane < kModalPlanes; ++plane) put(plane, d_modal[plane]);
    for (int axis = 0; axis < 3; ++axis) put(kLogScaleX + axis, d_log_scale[axis]);
    for (int axis = 0; axis < 4; ++axis) put(kRotationW + axis, d_quaternion[axis]);
    if (i >= placed.layer->modal_count) return;
    for (int mode = 0; mode < placed.layer->modes; ++mode) {
      for (int plane = 0; plane < kModalPlanes; ++plane) {
        out.weights[mode] += d_modal[plane] * placed.layer->delta(mode, plane)[i];
      }
    }
  }
};

}  // namespace

std::unique_ptr<Renderer> make_reference_renderer() {
  return std::make_unique<ReferenceRenderer>();
}

}  // namespace anima::avatar
