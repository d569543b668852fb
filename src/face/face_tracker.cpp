#include "face/face_tracker.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "core/threads.h"

namespace anima::face {
namespace {

// After a detection the mesh network looks again where it found the face: the detector's square
// is smaller than the one that tracking settles on, and shifts the landmarks by some pixels.
constexpr int kSettlingRuns = 2;
constexpr double kSameFaceOverlap = 0.3;  // intersection over union of two meshes' boxes

std::span<const float> values_of(const Landmarks& points) {
  return {points.data(), static_cast<std::size_t>(points.size())};
}

// The detections, the largest first.
std::vector<FaceDetection> detections_in(const FaceNetworks& networks, const Image& picture) {
  std::vector<FaceDetection> faces = networks.detector.detect(picture);
  std::stable_sort(faces.begin(), faces.end(), [](const auto& a, const auto& b) {
    return a.width_px * a.height_px > b.width_px * b.height_px;
  });
  return faces;
}

// What the mesh network makes of a detection; none where it sees no face there.
std::optional<FaceMesh> confirm(const FaceNetworks& networks, const Image& picture,
                                const FaceDetection& face) {
  FaceMesh mesh = networks.mesh.run(picture, square_around_detection(face));
  for (int i = 0; i < kSettlingRuns && mesh.presence > 0; ++i) {
    mesh = networks.mesh.run(picture, square_around_landmarks(values_of(mesh.points)));
  }
  if (!(mesh.presence > 0)) return std::nullopt;
  return mesh;
}

FaceDetection box_of(const FaceMesh& mesh) {
  const auto points = mesh.points.topRows<kMeshVertices>();
  FaceDetection box;
  box.left_px = points.col(0).minCoeff();
  box.top_px = points.col(1).minCoeff();
  box.width_px = points.col(0).maxCoeff() - box.left_px;
  box.height_px = points.col(1).maxCoeff() - box.top_px;
  return box;
}

}  // namespace

std::optional<FaceMesh> find_largest_face(const FaceNetworks& networks, const Image& picture) {
  // The person who is filmed is the largest face, not the surest one.
  for (const FaceDetection& face : detections_in(networks, picture)) {
    if (auto mesh = confirm(networks, picture, face)) return mesh;
  }
  return std::nullopt;
}

std::vector<FaceMesh> find_faces(const FaceNetworks& networks, const Image& picture) {
  std::vector<FaceMesh> meshes;
  for (const FaceDetection& face : detections_in(networks, picture)) {
    auto mesh = confirm(networks, picture, face);
    // Looking again, the network may have moved on to a face that is known already.
    if (mesh && std::none_of(meshes.begin(), meshes.end(), [&](const FaceMesh& known) {
          return overlap(box_of(known), box_of(*mesh)) > kSameFaceOverlap;
        })) {
      meshes.push_back(*std::move(mesh));
    }
  }
  return meshes;
}

int count_faces(const FaceNetworks& networks, const Image& picture) {
  const std::size_t detections = networks.detector.detect(picture).size();
  if (detections < 2) return static_cast<int>(detections);
  return static_cast<int>(find_faces(networks, picture).size());
}

FaceObservation FaceTracker::observe(const Image& frame) {
  std::optional<FaceMesh> mesh;
  if (square_) {
    mesh = networks_.mesh.run(frame, *square_);
    if (!(mesh->presence > 0)) mesh.reset();
  }
  if (!mesh) mesh = find_largest_face(networks_, frame);

  FaceObservation observation;
  square_.reset();
  if (!mesh) return observation;
  observation.found = true;
  observation.presence = mesh->presence;
  observation.points = mesh->points;
  square_ = square_around_landmarks(values_of(mesh->points));
  return observation;
}

std::vector<FaceObservation> track_frames(const FaceNetworks& networks, const media::FrameStore& frames,
                                          media::FrameStoreWriter* masks, const TrackingOptions& options,
                                          const WorkContext& context) {
  const int count = frames.count();
  const int chunk = std::max(options.frames_per_chunk, 1);
  const int chunks = (count + chunk - 1) / chunk;
  std::vector<FaceObservation> observations(static_cast<std::size_t>(count));

  std::mutex mutex;  // guards what follows
  StageProgress progress(context, "tracking the face");
  int done = 0;
  std::map<int, std::vector<Image>> finished_masks;  // by chunk, until their turn comes
  int next_chunk_to_write = 0;

  auto track_chunk = [&](int index, int /*worker*/) {
    const int first = index * chunk;
    const int last = std::min(first + chunk, count);
    FaceTracker tracker(networks);
    std::vector<Image> chunk_masks;
    Image frame;
    for (int i = std::max(first - options.frames_of_run_up, 0); i < last; ++i) {
      frames.read(i, frame);
      FaceObservation observation = tracker.observe(frame);
      if (i < first) continue;
      if (options.frames_per_detection > 0 && i % options.frames_per_detection == 0) {
        observation.faces = count_faces(networks, frame);
      }
      observations[static_cast<std::size_t>(i)] = std::move(observation);
      if (masks != nullptr) chunk_masks.push_back(networks.segmenter.mask(frame));
      const std::lock_guard lock(mutex);
      progress.update(++done, count);
    }
    if (masks == nullptr) return;
    const std::lock_guard lock(mutex);
    finished_masks[index] = std::move(chunk_masks);
    for (auto next = finished_masks.begin();
         next != finished_masks.end() && next->first == next_chunk_to_write;
         next = finished_masks.erase(next), ++next_chunk_to_write) {
      for (const Image& mask : next->second) masks->append(mask);
    }
  };
  ThreadPool pool(options.threads);
  pool.run(chunks, track_chunk);
  return observations;
}

}  // namespace anima::face
