#include "presenter/house_shape.h"

#include <Eigen/Geometry>
#include <cmath>
#include <numbers>

namespace anima::presenter {
namespace {

constexpr float kEyeScale = 1.15F;
constexpr float kEyeRegion_dm = 0.38F;
constexpr float kArmsDown_rad = 0.45F;  // the data's arms are spread

}  // namespace

Vec3 house_shape(const Vec3& point, const ShapeAnchors& anchors) {
  Vec3 p = point;

  for (const Vec3& eye : anchors.eyes) {
    const float share = 1 - smoothstep(0.45F * kEyeRegion_dm, kEyeRegion_dm, (point - eye).norm());
    p += (kEyeScale - 1) * share * (point - eye);
  }

  // Narrower nose, slimmer jaw.
  const float nose = smoothstep(5.78F, 5.90F, p.y()) * (1 - smoothstep(6.10F, 6.35F, p.y())) *
                     smoothstep(1.22F, 1.36F, p.z()) * (1 - smoothstep(0.2F, 0.34F, std::abs(p.x())));
  p.x() *= 1 - 0.08F * nose;
  const float jaw = (1 - smoothstep(5.55F, 5.95F, p.y())) * smoothstep(0.25F, 0.65F, p.z()) *
                    smoothstep(5.0F, 5.25F, p.y());
  p.x() *= 1 - 0.05F * jaw;

  // Slimmer neck and shoulders.
  const float s = p.y() + 0.4F * p.z();
  const float neck = smoothstep(4.55F, 4.9F, s) * (1 - smoothstep(5.3F, 5.6F, s));
  p.x() *= 1 - 0.07F * neck;
  const float torso = 1 - smoothstep(4.4F, 5.0F, s);
  p.x() *= 1 - 0.25F * torso;

  // Arms down beside the body.
  const float arm = smoothstep(1.0F, 1.55F, std::abs(point.x())) * (1 - smoothstep(4.7F, 5.0F, point.y()));
  if (arm > 0) {
    const float side = point.x() > 0 ? 1.0F : -1.0F;
    const Vec3 pivot(side * anchors.shoulder.x() * 0.8F, anchors.shoulder.y() - 0.1F, anchors.shoulder.z());
    p = pivot + Eigen::AngleAxisf(-side * kArmsDown_rad * arm, Vec3::UnitZ()) * (p - pivot);
  }
  // Shoulders that slope and are round.
  const float out = smoothstep(0.55F, 1.7F, std::abs(p.x())) * (1 - smoothstep(4.5F, 4.95F, s));
  p.y() -= 0.24F * out;
  return p;
}

}  // namespace anima::presenter
