#include "avatar/simd_project.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "avatar/simd_project.cpp"
#include <hwy/foreach_target.h>
// Highway must come after foreach_target.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace anima::avatar::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, kLaneBlock>;
using V = hn::Vec<D>;

constexpr float kLog2E = 1.44269504F;
constexpr float kLn2 = 0.693147181F;

// Values per lane go through a small array where records are interleaved.
struct Lanes {
  alignas(64) float at[kLaneBlock];
};

V splat(float value) {
  return hn::Set(D(), value);
}

void BlendLayer(const GaussianLayer& layer, const float* weights, float* blended) {
  const D d;
  const int step = static_cast<int>(hn::Lanes(d));
  const std::size_t count = layer.count;
  std::copy_n(layer.base.data(), kModalPlanes * count, blended);  // also of an empty layer, which has no data
  // Blocks of a plane stay in the first-level cache while all modes are added.
  constexpr int kBlock = 2048;
  for (int plane = 0; plane < kModalPlanes; ++plane) {
    float* out = blended + plane * count;
    for (int from = 0; from < layer.modal_count; from += kBlock) {
      const int to = std::min(from + kBlock, layer.modal_count);
      for (int mode = 0; mode < layer.modes; ++mode) {
        if (weights[mode] == 0) continue;
        const V weight = splat(weights[mode]);
        const float* delta = layer.delta(mode, plane);
        for (int i = from; i < to; i += step) {
          hn::StoreU(hn::MulAdd(weight, hn::LoadU(d, delta + i), hn::LoadU(d, out + i)), d, out + i);
        }
      }
    }
  }
}

// What forward and backward both compute, for one block of Gaussians.
struct Ellipse {
  V px, py, pz;                    // camera space
  V w;                             // 1 / pz
  V t00, t01, t02, t10, t11, t12;  // J R
  V axes[3][3];
  V scale[3];
  V inverse_norm;                  // of the quaternion
  V qw, qx, qy, qz;                // normalised
  V m00, m01, m02, m10, m11, m12;  // J R axes diag(scale)
  V a, b, c;                       // inverse covariance
  V cov_xx, cov_yy;
};

struct Placement {
  float r[9];
  float t[3];
  float focal, cx, cy;
};

Placement placement_of(const face::Camera& camera, const face::HeadPose& pose) {
  Placement p;
  const Eigen::Matrix3d m = pose.matrix();
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) p.r[i * 3 + j] = static_cast<float>(m(i, j));
    p.t[i] = static_cast<float>(pose.translation[i]);
  }
  p.focal = static_cast<float>(camera.focal_px);
  p.cx = static_cast<float>(camera.centre_x_px);
  p.cy = static_cast<float>(camera.centre_y_px);
  return p;
}

HWY_INLINE Ellipse ellipse_of(const Placement& at, const GaussianLayer& layer, const float* blended, int i) {
  const D d;
  const std::size_t count = layer.count;
  const auto blended_plane = [&](int plane) { return hn::LoadU(d, blended + plane * count + i); };
  const auto plane = [&](int p) { return hn::LoadU(d, layer.plane(p) + i); };
  Ellipse e;
  const V x = blended_plane(kPositionX), y = blended_plane(kPositionY), z = blended_plane(kPositionZ);
  const auto row = [&](int r) {
    return hn::MulAdd(
        splat(at.r[r * 3]), x,
        hn::MulAdd(splat(at.r[r * 3 + 1]), y, hn::MulAdd(splat(at.r[r * 3 + 2]), z, splat(at.t[r]))));
  };
  e.px = row(0);
  e.py = row(1);
  e.pz = hn::Max(row(2), splat(kNearest));
  e.w = hn::Div(splat(1.0F), e.pz);
  const V fw = hn::Mul(splat(at.focal), e.w);
  const V jx = hn::Neg(hn::Mul(hn::Mul(fw, e.px), e.w));  // d u / d z
  const V jy = hn::Neg(hn::Mul(hn::Mul(fw, e.py), e.w));
  const auto to_screen = [&](int r, int column, V slope) {
    return hn::MulAdd(fw, splat(at.r[r * 3 + column]), hn::Mul(slope, splat(at.r[6 + column])));
  };
  e.t00 = to_screen(0, 0, jx);
  e.t01 = to_screen(0, 1, jx);
  e.t02 = to_screen(0, 2, jx);
  e.t10 = to_screen(1, 0, jy);
  e.t11 = to_screen(1, 1, jy);
  e.t12 = to_screen(1, 2, jy);

  V qw = plane(kRotationW), qx = plane(kRotationX), qy = plane(kRotationY), qz = plane(kRotationZ);
  const V norm2 = hn::MulAdd(qw, qw, hn::MulAdd(qx, qx, hn::MulAdd(qy, qy, hn::Mul(qz, qz))));
  e.inverse_norm = hn::Div(splat(1.0F), hn::Sqrt(hn::Max(norm2, splat(1e-12F))));
  e.qw = qw = hn::Mul(qw, e.inverse_norm);
  e.qx = qx = hn::Mul(qx, e.inverse_norm);
  e.qy = qy = hn::Mul(qy, e.inverse_norm);
  e.qz = qz = hn::Mul(qz, e.inverse_norm);
  const V two = splat(2.0F), one = splat(1.0F);
  const auto sum2 = [&](V p, V q, V r, V s) { return hn::Mul(two, hn::MulAdd(p, q, hn::Mul(r, s))); };
  const auto diff2 = [&](V p, V q, V r, V s) { return hn::Mul(two, hn::MulSub(p, q, hn::Mul(r, s))); };
  e.axes[0][0] = hn::Sub(one, sum2(qy, qy, qz, qz));
  e.axes[0][1] = diff2(qx, qy, qw, qz);
  e.axes[0][2] = sum2(qx, qz, qw, qy);
  e.axes[1][0] = sum2(qx, qy, qw, qz);
  e.axes[1][1] = hn::Sub(one, sum2(qx, qx, qz, qz));
  e.axes[1][2] = diff2(qy, qz, qw, qx);
  e.axes[2][0] = diff2(qx, qz, qw, qy);
  e.axes[2][1] = sum2(qy, qz, qw, qx);
  e.axes[2][2] = hn::Sub(one, sum2(qx, qx, qy, qy));
  for (int axis = 0; axis < 3; ++axis) {
    e.scale[axis] = hn::Exp(d, hn::Min(plane(kLogScaleX + axis), splat(20.0F)));
  }
  const auto root = [&](V t0, V t1, V t2, int column) {
    return hn::Mul(
        e.scale[column],
        hn::MulAdd(t0, e.axes[0][column], hn::MulAdd(t1, e.axes[1][column], hn::Mul(t2, e.axes[2][column]))));
  };
  e.m00 = root(e.t00, e.t01, e.t02, 0);
  e.m01 = root(e.t00, e.t01, e.t02, 1);
  e.m02 = root(e.t00, e.t01, e.t02, 2);
  e.m10 = root(e.t10, e.t11, e.t12, 0);
  e.m11 = root(e.t10, e.t11, e.t12, 1);
  e.m12 = root(e.t10, e.t11, e.t12, 2);
  const auto dot = [&](V p0, V p1, V p2, V q0, V q1, V q2) {
    return hn::MulAdd(p0, q0, hn::MulAdd(p1, q1, hn::Mul(p2, q2)));
  };
  e.cov_xx = hn::Add(dot(e.m00, e.m01, e.m02, e.m00, e.m01, e.m02), splat(kPixelVariance));
  e.cov_yy = hn::Add(dot(e.m10, e.m11, e.m12, e.m10, e.m11, e.m12), splat(kPixelVariance));
  const V cov_xy = dot(e.m00, e.m01, e.m02, e.m10, e.m11, e.m12);
  const V determinant = hn::MulSub(e.cov_xx, e.cov_yy, hn::Mul(cov_xy, cov_xy));
  const V scale = hn::Div(one, hn::Max(determinant, splat(1e-12F)));
  e.a = hn::Mul(e.cov_yy, scale);
  e.b = hn::Neg(hn::Mul(cov_xy, scale));
  e.c = hn::Mul(e.cov_xx, scale);
  return e;
}

void ProjectLayer(const face::Camera& camera, const PlacedLayer& placed, const float* blended,
                  Splat* splats) {
  const D d;
  const int step = static_cast<int>(hn::Lanes(d));
  const GaussianLayer& layer = *placed.layer;
  const std::size_t count = layer.count;
  const Placement at = placement_of(camera, placed.pose);
  Lanes u, v, a, b, c, log2_opacity, opacity, half_width, half_height, depth;
  for (int i = 0; i < layer.count; i += step) {
    const Ellipse e = ellipse_of(at, layer, blended, i);
    const V logit = hn::LoadU(d, blended + kOpacityLogit * count + i);
    const V alpha =
        hn::Div(splat(1.0F), hn::Add(splat(1.0F), hn::Exp(d, hn::Neg(hn::Max(logit, splat(-30.0F))))));
    const V log2_alpha = hn::Log2(d, alpha);
    hn::Store(alpha, d, opacity.at);
    hn::Store(log2_alpha, d, log2_opacity.at);
    const V fw = hn::Mul(splat(at.focal), e.w);
    hn::Store(hn::MulAdd(fw, e.px, splat(at.cx)), d, u.at);
    hn::Store(hn::MulAdd(fw, e.py, splat(at.cy)), d, v.at);
    const V half_log2e = splat(0.5F * kLog2E);
    hn::Store(hn::Mul(e.a, half_log2e), d, a.at);
    hn::Store(hn::Mul(e.b, half_log2e), d, b.at);
    hn::Store(hn::Mul(e.c, half_log2e), d, c.at);
    hn::Store(e.pz, d, depth.at);
    // alpha(d) >= kMinAlpha  <=>  d^T inv d <= 2 ln(opacity / kMinAlpha) =: r^2
    const V r2 = hn::Mul(splat(2 * kLn2), hn::Sub(log2_alpha, splat(std::log2(kMinAlpha))));
    const auto drawn = hn::And(hn::Gt(r2, splat(0.0F)), hn::Gt(e.pz, splat(kNearest)));
    const V none = splat(-1.0F);
    hn::Store(hn::IfThenElse(drawn, hn::Sqrt(hn::Mul(hn::Max(r2, splat(0.0F)), e.cov_xx)), none), d,
              half_width.at);
    hn::Store(hn::IfThenElse(drawn, hn::Sqrt(hn::Mul(hn::Max(r2, splat(0.0F)), e.cov_yy)), none), d,
              half_height.at);
    for (int lane = 0; lane < step; ++lane) {
      Splat& s = splats[i + lane];
      s.u = u.at[lane];
      s.v = v.at[lane];
      s.a = a.at[lane];
      s.b = b.at[lane];
      s.c = c.at[lane];
      s.log2_opacity = log2_opacity.at[lane];
      s.red = blended[kRed * count + i + lane];
      s.green = blended[kGreen * count + i + lane];
      s.blue = blended[kBlue * count + i + lane];
      s.half_width = half_width.at[lane];
      s.half_height = half_height.at[lane];
      s.depth = depth.at[lane];
      s.opacity = opacity.at[lane];
    }
  }
}

void ProjectLayerBackward(const face::Camera& camera, const PlacedLayer& placed, const float* blended,
                          const Splat* splats, const SplatGradient* sums, LayerGradient& gradient) {
  const D d;
  const int step = static_cast<int>(hn::Lanes(d));
  const GaussianLayer& layer = *placed.layer;
  const std::size_t count = layer.count;
  const Placement at = placement_of(camera, placed.pose);
  gradient.base.resize(kBasePlanes * count);
  gradient.weights.assign(layer.modes, 0.0);
  const auto out = [&](int plane, int i) { return gradient.base.data() + plane * count + i; };

  V spin_x = splat(0.0F), spin_y = splat(0.0F), spin_z = splat(0.0F);
  V shift_x = splat(0.0F), shift_y = splat(0.0F), shift_z = splat(0.0F);
  double rotation[3] = {0, 0, 0};
  double translation[3] = {0, 0, 0};
  Lanes q, qx, qy, qxx, qxy, qyy, opacity, red, green, blue;
  constexpr int kFlushEvery = 1024;  // single precision sums stay short
  for (int i = 0; i < layer.count; i += step) {
    for (int lane = 0; lane < step; ++lane) {
      const SplatGradient& s = sums[i + lane];
      q.at[lane] = s.q;
      qx.at[lane] = s.qx;
      qy.at[lane] = s.qy;
      qxx.at[lane] = s.qxx;
      qxy.at[lane] = s.qxy;
      qyy.at[lane] = s.qyy;
      red.at[lane] = s.red;
      green.at[lane] = s.green;
      blue.at[lane] = s.blue;
      opacity.at[lane] = splats[i + lane].opacity;
    }
    const Ellipse e = ellipse_of(at, layer, blended, i);
    const V sx = hn::Load(d, qx.at), sy = hn::Load(d, qy.at);
    const V sxx = hn::Load(d, qxx.at), sxy = hn::Load(d, qxy.at), syy = hn::Load(d, qyy.at);
    // d centre = K sum q d;  d covariance = 1/2 K (sum q d d^T) K,  K the inverse covariance.
    const V gu = hn::MulAdd(e.a, sx, hn::Mul(e.b, sy));
    const V gv = hn::MulAdd(e.b, sx, hn::Mul(e.c, sy));
    const V k11 = hn::MulAdd(e.a, sxx, hn::Mul(e.b, sxy));
    const V k12 = hn::MulAdd(e.a, sxy, hn::Mul(e.b, syy));
    const V k21 = hn::MulAdd(e.b, sxx, hn::Mul(e.c, sxy));
    const V k22 = hn::MulAdd(e.b, sxy, hn::Mul(e.c, syy));
    // twice d covariance, as d root = 2 (d covariance) root needs it
    const V h11 = hn::MulAdd(k11, e.a, hn::Mul(k12, e.b));
    const V h12 = hn::MulAdd(k11, e.b, hn::Mul(k12, e.c));
    const V h22 = hn::MulAdd(k21, e.b, hn::Mul(k22, e.c));
    V dm[2][3];
    const V m0[3] = {e.m00, e.m01, e.m02};
    const V m1[3] = {e.m10, e.m11, e.m12};
    for (int j = 0; j < 3; ++j) {
      dm[0][j] = hn::MulAdd(h11, m0[j], hn::Mul(h12, m1[j]));
      dm[1][j] = hn::MulAdd(h12, m0[j], hn::Mul(h22, m1[j]));
    }
    // root = T shape, shape = axes diag(scale)
    V dt[2][3];
    V d_axes[3][3];  // d shape diag(scale)
    const V t0[3] = {e.t00, e.t01, e.t02};
    const V t1[3] = {e.t10, e.t11, e.t12};
    for (int r = 0; r < 2; ++r) {
      for (int k = 0; k < 3; ++k) {
        V sum = splat(0.0F);
        for (int j = 0; j < 3; ++j) sum = hn::MulAdd(dm[r][j], hn::Mul(e.axes[k][j], e.scale[j]), sum);
        dt[r][k] = sum;
      }
    }
    for (int j = 0; j < 3; ++j) {
      V d_scale = splat(0.0F);
      for (int k = 0; k < 3; ++k) {
        const V d_shape = hn::MulAdd(t0[k], dm[0][j], hn::Mul(t1[k], dm[1][j]));
        d_scale = hn::MulAdd(e.axes[k][j], d_shape, d_scale);
        d_axes[k][j] = hn::Mul(d_shape, e.scale[j]);
      }
      hn::StoreU(hn::Mul(d_scale, e.scale[j]), d, out(kLogScaleX + j, i));
    }
    {  // R(q/|q|), contracted with d_axes
      const V two = splat(2.0F);
      const auto& g = d_axes;
      const V s01 = hn::Add(g[0][1], g[1][0]), s02 = hn::Add(g[0][2], g[2][0]),
              s12 = hn::Add(g[1][2], g[2][1]);
      const V a21 = hn::Sub(g[2][1], g[1][2]), a02 = hn::Sub(g[0][2], g[2][0]),
              a10 = hn::Sub(g[1][0], g[0][1]);
      const V gw = hn::Mul(two, hn::MulAdd(e.qx, a21, hn::MulAdd(e.qy, a02, hn::Mul(e.qz, a10))));
      const auto part = [&](V own, V trace, V p, V sp, V r, V sr, V anti) {
        const V diagonal = hn::Mul(hn::Mul(splat(-4.0F), own), trace);
        return hn::MulAdd(two, hn::MulAdd(p, sp, hn::MulAdd(r, sr, hn::Mul(e.qw, anti))), diagonal);
      };
      const V gx = part(e.qx, hn::Add(g[1][1], g[2][2]), e.qy, s01, e.qz, s02, a21);
      const V gy = part(e.qy, hn::Add(g[0][0], g[2][2]), e.qx, s01, e.qz, s12, a02);
      const V gz = part(e.qz, hn::Add(g[0][0], g[1][1]), e.qx, s02, e.qy, s12, a10);
      const V along = hn::MulAdd(e.qw, gw, hn::MulAdd(e.qx, gx, hn::MulAdd(e.qy, gy, hn::Mul(e.qz, gz))));
      hn::StoreU(hn::Mul(e.inverse_norm, hn::NegMulAdd(e.qw, along, gw)), d, out(kRotationW, i));
      hn::StoreU(hn::Mul(e.inverse_norm, hn::NegMulAdd(e.qx, along, gx)), d, out(kRotationX, i));
      hn::StoreU(hn::Mul(e.inverse_norm, hn::NegMulAdd(e.qy, along, gy)), d, out(kRotationY, i));
      hn::StoreU(hn::Mul(e.inverse_norm, hn::NegMulAdd(e.qz, along, gz)), d, out(kRotationZ, i));
    }
    // J's derivative, and through it the point's
    const auto r = [&](int row, int column) { return splat(at.r[row * 3 + column]); };
    const auto jacobian_entry = [&](int row, int column) {
      return hn::MulAdd(dt[row][0], r(column, 0),
                        hn::MulAdd(dt[row][1], r(column, 1), hn::Mul(dt[row][2], r(column, 2))));
    };
    const V j00 = jacobian_entry(0, 0), j02 = jacobian_entry(0, 2);
    const V j11 = jacobian_entry(1, 1), j12 = jacobian_entry(1, 2);
    const V fw = hn::Mul(splat(at.focal), e.w);
    const V fww = hn::Mul(fw, e.w);
    const V x_by_z = hn::Mul(e.px, e.w), y_by_z = hn::Mul(e.py, e.w);
    const V dx = hn::NegMulAdd(fww, j02, hn::Mul(fw, gu));
    const V dy = hn::NegMulAdd(fww, j12, hn::Mul(fw, gv));
    V dz = hn::Neg(hn::Mul(fw, hn::MulAdd(x_by_z, gu, hn::Mul(y_by_z, gv))));
    const V curve = hn::Mul(splat(2.0F), hn::MulAdd(x_by_z, j02, hn::Mul(y_by_z, j12)));
    dz = hn::MulAdd(fww, hn::Sub(curve, hn::Add(j00, j11)), dz);
    for (int axis = 0; axis < 3; ++axis) {
      hn::StoreU(hn::MulAdd(r(0, axis), dx, hn::MulAdd(r(1, axis), dy, hn::Mul(r(2, axis), dz))), d,
                 out(kPositionX + axis, i));
    }
    shift_x = hn::Add(shift_x, dx);
    shift_y = hn::Add(shift_y, dy);
    shift_z = hn::Add(shift_z, dz);
    // Spin of the point about the layer's origin, and spin of the ellipse: the antisymmetric
    // part of (J^T dT) R^T, whose second factor is jacobian_entry's full rows.
    const V ox = hn::Sub(e.px, splat(at.t[0])), oy = hn::Sub(e.py, splat(at.t[1])),
            oz = hn::Sub(e.pz, splat(at.t[2]));
    const V j01 = jacobian_entry(0, 1), j10 = jacobian_entry(1, 0);
    const V jx = hn::Neg(hn::Mul(fw, x_by_z)), jy = hn::Neg(hn::Mul(fw, y_by_z));
    // (J^T dT R^T)[row][column]
    const V s21 = hn::MulAdd(jx, j01, hn::Mul(jy, j11));
    const V s12 = hn::Mul(fw, j12);
    const V s02 = hn::Mul(fw, j02);
    const V s20 = hn::MulAdd(jx, j00, hn::Mul(jy, j10));
    const V s10 = hn::Mul(fw, j10);
    const V s01 = hn::Mul(fw, j01);
    spin_x = hn::Add(spin_x, hn::Add(hn::MulSub(oy, dz, hn::Mul(oz, dy)), hn::Sub(s21, s12)));
    spin_y = hn::Add(spin_y, hn::Add(hn::MulSub(oz, dx, hn::Mul(ox, dz)), hn::Sub(s02, s20)));
    spin_z = hn::Add(spin_z, hn::Add(hn::MulSub(ox, dy, hn::Mul(oy, dx)), hn::Sub(s10, s01)));

    const V alpha = hn::Load(d, opacity.at);
    hn::StoreU(hn::Mul(hn::Load(d, q.at), hn::Sub(splat(1.0F), alpha)), d, out(kOpacityLogit, i));
    hn::StoreU(hn::Load(d, red.at), d, out(kRed, i));
    hn::StoreU(hn::Load(d, green.at), d, out(kGreen, i));
    hn::StoreU(hn::Load(d, blue.at), d, out(kBlue, i));

    if ((i / step) % (kFlushEvery / kLaneBlock) == 0 || i + step >= layer.count) {
      const V* sums_of[6] = {&spin_x, &spin_y, &spin_z, &shift_x, &shift_y, &shift_z};
      for (int k = 0; k < 3; ++k) rotation[k] += hn::GetLane(hn::SumOfLanes(d, *sums_of[k]));
      for (int k = 0; k < 3; ++k) translation[k] += hn::GetLane(hn::SumOfLanes(d, *sums_of[3 + k]));
      spin_x = spin_y = spin_z = shift_x = shift_y = shift_z = splat(0.0F);
    }
  }
  for (int k = 0; k < 3; ++k) {
    gradient.rotation[k] = rotation[k];
    gradient.translation[k] = translation[k];
  }
  for (int mode = 0; mode < layer.modes; ++mode) {
    double total = 0;
    for (int plane = 0; plane < kModalPlanes; ++plane) {
      const float* delta = layer.delta(mode, plane);
      const float* slope = gradient.base.data() + plane * count;
      V sum = splat(0.0F);
      for (int i = 0; i < layer.modal_count; i += step) {
        sum = hn::MulAdd(hn::LoadU(d, delta + i), hn::LoadU(d, slope + i), sum);
      }
      total += hn::GetLane(hn::SumOfLanes(d, sum));
    }
    gradient.weights[mode] = total;
  }
}

}  // namespace
}  // namespace anima::avatar::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace anima::avatar {

HWY_EXPORT(BlendLayer);
HWY_EXPORT(ProjectLayer);
HWY_EXPORT(ProjectLayerBackward);

void blend_layer(const GaussianLayer& layer, std::span<const float> weights, float* blended) {
  HWY_DYNAMIC_DISPATCH(BlendLayer)(layer, weights.data(), blended);
}

void project_layer(const face::Camera& camera, const PlacedLayer& placed, const float* blended,
                   Splat* splats) {
  HWY_DYNAMIC_DISPATCH(ProjectLayer)(camera, placed, blended, splats);
}

void project_layer_backward(const face::Camera& camera, const PlacedLayer& placed, const float* blended,
                            const Splat* splats, const SplatGradient* splat_gradients,
                            LayerGradient& gradient) {
  HWY_DYNAMIC_DISPATCH(ProjectLayerBackward)(camera, placed, blended, splats, splat_gradients, gradient);
}

}  // namespace anima::avatar
#endif
