#include "presenter/lip_loops.h"

#include <algorithm>
#include <map>

#include "core/error.h"

namespace anima::presenter {
namespace {

// Middle of the upper lip, outermost to innermost row (hm08 base mesh).
constexpr std::array<std::uint32_t, 9> kUpperMiddle = {362, 455, 466, 467, 509, 468, 474, 520, 537};

// For every vertex, its faces.
std::map<std::uint32_t, std::vector<Quad>> faces_around(std::span<const Quad> faces) {
  std::map<std::uint32_t, std::vector<Quad>> around;
  for (const Quad& q : faces) {
    for (const std::uint32_t v : q) around[v].push_back(q);
  }
  return around;
}

bool holds(const Quad& q, std::uint32_t v) {
  return std::find(q.begin(), q.end(), v) != q.end();
}

std::vector<std::uint32_t> neighbours(const std::vector<Quad>& faces, std::uint32_t v) {
  std::vector<std::uint32_t> found;
  for (const Quad& q : faces) {
    const auto k = static_cast<std::size_t>(std::find(q.begin(), q.end(), v) - q.begin());
    found.push_back(q[(k + 1) % 4]);
    found.push_back(q[(k + 3) % 4]);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

using Around = std::map<std::uint32_t, std::vector<Quad>>;

std::vector<std::uint32_t> walk(const Around& around, std::uint32_t start, std::uint32_t next) {
  std::vector<std::uint32_t> row{start};
  std::uint32_t before = start;
  std::uint32_t at = next;
  while (at != start) {
    const auto faces = around.find(at);
    if (faces == around.end() || row.size() > 1000) break;
    row.push_back(at);
    // Straight on: the neighbour that shares no face with where we came from.
    std::uint32_t onward = UINT32_MAX;
    for (const std::uint32_t candidate : neighbours(faces->second, at)) {
      const bool beside = std::any_of(faces->second.begin(), faces->second.end(),
                                      [&](const Quad& q) { return holds(q, candidate) && holds(q, before); });
      if (!beside) onward = candidate;
    }
    if (faces->second.size() != 4 || onward == UINT32_MAX) break;
    before = at;
    at = onward;
  }
  if (at != start) {
    throw Error(ErrorCode::kCorruptData,
                "the row of vertices from " + std::to_string(start) + " does not close",
                "use the base mesh hm08 of shared/presenter");
  }
  return row;
}

}  // namespace

std::vector<std::uint32_t> edge_loop(std::span<const Quad> faces, std::uint32_t start, std::uint32_t next) {
  return walk(faces_around(faces), start, next);
}

Lips find_lips(std::span<const Quad> body, std::span<const Vec3> positions) {
  std::vector<Quad> near;
  const Vec3 middle = positions[kUpperMiddle.back()];
  for (const Quad& q : body) {
    if ((positions[q[0]] - middle).norm() < 0.6F) near.push_back(q);
  }
  const Around around = faces_around(near);
  Lips lips;
  for (const std::uint32_t start : kUpperMiddle) {
    // First step towards her left.
    const auto beside = neighbours(around.at(start), start);
    const std::uint32_t next = *std::max_element(
        beside.begin(), beside.end(), [&](auto a, auto b) { return positions[a].x() < positions[b].x(); });
    lips.rows.push_back(walk(around, start, next));
  }
  const auto& inner = lips.rows.back();
  const auto by_x = [&](auto a, auto b) { return positions[a].x() < positions[b].x(); };
  lips.upper_inner = inner.front();
  lips.lower_inner = inner[inner.size() / 2];
  lips.left_corner = *std::max_element(inner.begin(), inner.end(), by_x);
  lips.right_corner = *std::min_element(inner.begin(), inner.end(), by_x);
  return lips;
}

}  // namespace anima::presenter
