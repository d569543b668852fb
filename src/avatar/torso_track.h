// How the shoulders move: a rigid pose of the torso per frame, from the film itself.
#pragma once

#include <vector>

#include "avatar/training_picture.h"
#include "core/progress.h"

namespace anima::avatar {

// Distance of the torso from the camera, head units: a little behind the head's centre.
double torso_depth(const face::TrackedFilm& track);

// The frame that the torso is measured from: the most ordinary pose of the training frames.
int reference_frame(const face::TrackedFilm& track);

// Poses of all frames, relative to the reference frame, in the film's camera space. Corners of
// the torso in the reference frame are followed into every frame by pyramidal Lucas-Kanade
// (Bouguet, 2000), and a similarity is fitted to them by iteratively reweighted least squares.
// Frames in which too little is found take their neighbours' poses.
std::vector<face::HeadPose> track_torso(const TrainingFilm& film, const WorkContext& context);

}  // namespace anima::avatar
