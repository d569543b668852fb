// Which vertices of a surface stand beside each other, and smoothing over them.
#pragma once

#include "presenter/geometry.h"

namespace anima::presenter {

class SurfaceGraph {
 public:
  SurfaceGraph() = default;
  SurfaceGraph(std::size_t vertices, std::span<const Quad> faces);

  std::span<const std::uint32_t> beside(std::size_t vertex) const {
    return std::span(neighbours_).subspan(starts_[vertex], starts_[vertex + 1] - starts_[vertex]);
  }
  std::size_t size() const { return starts_.size() - 1; }

  // The mean of every vertex and its neighbours, `times` times. Value has += and float * Value.
  template <typename Value>
  std::vector<Value> smoothed(std::vector<Value> now, int times) const {
    std::vector<Value> next(now.size());
    for (int step = 0; step < times; ++step) {
      for (std::size_t v = 0; v < now.size(); ++v) {
        Value sum = now[v];
        for (const std::uint32_t n : beside(v)) sum += now[n];
        next[v] = (1.0F / static_cast<float>(1 + beside(v).size())) * sum;
      }
      now.swap(next);
    }
    return now;
  }

 private:
  std::vector<std::uint32_t> starts_{0};
  std::vector<std::uint32_t> neighbours_;  // along edges, each once
};

}  // namespace anima::presenter
