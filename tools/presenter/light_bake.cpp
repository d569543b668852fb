#include "presenter/light_bake.h"

#include <embree3/rtcore.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include "core/error.h"
#include "core/random.h"

namespace anima::presenter {
namespace {

constexpr float kSkyReach_dm = 4;  // beyond this the room is open
constexpr int kBlock = 512;

struct Frame {
  Vec3 tangent;
  Vec3 bitangent;
};

// Two directions at right angles to `n` (Duff et al., 2017).
Frame frame_of(const Vec3& n) {
  const float sign = std::copysign(1.0F, n.z());
  const float a = -1.0F / (sign + n.z());
  const float b = n.x() * n.y() * a;
  return {Vec3(1 + sign * n.x() * n.x() * a, sign * b, -sign * n.x()),
          Vec3(b, sign + n.y() * n.y() * a, -n.y())};
}

}  // namespace

struct LightBake::Scene {
  RTCDevice device = nullptr;
  RTCScene scene = nullptr;
  bool committed = false;

  bool occluded(const Vec3& from, const Vec3& direction, float near, float far) const {
    RTCIntersectContext context;
    rtcInitIntersectContext(&context);
    RTCRay ray{};
    ray.org_x = from.x();
    ray.org_y = from.y();
    ray.org_z = from.z();
    ray.dir_x = direction.x();
    ray.dir_y = direction.y();
    ray.dir_z = direction.z();
    ray.tnear = near;
    ray.tfar = far;
    ray.mask = UINT32_MAX;
    rtcOccluded1(scene, &context, &ray);
    return ray.tfar < 0;
  }
};

LightBake::LightBake() : scene_(std::make_unique<Scene>()) {
  scene_->device = rtcNewDevice("threads=1");
  if (scene_->device == nullptr) {
    throw Error(ErrorCode::kInternal, "the ray caster Embree cannot start", "",
                std::to_string(rtcGetDeviceError(nullptr)));
  }
  scene_->scene = rtcNewScene(scene_->device);
}

LightBake::~LightBake() {
  rtcReleaseScene(scene_->scene);
  rtcReleaseDevice(scene_->device);
}

void LightBake::add_mesh(std::span<const Vec3> points, std::span<const Quad> faces) {
  RTCGeometry geometry = rtcNewGeometry(scene_->device, RTC_GEOMETRY_TYPE_QUAD);
  auto* vertices = static_cast<float*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, 3 * sizeof(float), points.size()));
  auto* indices = static_cast<std::uint32_t*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT4, 4 * sizeof(std::uint32_t), faces.size()));
  for (std::size_t i = 0; i < points.size(); ++i)
    std::memcpy(vertices + 3 * i, points[i].data(), 3 * sizeof(float));
  for (std::size_t i = 0; i < faces.size(); ++i)
    std::memcpy(indices + 4 * i, faces[i].data(), 4 * sizeof(std::uint32_t));
  rtcCommitGeometry(geometry);
  rtcAttachGeometry(scene_->scene, geometry);
  rtcReleaseGeometry(geometry);
}

void LightBake::add_strands(std::span<const Vec3> points, std::size_t points_per_strand, float radius_dm) {
  RTCGeometry geometry = rtcNewGeometry(scene_->device, RTC_GEOMETRY_TYPE_FLAT_LINEAR_CURVE);
  auto* vertices = static_cast<float*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT4, 4 * sizeof(float), points.size()));
  std::vector<std::uint32_t> starts;
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::memcpy(vertices + 4 * i, points[i].data(), 3 * sizeof(float));
    vertices[4 * i + 3] = radius_dm;
    if (i % points_per_strand + 1 < points_per_strand) starts.push_back(static_cast<std::uint32_t>(i));
  }
  auto* indices = static_cast<std::uint32_t*>(rtcSetNewGeometryBuffer(
      geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT, sizeof(std::uint32_t), starts.size()));
  std::copy(starts.begin(), starts.end(), indices);
  rtcCommitGeometry(geometry);
  rtcAttachGeometry(scene_->scene, geometry);
  rtcReleaseGeometry(geometry);
}

std::vector<Visibility> LightBake::visibility(std::span<const Vec3> points, std::span<const Vec3> normals,
                                              int rays, float near_dm, ThreadPool& threads) const {
  if (!scene_->committed) {
    rtcCommitScene(scene_->scene);
    scene_->committed = true;
  }
  std::vector<Visibility> out(points.size());
  const int blocks = static_cast<int>((points.size() + kBlock - 1) / kBlock);
  threads.run(blocks, [&](int block, int) {
    const std::size_t first = static_cast<std::size_t>(block) * kBlock;
    for (std::size_t i = first; i < std::min(first + kBlock, points.size()); ++i) {
      Random random(0x5EED, i);
      const Vec3& n = normals[i];
      const Vec3 from = points[i] + near_dm * n;
      for (std::size_t l = 0; l < kLights; ++l) {
        const DiskLight& light = studio().lights[l];
        const Frame across = frame_of((light.centre - from).normalized());
        int above = 0;
        int seen = 0;
        for (int r = 0; r < rays; ++r) {
          // Golden-angle spiral over the disk, turned differently in every point.
          const float radius = light.radius_dm * static_cast<float>(std::sqrt((r + random.uniform()) / rays));
          const auto angle = static_cast<float>(2.399963 * r + 6.2831853 * random.uniform());
          const Vec3 target =
              light.centre + radius * (std::cos(angle) * across.tangent + std::sin(angle) * across.bitangent);
          const Vec3 way = (target - from).normalized();
          if (way.dot(n) <= 0.02F) continue;
          ++above;
          if (!scene_->occluded(from, way, near_dm, std::numeric_limits<float>::infinity())) ++seen;
        }
        out[i].lights[l] = above > 0 ? static_cast<float>(seen) / static_cast<float>(above) : 1.0F;
      }
      const Frame across = frame_of(n);
      int seen = 0;
      for (int r = 0; r < 2 * rays; ++r) {
        const auto radius = static_cast<float>(std::sqrt((r + random.uniform()) / (2 * rays)));
        const auto angle = static_cast<float>(2.399963 * r + 6.2831853 * random.uniform());
        const Vec3 way = radius * (std::cos(angle) * across.tangent + std::sin(angle) * across.bitangent) +
                         std::sqrt(std::max(0.0F, 1 - radius * radius)) * n;
        if (!scene_->occluded(from, way, near_dm, kSkyReach_dm)) ++seen;
      }
      out[i].sky = static_cast<float>(seen) / static_cast<float>(2 * rays);
    }
  });
  return out;
}

}  // namespace anima::presenter
