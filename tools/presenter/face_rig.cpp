#include "presenter/face_rig.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace anima::presenter {
namespace {

// The face that she makes when nothing is asked of her: the raw mesh looks stern.
struct Neutral {
  float corner_puller = 0.34F;
  float eversion = 0.12F;
  float compression = 0.10F;
  float brow_inner_up = 0.22F;
  float closure = 0.0F;
};
constexpr Neutral kNeutral;

// What the mesh bears without tearing or snarling (facts/presenter.md).
struct Range {
  float low;
  float high;
};
constexpr std::array<Range, kMouthTargets> kMouthRange = {{{0, 0.62F},     // open
                                                           {0, 1},         // pursing
                                                           {0, 0.25F},     // protusion
                                                           {0, 1},         // compression
                                                           {0, 1},         // retraction
                                                           {0, 0.6F},      // upward retraction
                                                           {0, 0.7F},      // depression retraction
                                                           {-0.3F, 1},     // corner puller
                                                           {0, 0.35F},     // part later
                                                           {0, 0.6F},      // elevation
                                                           {0, 0.6F},      // parling
                                                           {-0.4F, 0.5F},  // eversion
                                                           {0, 0.6F}}};    // depression

// The jaw turns about the joints before the ears.
const Vec3 kJawHinge(0, 6.0F, 0.45F);
constexpr float kJawAngle_rad = 0.34F;  // at full weight of mouth-open
// The data's rows of teeth overlap behind closed lips: speech must show the upper ones.
constexpr float kUpperTeethDown_dm = 0.045F;
constexpr float kLowerTeethDown_dm = 0.075F;
constexpr float kLowerTeethBack_dm = 0.03F;
// How far out the tongue's tip comes: to the ridge behind the upper teeth, between the lips.
constexpr float kRidge_dm = 1.27F;
constexpr float kLipFront_dm = 1.37F;

std::size_t at(MouthTarget target) {
  return static_cast<std::size_t>(target);
}

Vec3 jaw_turned(const Vec3& p, float mouth_open) {
  return kJawHinge + Eigen::AngleAxisf(kJawAngle_rad * mouth_open, Vec3::UnitX()) * (p - kJawHinge);
}

// The other side's target, for helpers: data has the left lashes' slit, not the right ones'.
ShapeTarget mirrored(const ShapeTarget& target, std::span<const Vec3> positions, std::uint32_t first,
                     std::uint32_t last) {
  ShapeTarget out;
  for (std::size_t i = 0; i < target.vertices.size(); ++i) {
    const std::uint32_t v = target.vertices[i];
    if (v < first) continue;
    const Vec3 wanted(-positions[v].x(), positions[v].y(), positions[v].z());
    std::uint32_t best = v;
    float nearest = 1e9F;
    for (std::uint32_t other = first; other < last; ++other) {
      const float distance = (positions[other] - wanted).squaredNorm();
      if (distance < nearest) {
        nearest = distance;
        best = other;
      }
    }
    out.vertices.push_back(best);
    out.offsets.emplace_back(-target.offsets[i].x(), target.offsets[i].y(), target.offsets[i].z());
  }
  return out;
}

Vec3 centre_of(const PolygonMesh& mesh, const std::string& group, const Points& positions) {
  const auto vertices = mesh.vertices_of(group);
  if (vertices.empty()) {
    throw Error(ErrorCode::kCorruptData, "the base mesh has no group " + group,
                "use base/base.obj of shared/presenter");
  }
  Vec3 sum = Vec3::Zero();
  for (const std::uint32_t v : vertices) sum += positions[v];
  return sum / static_cast<float>(vertices.size());
}

// Sphere through points, by linear least squares of |p|^2 = 2 c.p + (r^2 - |c|^2).
EyePose fit_sphere(const Points& points) {
  Eigen::Matrix4d normal = Eigen::Matrix4d::Zero();
  Eigen::Vector4d right = Eigen::Vector4d::Zero();
  for (const Vec3& p : points) {
    const Eigen::Vector4d row(2 * p.x(), 2 * p.y(), 2 * p.z(), 1);
    normal += row * row.transpose();
    right += row * p.cast<double>().squaredNorm();
  }
  const Eigen::Vector4d solution = normal.ldlt().solve(right);
  EyePose eye;
  eye.centre = solution.head<3>().cast<float>();
  eye.radius_dm =
      static_cast<float>(std::sqrt(std::max(0.0, solution[3] + solution.head<3>().squaredNorm())));
  return eye;
}

}  // namespace

FaceRig::FaceRig(const Figure& figure) : figure_(figure) {
  const Points& shaped = figure.shaped;
  anchors_.eyes = {centre_of(figure.base, "joint-l-eye", shaped),
                   centre_of(figure.base, "joint-r-eye", shaped)};
  anchors_.shoulder = centre_of(figure.base, "joint-l-shoulder", shaped);
  lips_ = find_lips(figure.base.faces_of("body"), shaped);

  std::vector<bool> lower_helper(shaped.size());
  for (const std::uint32_t v : figure.base.vertices_of("helper-lower-teeth")) lower_helper[v] = true;
  for (const auto& anchor : figure.teeth.binding.anchors)
    lower_tooth_.push_back(lower_helper[anchor.vertices[0]]);

  // The lower lip rolls in: full weight on its red, fading into the chin and towards the corners.
  const float contact_y = shaped[lips_.lower_inner].y();
  tuck_weight_.resize(shaped.size());
  for (const std::uint32_t v : figure.base.vertices_of("body")) {
    const Vec3 p = shaped[v] - shaped[lips_.lower_inner];
    if (p.y() > 0.0004F || p.y() < -0.25F || p.z() < -0.25F || std::abs(p.x()) > 0.35F) continue;
    tuck_weight_[v] = smoothstep(-0.2F, -0.06F, p.y()) * (1 - smoothstep(0.08F, 0.3F, std::abs(p.x()))) *
                      smoothstep(-0.2F, -0.05F, p.z());
  }
  for (const auto& row : lips_.rows) {  // the upper half of the rows is not the lower lip
    for (const std::uint32_t v : row) {
      if (shaped[v].y() > contact_y + 0.0004F) tuck_weight_[v] = 0;
    }
  }

  right_slit_ = figure.eye_slit[1];
  const auto first_helper = static_cast<std::uint32_t>(figure.base.vertices_of("body").back() + 1);
  const ShapeTarget lashes =
      mirrored(figure.eye_slit[0], shaped, first_helper, static_cast<std::uint32_t>(shaped.size()));
  right_slit_.vertices.insert(right_slit_.vertices.end(), lashes.vertices.begin(), lashes.vertices.end());
  right_slit_.offsets.insert(right_slit_.offsets.end(), lashes.offsets.begin(), lashes.offsets.end());

  Points warped;
  for (const Vec3& p : shaped) warped.push_back(house_shape(p, anchors_));
  const Points eye_points = figure.eyes.binding.fit(warped);
  for (const auto side : {Side::kLeft, Side::kRight}) {
    Points ball;
    const auto components = connected_components(eye_points.size(), figure.eyes.mesh.faces);
    std::vector<std::size_t> sizes(eye_points.size());
    for (const int c : components) ++sizes[static_cast<std::size_t>(std::max(c, 0))];
    const std::size_t largest = *std::max_element(sizes.begin(), sizes.end());
    for (std::size_t i = 0; i < eye_points.size(); ++i) {
      const bool mine = (eye_points[i].x() > 0) == (side == Side::kLeft);
      const float behind = eye_points[i].z() - anchors_.eyes[static_cast<std::size_t>(side)].z();
      // The larger components are the balls; their front is flattened by the iris.
      if (mine && behind < 0.09F && sizes[static_cast<std::size_t>(components[i])] == largest)
        ball.push_back(eye_points[i]);
    }
    eyes_[static_cast<std::size_t>(side)] = fit_sphere(ball);
  }

  const Points tongue = figure.tongue.binding.fit(warped);
  const auto by_z = [](const Vec3& a, const Vec3& b) { return a.z() < b.z(); };
  const float root = std::min_element(tongue.begin(), tongue.end(), by_z)->z();
  const float tip = std::max_element(tongue.begin(), tongue.end(), by_z)->z();
  for (const Vec3& p : tongue) tongue_front_.push_back(smoothstep(root + 0.35F * (tip - root), tip, p.z()));

  const Points teeth = figure.teeth.binding.fit(warped);
  upper_teeth_edge_dm_ = 1e9F;
  for (std::size_t i = 0; i < teeth.size(); ++i) {
    if (!lower_tooth_[i] && std::abs(teeth[i].x()) < 0.08F && teeth[i].z() > tip - 0.1F) {
      upper_teeth_edge_dm_ = std::min(upper_teeth_edge_dm_, teeth[i].y() - kUpperTeethDown_dm);
    }
  }
  rest_ = pose(PresenterPose{}).body;
}

Points FaceRig::expressed(const PresenterPose& pose, std::array<float, 2>& closure, float& mouth_open) const {
  Points p = figure_.shaped;
  const float parted = pose.mouth[at(MouthTarget::kOpen)] + pose.mouth[at(MouthTarget::kPartLater)];
  for (std::size_t i = 0; i < kMouthTargets; ++i) {
    float weight = pose.mouth[i];
    if (i == at(MouthTarget::kCornerPuller)) weight += kNeutral.corner_puller;
    if (i == at(MouthTarget::kEversion)) weight += kNeutral.eversion;
    // Closes the corners that the smile leaves open; gone as soon as the mouth opens.
    if (i == at(MouthTarget::kCompression)) weight += kNeutral.compression * std::max(0.0F, 1 - 5 * parted);
    weight = std::clamp(weight, kMouthRange[i].low, kMouthRange[i].high);
    if (i == at(MouthTarget::kOpen)) mouth_open = weight;
    figure_.mouth[i].add_to(p, weight);
  }
  const float tuck = std::clamp(pose.lower_lip_tuck, 0.0F, 1.0F);
  for (std::size_t v = 0; v < tuck_weight_.size() && tuck > 0; ++v) {
    if (tuck_weight_[v] > 0) p[v] += tuck * tuck_weight_[v] * Vec3(0, 0.03F, -0.085F);
  }
  for (std::size_t side = 0; side < 2; ++side) {
    const float asked = side == 0 ? pose.blink_left : pose.blink_right;
    // Upper lids follow a downward look.
    const float follow = kNeutral.closure + 0.013F * std::max(0.0F, -pose.gaze_pitch_deg);
    closure[side] = std::clamp(std::max(asked, follow + asked * (1 - follow)), 0.0F, 1.0F);
    figure_.eye_closure[side].add_to(p, closure[side]);
    const float raise = std::clamp(pose.brow_raise, -0.5F, 1.0F);
    figure_.brow_up[side].add_to(p, std::max(0.0F, raise));
    figure_.brow_inner_up[side].add_to(p, kNeutral.brow_inner_up + std::max(0.0F, raise) * 0.8F);
    figure_.brow_extern_up[side].add_to(p, std::max(0.0F, raise) * 0.8F);
    figure_.brow_down[side].add_to(p, std::max(0.0F, -raise));
  }
  seal_lips(p);
  for (Vec3& v : p) v = house_shape(v, anchors_);
  return p;
}

void FaceRig::seal_lips(Points& p) const {
  const auto& contact = lips_.rows.back();
  const std::size_t n = contact.size();
  const std::size_t half = n / 2;
  const float width = std::abs(p[lips_.left_corner].x() - p[lips_.right_corner].x());
  for (std::size_t i = 0; i < n; ++i) {
    // Rows start at the middle of the upper lip; its point i stands over point half - i of the lower.
    const std::size_t j = (half + n - i) % n;
    const bool upper = i <= half / 2 || i > n - half / 2 - 1;
    if (!upper || i == j) continue;
    const float gap = p[contact[i]].y() - p[contact[j]].y();
    const float corner = smoothstep(0.15F, 0.42F, std::abs(p[contact[i]].x()) / width);
    const float stick = 0.006F + 0.030F * corner;
    if (gap <= 0 || gap >= 2.4F * stick) continue;
    const float closed = 0.53F * gap * smoothstep(2.4F * stick, 0.8F * stick, gap);
    for (std::size_t r = lips_.rows.size() - 4; r < lips_.rows.size(); ++r) {
      const float share = static_cast<float>(r + 5 - lips_.rows.size()) / 4;
      p[lips_.rows[r][i]].y() -= share * closed;
      p[lips_.rows[r][j]].y() += share * closed;
    }
  }
}

void FaceRig::move_teeth(float mouth_open, Points& teeth) const {
  for (std::size_t i = 0; i < teeth.size(); ++i) {
    if (lower_tooth_[i]) {
      teeth[i] = jaw_turned(teeth[i] - Vec3(0, kLowerTeethDown_dm, kLowerTeethBack_dm), mouth_open);
    } else {
      teeth[i].y() -= kUpperTeethDown_dm;
    }
  }
}

void FaceRig::move_tongue(const PresenterPose& pose, float mouth_open, Points& tongue) const {
  Vec3 tip(0, 0, -1e9F);
  for (Vec3& p : tongue) {
    p = jaw_turned(p - Vec3(0, 0.06F, 0.05F), 0.85F * mouth_open);
    if (p.z() > tip.z()) tip = p;
  }
  // Aims of the tip: the ridge behind the upper teeth, and just under their edge.
  const Vec3 up(0, upper_teeth_edge_dm_ + 0.015F - tip.y(), std::max(0.0F, kRidge_dm - tip.z()));
  const Vec3 out(0, upper_teeth_edge_dm_ - 0.035F - tip.y(), std::max(0.0F, kLipFront_dm - tip.z()));
  const float share_up = std::clamp(pose.tongue_up, 0.0F, 1.0F);
  const float share_out = std::clamp(pose.tongue_out, 0.0F, 1.0F);
  for (std::size_t i = 0; i < tongue.size(); ++i) {
    tongue[i] += tongue_front_[i] * (share_up * (1 - share_out) * up + share_out * out);
  }
}

PosedFigure FaceRig::pose(const PresenterPose& pose) const {
  PosedFigure posed{.turn = HeadTurn(pose)};
  posed.body = expressed(pose, posed.closure, posed.mouth_open);

  // Accessories hang on the unturned figure: their offsets scale along its axes.
  posed.teeth = figure_.teeth.binding.fit(posed.body);
  posed.tongue = figure_.tongue.binding.fit(posed.body);
  posed.lashes = figure_.lashes.binding.fit(posed.body);
  posed.brows = figure_.brows.binding.fit(posed.body);
  posed.top = figure_.top.binding.fit(posed.body);
  move_teeth(posed.mouth_open, posed.teeth);
  move_tongue(pose, posed.mouth_open, posed.tongue);

  for (Vec3& p : posed.body) p = posed.turn.apply(p);
  for (Vec3& p : posed.top) p = posed.turn.apply(p);
  for (Points* points : {&posed.teeth, &posed.tongue, &posed.lashes, &posed.brows}) {
    for (Vec3& p : *points) p = posed.turn.apply_head(p);
  }
  const Eigen::Matrix3f gaze = head_rotation(pose.gaze_yaw_deg, pose.gaze_pitch_deg, 0);
  for (std::size_t side = 0; side < 2; ++side) {
    posed.eyes[side] = eyes_[side];
    posed.eyes[side].centre = posed.turn.apply_head(eyes_[side].centre);
    posed.eyes[side].socket = posed.turn.rotation();
    posed.eyes[side].rotation = posed.turn.rotation() * gaze;
  }
  return posed;
}

}  // namespace anima::presenter
