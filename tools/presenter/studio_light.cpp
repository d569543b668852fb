#include "presenter/studio_light.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anima::presenter {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kExposure = 1.0F;

Studio make_studio() {
  Studio s{};
  s.lights[0] = {Vec3(-3.6F, 9.4F, 7.2F), 1.7F, Vec3(1.42F, 1.32F, 1.18F)};  // key: above, picture's left
  s.lights[1] = {Vec3(5.5F, 6.6F, 7.0F), 2.2F, Vec3(0.26F, 0.28F, 0.32F)};   // fill: picture's right
  s.lights[2] = {Vec3(-5.0F, 8.4F, -4.5F), 1.2F, Vec3(0.85F, 0.90F, 1.0F)};  // rims, from behind
  s.lights[3] = {Vec3(5.2F, 8.2F, -4.2F), 1.2F, Vec3(1.0F, 0.92F, 0.82F)};
  s.sky_top = Vec3(0.38F, 0.40F, 0.43F);
  s.sky_middle = Vec3(0.26F, 0.265F, 0.28F);
  s.sky_bottom = Vec3(0.16F, 0.14F, 0.13F);
  s.background_centre = Vec3(0.44F, 0.50F, 0.53F);
  s.background_edge = Vec3(0.22F, 0.27F, 0.31F);
  return s;
}

Vec3 sky(const Vec3& direction) {
  const Studio& s = studio();
  const float up = direction.y();
  return up > 0 ? Vec3(s.sky_middle + up * (s.sky_top - s.sky_middle))
                : Vec3(s.sky_middle - up * (s.sky_bottom - s.sky_middle));
}

float fifth(float x) {
  return x * x * x * x * x;
}

// Several bounces in a hollow of this albedo (Jimenez et al., 2016, their cubic fit).
float bounced(float visible, float albedo) {
  const float a = 2.0404F * albedo - 0.3324F;
  const float b = -4.7951F * albedo + 0.6417F;
  const float c = 2.7552F * albedo + 0.6903F;
  return std::max(visible, ((visible * a + b) * visible + c) * visible);
}

}  // namespace

const Studio& studio() {
  static const Studio made = make_studio();
  return made;
}

Vec3 irradiance(const Vec3& point, const Vec3& normal, const Visibility& visibility, const Vec3& albedo,
                float wrap) {
  const Studio& s = studio();
  Vec3 sum = Vec3::Zero();
  for (std::size_t i = 0; i < kLights; ++i) {
    const Vec3 way = s.lights[i].centre - point;
    const float distance = way.norm();
    // A disk is half seen until its whole width has set.
    const float w = std::min(0.9F, wrap + 0.5F * s.lights[i].radius_dm / distance);
    const float lit = std::max(0.0F, (normal.dot(way) / distance + w) / (1 + w));
    sum += s.lights[i].colour * (visibility.lights[i] * std::pow(lit, 1 + w));
  }
  const Vec3 around = sky(normal);
  for (int k = 0; k < 3; ++k) sum[k] += around[k] * bounced(visibility.sky, std::min(albedo[k], 0.85F));
  return sum;
}

Vec3 gloss(const Vec3& point, const Vec3& normal, const Vec3& to_eye, float roughness, float specular,
           const Visibility& visibility) {
  const Studio& s = studio();
  const float facing = std::max(0.05F, normal.dot(to_eye));
  const float alpha = roughness * roughness;
  Vec3 sum = Vec3::Zero();
  for (std::size_t i = 0; i < kLights; ++i) {
    const Vec3 way = s.lights[i].centre - point;
    const float distance = way.norm();
    const Vec3 l = way / distance;
    const float lit = normal.dot(l);
    if (lit <= 0 || visibility.lights[i] <= 0) continue;
    const Vec3 half = (l + to_eye).normalized();
    const float wide = std::min(1.0F, alpha + 0.33F * s.lights[i].radius_dm / distance);
    const float a2 = wide * wide;
    const float nh = std::max(0.0F, normal.dot(half));
    const float base = nh * nh * (a2 - 1) + 1;
    const float k = 0.5F * alpha;
    const float shadowing = 1 / ((facing * (1 - k) + k) * (lit * (1 - k) + k));
    const float fresnel = specular + (1 - specular) * fifth(1 - std::max(0.0F, half.dot(to_eye)));
    // Keeps the energy of the narrow lobe (Karis), and pi because `colour` is irradiance.
    const float energy = (alpha * alpha) / a2;
    const float lobe = std::max(energy, 0.55F) * a2 / (kPi * base * base);
    sum += s.lights[i].colour * (visibility.lights[i] * lit * lobe * fresnel * shadowing * 0.25F);
  }
  const Vec3 mirrored = 2 * normal.dot(to_eye) * normal - to_eye;
  const float grazing = specular + (std::max(1 - roughness, specular) - specular) * fifth(1 - facing);
  sum += sky(mirrored) * (grazing * visibility.sky * visibility.sky);
  return sum;
}

Vec3 hair_light(const Vec3& point, const Vec3& tangent, const Vec3& normal, const Vec3& to_eye,
                const Vec3& colour, float random, const Visibility& visibility) {
  const Studio& s = studio();
  Vec3 sum = Vec3::Zero();
  const float open = std::min(1.0F, 0.12F + 1.6F * visibility.sky);
  // Tilted tangents shift the highlights towards the root (white) and the tip (coloured).
  const Vec3 shifted = (tangent + (0.10F + 0.10F * (random - 0.5F)) * normal).normalized();
  const Vec3 shifted_back = (tangent - (0.16F + 0.16F * (random - 0.5F)) * normal).normalized();
  for (std::size_t i = 0; i < kLights; ++i) {
    if (visibility.lights[i] <= 0) continue;
    const Vec3 l = (s.lights[i].centre - point).normalized();
    const float along = tangent.dot(l);
    const float lit = 0.35F + 0.65F * std::max(0.0F, (normal.dot(l) + 0.35F) / 1.35F);
    const float diffuse = std::sqrt(std::max(0.0F, 1 - along * along)) * lit;
    const Vec3 half = (l + to_eye).normalized();
    const auto lobe = [&](const Vec3& t, float power) {
      const float th = t.dot(half);
      return std::exp(-0.5F * power * th * th);  // close to sin^power for narrow lobes
    };
    const float white = 0.075F * lobe(shifted, 110) * lit;
    const float tinted = 0.95F * lobe(shifted_back, 26) * lit;
    const Vec3 answer = colour * (0.52F * diffuse + tinted) + Vec3::Constant(white);
    sum += open * visibility.lights[i] * s.lights[i].colour.cwiseProduct(answer);
  }
  return sum + visibility.sky * 0.8F * sky(normal).cwiseProduct(colour);
}

Vec3 film_curve(const Vec3& light) {
  Vec3 shown;
  for (int k = 0; k < 3; ++k) {
    const float x = std::max(0.0F, light[k]) * kExposure * 0.62F;
    // Narkowicz's fit of the ACES film curve.
    shown[k] = std::clamp(x * (2.51F * x + 0.03F) / (x * (2.43F * x + 0.59F) + 0.14F), 0.0F, 1.0F);
  }
  return shown;
}

}  // namespace anima::presenter
