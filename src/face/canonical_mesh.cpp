#include "face/canonical_mesh.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/error.h"
#include "face/model_files.h"

namespace anima::face {
namespace {

constexpr int kFloatsPerVertex = 5;
constexpr std::size_t kMostTriangles = 4096;

[[noreturn]] void corrupt(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::kCorruptData,
              fmt::format("'{}' does not hold the canonical face mesh: {}", source, what),
              "install the face models again with: npm ci");
}

// Walks the fields of one protocol-buffer message (protobuf.dev, "Encoding").
class FieldReader {
 public:
  FieldReader(std::span<const std::byte> bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  // Moves to the next field; false at the end.
  bool next() {
    if (at_ == bytes_.size()) return false;
    const std::uint64_t key = varint();
    number_ = key >> 3U;
    wire_ = static_cast<int>(key & 7U);
    switch (wire_) {
      case 0:
        value_ = varint();
        break;
      case 1:
        payload_ = take(8);
        break;
      case 2:
        payload_ = take(varint());
        break;
      case 5:
        payload_ = take(4);
        break;
      default:
        corrupt(source_, fmt::format("wire type {} at byte {}", wire_, at_));
    }
    return true;
  }

  std::uint64_t number() const { return number_; }
  int wire() const { return wire_; }
  std::uint64_t value() const { return value_; }
  std::span<const std::byte> payload() const { return payload_; }

  std::uint64_t varint() {
    std::uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(take(1)[0]);
      result |= (byte & 127U) << shift;
      if (byte < 128U) return result;
    }
    corrupt(source_, fmt::format("an integer of more than 64 bits at byte {}", at_));
  }
  bool done() const { return at_ == bytes_.size(); }

 private:
  std::span<const std::byte> take(std::uint64_t count) {
    if (count > bytes_.size() - at_) corrupt(source_, fmt::format("it ends inside a field at byte {}", at_));
    const auto part = bytes_.subspan(at_, count);
    at_ += count;
    return part;
  }

  std::span<const std::byte> bytes_;
  const std::string& source_;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0;
  int wire_ = 0;
  std::uint64_t value_ = 0;
  std::span<const std::byte> payload_;
};

float little_endian_float(std::span<const std::byte> four) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 4; ++i) bits |= std::to_integer<std::uint32_t>(four[i]) << (8U * i);
  return std::bit_cast<float>(bits);
}

// A repeated number may come one by one or packed; writers may mix both.
void append_floats(const FieldReader& field, const std::string& source, std::vector<float>& to) {
  const auto bytes = field.payload();
  if (field.wire() != 2 && field.wire() != 5) corrupt(source, "a coordinate is not a float");
  if (bytes.size() % 4 != 0) corrupt(source, "a coordinate list has a broken length");
  for (std::size_t i = 0; i < bytes.size(); i += 4) to.push_back(little_endian_float(bytes.subspan(i, 4)));
  if (to.size() > kMeshVertices * kFloatsPerVertex) corrupt(source, "it has more than 468 vertices");
}

void append_indices(const FieldReader& field, const std::string& source, std::vector<std::uint64_t>& to) {
  if (field.wire() == 0) {
    to.push_back(field.value());
  } else if (field.wire() == 2) {
    FieldReader packed(field.payload(), source);
    while (!packed.done()) to.push_back(packed.varint());
  } else {
    corrupt(source, "a vertex index is not an integer");
  }
  if (to.size() > 3 * kMostTriangles) corrupt(source, "it has too many triangles");
}

void read_procrustes_weight(std::span<const std::byte> bytes, const std::string& source,
                            Eigen::VectorXd& weights) {
  FieldReader field(bytes, source);
  std::uint64_t landmark = 0;
  double weight = 0;
  while (field.next()) {
    if (field.number() == 1 && field.wire() == 0) landmark = field.value();
    if (field.number() == 2 && field.wire() == 5) weight = little_endian_float(field.payload());
  }
  if (landmark >= kMeshVertices) corrupt(source, fmt::format("alignment weight of vertex {}", landmark));
  if (!std::isfinite(weight) || weight < 0) corrupt(source, fmt::format("alignment weight {}", weight));
  weights[static_cast<Eigen::Index>(landmark)] = weight;
}

std::vector<std::array<int, 2>> edges_of(const std::vector<std::array<int, 3>>& triangles) {
  std::vector<std::array<int, 2>> edges;
  for (const auto& t : triangles) {
    for (int i = 0; i < 3; ++i) {
      const int a = t[i], b = t[(i + 1) % 3];
      edges.push_back({std::min(a, b), std::max(a, b)});
    }
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

CanonicalMesh load_installed() {
  return parse_canonical_mesh(read_model_file(ModelFile::kCanonicalMesh),
                              "the canonical face mesh of @mediapipe/face_mesh");
}

}  // namespace

CanonicalMesh parse_canonical_mesh(std::span<const std::byte> bytes, const std::string& source) {
  std::vector<float> numbers;
  std::vector<std::uint64_t> indices;
  CanonicalMesh mesh;
  mesh.procrustes_weights = Eigen::VectorXd::Zero(kMeshVertices);

  FieldReader top(bytes, source);
  while (top.next()) {
    if (top.wire() != 2) continue;
    if (top.number() == 1) {
      FieldReader field(top.payload(), source);
      while (field.next()) {
        if (field.number() == 3) append_floats(field, source, numbers);
        if (field.number() == 4) append_indices(field, source, indices);
      }
    } else if (top.number() == 2) {
      read_procrustes_weight(top.payload(), source, mesh.procrustes_weights);
    }
  }
  if (numbers.size() != kMeshVertices * kFloatsPerVertex) {
    corrupt(source,
            fmt::format("{} coordinates instead of {}", numbers.size(), kMeshVertices * kFloatsPerVertex));
  }
  if (indices.empty() || indices.size() % 3 != 0) {
    corrupt(source, fmt::format("{} triangle corners", indices.size()));
  }

  mesh.vertices.resize(kMeshVertices, 3);
  mesh.texture.resize(kMeshVertices, 2);
  for (int v = 0; v < kMeshVertices; ++v) {
    const float* n = &numbers[static_cast<std::size_t>(v) * kFloatsPerVertex];
    for (int i = 0; i < kFloatsPerVertex; ++i) {
      if (!std::isfinite(n[i]) || std::abs(n[i]) > 1000.0F)
        corrupt(source, fmt::format("vertex {} is {}", v, n[i]));
    }
    mesh.vertices.row(v) << n[0], -n[1], -n[2];
    mesh.texture.row(v) << n[3], n[4];
  }
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    std::array<int, 3> triangle{};
    for (std::size_t k = 0; k < 3; ++k) {
      if (indices[i + k] >= kMeshVertices)
        corrupt(source, fmt::format("triangle with vertex {}", indices[i + k]));
      triangle[k] = static_cast<int>(indices[i + k]);
    }
    mesh.triangles.push_back(triangle);
  }
  mesh.edges = edges_of(mesh.triangles);
  return mesh;
}

const CanonicalMesh& canonical_face() {
  static const CanonicalMesh mesh = load_installed();
  return mesh;
}

const std::vector<std::array<int, 3>>& mesh_triangles() {
  return canonical_face().triangles;
}
const Vertices& canonical_mesh() {
  return canonical_face().vertices;
}

}  // namespace anima::face
