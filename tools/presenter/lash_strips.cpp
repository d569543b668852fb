#include "presenter/lash_strips.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.h"

namespace anima::presenter {
namespace {

std::vector<std::vector<std::uint32_t>> strip_columns(const std::vector<Quad>& faces, const Points& points) {
  std::map<std::uint32_t, int> uses;
  for (const Quad& q : faces) {
    for (const std::uint32_t v : q) ++uses[v];
  }
  const auto corner = std::find_if(uses.begin(), uses.end(), [](const auto& u) { return u.second == 1; });
  if (corner == uses.end())
    throw Error(ErrorCode::kCorruptData, "a strip of lashes is not a grid", "use eyelashes01");
  // Walks a side of the grid: quads share the edge (a, b); the opposite edge is the next column.
  std::vector<bool> taken(faces.size());
  const auto quad_with = [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t f = 0; f < faces.size(); ++f) {
      const Quad& q = faces[f];
      if (!taken[f] && std::find(q.begin(), q.end(), a) != q.end() &&
          std::find(q.begin(), q.end(), b) != q.end())
        return f;
    }
    return faces.size();
  };
  // First column: along the border from the corner, the shorter of both ways.
  const auto border_walk = [&](std::uint32_t start, std::uint32_t second) {
    std::vector<std::uint32_t> way{start, second};
    while (uses[way.back()] == 2 && way.size() < faces.size() + 2) {
      std::map<std::uint32_t, int> edges;
      for (const Quad& q : faces) {
        for (std::size_t k = 0; k < 4; ++k) {
          if (q[k] == way.back()) {
            ++edges[q[(k + 1) % 4]];
            ++edges[q[(k + 3) % 4]];
          }
        }
      }
      std::uint32_t onward = UINT32_MAX;
      for (const auto& [v, count] : edges) {
        if (count == 1 && v != way[way.size() - 2]) onward = v;
      }
      if (onward == UINT32_MAX) break;
      way.push_back(onward);
    }
    return way;
  };
  std::vector<std::uint32_t> column;
  for (const Quad& q : faces) {
    for (std::size_t k = 0; k < 4; ++k) {
      if (q[k] != corner->first) continue;
      for (const std::size_t beside : {(k + 1) % 4, (k + 3) % 4}) {
        const auto way = border_walk(corner->first, q[beside]);
        if (column.empty() || way.size() < column.size()) column = way;
      }
    }
  }
  std::vector<std::vector<std::uint32_t>> columns{column};
  while (true) {
    std::vector<std::uint32_t> next(column.size());
    bool complete = true;
    for (std::size_t r = 0; r + 1 < column.size() && complete; ++r) {
      const std::size_t f = quad_with(column[r], column[r + 1]);
      complete = f < faces.size();
      if (!complete) break;
      taken[f] = true;
      const Quad& q = faces[f];
      const auto k = static_cast<std::size_t>(std::find(q.begin(), q.end(), column[r]) - q.begin());
      const bool forward = q[(k + 1) % 4] == column[r + 1];
      next[r] = forward ? q[(k + 3) % 4] : q[(k + 1) % 4];
      next[r + 1] = q[(k + 2) % 4];
    }
    if (!complete) break;
    columns.push_back(next);
    column = next;
  }
  // Roots lie deeper than tips.
  float front = 0;
  for (const auto& c : columns) front += points[c.back()].z() - points[c.front()].z();
  if (front < 0) {
    for (auto& c : columns) std::reverse(c.begin(), c.end());
  }
  std::sort(columns.begin(), columns.end(), [&](const auto& a, const auto& b) {
    return std::abs(points[a.front()].x()) < std::abs(points[b.front()].x());
  });
  return columns;
}

}  // namespace

std::vector<LashStrip> find_lash_strips(const std::vector<Quad>& faces, const Points& points) {
  const std::vector<int> component = connected_components(points.size(), faces);
  const int count = *std::max_element(component.begin(), component.end()) + 1;
  if (count != 4) throw Error(ErrorCode::kCorruptData, "the lashes are not four strips", "use eyelashes01");
  std::vector<LashStrip> strips;
  std::vector<float> heights;
  for (int c = 0; c < count; ++c) {
    std::vector<Quad> mine;
    Vec3 sum = Vec3::Zero();
    for (const Quad& q : faces) {
      if (component[q[0]] != c) continue;
      mine.push_back(q);
      sum += points[q[0]];
    }
    LashStrip strip;
    strip.side = sum.x() > 0 ? Side::kLeft : Side::kRight;
    strip.columns = strip_columns(mine, points);
    heights.push_back(sum.y() / static_cast<float>(mine.size()));
    strips.push_back(std::move(strip));
  }
  for (std::size_t i = 0; i < strips.size(); ++i) {
    for (std::size_t j = 0; j < strips.size(); ++j) {
      if (i != j && strips[i].side == strips[j].side) strips[i].upper = heights[i] > heights[j];
    }
  }
  return strips;
}

}  // namespace anima::presenter
