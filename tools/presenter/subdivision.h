// Catmull-Clark subdivision as a table of weights, made once and applied to every frame's points.
//
// E. Catmull, J. Clark, "Recursively generated B-spline surfaces on arbitrary topological meshes",
// 1978; borders follow the cubic B-spline of the border's vertices (Hoppe et al., 1994).
#pragma once

#include "presenter/geometry.h"

namespace anima::presenter {

// Each output is a weighted sum of inputs: row i holds entries [starts[i], starts[i + 1]).
struct WeightTable {
  std::vector<std::uint32_t> starts{0};
  std::vector<std::uint32_t> inputs;
  std::vector<float> weights;

  std::size_t rows() const { return starts.size() - 1; }

  template <typename Value>
  void apply(std::span<const Value> in, std::span<Value> out) const {
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
      Value sum = weights[starts[i]] * in[inputs[starts[i]]];
      for (std::uint32_t k = starts[i] + 1; k < starts[i + 1]; ++k) sum += weights[k] * in[inputs[k]];
      out[i] = sum;
    }
  }
  template <typename Value>
  std::vector<Value> apply(const std::vector<Value>& in) const {
    std::vector<Value> out(rows());
    apply<Value>(std::span<const Value>(in), std::span<Value>(out));
    return out;
  }
};

struct SubdividedSurface {
  std::vector<Quad> faces;  // indices of rows of `table`
  WeightTable table;        // rows are made only of vertices that `faces` used; each sums to 1
  // The row that grew from each input vertex; kNone for one that no face uses.
  std::vector<std::uint32_t> row_of;
  static constexpr std::uint32_t kNone = UINT32_MAX;
};

// `levels` times (0 keeps the faces, but drops unused vertices). Edges of more than two faces are
// treated as borders. Indices must be below `vertices`.
SubdividedSurface subdivide(std::span<const Quad> faces, std::size_t vertices, int levels);

}  // namespace anima::presenter
