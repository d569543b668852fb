#include "presenter/portrait.h"

#include <algorithm>
#include <cmath>

#include "presenter/eye.h"
#include "presenter/face_hair.h"
#include "presenter/hair.h"
#include "presenter/knitwear.h"
#include "presenter/light_bake.h"
#include "presenter/noise.h"
#include "presenter/rasteriser.h"
#include "presenter/skin.h"

namespace anima::presenter {
namespace {

constexpr int kRays = 24;
constexpr std::uint64_t kHairSeed = 4;
const Vec3 kToothColour(0.80F, 0.755F, 0.67F);
const Vec3 kGumColour(0.52F, 0.20F, 0.19F);
const Vec3 kTongueColour(0.56F, 0.20F, 0.185F);
// Hair behind the skull: the camera never sees it, whichever way her performance turns her.
constexpr float kHiddenBehind_dm = -0.12F;
constexpr float kHiddenAbove_dm = 5.7F;
constexpr float kGumFoot_dm = 5.50F;  // height at rest

// Surfaces in the order of their vertices and triangles in the lists that are drawn.
enum Part : std::size_t { kSkin, kTop, kTeeth, kTongue, kEyeLeft, kEyeRight, kHair, kBrows, kLashes, kParts };

struct Range {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t end() const { return first + count; }
};

// What a sample interpolates on a surface that is not of strands.
struct VertexLook {
  Vec3 normal;
  Vec3 colour;  // light that leaves in all directions alike
  Visibility visibility;
  float roughness = 0.5F;
  float specular = 0.03F;
};

std::uint8_t srgb_byte(float linear) {
  const float v = linear <= 0.0031308F ? 12.92F * linear : 1.055F * std::pow(linear, 1 / 2.4F) - 0.055F;
  return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0F, 1.0F) * 255));
}

PresenterPose pose_with(MouthTarget target, float weight) {
  PresenterPose pose;
  pose.mouth[static_cast<std::size_t>(target)] = weight;
  return pose;
}

}  // namespace

struct Portrait::State {
  const FaceRig& rig;
  ThreadPool& threads;
  const Skin& skin;
  Knitwear top;
  SubdividedSurface teeth;
  std::vector<Vec3> teeth_albedo;
  std::vector<float> teeth_open;  // how much light the mouth's walls pass on: less far back
  SubdividedSurface tongue;
  EyeMesh eye;
  Strands hair;
  std::vector<bool> hair_shown;
  FaceHair face_hair;

  std::array<Range, kParts> vertices;
  std::array<Range, kParts> triangle_ranges;
  std::vector<Triangle> triangles;

  // Baked light, of the resting head: [0] at rest, [1] mouth wide open, [2] eyes closed.
  std::array<std::vector<Visibility>, 3> skin_visibility;
  std::array<std::vector<Visibility>, 2> teeth_visibility;  // mouth a little open, wide open
  std::array<std::vector<Visibility>, 2> tongue_visibility;
  std::array<std::array<std::vector<Visibility>, 2>, 2> eye_visibility;  // side, then open or closed
  std::vector<Visibility> top_visibility;
  std::vector<Visibility> hair_visibility;
  float wide_gap_dm = 1;

  // One frame's.
  Points world;
  Points screen;
  Points skin_normals;
  std::vector<VertexLook> looks;     // of surfaces
  std::vector<Vec3> strand_colours;  // of strands' vertices
  VisibilityBuffer buffer;
  std::vector<Vec3> shaded;

  State(const FaceRig& face_rig, const Skin& her_skin, ThreadPool& pool, const WorkContext& context)
      : rig(face_rig),
        threads(pool),
        skin(her_skin),
        top(face_rig),
        eye(eye_mesh()),
        face_hair(face_rig, her_skin, kHairSeed) {
    const Figure& figure = rig.figure();
    cut_teeth();
    tongue = subdivide(figure.tongue.mesh.faces, figure.tongue.mesh.positions.size(), 2);
    hair = grow_hair(skin, kHairSeed);
    lay_out();
    bake(context);
  }

  // Teeth and gums; without the foot of the lower gum, which no one sees and which an open jaw would
  // push through the chin.
  void cut_teeth() {
    const PolygonMesh& mesh = rig.figure().teeth.mesh;
    const Points rest = rig.pose(PresenterPose{}).teeth;
    const std::vector<int> component = connected_components(rest.size(), mesh.faces);
    std::vector<int> sizes(rest.size());
    for (const int c : component) ++sizes[static_cast<std::size_t>(std::max(c, 0))];
    const auto gum = static_cast<int>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
    std::vector<Quad> faces;
    for (const Quad& q : mesh.faces) {
      const bool foot = std::any_of(
          q.begin(), q.end(), [&](auto v) { return rig.is_lower_tooth(v) && rest[v].y() < kGumFoot_dm; });
      if (!(foot && component[q[0]] == gum)) faces.push_back(q);
    }
    teeth = subdivide(faces, rest.size(), 1);
    std::vector<float> pink(rest.size());
    for (std::size_t v = 0; v < rest.size(); ++v) pink[v] = component[v] == gum ? 1.0F : 0.0F;
    for (const Vec3& p : teeth.table.apply(rest))
      teeth_open.push_back(0.05F + 0.45F * smoothstep(1.02F, 1.24F, p.z()));
    for (const float p : teeth.table.apply(pink))
      teeth_albedo.push_back(kToothColour + p * (kGumColour - kToothColour));
  }

  void add_part(Part part, std::size_t vertex_count, const std::vector<Quad>& faces) {
    const std::size_t first = part == 0 ? 0 : vertices[part - 1].end();
    vertices[part] = {first, vertex_count};
    const std::size_t first_triangle = triangles.size();
    const auto offset = static_cast<std::uint32_t>(first);
    for (const Quad& q : faces) {
      triangles.push_back({q[0] + offset, q[1] + offset, q[2] + offset});
      if (!is_triangle(q)) triangles.push_back({q[0] + offset, q[2] + offset, q[3] + offset});
    }
    triangle_ranges[part] = {first_triangle, triangles.size() - first_triangle};
  }

  void add_strand_part(Part part, const Strands& strands, const std::vector<bool>& shown = {}) {
    vertices[part] = {vertices[part - 1].end(), 2 * strands.points.size()};
    const std::size_t first_triangle = triangles.size();
    append_ribbon_triangles(strands.points.size(), strands.points_per_strand,
                            static_cast<std::uint32_t>(vertices[part].first), shown, triangles);
    triangle_ranges[part] = {first_triangle, triangles.size() - first_triangle};
  }

  void lay_out() {
    add_part(kSkin, skin.rest().size(), skin.faces());
    add_part(kTop, top.size(), top.faces());
    add_part(kTeeth, teeth.table.rows(), teeth.faces);
    add_part(kTongue, tongue.table.rows(), tongue.faces);
    add_part(kEyeLeft, eye.directions.size(), eye.faces);
    add_part(kEyeRight, eye.directions.size(), eye.faces);
    for (const Vec3& p : hair.points)
      hair_shown.push_back(p.z() > kHiddenBehind_dm || p.y() < kHiddenAbove_dm);
    add_strand_part(kHair, hair, hair_shown);
    add_strand_part(kBrows, face_hair.brows());
    add_strand_part(kLashes, face_hair.lashes());
    world.resize(vertices[kLashes].end());
    screen.resize(world.size());
    looks.resize(vertices[kEyeRight].end());
    strand_colours.resize(world.size() - looks.size());
  }

  // The mesh stays in its socket, so that its baked light does; the cornea moves over it.
  Points eye_directions(const EyePose& e) const {
    const Eigen::Matrix3f to_eye = e.rotation.transpose() * e.socket;
    Points directions;
    for (const Vec3& d : eye.directions) directions.emplace_back(to_eye * d);
    return directions;
  }
  Points eye_points(const EyePose& e) const {
    Points points;
    for (const Vec3& d : eye_directions(e))
      points.emplace_back(e.centre + e.radius_dm * eye_bulge(d) * (e.rotation * d));
    return points;
  }
  Points eye_normals(const EyePose& e) const {
    Points normals;
    for (const Vec3& d : eye.directions) normals.emplace_back(e.socket * d);
    return normals;
  }

  static float lip_gap(const Points& body, const Lips& lips) {
    return (body[lips.upper_inner] - body[lips.lower_inner]).norm();
  }

  void bake(const WorkContext& context) {
    PresenterPose ajar = pose_with(MouthTarget::kOpen, 0.12F);
    ajar.mouth[static_cast<std::size_t>(MouthTarget::kPartLater)] = 0.2F;
    PresenterPose closed;
    closed.blink_left = closed.blink_right = 1;
    const std::array<PresenterPose, 4> keys = {PresenterPose{}, pose_with(MouthTarget::kOpen, 0.6F), closed,
                                               ajar};
    StageProgress progress(context, "baking the light");
    for (std::size_t key = 0; key < keys.size(); ++key) {
      progress.update(static_cast<double>(key), keys.size());
      const PosedFigure posed = rig.pose(keys[key]);
      const Points skin_points = skin.positions(posed.body);
      const Points top_points = top.positions(posed.top);
      const Points teeth_points = teeth.table.apply(posed.teeth);
      const Points tongue_points = tongue.table.apply(posed.tongue);
      LightBake light;
      light.add_mesh(skin_points, skin.faces());
      light.add_mesh(top_points, top.faces());
      light.add_mesh(teeth_points, teeth.faces);
      light.add_mesh(tongue_points, tongue.faces);
      for (const EyePose& e : posed.eyes) light.add_mesh(eye_points(e), eye.faces);
      if (hair.count() > 0) light.add_strands(hair.points, hair.points_per_strand, 0.006F);

      const auto of = [&](const Points& points, const Points& normals, int rays) {
        return light.visibility(points, normals, rays, 0.004F, threads);
      };
      if (key < 3) {
        skin_visibility[key] =
            skin.graph().smoothed(of(skin_points, vertex_normals(skin_points, skin.faces()), kRays), 2);
      }
      if (key == 1) wide_gap_dm = lip_gap(posed.body, rig.lips());
      if (key == 1 || key == 3) {
        const std::size_t i = key == 1 ? 1 : 0;
        teeth_visibility[i] =
            SurfaceGraph(teeth_points.size(), teeth.faces)
                .smoothed(of(teeth_points, vertex_normals(teeth_points, teeth.faces), kRays / 2), 3);
        tongue_visibility[i] =
            SurfaceGraph(tongue_points.size(), tongue.faces)
                .smoothed(of(tongue_points, vertex_normals(tongue_points, tongue.faces), kRays), 12);
      }
      if (key == 0 || key == 2) {
        for (std::size_t side = 0; side < 2; ++side) {
          eye_visibility[side][key / 2] =
              of(eye_points(posed.eyes[side]), eye_normals(posed.eyes[side]), kRays * 2);
        }
      }
      if (key == 0) {
        top_visibility =
            top.graph().smoothed(of(top_points, vertex_normals(top_points, top.faces()), kRays), 5);
        if (hair.count() > 0) bake_hair(light);
      }
    }
    progress.update(1, 1);
  }

  static Vec3 head_outward(const Vec3& p) { return (p - Vec3(0, 6.45F, 0.4F)).normalized(); }

  void bake_hair(const LightBake& light) {
    // Every fourth point, linear between.
    constexpr std::size_t kEvery = 4;
    const std::size_t n = hair.points_per_strand;
    Points points;
    Points normals;
    const std::size_t kept = (n + kEvery - 2) / kEvery + 1;
    for (std::size_t s = 0; s < hair.count(); ++s) {
      for (std::size_t k = 0; k < kept; ++k) {
        points.push_back(hair.points[s * n + std::min(k * kEvery, n - 1)]);
        normals.push_back(head_outward(points.back()));
      }
    }
    const std::vector<Visibility> coarse = light.visibility(points, normals, 10, 0.02F, threads);
    hair_visibility.resize(hair.points.size());
    for (std::size_t s = 0; s < hair.count(); ++s) {
      for (std::size_t k = 0; k < n; ++k) {
        const std::size_t i = std::min(k / kEvery, kept - 2);
        const float t =
            std::min(1.0F, static_cast<float>(k - i * kEvery) /
                               static_cast<float>(std::min((i + 1) * kEvery, n - 1) - i * kEvery));
        Visibility mixed = (1 - t) * coarse[s * kept + i];
        mixed += t * coarse[s * kept + i + 1];
        hair_visibility[s * n + k] = mixed;
      }
    }
  }

  void put(Part part, const Points& points) {
    std::copy(points.begin(), points.end(),
              world.begin() + static_cast<std::ptrdiff_t>(vertices[part].first));
  }

  // Light on a plain surface whose visibility is known.
  struct Finish {
    float wrap;
    float roughness;
    float specular;
  };
  template <typename AlbedoOf>
  void light_surface(Part part, const Points& points, const Points& normals,
                     const std::vector<Visibility>& visibility, const Finish& finish,
                     const AlbedoOf& albedo_of) {
    for (std::size_t v = 0; v < points.size(); ++v) {
      const Vec3 albedo = albedo_of(v);
      VertexLook& look = looks[vertices[part].first + v];
      look.normal = normals[v];
      look.visibility = visibility[v];
      look.colour =
          albedo.cwiseProduct(irradiance(points[v], normals[v], visibility[v], albedo, finish.wrap));
      look.roughness = finish.roughness;
      look.specular = finish.specular;
    }
  }

  static std::vector<Visibility> blend(const std::vector<Visibility>& a, const std::vector<Visibility>& b,
                                       float share) {
    std::vector<Visibility> out(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      out[i] = (1 - share) * a[i];
      out[i] += share * b[i];
    }
    return out;
  }

  // Rays alone leave the open mouth too dark: its wet walls pass light on, which they do not follow.
  // Nothing of that reaches in through closed lips.
  template <typename PassedOn>
  static std::vector<Visibility> in_mouth(const std::array<std::vector<Visibility>, 2>& baked, float mouth,
                                          float gap_dm, const PassedOn& passed_on) {
    std::vector<Visibility> out = blend(baked[0], baked[1], mouth);
    const float parted = 0.06F + 0.94F * smoothstep(0.004F, 0.045F, gap_dm);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = lightened(out[i], passed_on(i), parted);
    return out;
  }
  static Visibility lightened(Visibility v, float passed_on, float parted) {
    for (float& l : v.lights) l = parted * (passed_on + (1 - passed_on) * l);
    v.sky = parted * (passed_on + (1 - passed_on) * v.sky);
    return v;
  }

  void light_skin(const PosedFigure& posed, const Points& points, float mouth) {
    skin_normals = skin.normals(points);
    const Points& normals = skin_normals;
    std::vector<Vec3> arriving(points.size());
    const std::size_t first = vertices[kSkin].first;
    constexpr int kBlocks = 32;
    threads.run(kBlocks, [&](int block, int) {
      const std::size_t from = points.size() * static_cast<std::size_t>(block) / kBlocks;
      const std::size_t to = points.size() * static_cast<std::size_t>(block + 1) / kBlocks;
      for (std::size_t v = from; v < to; ++v) {
        const float lids = posed.closure[skin.rest()[v].x() > 0 ? 0 : 1];
        Visibility visibility = (1 - mouth) * skin_visibility[0][v];
        visibility += mouth * skin_visibility[1][v];
        visibility += lids * skin_visibility[2][v];
        visibility += -lids * skin_visibility[0][v];
        for (float& l : visibility.lights) l = std::clamp(l, 0.0F, 1.0F);
        visibility.sky = std::clamp(visibility.sky, 0.0F, 1.0F);
        // The wet walls of the open mouth, as in_mouth.
        visibility = lightened(visibility, 0.07F * std::clamp(skin.mouth_inside()[v], 0.0F, 1.0F), 1);
        VertexLook& look = looks[first + v];
        look.normal = normals[v];
        look.visibility = visibility;
        look.roughness = skin.looks()[v].roughness;
        look.specular = skin.looks()[v].specular * (1 - 0.6F * skin.mouth_inside()[v]);
        arriving[v] = irradiance(points[v], normals[v], visibility, skin.looks()[v].albedo, 0.12F);
      }
    });
    const std::vector<Vec3> spread = skin.scattered(arriving);
    for (std::size_t v = 0; v < points.size(); ++v)
      looks[first + v].colour = skin.looks()[v].albedo.cwiseProduct(spread[v]);
  }

  void place(const PresenterPose& pose, const View& view) {
    const PosedFigure posed = rig.pose(pose);
    const float gap = lip_gap(posed.body, rig.lips());
    const float mouth = std::clamp(std::pow(gap / wide_gap_dm, 0.7F), 0.0F, 1.0F);

    const Points skin_points = skin.positions(posed.body);
    put(kSkin, skin_points);
    light_skin(posed, skin_points, mouth);

    const Points top_points = top.positions(posed.top);
    put(kTop, top_points);
    light_surface(kTop, top_points, vertex_normals(top_points, top.faces()), top_visibility,
                  Finish{0.1F, 0.8F, 0.02F}, [](std::size_t) { return Knitwear::albedo(); });

    const Points teeth_points = teeth.table.apply(posed.teeth);
    put(kTeeth, teeth_points);
    light_surface(kTeeth, teeth_points, vertex_normals(teeth_points, teeth.faces),
                  in_mouth(teeth_visibility, mouth, gap, [&](std::size_t v) { return teeth_open[v]; }),
                  Finish{0.3F, 0.3F, 0.04F}, [&](std::size_t v) { return teeth_albedo[v]; });
    const Points tongue_points = tongue.table.apply(posed.tongue);
    put(kTongue, tongue_points);
    light_surface(kTongue, tongue_points, vertex_normals(tongue_points, tongue.faces),
                  in_mouth(tongue_visibility, mouth, gap, [](std::size_t) { return 0.10F; }),
                  Finish{0.3F, 0.38F, 0.035F}, [](std::size_t) { return kTongueColour; });

    for (std::size_t side = 0; side < 2; ++side) {
      const Part part = side == 0 ? kEyeLeft : kEyeRight;
      put(part, eye_points(posed.eyes[side]));
      const std::vector<Visibility> visibility =
          blend(eye_visibility[side][0], eye_visibility[side][1], posed.closure[side]);
      const Points directions = eye_directions(posed.eyes[side]);
      for (std::size_t v = 0; v < directions.size(); ++v) {
        looks[vertices[part].first + v].normal = directions[v];
        looks[vertices[part].first + v].visibility = visibility[v];
      }
    }
    eyes = posed.eyes;
    light_hair(posed, view);
    const Points brows = face_hair.brow_points(skin_points, std::span<const Vec3>(skin_normals));
    place_face_hair(kBrows, face_hair.brows(), brows, view);
    place_face_hair(kLashes, face_hair.lashes(), face_hair.lash_points(posed.lashes), view);
    threads.run(64, [&](int block, int) {
      const std::size_t from = world.size() * static_cast<std::size_t>(block) / 64;
      const std::size_t to = world.size() * static_cast<std::size_t>(block + 1) / 64;
      for (std::size_t v = from; v < to; ++v) screen[v] = view.project(world[v]);
    });
  }

  void light_hair(const PosedFigure& posed, const View& view) {
    const std::size_t n = hair.points.size();
    if (n == 0) return;
    Points points(n);
    for (std::size_t i = 0; i < n; ++i) points[i] = posed.turn.apply_head(hair.points[i]);
    const Points tangents = strand_tangents(points, hair.points_per_strand);
    ribbon_points(points, tangents, hair.radii, view.position,
                  std::span(world).subspan(vertices[kHair].first, 2 * n));
    threads.run(64, [&](int block, int) {
      for (std::size_t i = n * static_cast<std::size_t>(block) / 64;
           i < n * static_cast<std::size_t>(block + 1) / 64; ++i) {
        if (!hair_shown[i]) continue;
        const Vec3 normal = posed.turn.rotate_head(head_outward(hair.points[i]));
        const Vec3 to_eye = (view.position - points[i]).normalized();
        const Vec3 light = hair_light(points[i], tangents[i], normal, to_eye, hair.colours[i],
                                      hair.random[i / hair.points_per_strand], hair_visibility[i]);
        const std::size_t v = vertices[kHair].first + 2 * i - looks.size();
        strand_colours[v] = strand_colours[v + 1] = light;
      }
    });
  }

  // Fine hair on the face takes the light of the skin beneath it, lashes hardly any.
  void place_face_hair(Part part, const Strands& strands, const Points& points, const View& view) {
    const Points tangents = strand_tangents(points, strands.points_per_strand);
    ribbon_points(points, tangents, strands.radii, view.position,
                  std::span(world).subspan(vertices[part].first, 2 * points.size()));
    for (std::size_t i = 0; i < points.size(); ++i) {
      Vec3 light = Vec3::Constant(0.9F);
      if (part == kBrows) {
        const std::uint32_t v = face_hair.brow_vertex(i);
        light = looks[v].colour.cwiseQuotient(skin.looks()[v].albedo);
      }
      const std::size_t at = vertices[part].first + 2 * i - looks.size();
      strand_colours[at] = strand_colours[at + 1] = strands.colours[i].cwiseProduct(light);
    }
  }

  Vec3 shade(std::uint32_t number, float x, float y, const View& view) const {
    const Triangle& t = triangles[number];
    const Vec3 w = perspective_weights(screen[t[0]], screen[t[1]], screen[t[2]], x, y);
    if (number >= triangle_ranges[kHair].first) {
      const std::size_t o = looks.size();
      return w[0] * strand_colours[t[0] - o] + w[1] * strand_colours[t[1] - o] +
             w[2] * strand_colours[t[2] - o];
    }
    const Vec3 point = w[0] * world[t[0]] + w[1] * world[t[1]] + w[2] * world[t[2]];
    const Vec3 to_eye = (view.position - point).normalized();
    const VertexLook& a = looks[t[0]];
    const VertexLook& b = looks[t[1]];
    const VertexLook& c = looks[t[2]];
    const Vec3 normal = (w[0] * a.normal + w[1] * b.normal + w[2] * c.normal).normalized();
    Visibility visibility = w[0] * a.visibility;
    visibility += w[1] * b.visibility;
    visibility += w[2] * c.visibility;
    if (number >= triangle_ranges[kEyeLeft].first) {
      const EyePose& e = eyes[number >= triangle_ranges[kEyeRight].first ? 1 : 0];
      return eye_light(e, point, normal, to_eye, visibility);
    }
    const Vec3 colour = w[0] * a.colour + w[1] * b.colour + w[2] * c.colour;
    if (number >= triangle_ranges[kTop].first && number < triangle_ranges[kTop].end()) {
      const auto first = static_cast<std::uint32_t>(vertices[kTop].first);
      const std::array<std::uint32_t, 3> v = {t[0] - first, t[1] - first, t[2] - first};
      const Vec3 place = w[0] * top.rest()[v[0]] + w[1] * top.rest()[v[1]] + w[2] * top.rest()[v[2]];
      const float from_neckline = w[0] * top.from_neckline()[v[0]] + w[1] * top.from_neckline()[v[1]] +
                                  w[2] * top.from_neckline()[v[2]];
      // Fibres that stand off catch the light at the outline.
      const float outline = 1 + 0.9F * std::pow(1 - std::max(0.0F, normal.dot(to_eye)), 3.0F);
      return Knitwear::knit(place, from_neckline) * outline * colour;
    }
    const float roughness = w[0] * a.roughness + w[1] * b.roughness + w[2] * c.roughness;
    const float specular = w[0] * a.specular + w[1] * b.specular + w[2] * c.specular;
    return colour + gloss(point, normal, to_eye, roughness, specular, visibility);
  }

  static Vec3 background(float x, float y, float size) {
    const float dx = x / size - 0.5F;
    const float dy = y / size - 0.45F;
    const float t = smoothstep(0.05F, 0.85F, std::sqrt(dx * dx + 0.8F * dy * dy));
    return studio().background_centre + t * (studio().background_edge - studio().background_centre);
  }

  Image draw(const PresenterPose& pose, const DrawOptions& options) {
    View view = options.view;
    const int size = view.size_px;
    const int samples = options.samples;
    view.size_px = size * samples;
    place(pose, view);
    buffer.clear(view.size_px, view.size_px);
    rasterise(screen, triangles, buffer, threads);

    Image image(size, size, 3);
    threads.run(size, [&](int row, int) {
      for (int column = 0; column < size; ++column) {
        Vec3 sum = Vec3::Zero();
        for (int j = 0; j < samples; ++j) {
          for (int i = 0; i < samples; ++i) {
            const int x = column * samples + i;
            const int y = row * samples + j;
            const std::uint32_t number =
                buffer.triangle[static_cast<std::size_t>(y) * static_cast<std::size_t>(buffer.width) +
                                static_cast<std::size_t>(x)];
            const float px = static_cast<float>(x) + 0.5F;
            const float py = static_cast<float>(y) + 0.5F;
            sum += number == VisibilityBuffer::kNothing ? background(px, py, static_cast<float>(view.size_px))
                                                        : film_curve(shade(number, px, py, view));
          }
        }
        sum /= static_cast<float>(samples * samples);
        std::uint8_t* pixel = image.row(row) + 3 * column;
        for (int k = 0; k < 3; ++k) pixel[k] = srgb_byte(sum[k]);
      }
    });
    return image;
  }

  std::array<EyePose, 2> eyes;
};

Portrait::Portrait(const FaceRig& rig, const Skin& skin, ThreadPool& threads, const WorkContext& context)
    : state_(std::make_unique<State>(rig, skin, threads, context)) {}

Portrait::~Portrait() = default;

Image Portrait::draw(const PresenterPose& pose, const DrawOptions& options) {
  return state_->draw(pose, options);
}

}  // namespace anima::presenter
