#include "presenter/eye.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "presenter/noise.h"

namespace anima::presenter {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kIrisAngle_rad = 0.435F;  // half the angle under which the iris is seen from the centre
constexpr float kPupilShare = 0.37F;      // of the iris radius
constexpr float kBulge = 0.055F;          // of the radius
constexpr int kRings = 40;
constexpr int kSpokes = 56;

// Colour of the iris at `share` of its radius and an angle round it.
Vec3 iris_colour(float share, float angle) {
  const Vec3 inner(0.120F, 0.055F, 0.020F);   // amber about the pupil
  const Vec3 middle(0.070F, 0.036F, 0.018F);  // hazel
  const Vec3 outer(0.035F, 0.023F, 0.015F);
  Vec3 colour = share < 0.62F ? Vec3(inner + smoothstep(kPupilShare, 0.62F, share) * (middle - inner))
                              : Vec3(middle + smoothstep(0.62F, 0.95F, share) * (outer - middle));
  // Fibres run outwards: noise that is long along the radius.
  const Vec3 place(6 * std::cos(angle), 6 * std::sin(angle), 1.5F * share);
  const float fibres = fractal_noise(2.2F * place, 3, 7);
  colour *= 1 + 0.75F * fibres;
  colour *= 1 - 0.75F * smoothstep(0.84F, 1.0F, share);  // dark rim
  colour *= 1 - 0.55F * smoothstep(kPupilShare + 0.09F, kPupilShare, share);
  const float pupil = smoothstep(kPupilShare + 0.025F, kPupilShare - 0.025F, share);
  return colour * (1 - pupil) + pupil * Vec3::Constant(0.004F);
}

Vec3 reflection(const Vec3& point, const Vec3& normal, const Vec3& to_camera, const Visibility& visibility,
                float strength) {
  const Studio& s = studio();
  const Vec3 mirrored = 2 * normal.dot(to_camera) * normal - to_camera;
  const float facing = std::max(0.0F, normal.dot(to_camera));
  const float fresnel = 0.025F + 0.975F * std::pow(1 - facing, 5.0F);
  Vec3 sum = Vec3::Zero();
  for (std::size_t i = 0; i < 2; ++i) {  // the key makes the catch-light, the fill a faint second one
    const Vec3 way = s.lights[i].centre - point;
    const float distance = way.norm();
    const float angle = std::acos(std::clamp(mirrored.dot(way) / distance, -1.0F, 1.0F));
    const float width = (i == 0 ? 0.62F : 0.8F) * s.lights[i].radius_dm / distance;
    const float shown = smoothstep(width * 1.25F, width * 0.75F, angle);
    sum += s.lights[i].colour * (shown * (i == 0 ? 1.9F : 0.18F) * strength);
  }
  const Vec3 room = mirrored.y() > 0 ? s.sky_top : s.sky_bottom;
  return sum + room * (fresnel * visibility.sky * strength);
}

}  // namespace

EyeMesh eye_mesh() {
  EyeMesh mesh;
  mesh.directions.emplace_back(0, 0, 1);
  for (int r = 1; r <= kRings; ++r) {
    // Rings are dense in front, where the lids open.
    const float polar = 0.62F * kPi * static_cast<float>(r) / kRings;
    for (int s = 0; s < kSpokes; ++s) {
      const float angle = 2 * kPi * static_cast<float>(s) / kSpokes;
      mesh.directions.emplace_back(std::sin(polar) * std::cos(angle), std::sin(polar) * std::sin(angle),
                                   std::cos(polar));
    }
  }
  const auto at = [](int ring, int spoke) {
    return static_cast<std::uint32_t>(1 + (ring - 1) * kSpokes + spoke % kSpokes);
  };
  for (int s = 0; s < kSpokes; ++s) mesh.faces.push_back({0, at(1, s), at(1, s + 1), at(1, s + 1)});
  for (int r = 1; r < kRings; ++r) {
    for (int s = 0; s < kSpokes; ++s)
      mesh.faces.push_back({at(r, s), at(r + 1, s), at(r + 1, s + 1), at(r, s + 1)});
  }
  return mesh;
}

float eye_bulge(const Vec3& direction) {
  const float rim = std::cos(kIrisAngle_rad * 1.08F);
  const float t = std::max(0.0F, (direction.z() - rim) / (1 - rim));
  return 1 + kBulge * t * (2 - t);
}

Vec3 eye_light(const EyePose& eye, const Vec3& point, const Vec3& direction, const Vec3& to_camera,
               const Visibility& visibility) {
  const Vec3 normal = eye.rotation * direction;
  const Vec3 camera = eye.rotation.transpose() * to_camera;
  const float iris_radius = std::sin(kIrisAngle_rad);
  const float iris_plane = std::cos(kIrisAngle_rad) - 0.02F;
  const float polar = std::acos(std::clamp(direction.z(), -1.0F, 1.0F));
  const float cornea = smoothstep(kIrisAngle_rad * 1.12F, kIrisAngle_rad * 0.98F, polar);

  // White of the eye: warm at the corners, never pure.
  const float side = smoothstep(0.35F, 0.95F, std::abs(direction.x()));
  Vec3 white = Vec3(0.69F, 0.655F, 0.63F) + side * (Vec3(0.60F, 0.43F, 0.38F) - Vec3(0.69F, 0.655F, 0.63F));
  const float veins = smoothstep(
      0.25F, 0.5F, fractal_noise(Vec3(4 * direction.x(), 22 * direction.y(), 9 * direction.z()), 3, 3));
  white = white.cwiseProduct(Vec3::Ones() - side * 0.2F * veins * Vec3(0.3F, 1, 1));
  const Vec3 even = Vec3::Constant(0.5F);
  Vec3 light = white.cwiseProduct(irradiance(point, normal, visibility, even, 0.3F)) * 0.80F;

  if (cornea > 0) {
    // The line of sight bends into the cornea (index 1.34) and meets the flat iris behind it.
    const Vec3 surface_normal =
        Vec3(direction.x() * 1.25F, direction.y() * 1.25F, direction.z()).normalized();
    const float facing = std::max(0.05F, surface_normal.dot(camera));
    constexpr float kRatio = 1 / 1.34F;
    const float inner = std::sqrt(std::max(0.0F, 1 - kRatio * kRatio * (1 - facing * facing)));
    const Vec3 ray = -kRatio * camera + (kRatio * facing - inner) * surface_normal;
    const Vec3 entry = direction * eye_bulge(direction);
    const float run = ray.z() < -0.05F ? (iris_plane - entry.z()) / ray.z() : 0;
    const Vec3 hit = entry + std::max(0.0F, run) * ray;
    const float share = std::hypot(hit.x(), hit.y()) / iris_radius;
    const Vec3 colour = iris_colour(std::min(share, 1.2F), std::atan2(hit.y(), hit.x()));
    // The cornea gathers the key onto the far side of the iris.
    const Vec3 key = eye.rotation.transpose() * (studio().lights[0].centre - eye.centre).normalized();
    const float gathered =
        1.0F + 0.9F * std::clamp(-(hit.x() * key.x() + hit.y() * key.y()) / iris_radius * 1.6F, -0.55F, 1.0F);
    const Vec3 iris_normal = eye.rotation * Vec3(0, 0, 1);
    const Vec3 arriving = irradiance(point, iris_normal, visibility, Vec3::Constant(0.1F), 0.2F);
    const float iris = smoothstep(1.05F, 0.94F, share) * cornea;
    light = light * (1 - iris) + iris * 1.15F * gathered * colour.cwiseProduct(arriving);
    const Vec3 reflected_normal = eye.rotation * surface_normal;
    light +=
        cornea * reflection(point, reflected_normal, to_camera, visibility, visibility.sky * 0.5F + 0.5F);
  }
  light += (1 - cornea) * (0.25F * gloss(point, normal, to_camera, 0.25F, 0.025F, visibility));
  return light;
}

}  // namespace anima::presenter
