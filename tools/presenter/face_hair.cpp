#include "presenter/face_hair.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "presenter/lash_strips.h"

namespace anima::presenter {
namespace {

constexpr std::size_t kBrowPoints = 4;
constexpr std::size_t kLashPoints = 6;
constexpr int kBrowStrokes = 340;  // each side
const Vec3 kBrowColour(0.115F, 0.064F, 0.038F);
const Vec3 kLashColour(0.012F, 0.009F, 0.008F);

// The brow's line on the left side of the face: height at t from 0 at the nose to 1 at the temple.
float brow_line(float t) {
  const float rise = smoothstep(-0.25F, 0.72F, t);
  const float fall = smoothstep(0.60F, 1.08F, t);
  return 6.428F + 0.058F * rise - 0.090F * fall;
}
float brow_half_width(float t) {
  return 0.025F * (0.55F + 0.45F * smoothstep(0.0F, 0.25F, t)) * (1 - 0.72F * smoothstep(0.40F, 1.0F, t));
}
constexpr float kBrowInner_x = 0.140F;
constexpr float kBrowOuter_x = 0.545F;

}  // namespace

float brow_shade(const Vec3& p) {
  if (p.z() < 0.8F) return 0;
  const float t = (std::abs(p.x()) - kBrowInner_x) / (kBrowOuter_x - kBrowInner_x);
  if (t < -0.2F || t > 1.2F) return 0;
  const float inner = std::clamp(t, 0.0F, 1.0F);
  const float across = std::abs(p.y() - brow_line(inner)) / (brow_half_width(inner) + 0.004F);
  return smoothstep(1.25F, 0.25F, across) * smoothstep(-0.06F, 0.22F, t) * smoothstep(1.06F, 0.86F, t);
}

FaceHair::FaceHair(const FaceRig& rig, const Skin& skin, std::uint64_t seed) {
  lay_brows(skin, seed);
  lay_lashes(rig, seed + 1);
}

void FaceHair::lay_brows(const Skin& skin, std::uint64_t seed) {
  Random random(seed);
  const Points& rest = skin.rest();
  std::vector<Quad> region;
  for (const Quad& q : skin.faces()) {
    const Vec3& p = rest[q[0]];
    if (p.y() > 6.25F && p.y() < 6.65F && p.z() > 0.8F && std::abs(p.x()) < 0.75F) region.push_back(q);
  }
  // The place of the skin in front of (x, y).
  const auto tie = [&](float x, float y, float lift) {
    Tie best;
    float front = -1e9F;
    for (const Quad& q : region) {
      for (int half = 0; half < 2; ++half) {
        const std::array<std::uint32_t, 3> t =
            half == 0 ? std::array{q[0], q[1], q[2]} : std::array{q[0], q[2], q[3]};
        const Vec3 w = perspective_weights(Vec3(rest[t[0]].x(), rest[t[0]].y(), 1),
                                           Vec3(rest[t[1]].x(), rest[t[1]].y(), 1),
                                           Vec3(rest[t[2]].x(), rest[t[2]].y(), 1), x, y);
        if (w.minCoeff() < -1e-4F) continue;
        const float z = w[0] * rest[t[0]].z() + w[1] * rest[t[1]].z() + w[2] * rest[t[2]].z();
        if (z > front) {
          front = z;
          best = {{t[0], t[1], t[2], t[2]}, {w[0], w[1], w[2], 0}, lift};
        }
      }
    }
    return best;
  };

  brows_.points_per_strand = kBrowPoints;
  for (const float side : {1.0F, -1.0F}) {
    for (int stroke = 0; stroke < kBrowStrokes; ++stroke) {
      // Thinner towards both ends.
      auto t = static_cast<float>(random.uniform());
      if (random.uniform() > 0.35 + 0.65 * smoothstep(0.0F, 0.18F, t))
        t = static_cast<float>(random.uniform(0.2, 0.85));
      t = std::min(t, 0.94F);
      const float half_width = brow_half_width(t);
      const auto across = static_cast<float>(random.uniform(-1, 1));
      float x = kBrowInner_x + t * (kBrowOuter_x - kBrowInner_x);
      float y = brow_line(t) + across * half_width - 0.008F;
      // Up at the nose, along the line at the temple; the upper ones lie down, the lower ones rise.
      const float slope =
          (brow_line(std::min(1.0F, t + 0.05F)) - brow_line(t)) / (0.05F * (kBrowOuter_x - kBrowInner_x));
      const float along = std::atan(slope);
      const float angle =
          along +
          (0.95F * smoothstep(0.30F, 0.0F, t) + 0.36F * smoothstep(1.0F, 0.3F, t)) * (1 - 0.45F * across) -
          0.28F * std::max(0.0F, across) + static_cast<float>(random.normal() * 0.10);
      const float length =
          static_cast<float>(random.uniform(0.040, 0.062)) * (1 - 0.3F * smoothstep(0.7F, 1.0F, t));
      const auto tone = static_cast<float>(random.uniform(0.75, 1.3));
      const Tie fallback = tie(side * x, y, 0.005F);
      for (std::size_t k = 0; k < kBrowPoints; ++k) {
        const float u = static_cast<float>(k) / (kBrowPoints - 1);
        const float bend = angle - 0.35F * u;
        Tie here = tie(side * x, y, 0.005F + 0.005F * u);
        if (here.weights[0] + here.weights[1] + here.weights[2] < 0.5F) here = fallback;
        brow_ties_.push_back(here);
        x += length / (kBrowPoints - 1) * std::cos(bend);
        y += length / (kBrowPoints - 1) * std::sin(bend);
        brows_.radii.push_back(0.0014F * (1 - 0.35F * u));
        brows_.colours.push_back(kBrowColour * tone);
      }
      brows_.random.push_back(static_cast<float>(random.uniform()));
    }
  }
  brows_.points = brow_points(rest, vertex_normals(rest, skin.faces()));
}

void FaceHair::lay_lashes(const FaceRig& rig, std::uint64_t seed) {
  Random random(seed);
  const Points strips = rig.pose(PresenterPose{}).lashes;
  lashes_.points_per_strand = kLashPoints;
  for (const LashStrip& strip : find_lash_strips(rig.figure().lashes.mesh.faces, strips)) {
    const bool upper = strip.upper;
    const auto& columns = strip.columns;
    const std::size_t rows = columns[0].size();
    const int strokes = upper ? 100 : 44;
    for (int stroke = 0; stroke < strokes; ++stroke) {
      const float t =
          (static_cast<float>(stroke) + static_cast<float>(random.uniform())) / static_cast<float>(strokes);
      const float place = (0.03F + 0.94F * t) * static_cast<float>(columns.size() - 1);
      // They fan out to the temple and are longest there.
      const float fan = (t - 0.35F) * 0.9F + static_cast<float>(random.normal() * 0.12);
      const float reach = static_cast<float>(random.uniform(0.72, 1.0)) *
                          (upper ? 0.62F + 0.38F * smoothstep(0.0F, 0.7F, t) : 0.62F);
      for (std::size_t k = 0; k < kLashPoints; ++k) {
        const float u = static_cast<float>(k) / (kLashPoints - 1);
        const float row = u * reach * static_cast<float>(rows - 1);
        const float column = std::clamp(place + fan * u * u, 0.0F, static_cast<float>(columns.size() - 1));
        const auto r = std::min(static_cast<std::size_t>(row), rows - 2);
        const auto m = std::min(static_cast<std::size_t>(column), columns.size() - 2);
        const float fr = row - static_cast<float>(r);
        const float fm = column - static_cast<float>(m);
        lash_ties_.push_back({{columns[m][r], columns[m + 1][r], columns[m + 1][r + 1], columns[m][r + 1]},
                              {(1 - fm) * (1 - fr), fm * (1 - fr), fm * fr, (1 - fm) * fr},
                              0});
        lashes_.radii.push_back((upper ? 0.0019F : 0.0012F) * (1 - 0.70F * u));
        lashes_.colours.push_back(kLashColour);
      }
      lashes_.random.push_back(static_cast<float>(random.uniform()));
    }
  }
  lashes_.points = lash_points(strips);
}

Points FaceHair::brow_points(std::span<const Vec3> skin_points, std::span<const Vec3> skin_normals) const {
  Points points;
  points.reserve(brow_ties_.size());
  for (const Tie& tie : brow_ties_) {
    Vec3 p = Vec3::Zero();
    for (std::size_t k = 0; k < 3; ++k)
      p += tie.weights[k] * (skin_points[tie.vertices[k]] + tie.lift_dm * skin_normals[tie.vertices[k]]);
    points.push_back(p);
  }
  return points;
}

Points FaceHair::lash_points(std::span<const Vec3> lash_strips) const {
  Points points;
  points.reserve(lash_ties_.size());
  for (const Tie& tie : lash_ties_) {
    Vec3 p = Vec3::Zero();
    for (std::size_t k = 0; k < 4; ++k) p += tie.weights[k] * lash_strips[tie.vertices[k]];
    points.push_back(p);
  }
  return points;
}

}  // namespace anima::presenter
