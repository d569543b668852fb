#include "presenter/surface_graph.h"

#include <algorithm>

namespace anima::presenter {

SurfaceGraph::SurfaceGraph(std::size_t vertices, std::span<const Quad> faces) {
  std::vector<std::vector<std::uint32_t>> lists(vertices);
  for (const Quad& q : faces) {
    const std::size_t corners = is_triangle(q) ? 3 : 4;
    for (std::size_t k = 0; k < corners; ++k) {
      lists[q[k]].push_back(q[(k + 1) % corners]);
      lists[q[(k + 1) % corners]].push_back(q[k]);
    }
  }
  for (auto& list : lists) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    neighbours_.insert(neighbours_.end(), list.begin(), list.end());
    starts_.push_back(static_cast<std::uint32_t>(neighbours_.size()));
  }
}

}  // namespace anima::presenter
