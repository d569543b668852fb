// Light: what the ray caster sees, and how surfaces answer.
#include <gtest/gtest.h>

#include "core/random.h"
#include "presenter/light_bake.h"
#include "presenter/noise.h"
#include "presenter/strands.h"

namespace anima::presenter {
namespace {

const std::vector<Quad> kPlate = {{0, 1, 2, 3}};

Points plate(const Vec3& centre, float half) {
  return {centre + Vec3(-half, 0, -half), centre + Vec3(half, 0, -half), centre + Vec3(half, 0, half),
          centre + Vec3(-half, 0, half)};
}

TEST(LightBake, SeesEverythingInTheOpen) {
  ThreadPool threads(2);
  LightBake bake;
  bake.add_mesh(plate(Vec3(0, 5, 0), 0.01F), kPlate);  // beneath
  const auto seen = bake.visibility(Points{Vec3(0, 6, 0)}, Points{Vec3::UnitY()}, 32, 0.004F, threads);
  EXPECT_EQ(seen[0].sky, 1);
  for (const float l : seen[0].lights) EXPECT_EQ(l, 1);
}

TEST(LightBake, ARoofTakesSkyAndLights) {
  ThreadPool threads(2);
  LightBake bake;
  bake.add_mesh(plate(Vec3(0, 6.5F, 0), 0.5F), kPlate);
  const auto seen = bake.visibility(Points{Vec3(0, 6, 0), Vec3(9, 6, 9)},
                                    Points{Vec3::UnitY(), Vec3::UnitY()}, 256, 0.004F, threads);
  // A square of half width a at height h, cosine-weighted: 4 / pi * (a / r) atan(a / r), r^2 = a^2 + h^2,
  // for a = h: 4 / (pi sqrt 2) atan(1 / sqrt 2) = 0.554.
  EXPECT_NEAR(seen[0].sky, 1 - 0.554, 0.03);
  EXPECT_GT(seen[1].sky, 0.99F);
}

TEST(LightBake, StrandsCastShade) {
  ThreadPool threads(1);
  Points strands;
  for (int i = -50; i < 50; ++i) {
    strands.emplace_back(0.01F * static_cast<float>(i), 6.3F, -2.0F);
    strands.emplace_back(0.01F * static_cast<float>(i), 6.3F, 2.0F);
  }
  LightBake thin;
  thin.add_strands(strands, 2, 0.001F);
  LightBake thick;
  thick.add_strands(strands, 2, 0.006F);
  const Points point = {Vec3(0, 6, 0)};
  const Points up = {Vec3::UnitY()};
  EXPECT_GT(thin.visibility(point, up, 128, 0.004F, threads)[0].sky,
            thick.visibility(point, up, 128, 0.004F, threads)[0].sky + 0.2F);
}

TEST(StudioLight, ShadeAndHollowsAreDarker) {
  const Vec3 face(0, 6, 1.4F);
  const Vec3 albedo(0.6F, 0.4F, 0.3F);
  const Vec3 lit = irradiance(face, Vec3::UnitZ(), Visibility{}, albedo, 0.1F);
  Visibility shade;
  shade.lights.fill(0);
  shade.sky = 0.3F;
  const Vec3 dark = irradiance(face, Vec3::UnitZ(), shade, albedo, 0.1F);
  for (int k = 0; k < 3; ++k) {
    EXPECT_GT(dark[k], 0);
    EXPECT_LT(dark[k], 0.5F * lit[k]);
  }
  // Light goes round the terminator only with wrap.
  Visibility key_only;
  key_only.lights = {1, 0, 0, 0};
  key_only.sky = 0;
  const Vec3 away = -(studio().lights[0].centre - face).normalized();
  EXPECT_EQ(irradiance(face, away, key_only, albedo, 0), Vec3::Zero());
}

TEST(StudioLight, GlossIsStrongestInTheMirrorsDirection) {
  const Vec3 point(0, 6, 1.4F);
  const Vec3 to_key = (studio().lights[0].centre - point).normalized();
  const Vec3 to_eye = Vec3::UnitZ();
  const Vec3 mirror = (to_key + to_eye).normalized();
  Visibility key_only;
  key_only.lights = {1, 0, 0, 0};
  key_only.sky = 0;
  const float peak = gloss(point, mirror, to_eye, 0.4F, 0.04F, key_only).x();
  EXPECT_GT(peak, 0.01F);
  for (const Vec3& tilt : {Vec3(0.5F, 0, 0), Vec3(-0.5F, 0, 0), Vec3(0, 0.5F, 0), Vec3(0, -0.5F, 0)}) {
    EXPECT_LT(gloss(point, (mirror + tilt).normalized(), to_eye, 0.4F, 0.04F, key_only).x(), 0.7F * peak);
  }
}

TEST(StudioLight, TheFilmCurveGrowsAndStaysInRange) {
  float before = -1;
  for (float x = 0; x < 20; x += 0.05F) {
    const float y = film_curve(Vec3::Constant(x)).x();
    EXPECT_GE(y, before);
    EXPECT_GE(y, 0);
    EXPECT_LE(y, 1);
    before = y;
  }
  EXPECT_EQ(film_curve(Vec3::Constant(-1)), Vec3::Zero());
}

TEST(Noise, IsSmoothAndBounded) {
  Random random(5);
  double sum = 0;
  for (int i = 0; i < 5000; ++i) {
    const Vec3 p(static_cast<float>(random.uniform(-50, 50)), static_cast<float>(random.uniform(-50, 50)),
                 static_cast<float>(random.uniform(-50, 50)));
    const float v = value_noise(p, 3);
    sum += v;
    ASSERT_LE(std::abs(v), 1);
    ASSERT_LT(std::abs(value_noise(p + Vec3(0.001F, 0, 0), 3) - v), 0.01F);
  }
  EXPECT_NEAR(sum / 5000, 0, 0.03);
  EXPECT_NE(value_noise(Vec3(0.3F, 0.3F, 0.3F), 1), value_noise(Vec3(0.3F, 0.3F, 0.3F), 2));
}

TEST(Strands, RibbonsFaceTheCameraAtTheirWidth) {
  const Points strand = {Vec3(0, 6, 0), Vec3(0.1F, 5.5F, 0), Vec3(0.1F, 5, 0.2F)};
  const Points tangents = strand_tangents(strand, 3);
  const std::vector<float> radii = {0.01F, 0.02F, 0.005F};
  const Vec3 camera(0, 6, 10);
  Points ribbon(6);
  ribbon_points(strand, tangents, radii, camera, ribbon);
  for (std::size_t i = 0; i < 3; ++i) {
    const Vec3 across = ribbon[2 * i + 1] - ribbon[2 * i];
    EXPECT_NEAR(across.norm(), 2 * radii[i], 1e-6);
    EXPECT_NEAR(across.dot(tangents[i]), 0, 1e-6);
    EXPECT_NEAR(across.dot(camera - strand[i]), 0, 1e-4);
  }
  std::vector<Triangle> triangles;
  append_ribbon_triangles(6, 3, 10, {}, triangles);  // two strands of three points
  EXPECT_EQ(triangles.size(), 8U);
  for (const Triangle& t : triangles) {
    for (const std::uint32_t v : t) EXPECT_EQ((v - 10) / 6, (t[0] - 10) / 6);  // never across strands
  }
  triangles.clear();
  append_ribbon_triangles(6, 3, 10, {false, false, true, false, false, false}, triangles);
  EXPECT_EQ(triangles.size(), 2U);  // only the segment that ends at the point that is seen
}

}  // namespace
}  // namespace anima::presenter
