// One frame of the film, prepared for learning: what to match, what shows behind, what counts.
#pragma once

#include <vector>

#include "avatar/avatar.h"
#include "avatar/head_region.h"
#include "core/image.h"
#include "face/tracked_film.h"
#include "media/frame_store.h"

namespace anima::avatar {

// A film with everything tracking and segmentation found. Views: all outlive the training.
struct TrainingFilm {
  const media::FrameStore* frames = nullptr;  // RGB
  const media::FrameStore* masks = nullptr;   // person, u8, any size
  const face::TrackedFilm* track = nullptr;
  const Image* plate = nullptr;  // background, the frames' size
};

// A part of the picture, at full or half size. Edges are multiples of `reduction`.
struct View {
  int left_px = 0;
  int top_px = 0;
  int width_px = 0;  // in film pixels
  int height_px = 0;
  int reduction = 1;  // 1, 2 or 4: film pixels per picture pixel
};

// The camera that draws just this view.
face::Camera view_camera(const face::Camera& camera, const View& view);

// The view around the heads of all tracked frames, and the whole frame.
View head_view(const TrainingFilm& film, int reduction);
View whole_view(const TrainingFilm& film, int reduction);

enum class Surround {
  kFilm,   // the film itself, the head replaced by the background plate: for the head alone
  kPlate,  // the background plate: for the whole person
};

struct TrainingPicture {
  face::Camera camera;
  Image frame;
  Image behind;
  std::vector<float> weight;   // per pixel, how much it counts
  std::vector<float> outside;  // per pixel, 1 where nothing of the drawn layers belongs
};

struct PictureScope {
  View view;
  Surround surround = Surround::kFilm;
  float mouth_weight = 4.0F;
  float eye_weight = 2.0F;
};

// Memory of `picture` is reused. Thread-safe for different pictures.
void load_training_picture(const TrainingFilm& film, int frame, const PictureScope& scope,
                           TrainingPicture& picture);

}  // namespace anima::avatar
