#include "avatar/initialisation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Dense>
#include <Eigen/Geometry>

#include "avatar/torso_track.h"
#include "core/random.h"

namespace anima::avatar {
namespace {

using Eigen::Vector3d;
using Eigen::Vector3f;
using face::kLandmarks;
using face::kMeshVertices;
using face::kModes;

constexpr std::array<int, 16> kRightEyeContour = {33,  7,   163, 144, 145, 153, 154, 155,
                                                  133, 173, 157, 158, 159, 160, 161, 246};
constexpr std::array<int, 16> kLeftEyeContour = {263, 249, 390, 373, 374, 380, 381, 382,
                                                 362, 398, 384, 385, 386, 387, 388, 466};
constexpr int kChin = 152;
constexpr int kForehead = 10;
constexpr int kRightMouthCorner = 78;  // inner lips
constexpr int kLeftMouthCorner = 308;
constexpr int kUpperLipInner = 13;
constexpr int kLowerLipInner = 14;
constexpr std::array<int, 3> kJaw = {152, 175, 199};

struct Sampler {
  const Image* frame;
  // Bilinear colour at film pixels, 0..1, pixel centres at +0.5.
  void at(double u, double v, float* colour) const {
    const double x = std::clamp(u - 0.5, 0.0, frame->width - 1.001);
    const double y = std::clamp(v - 0.5, 0.0, frame->height - 1.001);
    const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
    const double fx = x - x0, fy = y - y0;
    for (int c = 0; c < 3; ++c) {
      const auto p = [&](int dx, int dy) {
        return static_cast<double>(frame->row(y0 + dy)[(x0 + dx) * 3 + c]);
      };
      colour[c] = static_cast<float>(
          ((1 - fy) * ((1 - fx) * p(0, 0) + fx * p(1, 0)) + fy * ((1 - fx) * p(0, 1) + fx * p(1, 1))) / 255);
    }
  }
};

struct Builder {
  const TrainingFilm& film;
  const face::TrackedFilm& track;
  int reference;
  Image frame;
  Random random;
  std::vector<NewGaussian> gaussians;
  std::vector<float> delta_scale;  // of the modal ones, in order

  Builder(const TrainingFilm& f, std::uint64_t seed)
      : film(f), track(*f.track), reference(reference_frame(*f.track)), random(seed, 5) {
    film.frames->read(reference, frame);
  }

  Vector3d in_camera(const Vector3d& head_point) const { return track.poses[reference].apply(head_point); }
  void colour_from_reference(const Vector3d& shown_head_point, NewGaussian& g) const {
    const Eigen::Vector2d uv = track.camera.project(in_camera(shown_head_point));
    Sampler{&frame}.at(uv.x(), uv.y(), g.colour);
  }
};

void set_position(const Vector3f& p, NewGaussian& g) {
  for (int i = 0; i < 3; ++i) g.position[i] = p[i];
}

// A flat disc across `normal`.
void set_disc(const Vector3f& normal, float radius, float thickness, NewGaussian& g) {
  const Eigen::Quaternionf q = Eigen::Quaternionf::FromTwoVectors(Vector3f::UnitZ(), normal.normalized());
  g.rotation[0] = q.w();
  g.rotation[1] = q.x();
  g.rotation[2] = q.y();
  g.rotation[3] = q.z();
  g.log_scale[0] = g.log_scale[1] = std::log(radius);
  g.log_scale[2] = std::log(thickness);
}

Vector3f vertex(const face::Vertices& mesh, int v) {
  return mesh.row(v).transpose();
}

// Barycentric mix of the mode displacements; expression modes only, the rest start at zero.
std::vector<float> mixed_deltas(const face::ExpressionBasis& basis, const std::array<int, 3>& v,
                                const float* mix) {
  std::vector<float> deltas(static_cast<std::size_t>(kHeadModes) * 3, 0.0F);
  for (int mode = 0; mode < kModes; ++mode) {
    for (int axis = 0; axis < 3; ++axis) {
      float sum = 0;
      for (int i = 0; i < 3; ++i) sum += mix[i] * basis.modes[mode](v[i], axis);
      deltas[static_cast<std::size_t>(mode) * 3 + axis] = sum;
    }
  }
  return deltas;
}

bool near_any(const Vector3f& p, const std::vector<Vector3f>& places, float distance) {
  return std::any_of(places.begin(), places.end(),
                     [&](const Vector3f& q) { return (p - q).norm() < distance; });
}

void add_face(Builder& b, int wanted) {
  const face::ExpressionBasis& basis = b.track.basis;
  const face::Vertices shown = basis.mesh(b.track.weights[b.reference]);
  std::vector<Vector3f> details;  // lips and eyes get more Gaussians
  for (const int v : kRightEyeContour) details.push_back(vertex(basis.neutral, v));
  for (const int v : kLeftEyeContour) details.push_back(vertex(basis.neutral, v));
  for (const int v : {61, 0, 17, 291, 13, 14, 78, 308, 39, 269, 181, 405})
    details.push_back(vertex(basis.neutral, v));
  struct Patch {
    std::array<int, 3> v;
    double area;
    double share;
  };
  std::vector<Patch> patches;
  double total = 0;
  for (const std::array<int, 3>& t : face::mesh_triangles()) {
    const Vector3f a = vertex(basis.neutral, t[0]), c = vertex(basis.neutral, t[1]),
                   d = vertex(basis.neutral, t[2]);
    const double area = 0.5 * (c - a).cross(d - a).norm();
    const double share = area * (near_any((a + c + d) / 3, details, 1.1F) ? 2.5 : 1.0);
    patches.push_back({t, area, share});
    total += share;
  }
  double owed = 0;
  for (const Patch& patch : patches) {
    owed += wanted * patch.share / total;
    const int count = static_cast<int>(owed);
    owed -= count;
    if (count == 0) continue;
    const float spacing = static_cast<float>(std::sqrt(patch.area / (wanted * patch.share / total)));
    const Vector3f p0 = vertex(basis.neutral, patch.v[0]), p1 = vertex(basis.neutral, patch.v[1]),
                   p2 = vertex(basis.neutral, patch.v[2]);
    const Vector3f normal = (p1 - p0).cross(p2 - p0);
    for (int i = 0; i < count; ++i) {
      // A low-discrepancy point of the unit square, folded onto the triangle.
      double s = std::fmod(0.5 + 0.7548776662 * (i + 1) + b.random.uniform() * 0.15, 1.0);
      double t = std::fmod(0.5 + 0.5698402910 * (i + 1) + b.random.uniform() * 0.15, 1.0);
      if (s + t > 1) {
        s = 1 - s;
        t = 1 - t;
      }
      const float mix[3] = {static_cast<float>(1 - s - t), static_cast<float>(s), static_cast<float>(t)};
      NewGaussian g;
      set_position(mix[0] * p0 + mix[1] * p1 + mix[2] * p2, g);
      set_disc(normal.norm() > 1e-6F ? normal : Vector3f::UnitZ(), 0.62F * spacing, 0.25F * spacing, g);
      g.position_deltas = mixed_deltas(basis, patch.v, mix);
      const Vector3f seen = mix[0] * vertex(shown, patch.v[0]) + mix[1] * vertex(shown, patch.v[1]) +
                            mix[2] * vertex(shown, patch.v[2]);
      b.colour_from_reference(seen.cast<double>(), g);
      b.gaussians.push_back(std::move(g));
      b.delta_scale.push_back(1);
    }
  }
}

// A patch behind the lids that turns with the gaze.
void add_eye(Builder& b, const std::array<int, 16>& contour, float spacing) {
  const face::ExpressionBasis& basis = b.track.basis;
  const face::Vertices shown = basis.mesh(b.track.weights[b.reference]);
  Vector3f centre = Vector3f::Zero(), seen_centre = Vector3f::Zero();
  for (const int v : contour) {
    centre += vertex(basis.neutral, v) / 16;
    seen_centre += vertex(shown, v) / 16;
  }
  const float half_width =
      0.5F * (vertex(basis.neutral, contour[0]) - vertex(basis.neutral, contour[8])).norm();
  // The iris whose centre lies here tells how this eyeball turns.
  const int iris =
      (vertex(basis.neutral, 468) - centre).norm() < (vertex(basis.neutral, 473) - centre).norm() ? 468 : 473;
  std::vector<float> deltas(static_cast<std::size_t>(kHeadModes) * 3, 0.0F);
  for (int mode = face::kFirstGaze; mode < kModes; ++mode) {
    for (int axis = 0; axis < 2; ++axis) {
      float sum = 0;
      for (int i = 0; i < 5; ++i) sum += basis.modes[mode](iris + i, axis) / 5;
      deltas[static_cast<std::size_t>(mode) * 3 + axis] = sum;
    }
  }
  const float rx = 1.15F * half_width, ry = 0.62F * half_width;
  for (float y = -ry; y <= ry; y += spacing) {
    for (float x = -rx; x <= rx; x += spacing) {
      const float d2 = (x * x) / (rx * rx) + (y * y) / (ry * ry);
      if (d2 > 1) continue;
      NewGaussian g;
      const Vector3f offset(x, y, 0.2F + 0.35F * x * x / (rx * rx));
      set_position(centre + offset, g);
      set_disc(Vector3f::UnitZ(), 0.62F * spacing, 0.3F * spacing, g);
      g.position_deltas = deltas;
      b.colour_from_reference((seen_centre + offset).cast<double>(), g);
      b.gaussians.push_back(std::move(g));
      b.delta_scale.push_back(1);
    }
  }
}

void add_mouth(Builder& b, float spacing) {
  const face::ExpressionBasis& basis = b.track.basis;
  const face::Vertices rest = basis.mesh(basis.rest);
  const Vector3f right = vertex(rest, kRightMouthCorner), left = vertex(rest, kLeftMouthCorner);
  const Vector3f lip_line = 0.5F * (vertex(rest, kUpperLipInner) + vertex(rest, kLowerLipInner));
  const float half = 0.5F * (left - right).norm();
  std::vector<float> still(static_cast<std::size_t>(kHeadModes) * 3, 0.0F), jaw = still;
  for (int mode = 0; mode < face::kMouthModes; ++mode) {
    for (int axis = 0; axis < 3; ++axis) {
      float sum = 0;
      for (const int v : kJaw) sum += basis.modes[mode](v, axis) / static_cast<float>(kJaw.size());
      jaw[static_cast<std::size_t>(mode) * 3 + axis] = sum;
    }
  }
  struct Sheet {
    float top, bottom, depth, reach;  // cm about the lip line; reach: share of the mouth's half width
    float grain;
    bool rigid;
    float colour[3];
    float logit;
  };
  // Teeth are far darker in a real mouth than alone; training finds the colours.
  const Sheet sheets[] = {
      {-0.75F, 0.35F, 0.75F, 0.85F, 1.0F, true, {0.55F, 0.45F, 0.42F}, 0.5F},
      {-0.20F, 1.00F, 0.95F, 0.80F, 1.0F, false, {0.42F, 0.28F, 0.27F}, 0.5F},
      {-0.80F, 1.60F, 2.40F, 1.05F, 2.2F, false, {0.16F, 0.07F, 0.07F}, 3.0F},
  };
  for (const Sheet& sheet : sheets) {
    const float step = spacing * sheet.grain;
    const float reach = sheet.reach * half;
    for (float y = sheet.top; y <= sheet.bottom; y += step) {
      for (float x = -reach; x <= reach; x += step) {
        NewGaussian g;
        const float arch = x / std::max(0.1F, half);
        set_position(lip_line + Vector3f(x, y, sheet.depth + 0.8F * arch * arch), g);
        set_disc(Vector3f::UnitZ(), 0.62F * step, 0.3F * step, g);
        std::copy(sheet.colour, sheet.colour + 3, g.colour);
        g.opacity_logit = sheet.logit;
        g.position_deltas = sheet.rigid ? still : jaw;
        b.gaussians.push_back(std::move(g));
        b.delta_scale.push_back(sheet.rigid ? 0.0F : 1.0F);
      }
    }
  }
}

// Invisible Gaussians of both kinds, which relocation brings to life where they are needed.
void add_spare(double share, int modes, std::vector<NewGaussian>& gaussians) {
  const auto modal = std::count_if(gaussians.begin(), gaussians.end(),
                                   [](const NewGaussian& g) { return !g.position_deltas.empty(); });
  const auto rigid = static_cast<std::ptrdiff_t>(gaussians.size()) - modal;
  NewGaussian spare;
  spare.opacity_logit = kInvisibleLogit;
  for (int i = 0; i < static_cast<int>(share * static_cast<double>(rigid)); ++i) gaussians.push_back(spare);
  spare.position_deltas.assign(static_cast<std::size_t>(modes) * 3, 0.0F);
  for (int i = 0; i < static_cast<int>(share * static_cast<double>(modal)); ++i) gaussians.push_back(spare);
}

// The skull as an ellipsoid: behind the face, between crown and chin.
struct Skull {
  Vector3d centre;
  Vector3d radius;

  // Where the ray first meets it, or where it passes nearest.
  Vector3d meet(const Vector3d& origin, const Vector3d& direction) const {
    const Vector3d o = (origin - centre).cwiseQuotient(radius);
    const Vector3d d = direction.cwiseQuotient(radius);
    const double a = d.squaredNorm(), half_b = o.dot(d), c = o.squaredNorm() - 1;
    const double discriminant = half_b * half_b - a * c;
    const double t = discriminant > 0 ? (-half_b - std::sqrt(discriminant)) / a : -half_b / a;
    return origin + t * direction;
  }
};

Skull skull_of(const Builder& b, const TrainingPicture& picture) {
  const face::ExpressionBasis& basis = b.track.basis;
  const Vector3f right = vertex(basis.neutral, 234), left = vertex(basis.neutral, 454);
  Skull skull;
  const double depth = 0.5 * (right.z() + left.z()) + 1.0;
  // Crown: the top of the head's region, taken to the depth of the skull's centre.
  int top = 0;
  const int width = picture.frame.width;
  for (std::size_t at = 0; at < picture.outside.size(); ++at) {
    if (picture.outside[at] < 0.5F) {
      top = static_cast<int>(at) / width;
      break;
    }
  }
  const face::HeadPose& pose = b.track.poses[b.reference];
  const double z = pose.translation.z() + depth;
  const double crown =
      (top - picture.camera.centre_y_px) * z / picture.camera.focal_px - pose.translation.y();
  const double chin = basis.neutral(kChin, 1);
  const double forehead = basis.neutral(kForehead, 1);
  const double upper = std::min(crown, forehead - 1.0);
  skull.centre = {0.5 * (right.x() + left.x()), 0.5 * (upper + chin), depth};
  skull.radius.x() = 0.5 * (left.x() - right.x()) * 1.06;
  skull.radius.y() = 0.5 * (chin - upper);
  const double rise = (forehead - skull.centre.y()) / skull.radius.y();
  const double front = depth - basis.neutral(kForehead, 2);
  skull.radius.z() = std::clamp(front / std::sqrt(std::max(0.1, 1 - rise * rise)), 0.7 * skull.radius.x(),
                                1.6 * skull.radius.x());
  return skull;
}

// Frames that show sides of the head: extremes of each rotation, after the reference.
std::vector<int> key_frames(const Builder& b) {
  std::vector<int> frames = {b.reference};
  for (int axis = 0; axis < 3; ++axis) {
    int low = b.reference, high = b.reference;
    for (int f = 0; f < b.track.training_frames; ++f) {
      if (!b.track.observations[f].found) continue;
      if (b.track.poses[f].rotation[axis] < b.track.poses[low].rotation[axis]) low = f;
      if (b.track.poses[f].rotation[axis] > b.track.poses[high].rotation[axis]) high = f;
    }
    frames.push_back(low);
    frames.push_back(high);
  }
  return frames;
}

}  // namespace

InitialHead initial_head(const TrainingFilm& film, const InitialisationOptions& options,
                         const WorkContext& context) {
  Builder b(film, options.seed);
  const face::Camera& camera = b.track.camera;
  const double cm_per_px = b.track.poses[b.reference].translation.z() / camera.focal_px;
  const float detail = static_cast<float>(1.8 * cm_per_px);
  add_face(b, options.face_gaussians);
  add_eye(b, kRightEyeContour, detail);
  add_eye(b, kLeftEyeContour, detail);
  add_mouth(b, detail);

  const PoseDrivers drivers = PoseDrivers::of(b.track.poses, b.track.training_frames);
  const auto renderer = make_renderer("simd");
  RenderPass pass;
  FrameScene scene;
  TrainingPicture picture;
  Image shown;
  PictureScope scope;
  scope.view = whole_view(film, 2);
  bool have_skull = false;
  Skull skull{};
  const auto frames = key_frames(b);
  StageProgress progress(context, "laying out the head");
  double done = 0;
  for (const int f : frames) {
    progress.update(done++, static_cast<double>(frames.size()));
    load_training_picture(film, f, scope, picture);
    film.frames->read(f, shown);
    if (!have_skull) skull = skull_of(b, picture);
    have_skull = true;
    const GaussianLayer so_far = build_layer(b.gaussians, kHeadModes);
    FrameState state;
    state.head = b.track.poses[f];
    state.weights = b.track.weights[f];
    scene.set(picture.camera, drivers, so_far, nullptr, state);
    renderer->forward(scene.scene(), pass);
    const Eigen::Matrix3d to_head = state.head.matrix().transpose();
    const Vector3d origin = to_head * -state.head.translation;
    const float step = options.shell_spacing_px;
    for (float v = 0.5F * step; v < static_cast<float>(shown.height); v += step) {
      for (float u = 0.5F * step; u < static_cast<float>(shown.width); u += step) {
        const int x = static_cast<int>(u / 2), y = static_cast<int>(v / 2);
        const std::size_t at =
            static_cast<std::size_t>(std::min(y, picture.frame.height - 1)) * picture.frame.width +
            std::min(x, picture.frame.width - 1);
        if (picture.outside[at] > 0.2F || pass.canvas.transmittance[at] < 0.4F) continue;
        const Vector3d ray((u - camera.centre_x_px) / camera.focal_px,
                           (v - camera.centre_y_px) / camera.focal_px, 1);
        const Vector3d direction = to_head * ray;
        NewGaussian g;
        Vector3d p = skull.meet(origin, direction);
        if (p.y() > b.track.basis.neutral(kChin, 1)) {  // the neck, under the skull's middle
          p = origin + direction * ((skull.centre.z() - origin.z()) / direction.z());
        }
        set_position(p.cast<float>(), g);
        const Vector3d normal = (p - skull.centre).cwiseQuotient(skull.radius.cwiseProduct(skull.radius));
        const float spacing = static_cast<float>(step * cm_per_px);
        set_disc(normal.cast<float>(), 0.62F * spacing, 0.4F * spacing, g);
        Sampler{&shown}.at(u, v, g.colour);
        g.opacity_logit = 1.0F;
        b.gaussians.push_back(std::move(g));
      }
    }
  }
  add_spare(options.spare, kHeadModes, b.gaussians);
  b.delta_scale.resize(std::count_if(b.gaussians.begin(), b.gaussians.end(),
                                     [](const NewGaussian& g) { return !g.position_deltas.empty(); }),
                       1.0F);
  InitialHead head;
  head.layer = build_layer(b.gaussians, kHeadModes);
  head.position_delta_scale = std::move(b.delta_scale);
  head.position_delta_scale.resize(head.layer.modal_count, 1.0F);
  return head;
}

GaussianLayer initial_torso(const TrainingFilm& film, const std::vector<face::HeadPose>& torso_poses,
                            const GaussianLayer& head, const PoseDrivers& drivers,
                            const InitialisationOptions& options, const WorkContext& context) {
  Builder b(film, options.seed + 1);
  const face::Camera& camera = b.track.camera;
  const double depth = torso_depth(b.track);
  const double cm_per_px = depth / camera.focal_px;
  const auto renderer = make_renderer("simd");
  RenderPass pass;
  FrameScene scene;
  TrainingPicture picture;
  Image shown;
  PictureScope scope;
  scope.view = whole_view(film, 2);
  scope.surround = Surround::kPlate;
  const auto frames = key_frames(b);
  StageProgress progress(context, "laying out the shoulders");
  double done = 0;
  for (const int f : frames) {
    progress.update(done++, static_cast<double>(frames.size()));
    load_training_picture(film, f, scope, picture);
    film.frames->read(f, shown);
    Image mask;
    film.masks->read(f, mask);
    const PersonRegions regions =
        person_regions(mask, b.track.observations[f], shown.width, picture.frame.width, picture.frame.height);
    const GaussianLayer so_far = build_layer(b.gaussians, kTorsoModes);
    FrameState state;
    state.head = b.track.poses[f];
    state.weights = b.track.weights[f];
    state.torso = torso_poses[f];
    scene.set(picture.camera, drivers, head, &so_far, state);
    Scene torso_alone;
    torso_alone.camera = scene.scene().camera;
    torso_alone.layers.push_back(scene.scene().layers[1]);
    renderer->forward(torso_alone, pass);
    const Eigen::Matrix3d back = state.torso.matrix().transpose();
    const float face_px =
        b.track.observations[f].points(kChin, 1) - b.track.observations[f].points(kForehead, 1);
    const float step = options.torso_spacing_px;
    const auto region_at = [&](float u, float v) {
      const int x = std::clamp(static_cast<int>(u / 2), 0, picture.frame.width - 1);
      const int y = std::clamp(static_cast<int>(v / 2), 0, picture.frame.height - 1);
      return static_cast<std::size_t>(y) * picture.frame.width + x;
    };
    for (float v = 0.5F * step; v < static_cast<float>(shown.height) + 2 * step; v += step) {
      for (float u = -2 * step; u < static_cast<float>(shown.width) + 2 * step; u += step) {
        const std::size_t at = region_at(u, v);
        if (pass.canvas.transmittance[at] < 0.4F) continue;
        float from_v = v;
        if (regions.torso[at] < 0.5F) {
          // Behind the chin the neck goes on: take the colour where it comes into view.
          if (regions.head[at] < 0.5F) continue;
          const float below = v + 0.22F * face_px;
          if (regions.torso[region_at(u, below)] < 0.5F) continue;
          from_v = below;
          while (from_v > v && regions.torso[region_at(u, from_v - 2)] > 0.5F) from_v -= 2;
        }
        NewGaussian g;
        const Vector3d in_camera((u - camera.centre_x_px) * cm_per_px, (v - camera.centre_y_px) * cm_per_px,
                                 depth);
        set_position((back * (in_camera - state.torso.translation)).cast<float>(), g);
        const float spacing = static_cast<float>(step * cm_per_px);
        set_disc(Vector3f::UnitZ(), 0.62F * spacing, 0.4F * spacing, g);
        Sampler{&shown}.at(u, from_v, g.colour);
        g.opacity_logit = 1.0F;
        g.position_deltas.assign(static_cast<std::size_t>(kTorsoModes) * 3, 0.0F);
        b.gaussians.push_back(std::move(g));
      }
    }
  }
  add_spare(options.spare, kTorsoModes, b.gaussians);
  return build_layer(b.gaussians, kTorsoModes);
}

}  // namespace anima::avatar
