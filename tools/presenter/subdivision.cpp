#include "presenter/subdivision.h"

#include <algorithm>
#include <unordered_map>

namespace anima::presenter {
namespace {

using Sum = std::vector<std::pair<std::uint32_t, double>>;

void add(Sum& sum, std::uint32_t input, double weight) {
  sum.emplace_back(input, weight);
}

void add(Sum& sum, const Sum& other, double weight) {
  for (const auto& [input, w] : other) sum.emplace_back(input, w * weight);
}

void merge(Sum& sum) {
  std::sort(sum.begin(), sum.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (kept > 0 && sum[kept - 1].first == sum[i].first) {
      sum[kept - 1].second += sum[i].second;
    } else {
      sum[kept++] = sum[i];
    }
  }
  sum.resize(kept);
}

struct Edge {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::vector<std::uint32_t> faces;
};

struct Level {
  std::vector<Quad> faces;
  std::vector<Sum> vertices;  // in terms of the first mesh
};

Level refine(const Level& in) {
  const std::size_t vertex_count = in.vertices.size();
  // 1. Edges, and for each face its edges in order.
  std::vector<Edge> edges;
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  std::vector<std::vector<std::uint32_t>> edges_of_face(in.faces.size());
  for (std::uint32_t f = 0; f < in.faces.size(); ++f) {
    const Quad& q = in.faces[f];
    const int corners = is_triangle(q) ? 3 : 4;
    for (int k = 0; k < corners; ++k) {
      const std::uint32_t a = std::min(q[k], q[(k + 1) % corners]);
      const std::uint32_t b = std::max(q[k], q[(k + 1) % corners]);
      const auto [at, fresh] = known.try_emplace(static_cast<std::uint64_t>(a) << 32U | b, edges.size());
      if (fresh) edges.push_back({a, b, {}});
      edges[at->second].faces.push_back(f);
      edges_of_face[f].push_back(at->second);
    }
  }

  // 2. New points of the faces: their centres.
  std::vector<Sum> centre(in.faces.size());
  for (std::size_t f = 0; f < in.faces.size(); ++f) {
    const int corners = is_triangle(in.faces[f]) ? 3 : 4;
    for (int k = 0; k < corners; ++k) add(centre[f], in.faces[f][k], 1.0 / corners);
  }

  // 3. New points of the edges, in terms of this level's vertices.
  std::vector<Sum> middle(edges.size());
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const bool inner = edges[e].faces.size() == 2;
    add(middle[e], edges[e].a, inner ? 0.25 : 0.5);
    add(middle[e], edges[e].b, inner ? 0.25 : 0.5);
    if (inner) {
      for (const std::uint32_t f : edges[e].faces) add(middle[e], centre[f], 0.25);
    }
  }

  // 4. Old vertices move.
  std::vector<Sum> moved(vertex_count);
  std::vector<std::uint32_t> face_count(vertex_count);
  std::vector<std::uint32_t> edge_count(vertex_count);
  std::vector<std::uint32_t> border_count(vertex_count);
  for (const Quad& q : in.faces) {
    for (int k = 0; k < (is_triangle(q) ? 3 : 4); ++k) ++face_count[q[k]];
  }
  for (const Edge& e : edges) {
    for (const std::uint32_t v : {e.a, e.b}) {
      ++edge_count[v];
      border_count[v] += e.faces.size() == 2 ? 0 : 1;
    }
  }
  const auto on_border = [&](std::uint32_t v) { return border_count[v] > 0; };
  for (std::size_t f = 0; f < in.faces.size(); ++f) {
    for (int k = 0; k < (is_triangle(in.faces[f]) ? 3 : 4); ++k) {
      const std::uint32_t v = in.faces[f][k];
      // (F + 2R + (n-3) P) / n with F the mean of n face centres.
      if (!on_border(v)) add(moved[v], centre[f], 1.0 / (static_cast<double>(face_count[v]) * face_count[v]));
    }
  }
  for (const Edge& e : edges) {
    for (const auto& [v, other] : {std::pair(e.a, e.b), std::pair(e.b, e.a)}) {
      if (!on_border(v)) {
        const double n = edge_count[v];
        add(moved[v], v, 1 / (n * n));
        add(moved[v], other, 1 / (n * n));
      } else if (e.faces.size() != 2 && border_count[v] == 2) {
        add(moved[v], other, 0.125);
      }
    }
  }
  for (std::uint32_t v = 0; v < vertex_count; ++v) {
    if (!on_border(v)) {
      add(moved[v], v, (edge_count[v] - 3.0) / edge_count[v]);
    } else {
      add(moved[v], v, border_count[v] == 2 ? 0.75 : 1.0);
    }
  }

  // 5. Compose with what this level's vertices are made of, and connect.
  Level out;
  const auto put = [&](const Sum& in_this_level) {
    Sum total;
    for (const auto& [v, w] : in_this_level) add(total, in.vertices[v], w);
    merge(total);
    out.vertices.push_back(std::move(total));
  };
  for (const Sum& s : moved) put(s);
  for (const Sum& s : middle) put(s);
  for (const Sum& s : centre) put(s);
  const auto first_middle = static_cast<std::uint32_t>(vertex_count);
  const auto first_centre = static_cast<std::uint32_t>(vertex_count + edges.size());
  for (std::uint32_t f = 0; f < in.faces.size(); ++f) {
    const auto& around = edges_of_face[f];
    const std::size_t corners = around.size();
    for (std::size_t k = 0; k < corners; ++k) {
      out.faces.push_back({in.faces[f][k], first_middle + around[k], first_centre + f,
                           first_middle + around[(k + corners - 1) % corners]});
    }
  }
  return out;
}

}  // namespace

SubdividedSurface subdivide(std::span<const Quad> faces, std::size_t vertices, int levels) {
  Level level;
  // Every level keeps the old vertices in front, in their order.
  std::vector<std::uint32_t> renamed(vertices, SubdividedSurface::kNone);
  for (const Quad& q : faces) {
    Quad mine{};
    for (int k = 0; k < 4; ++k) {
      if (renamed[q[k]] == SubdividedSurface::kNone) {
        renamed[q[k]] = static_cast<std::uint32_t>(level.vertices.size());
        level.vertices.push_back({{q[k], 1.0}});
      }
      mine[k] = renamed[q[k]];
    }
    level.faces.push_back(mine);
  }
  for (int i = 0; i < levels; ++i) level = refine(level);

  SubdividedSurface surface;
  surface.faces = std::move(level.faces);
  surface.row_of = std::move(renamed);
  for (const Sum& sum : level.vertices) {
    for (const auto& [input, weight] : sum) {
      surface.table.inputs.push_back(input);
      surface.table.weights.push_back(static_cast<float>(weight));
    }
    surface.table.starts.push_back(static_cast<std::uint32_t>(surface.table.inputs.size()));
  }
  return surface;
}

}  // namespace anima::presenter
