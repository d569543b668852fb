// The studio: a soft key, a fill, two rim lights and a sky, and how surfaces answer them.
#pragma once

#include <array>

#include "presenter/geometry.h"

namespace anima::presenter {

struct DiskLight {
  Vec3 centre;
  float radius_dm;
  Vec3 colour;  // irradiance of a facing surface at the head, linear RGB
};

inline constexpr std::size_t kLights = 4;  // key, fill, rim left, rim right

struct Studio {
  std::array<DiskLight, kLights> lights;
  Vec3 sky_top;            // irradiance of surfaces that face up,
  Vec3 sky_middle;         // the horizon
  Vec3 sky_bottom;         // or down
  Vec3 background_centre;  // shown colours, linear RGB in [0, 1]
  Vec3 background_edge;
};

const Studio& studio();

// How much of each light and of the sky reaches a point past everything else: baked (light_bake.h).
struct Visibility {
  std::array<float, kLights> lights{1, 1, 1, 1};
  float sky = 1;

  Visibility& operator+=(const Visibility& o) {
    for (std::size_t i = 0; i < kLights; ++i) lights[i] += o.lights[i];
    sky += o.sky;
    return *this;
  }
};
inline Visibility operator*(float share, const Visibility& v) {
  Visibility out;
  for (std::size_t i = 0; i < kLights; ++i) out.lights[i] = share * v.lights[i];
  out.sky = share * v.sky;
  return out;
}

// Light that arrives at a surface. `wrap` in [0, 1) lets it reach round the terminator, as light
// that scatters in skin does. `albedo` brightens hollows, whose walls light one another
// (Jimenez et al., "Practical realtime strategies for accurate indirect occlusion", 2016).
Vec3 irradiance(const Vec3& point, const Vec3& normal, const Visibility& visibility, const Vec3& albedo,
                float wrap);

// Mirror-like light of a rough dielectric: GGX with Schlick's Fresnel term; soft lights widen the
// lobe (Karis, 2013). `specular` is the reflectance at normal incidence.
Vec3 gloss(const Vec3& point, const Vec3& normal, const Vec3& to_eye, float roughness, float specular,
           const Visibility& visibility);

// Light along the strands of hair: two shifted highlights, the second coloured (after Kajiya and
// Kay, 1989, and Marschner et al., 2003). `random` in [0, 1) moves the highlight from strand to strand.
Vec3 hair_light(const Vec3& point, const Vec3& tangent, const Vec3& normal, const Vec3& to_eye,
                const Vec3& colour, float random, const Visibility& visibility);

// Scene light to shown light, both linear: a film's shoulder and toe, per channel.
Vec3 film_curve(const Vec3& light);

}  // namespace anima::presenter
