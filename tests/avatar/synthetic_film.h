// A film whose every number is known: the canonical face, painted, moving in front of a still
// background, with shoulders that follow. Small, so that training on it takes seconds.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>

#include "avatar/avatar.h"
#include "avatar/training_picture.h"
#include "core/random.h"
#include "face/expression_basis.h"
#include "face/tracked_film.h"
#include "media/frame_store.h"

namespace anima::avatar {

struct SyntheticFilm {
  static constexpr int kSize = 96;
  std::filesystem::path folder;
  face::TrackedFilm track;
  Image plate{kSize, kSize, 3};
  std::unique_ptr<media::FrameStore> frames, masks;

  TrainingFilm view() const { return {frames.get(), masks.get(), &track, &plate}; }

  SyntheticFilm(const std::string& name, int frame_count) {
    folder = std::filesystem::temp_directory_path() /
             ("anima-synthetic-" + name + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    track.camera = {kSize, kSize, 180, 0.5 * kSize, 0.5 * kSize};
    track.basis.neutral = face::Vertices::Zero(face::kLandmarks, 3);
    track.basis.neutral.topRows(face::kMeshVertices) = face::canonical_mesh();
    for (int iris = 0; iris < 2; ++iris) {
      const int inner = iris == 0 ? 133 : 362, outer = iris == 0 ? 33 : 263;
      for (int i = 0; i < 5; ++i) {
        track.basis.neutral.row(468 + iris * 5 + i) =
            0.5F * (track.basis.neutral.row(inner) + track.basis.neutral.row(outer));
      }
    }
    for (face::Vertices& mode : track.basis.modes) mode = face::Vertices::Zero(face::kLandmarks, 3);
    // Mode 0 opens the mouth: what lies below the lip line goes down.
    const float lip_line = 0.5F * (track.basis.neutral(13, 1) + track.basis.neutral(14, 1));
    for (int v = 0; v < face::kMeshVertices; ++v) {
      const float below = track.basis.neutral(v, 1) - lip_line - 0.01F;
      if (below > 0) track.basis.modes[0](v, 1) = 0.4F * std::min(1.0F, below / 0.3F + 0.2F);
    }
    paint(frame_count);
  }
  ~SyntheticFilm() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

 private:
  // Coloured so that a wrong pose shows: stripes over the face, plain shoulders.
  GaussianLayer truth_head() const {
    std::vector<NewGaussian> list;
    for (const auto& t : face::mesh_triangles()) {
      for (int i = 0; i < 3; ++i) {
        NewGaussian g;
        const float mix[3] = {i == 0 ? 0.6F : 0.2F, i == 1 ? 0.6F : 0.2F, i == 2 ? 0.6F : 0.2F};
        g.position_deltas.assign(static_cast<std::size_t>(kHeadModes) * 3, 0.0F);
        for (int axis = 0; axis < 3; ++axis) {
          for (int k = 0; k < 3; ++k) {
            g.position[axis] += mix[k] * track.basis.neutral(t[k], axis);
            g.position_deltas[axis] += mix[k] * track.basis.modes[0](t[k], axis);
          }
          g.log_scale[axis] = std::log(0.35F);
        }
        g.colour[0] = 0.6F + 0.25F * std::sin(1.3F * g.position[0]);
        g.colour[1] = 0.5F + 0.25F * std::sin(1.1F * g.position[1]);
        g.colour[2] = 0.4F;
        g.opacity_logit = 4;
        list.push_back(g);
      }
    }
    return build_layer(list, kHeadModes);
  }
  static GaussianLayer truth_torso(double depth) {
    std::vector<NewGaussian> list;
    for (float x = -16; x <= 16; x += 0.7F) {
      for (float y = 8.5F; y < 18; y += 0.7F) {
        NewGaussian g;
        g.position[0] = x;
        g.position[1] = y + 0.012F * x * x;
        g.position[2] = static_cast<float>(depth);
        g.colour[0] = 0.2F;
        g.colour[1] = 0.3F + 0.15F * std::sin(1.7F * x);
        g.colour[2] = 0.6F + 0.15F * std::sin(1.9F * y);
        for (float& s : g.log_scale) s = std::log(0.6F);
        g.opacity_logit = 4;
        list.push_back(g);
      }
    }
    return build_layer(list, kTorsoModes);
  }

  void paint(int frame_count) {
    for (int y = 0; y < kSize; ++y) {
      for (int x = 0; x < kSize; ++x) {
        std::uint8_t* p = plate.row(y) + x * 3;
        p[0] = static_cast<std::uint8_t>(60 + x);
        p[1] = static_cast<std::uint8_t>(160 - y);
        p[2] = 120;
      }
    }
    track.training_frames = frame_count - frame_count / 11;
    for (int f = 0; f < frame_count; ++f) {
      face::HeadPose pose;
      pose.rotation = {0.08 * std::sin(0.31 * f), 0.15 * std::sin(0.17 * f), 0.05 * std::sin(0.23 * f)};
      pose.translation = {0.8 * std::sin(0.13 * f), 1.0 + 0.5 * std::sin(0.19 * f), 48};
      track.poses.push_back(pose);
      face::Weights weights{};
      weights[0] = static_cast<float>(std::sin(0.7 * f));
      track.weights.push_back(weights);
      face::FaceObservation seen;
      seen.found = true;
      const face::Vertices mesh = track.basis.mesh(weights);
      for (int v = 0; v < face::kLandmarks; ++v) {
        const Eigen::Vector2d p = track.camera.project(pose.apply(mesh.row(v).transpose().cast<double>()));
        seen.points(v, 0) = static_cast<float>(p.x());
        seen.points(v, 1) = static_cast<float>(p.y());
      }
      track.observations.push_back(seen);
    }
    const GaussianLayer head = truth_head();
    const GaussianLayer torso = truth_torso(51);
    const auto renderer = make_renderer("simd");
    media::FrameStoreWriter frame_writer(folder / "frames", kSize, kSize, 3);
    media::FrameStoreWriter mask_writer(folder / "masks", kSize, kSize, 1);
    FrameScene scene;
    RenderPass pass;
    Image frame(kSize, kSize, 3), mask(kSize, kSize, 1);
    for (int f = 0; f < frame_count; ++f) {
      FrameState state{track.poses[f], track.weights[f]};
      state.torso.translation = {0.4 * track.poses[f].translation.x(), 0, 0};
      scene.set(track.camera, PoseDrivers{}, head, &torso, state);
      renderer->forward(scene.scene(), pass);
      composite(pass.canvas, plate.pixels.data(), frame.pixels.data());
      for (std::size_t i = 0; i < mask.pixels.size(); ++i) {
        mask.pixels[i] = static_cast<std::uint8_t>(255 * (1 - pass.canvas.transmittance[i]));
      }
      frame_writer.append(frame);
      mask_writer.append(mask);
    }
    frame_writer.finish();
    mask_writer.finish();
    frames = std::make_unique<media::FrameStore>(folder / "frames");
    masks = std::make_unique<media::FrameStore>(folder / "masks");
  }
};

}  // namespace anima::avatar
