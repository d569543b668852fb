#include "presenter/skin.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <queue>

#include "presenter/face_hair.h"
#include "presenter/noise.h"

namespace anima::presenter {
namespace {

constexpr int kLevels = 2;
constexpr int kScatterSteps = 10;
// Standard deviations of the light's spread under the skin (red, green, blue).
const Vec3 kScatter_dm(0.030F, 0.012F, 0.007F);

// What the camera can see and the clothes do not hide.
std::vector<Quad> visible_faces(const FaceRig& rig) {
  std::vector<bool> hidden(rig.rest().size());
  for (const std::uint32_t v : rig.figure().top.binding.hidden) hidden[v] = true;
  std::vector<Quad> faces;
  for (const Quad& q : rig.figure().base.faces_of("body")) {
    const bool all_hidden = std::all_of(q.begin(), q.end(), [&](auto v) { return hidden[v]; });
    const Vec3& p = rig.rest()[q[0]];
    if (!all_hidden && p.y() > 3.4F && std::abs(p.x()) < 1.6F) faces.push_back(q);
  }
  return faces;
}

// 1 on the lips' red, 0 on the skin.
std::vector<float> lip_mask(const FaceRig& rig) {
  std::vector<float> mask(rig.rest().size());
  const auto& rows = rig.lips().rows;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const std::uint32_t v : rows[r]) mask[v] = r == 0 ? 0.0F : r == 1 ? 0.7F : 1.0F;
  }
  return mask;
}

// Number of edges inwards from the contact row: 0 outside the mouth.
std::vector<float> mouth_depth(const FaceRig& rig, const std::vector<Quad>& faces) {
  std::vector<std::vector<std::uint32_t>> beside(rig.rest().size());
  for (const Quad& q : faces) {
    for (std::size_t k = 0; k < 4; ++k) {
      beside[q[k]].push_back(q[(k + 1) % 4]);
      beside[q[(k + 1) % 4]].push_back(q[k]);
    }
  }
  std::vector<int> depth(rig.rest().size(), -1);
  const auto& rows = rig.lips().rows;
  for (std::size_t r = 0; r + 1 < rows.size(); ++r) {
    for (const std::uint32_t v : rows[r]) depth[v] = 0;
  }
  std::queue<std::uint32_t> next;
  for (const std::uint32_t v : rows.back()) {
    depth[v] = 0;
    next.push(v);
  }
  while (!next.empty()) {
    const std::uint32_t v = next.front();
    next.pop();
    for (const std::uint32_t n : beside[v]) {
      if (depth[n] >= 0) continue;
      depth[n] = depth[v] + 1;
      next.push(n);
    }
  }
  std::vector<float> inside(depth.size());
  for (std::size_t v = 0; v < depth.size(); ++v)
    inside[v] = std::clamp(static_cast<float>(depth[v]) / 2.0F, 0.0F, 1.0F);
  return inside;
}

float spot(const Vec3& p, const Vec3& centre, float radius) {
  const float d = (p - centre).norm() / radius;
  return std::exp(-d * d);
}

Vec3 mixed(const Vec3& a, const Vec3& b, float share) {
  return a + share * (b - a);
}

SkinLook skin_look(const Vec3& p, float lip, float inside, const std::array<EyePose, 2>& eyes) {
  const Vec3 mirrored(std::abs(p.x()), p.y(), p.z());
  // Tone: broad patches, small blotches.
  const float broad = 0.5F + 0.5F * fractal_noise(3 * p, 2, 11);
  const float fine = fractal_noise(26 * p, 3, 23);
  Vec3 albedo = mixed(Vec3(0.665F, 0.405F, 0.295F), Vec3(0.615F, 0.345F, 0.245F), broad);
  albedo *= 1 + 0.05F * fine;

  // Where blood is nearer: cheeks, nose, ears, chin, knuckle of the brow.
  const Vec3 warm(0.60F, 0.245F, 0.185F);
  float blush = 0.42F * spot(mirrored, Vec3(0.43F, 5.98F, 1.17F), 0.25F) +
                0.35F * spot(mirrored, Vec3(0, 5.97F, 1.50F), 0.15F) +
                0.22F * spot(mirrored, Vec3(0, 5.36F, 1.24F), 0.16F) +
                0.5F * smoothstep(0.70F, 0.76F, mirrored.x()) * smoothstep(5.7F, 5.8F, p.y());
  blush *= 1 + 0.35F * fractal_noise(9 * p, 2, 5);
  albedo = mixed(albedo, warm, std::clamp(blush, 0.0F, 0.75F));

  // Around the eyes: thinner skin, a little darker; a hint of liner at the lids' edge is the lashes' work.
  for (const EyePose& eye : eyes) {
    const float ring = std::exp(-std::pow(((p - eye.centre).norm() - eye.radius_dm) / 0.10F, 2.0F));
    albedo = mixed(albedo, Vec3(0.52F, 0.27F, 0.20F), 0.42F * ring);
  }
  // Freckles: small, few, on the nose and the cheeks.
  const float place = std::clamp(1.2F * spot(mirrored, Vec3(0.30F, 6.02F, 1.3F), 0.28F), 0.0F, 1.0F);
  const float dots = smoothstep(0.35F, 0.6F, value_noise(42 * p, 71));
  albedo = albedo.cwiseProduct(Vec3::Ones() - 0.10F * place * dots * Vec3(0.6F, 1.0F, 1.2F));

  const float vertical = fractal_noise(Vec3(60 * p.x(), 9 * p.y(), 9 * p.z()), 2, 31);
  const Vec3 lip_colour =
      mixed(Vec3(0.48F, 0.150F, 0.135F), Vec3(0.40F, 0.105F, 0.10F), 0.5F + 0.5F * vertical);
  albedo = mixed(albedo, lip_colour, 0.88F * lip);
  albedo = mixed(albedo, Vec3(0.32F, 0.055F, 0.05F), inside);

  // A soft ground under the brows' strokes.
  albedo = mixed(albedo, Vec3(0.20F, 0.115F, 0.070F), 0.55F * brow_shade(p));

  // The scalp under the hair.
  albedo = mixed(albedo, Vec3(0.050F, 0.030F, 0.020F), 0.92F * scalp_cover(p));

  SkinLook look{};
  look.albedo = albedo;
  const float oily =
      std::clamp(spot(mirrored, Vec3(0, 6.1F, 1.45F), 0.22F) + spot(mirrored, Vec3(0, 6.75F, 1.3F), 0.35F) +
                     0.6F * spot(mirrored, Vec3(0.42F, 6.1F, 1.2F), 0.2F),
                 0.0F, 1.0F);
  look.roughness = std::clamp(0.50F - 0.10F * oily + 0.05F * fine - 0.17F * lip - 0.15F * inside, 0.2F, 0.8F);
  look.specular = 0.040F + 0.022F * oily + 0.030F * lip;
  look.specular *= 1 - 0.9F * scalp_cover(p);
  return look;
}

}  // namespace

float scalp_cover(const Vec3& p) {
  // The hairline as the foremost z of hair, by height: forehead, temple, before the ear, behind it.
  struct Knot {
    float angle;  // from straight up, about the axis through the ears' height
    float z;
  };
  static constexpr std::array<Knot, 8> kLine = {{{0.0F, 1.215F},
                                                 {0.35F, 1.185F},
                                                 {0.62F, 1.09F},
                                                 {0.85F, 0.93F},
                                                 {1.15F, 0.78F},
                                                 {1.5F, 0.70F},
                                                 {1.85F, 0.40F},
                                                 {3.2F, 0.20F}}};
  const float angle = std::atan2(std::abs(p.x()), p.y() - 6.25F);
  float z = kLine.back().z;
  for (std::size_t i = 0; i + 1 < kLine.size(); ++i) {
    if (angle <= kLine[i + 1].angle) {
      const float t = smoothstep(kLine[i].angle, kLine[i + 1].angle, angle);
      z = kLine[i].z + t * (kLine[i + 1].z - kLine[i].z);
      break;
    }
  }
  z += 0.02F * value_noise(14 * p, 91);
  const float ear = smoothstep(0.70F, 0.73F, std::abs(p.x())) * (1 - smoothstep(6.36F, 6.42F, p.y()));
  return smoothstep(0.01F, -0.035F, p.z() - z) * smoothstep(5.55F, 5.75F, p.y() + 0.25F * p.z()) * (1 - ear);
}

Skin::Skin(const FaceRig& rig) {
  const std::vector<Quad> coarse = visible_faces(rig);
  surface_ = subdivide(coarse, rig.rest().size(), kLevels);
  rest_ = surface_.table.apply(rig.rest());
  rest_normals_ = vertex_normals(rest_, surface_.faces);
  const std::vector<float> lips = surface_.table.apply(lip_mask(rig));
  inside_ = surface_.table.apply(mouth_depth(rig, coarse));
  const auto eyes = rig.pose(PresenterPose{}).eyes;
  for (std::size_t v = 0; v < rest_.size(); ++v) {
    looks_.push_back(
        skin_look(rest_[v], std::clamp(lips[v], 0.0F, 1.0F), std::clamp(inside_[v], 0.0F, 1.0F), eyes));
    const float lip_lines =
        0.0022F * lips[v] * fractal_noise(Vec3(55 * rest_[v].x(), 6 * rest_[v].y(), 6 * rest_[v].z()), 2, 43);
    relief_.push_back(0.0016F * fractal_noise(38 * rest_[v], 2, 41) * (1 - lips[v]) + lip_lines);
  }

  graph_ = SurfaceGraph(rest_.size(), surface_.faces);
  for (std::size_t v = 0; v < rest_.size(); ++v) {
    float square = 0;
    for (const std::uint32_t n : graph_.beside(v)) square += (rest_[n] - rest_[v]).squaredNorm();
    square /= static_cast<float>(graph_.beside(v).size());
    // One step towards the mean of neighbours at distance h adds share * h^2 / 2 to the variance.
    Vec3 share;
    for (int k = 0; k < 3; ++k)
      share[k] = std::min(0.95F, 2 * kScatter_dm[k] * kScatter_dm[k] / (kScatterSteps * square));
    spread_.push_back(share);
  }
}

Points Skin::positions(std::span<const Vec3> base) const {
  Points out(surface_.table.rows());
  surface_.table.apply<Vec3>(base, out);
  return out;
}

Points Skin::normals(const Points& positions) const {
  Points normals = vertex_normals(positions, surface_.faces);
  // Relief h tilts the normal by minus its slope along the surface.
  for (std::size_t v = 0; v < normals.size(); ++v) {
    Vec3 slope = Vec3::Zero();
    for (const std::uint32_t n : graph_.beside(v)) {
      const Vec3 way = positions[n] - positions[v];
      slope += way * ((relief_[n] - relief_[v]) / std::max(1e-6F, way.squaredNorm()));
    }
    slope *= 2.0F / static_cast<float>(graph_.beside(v).size());
    normals[v] = (normals[v] - slope).normalized();
  }
  return normals;
}

std::vector<Vec3> Skin::scattered(const std::vector<Vec3>& irradiance) const {
  std::vector<Vec3> now = irradiance;
  std::vector<Vec3> next(now.size());
  for (int step = 0; step < kScatterSteps; ++step) {
    for (std::size_t v = 0; v < now.size(); ++v) {
      Vec3 mean = Vec3::Zero();
      for (const std::uint32_t n : graph_.beside(v)) mean += now[n];
      mean /= static_cast<float>(graph_.beside(v).size());
      next[v] = now[v] + spread_[v].cwiseProduct(mean - now[v]);
    }
    now.swap(next);
  }
  return now;
}

}  // namespace anima::presenter
