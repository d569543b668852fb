#include "presenter/hair.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "presenter/distance_field.h"
#include "presenter/noise.h"

namespace anima::presenter {
namespace {

constexpr std::size_t kStrands = 17000;
constexpr std::size_t kLocks = 420;
constexpr std::size_t kPoints = 24;
constexpr float kStep_dm = 0.055F;
constexpr float kRadius_dm = 0.0036F;

// A bob to just above the shoulders, parted on her left, front swept aside.
struct Style {
  float part_x = 0.17F;     // of the parting, at the forehead
  float ends_y = 5.10F;     // height of the ends at the sides
  float volume_dm = 0.15F;  // of the outermost hair over the skull
};
constexpr Style kStyle;

float part_x(float z) {
  return kStyle.part_x * smoothstep(-0.35F, 0.5F, z);
}

struct Root {
  Vec3 position;
  Vec3 normal;
  float side = 1;   // of the parting
  float layer = 0;  // 0 undermost to 1 outermost
};

// Points of the scalp, dense inside the hairline and fading out at it.
std::vector<Root> scatter_roots(const Skin& skin, const Points& normals, std::size_t count, Random& random) {
  std::vector<double> sums;
  std::vector<std::size_t> chosen;
  double total = 0;
  for (std::size_t f = 0; f < skin.faces().size(); ++f) {
    const Quad& q = skin.faces()[f];
    const Vec3 centre =
        0.25F * (skin.rest()[q[0]] + skin.rest()[q[1]] + skin.rest()[q[2]] + skin.rest()[q[3]]);
    const float cover = scalp_cover(centre);
    // Before and behind the ears strands would have to climb over them.
    const bool at_ear = std::abs(centre.x()) > 0.60F && centre.y() < 6.42F;
    if (cover < 0.02F || at_ear) continue;
    const float area =
        0.5F * (skin.rest()[q[2]] - skin.rest()[q[0]]).cross(skin.rest()[q[3]] - skin.rest()[q[1]]).norm();
    // The front is what is looked at.
    const float weight = 0.55F + 0.9F * smoothstep(0.0F, 1.0F, centre.z()) +
                         1.6F * smoothstep(0.16F, 0.0F, std::abs(centre.x() - part_x(centre.z())));
    total += static_cast<double>(area * cover * weight);
    sums.push_back(total);
    chosen.push_back(f);
  }
  std::vector<Root> roots;
  while (roots.size() < count) {
    const auto at = std::upper_bound(sums.begin(), sums.end(), random.uniform() * total) - sums.begin();
    const Quad& q = skin.faces()[chosen[std::min(static_cast<std::size_t>(at), chosen.size() - 1)]];
    const auto u = static_cast<float>(random.uniform());
    const auto v = static_cast<float>(random.uniform());
    const std::array<float, 4> w = {(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v};
    Root root{Vec3::Zero(), Vec3::Zero()};
    for (std::size_t k = 0; k < 4; ++k) {
      root.position += w[k] * skin.rest()[q[k]];
      root.normal += w[k] * normals[q[k]];
    }
    root.normal.normalize();
    const float beside = root.position.x() - part_x(root.position.z());
    root.side = beside >= 0 ? 1.0F : -1.0F;
    const float height = smoothstep(5.9F, 7.25F, root.position.y());
    root.layer = std::clamp(0.72F * height + 0.28F * static_cast<float>(random.uniform()), 0.0F, 1.0F);
    roots.push_back(root);
  }
  return roots;
}

// Where hair that lies at `p` wants to go.
Vec3 comb(const Vec3& p, float side, float front) {
  const float top = smoothstep(6.45F, 7.15F, p.y());
  const float lateral = side * (0.15F + 1.1F * top);
  const float back = -(0.12F + 0.55F * front * smoothstep(6.1F, 6.9F, p.y()));
  const float down = -(0.45F + 0.75F * (1 - top));
  return {lateral, down, back};
}

// One strand of kPoints points at equal distances.
std::array<Vec3, kPoints> grow(const Root& root, const DistanceField& head, float ends_y, Random& random) {
  std::vector<Vec3> path{root.position};
  const float front = smoothstep(0.55F, 1.1F, root.position.z());
  Vec3 direction = (comb(root.position, root.side, front) + 1.1F * root.normal).normalized();
  const float lift = 0.022F + kStyle.volume_dm * std::pow(root.layer, 1.15F);
  const float curl = static_cast<float>(random.uniform(0.6, 1.2));
  Vec3 p = root.position;
  for (int i = 1; i < 90 && p.y() > ends_y; ++i) {
    const float run = kStep_dm * static_cast<float>(i);
    Vec3 wish = comb(p, root.side, front);
    // Hanging hair turns in under the jaw.
    const float hanging = smoothstep(5.75F, 5.25F, p.y());
    if (hanging > 0)
      wish += hanging * curl * Vec3(-0.45F * (p.x() > 0 ? 1.0F : -1.0F), 0, p.z() > 0 ? -0.15F : 0.25F);
    const Vec3 outward = head.outward(p);
    const float d = head.distance(p);
    if (d < head.far()) wish -= outward * outward.dot(wish);
    direction = (0.62F * direction + 0.38F * wish.normalized()).normalized();
    p += kStep_dm * direction;
    // Over the skull it lies in layers; under the jaw it hangs free and only keeps off the neck.
    const float hangs = smoothstep(5.85F, 5.45F, p.y());
    const float wanted = std::max(lift * smoothstep(0.0F, 0.75F, run) * (1 - 0.8F * hangs), 0.012F);
    const float now = head.distance(p);
    if (now < head.far()) {
      const Vec3 out = head.outward(p);
      const float gap = wanted - now;
      const float attached = smoothstep(5.9F, 6.4F, p.y());
      p += out * (gap > 0 ? gap : gap * 0.35F * attached);
    }
    // Free hair hangs under the widest part of the head, never beside it.
    const float widest = 0.70F + lift + 0.02F;
    const float radius = std::hypot(p.x(), 0.85F * (p.z() - 0.35F));
    if (radius > widest) {
      p.x() *= widest / radius;
      p.z() = 0.35F + (p.z() - 0.35F) * widest / radius;
    }
    path.push_back(p);
  }
  while (path.size() < 3) path.push_back(path.back() + Vec3(0, -0.01F, 0));

  std::vector<float> lengths{0};
  for (std::size_t i = 1; i < path.size(); ++i)
    lengths.push_back(lengths.back() + (path[i] - path[i - 1]).norm());
  std::array<Vec3, kPoints> strand;
  std::size_t segment = 0;
  for (std::size_t k = 0; k < kPoints; ++k) {
    const float want = lengths.back() * static_cast<float>(k) / (kPoints - 1);
    while (segment + 2 < lengths.size() && lengths[segment + 1] < want) ++segment;
    const float t = (want - lengths[segment]) / std::max(1e-6F, lengths[segment + 1] - lengths[segment]);
    strand[k] = path[segment] + std::min(t, 1.0F) * (path[segment + 1] - path[segment]);
  }
  return strand;
}

float ends_height(const Root& root, Random& random) {
  const float back = smoothstep(0.3F, -0.3F, root.position.z());
  return kStyle.ends_y - 0.05F * back + static_cast<float>(random.uniform(-0.06, 0.10)) +
         0.08F * (1 - root.layer);
}

}  // namespace

Strands grow_hair(const Skin& skin, std::uint64_t seed) {
  Random random(seed);
  const Points normals = vertex_normals(skin.rest(), skin.faces());
  // The ears lie under the hair: it rests on a wall in their place.
  Points surface;
  Points surface_normals;
  for (std::size_t v = 0; v < skin.rest().size(); ++v) {
    const Vec3& p = skin.rest()[v];
    const bool ear =
        std::abs(p.x()) > 0.50F && p.y() > 5.70F && p.y() < 6.42F && p.z() > -0.1F && p.z() < 0.68F;
    if (p.y() < 4.3F || ear || skin.mouth_inside()[v] > 0.01F) continue;
    surface.push_back(p);
    surface_normals.push_back(normals[v]);
  }
  for (float y = 5.75F; y < 6.42F; y += 0.03F) {
    for (float z = -0.08F; z < 0.68F; z += 0.03F) {
      const float x = 0.72F - 0.25F * smoothstep(0.2F, -0.35F, z) - 0.10F * smoothstep(0.35F, 0.75F, z) -
                      0.10F * smoothstep(6.0F, 5.7F, y);
      for (const float side : {1.0F, -1.0F}) {
        surface.emplace_back(side * x, y, z);
        surface_normals.push_back(Vec3(side, 0, -0.35F * smoothstep(0.2F, -0.35F, z)).normalized());
      }
    }
  }
  const DistanceField head(surface, surface_normals, Vec3(-1.2F, 4.5F, -0.9F), Vec3(1.2F, 7.8F, 1.8F),
                           0.035F);

  // 1. Locks: guides that their neighbours lean on towards the ends.
  const std::vector<Root> lock_roots = scatter_roots(skin, normals, kLocks, random);
  std::vector<std::array<Vec3, kPoints>> locks;
  for (const Root& root : lock_roots) locks.push_back(grow(root, head, ends_height(root, random), random));

  // 2. Strands.
  Strands hair;
  hair.points_per_strand = kPoints;
  for (const Root& root : scatter_roots(skin, normals, kStrands, random)) {
    std::array<Vec3, kPoints> strand = grow(root, head, ends_height(root, random), random);
    std::size_t lock = 0;
    float nearest = 1e9F;
    for (std::size_t i = 0; i < lock_roots.size(); ++i) {
      if (lock_roots[i].side != root.side) continue;
      const float distance = (lock_roots[i].position - root.position).squaredNorm() +
                             0.04F * std::pow(lock_roots[i].layer - root.layer, 2.0F);
      if (distance < nearest) {
        nearest = distance;
        lock = i;
      }
    }
    const auto own = static_cast<float>(random.uniform());
    const float lock_tone = lattice_random(static_cast<std::int32_t>(lock), 0, 0, 5);
    const Vec3 phase(static_cast<float>(lock) * 1.7F, 0, 0);
    const float tone = std::clamp(0.60F * lock_tone + 0.40F * own, 0.0F, 1.0F);
    const Vec3 dark(0.040F, 0.0195F, 0.0100F);
    const Vec3 light(0.155F, 0.078F, 0.036F);
    // Soft front: short fine hair at the hairline.
    const float edge = 1 - scalp_cover(root.position - Vec3(0, 0, -0.05F));
    for (std::size_t k = 0; k < kPoints; ++k) {
      const float t = static_cast<float>(k) / (kPoints - 1);
      Vec3 p = strand[k];
      p += 0.55F * smoothstep(0.05F, 1.0F, t) * (locks[lock][k] - p) * (nearest < 0.06F ? 1.0F : 0.0F);
      // Waves of the lock, and a little of its own.
      const Vec3 wave(value_noise(2.2F * p + phase, 61), value_noise(2.2F * p + phase, 62),
                      value_noise(2.2F * p + phase, 63));
      const Vec3 stray(value_noise(6 * p + Vec3(37 * own, 0, 0), 64), 0,
                       value_noise(6 * p + Vec3(37 * own, 0, 0), 65));
      p += smoothstep(0.05F, 0.6F, t) * (0.030F * wave + 0.010F * stray);
      const float d = head.distance(p);
      if (d < 0.010F && k > 0) p += head.outward(p) * (0.010F - d);
      hair.points.push_back(p);
      hair.colours.push_back(dark +
                             std::clamp(tone * (0.75F + 0.5F * t) - 0.1F, 0.0F, 1.0F) * (light - dark));
      const float taper =
          (smoothstep(1.0F, 0.75F, t) * 0.65F + 0.35F) * (0.45F + 0.55F * smoothstep(0.0F, 0.12F, t));
      hair.radii.push_back(kRadius_dm * taper * (1 - 0.45F * edge));
    }
    hair.random.push_back(own);
  }
  return hair;
}

}  // namespace anima::presenter
