// From a pose to where every vertex is: expression targets, jaw, tongue, eyes, head and neck.
#pragma once

#include "presenter/figure.h"
#include "presenter/head_turn.h"
#include "presenter/house_shape.h"
#include "presenter/lip_loops.h"

namespace anima::presenter {

struct EyePose {
  Vec3 centre = Vec3::Zero();
  float radius_dm = 0;
  // Columns are the eye's own right, up and gaze directions in the world.
  Eigen::Matrix3f rotation = Eigen::Matrix3f::Identity();
  Eigen::Matrix3f socket = Eigen::Matrix3f::Identity();  // the same of the head: without the gaze
};

struct PosedFigure {
  HeadTurn turn;
  Points body;  // every vertex of the base mesh
  Points teeth;
  Points tongue;
  Points lashes;
  Points brows;
  Points top;
  std::array<EyePose, 2> eyes;   // by Side
  std::array<float, 2> closure;  // 0 open to 1 closed, what was applied
  float mouth_open = 0;          // jaw weight that was applied
};

class FaceRig {
 public:
  // Keeps a reference to `figure`, which must outlive the rig.
  explicit FaceRig(const Figure& figure);

  // Weights out of range are clamped to what the mesh bears. Thread-safe.
  PosedFigure pose(const PresenterPose& pose) const;

  const Figure& figure() const { return figure_; }
  const Lips& lips() const { return lips_; }
  bool is_lower_tooth(std::uint32_t teeth_vertex) const { return lower_tooth_[teeth_vertex]; }
  // The base mesh with a neutral pose: where masks and colours are laid down.
  const Points& rest() const { return rest_; }

 private:
  Points expressed(const PresenterPose& pose, std::array<float, 2>& closure, float& mouth_open) const;
  // Lips stick where they almost touch, most at the corners: the targets leave slits there.
  void seal_lips(Points& positions) const;
  void move_teeth(float mouth_open, Points& teeth) const;
  void move_tongue(const PresenterPose& pose, float mouth_open, Points& tongue) const;

  const Figure& figure_;
  ShapeAnchors anchors_;
  Lips lips_;
  std::vector<bool> lower_tooth_;    // of each vertex of the teeth
  std::vector<float> tuck_weight_;   // of each base vertex: lower lip
  std::vector<float> tongue_front_;  // of each tongue vertex: 0 at the root, 1 at the tip
  ShapeTarget right_slit_;           // with the lashes that the data leaves behind
  std::array<EyePose, 2> eyes_;
  float upper_teeth_edge_dm_ = 0;  // height of the upper incisors' edge at rest
  Points rest_;
};

}  // namespace anima::presenter
