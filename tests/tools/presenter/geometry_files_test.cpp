// The readers of OBJ, .target and .mhclo: what they read, and what they refuse.
#include <gtest/gtest.h>

#include <functional>

#include "core/error.h"
#include "core/random.h"
#include "presenter/accessory.h"
#include "presenter/mesh_file.h"
#include "presenter/shape_target.h"

namespace anima::presenter {
namespace {

constexpr const char* kMesh =
    "# a square and a triangle\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 2 0 0.5\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 "
    "1\n"
    "g square\nf 1/1 2/2 3/3 4/4\ng ear\nusemtl x\nf 2/1 5/2 3/3\r\n";

constexpr const char* kBinding =
    "name x\nx_scale 0 1 2.0\ny_scale 0 3 0.5\nz_scale 0 4 1.0\nmaterial m.mhmat\nverts 0\n3\n0 1 2 0.5 0.25 "
    "0.25 0.1 0.2 "
    "0.3\ndelete_verts\n0 2 - 4\n";

void expect_refused(const std::function<void()>& read, const std::string& what) {
  try {
    read();
    ADD_FAILURE() << "accepted: " << what;
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kCorruptData) << what;
    EXPECT_NE(e.message().find("made"), std::string::npos) << e.message();
  }
}

TEST(MeshFile, ReadsVerticesFacesGroupsAndTextureCoordinates) {
  const PolygonMesh mesh = parse_mesh(kMesh, "made");
  ASSERT_EQ(mesh.positions.size(), 5U);
  EXPECT_EQ(mesh.positions[4], Vec3(2, 0, 0.5F));
  ASSERT_EQ(mesh.faces.size(), 2U);
  EXPECT_EQ(mesh.faces[0], (Quad{0, 1, 2, 3}));
  EXPECT_EQ(mesh.faces[1], (Quad{1, 4, 2, 2}));
  EXPECT_TRUE(is_triangle(mesh.faces[1]));
  EXPECT_EQ(mesh.face_uvs[0], (Quad{0, 1, 2, 3}));
  EXPECT_EQ(mesh.faces_of("ear").size(), 1U);
  EXPECT_EQ(mesh.vertices_of("ear"), (std::vector<std::uint32_t>{1, 2, 4}));
  EXPECT_TRUE(mesh.faces_of("nose").empty());
}

TEST(MeshFile, RefusesWhatIsNoMesh) {
  for (const char* text :
       {"", "v 1 2 3\n", "v 1 2\nf 1 1 1\n", "v 1 2 x\n", "v 1 2 nan\n", "v 1 2 1e30\n", "v 0 0 0\nf 1 1 2\n",
        "v 0 0 0\nf 0 1 1\n", "v 0 0 0\nf -1 1 1\n", "v 0 0 0\nf 1 1\n", "v 0 0 0\nf 1 1 1 1 1\n",
        "v 0 0 0\nf 1/1 1/1 1/1\n", "v 0 0 0\nf 99999999999999999999 1 1\n", "v 0 0 0\nf / / /\n"}) {
    expect_refused([&] { parse_mesh(text, "made"); }, text);
  }
}

TEST(ShapeTarget, AddsItsOffsetsByWeight) {
  const ShapeTarget target = parse_target("# c\n1 0.5 0 -1\n0 0 2 0\n", 2, "made");
  Points points(2, Vec3(1, 1, 1));
  target.add_to(points, 0.5F);
  EXPECT_EQ(points[0], Vec3(1, 2, 1));
  EXPECT_EQ(points[1], Vec3(1.25F, 1, 0.5F));
  EXPECT_TRUE(parse_target("# empty\n", 2, "made").vertices.empty());
  for (const char* text : {"2 0 0 0\n", "-1 0 0 0\n", "0 0 0\n", "0 0 0 0 0\n", "0 0 0 inf\n", "x 0 0 0\n"}) {
    expect_refused([&] { parse_target(text, 2, "made"); }, text);
  }
}

TEST(AccessoryBinding, FitsToTheBodyWithScaledOffsets) {
  const AccessoryBinding binding = parse_binding(kBinding, 5, "made");
  ASSERT_EQ(binding.anchors.size(), 2U);
  EXPECT_EQ(binding.hidden, (std::vector<std::uint32_t>{0, 2, 3, 4}));
  const Points base = {Vec3(0, 0, 0), Vec3(1, 0, 0), Vec3(1, 1, 0), Vec3(0, 1, 0), Vec3(0, 0, 3)};
  const Points fitted = binding.fit(base);
  EXPECT_EQ(fitted[0], base[3]);
  // Mean (0.5, 0.25, 0); units |dx| / 2 = 0.5, |dy| / 0.5 = 2, |dz| / 1 = 3.
  EXPECT_TRUE(fitted[1].isApprox(Vec3(0.5F + 0.05F, 0.25F + 0.4F, 0.9F), 1e-5F)) << fitted[1].transpose();
}

TEST(AccessoryBinding, RefusesWhatBindsNothingOrTooFar) {
  for (const char* text :
       {"", "verts 0\n", "verts 0\n5\n", "verts 0\n0 1 5 1 0 0 0 0 0\n", "verts 0\n0 1\n",
        "x_scale 0 9 1\nverts 0\n1\n", "x_scale 0 1 0\nverts 0\n1\n", "verts 0\n1\ndelete_verts\n3 - 1\n",
        "verts 0\n1\ndelete_verts\n3 - 9\n", "verts 0\n0 1 2 1 0 0 0 0 nan\n"}) {
    expect_refused([&] { parse_binding(text, 5, "made"); }, text);
  }
}

// Whatever happens to the bytes, a reader gives geometry whose indices are valid, or an Error.
TEST(GeometryFiles, SurviveDamage) {
  Random random(11);
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string mesh_text = kMesh;
    std::string binding_text = kBinding;
    for (std::string* text : {&mesh_text, &binding_text}) {
      for (std::uint32_t i = 0; i < 1 + random.below(3); ++i) {
        (*text)[random.below(static_cast<std::uint32_t>(text->size()))] =
            "0159-. /fvgx\n\t\x80"[random.below(15)];
      }
      text->resize(text->size() - random.below(30));
    }
    try {
      const PolygonMesh mesh = parse_mesh(mesh_text, "made");
      for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        for (const std::uint32_t v : mesh.faces[f]) ASSERT_LT(v, mesh.positions.size());
        if (mesh.face_uvs.empty()) continue;
        for (const std::uint32_t v : mesh.face_uvs[f]) ASSERT_LT(v, mesh.uvs.size());
      }
      const AccessoryBinding binding = parse_binding(binding_text, 5, "made");
      for (const Vec3& p : binding.fit(Points(5, Vec3::Ones()))) ASSERT_TRUE(p.allFinite());
      for (const std::uint32_t v : binding.hidden) ASSERT_LT(v, 5U);
    } catch (const Error& e) {
      ASSERT_EQ(e.code(), ErrorCode::kCorruptData);
      ++refused;
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 3000);
}

}  // namespace
}  // namespace anima::presenter
