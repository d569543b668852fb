#include "face/canonical_mesh.h"

#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "core/random.h"
#include "face/model_files.h"

namespace anima::face {
namespace {

TEST(CanonicalMeshTest, IsTheFaceInOurAxes) {
  const CanonicalMesh& mesh = canonical_face();
  ASSERT_EQ(mesh.vertices.rows(), kMeshVertices);
  EXPECT_EQ(mesh.triangles.size(), 898U);
  EXPECT_EQ(&mesh_triangles(), &mesh.triangles);
  EXPECT_EQ(&canonical_mesh(), &mesh.vertices);
  // The tip of the nose (4) is nearest to the camera, the chin (152) is below the forehead (10),
  // and the person's right eye (33) lies left in the picture.
  EXPECT_LT(mesh.vertices(4, 2), mesh.vertices.col(2).minCoeff() + 1e-6F);
  EXPECT_GT(mesh.vertices(152, 1), 9);
  EXPECT_LT(mesh.vertices(10, 1), -8);
  EXPECT_LT(mesh.vertices(33, 0), -4);
  EXPECT_NEAR(mesh.vertices(33, 0), -mesh.vertices(263, 0), 1e-4);
  EXPECT_GE(mesh.texture.minCoeff(), 0);
  EXPECT_LE(mesh.texture.maxCoeff(), 1);
  EXPECT_GT(mesh.procrustes_weights[33], 0.05);
  EXPECT_EQ(mesh.procrustes_weights[13], 0);
}

TEST(CanonicalMeshTest, EveryVertexHasATriangleAndEveryEdgeStandsOnce) {
  const CanonicalMesh& mesh = canonical_face();
  std::set<int> used;
  for (const auto& t : mesh.triangles) used.insert(t.begin(), t.end());
  EXPECT_EQ(used.size(), static_cast<std::size_t>(kMeshVertices));
  const std::set<std::array<int, 2>> unique(mesh.edges.begin(), mesh.edges.end());
  EXPECT_EQ(unique.size(), mesh.edges.size());
  for (const auto& [a, b] : mesh.edges) EXPECT_LT(a, b);
}

TEST(CanonicalMeshTest, RefusesEveryTruncation) {
  const std::vector<std::byte> bytes = read_model_file(ModelFile::kCanonicalMesh);
  // The weights at the end may end after any whole one; the mesh itself may not be cut.
  for (std::size_t length = 0; length < 19000; length += 37) {
    EXPECT_THROW(parse_canonical_mesh(std::span(bytes).first(length), "cut"), Error) << length;
  }
}

TEST(CanonicalMeshTest, HostileBytesAreRefusedOrGiveAValidMesh) {
  const std::vector<std::byte> bytes = read_model_file(ModelFile::kCanonicalMesh);
  Random random(5);
  int refused = 0;
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<std::byte> hostile = bytes;
    for (int i = 0; i < 20; ++i)
      hostile[random.below(static_cast<std::uint32_t>(hostile.size()))] = std::byte(random.below(256));
    try {
      const CanonicalMesh mesh = parse_canonical_mesh(hostile, "hostile");
      ASSERT_EQ(mesh.vertices.rows(), kMeshVertices);
      ASSERT_TRUE(mesh.vertices.allFinite());
      for (const auto& t : mesh.triangles) {
        for (const int v : t) ASSERT_TRUE(v >= 0 && v < kMeshVertices);
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace anima::face
