// How far tracked head rotations are from true ones.
#pragma once

#include <span>
#include <vector>

#include "face/camera.h"

namespace anima::evaluate {

// Degrees per frame between `tracked` and `truth`, both in the camera's axes. Which way a resting
// head faces is a convention of each side, so one constant rotation of the head space is fitted
// first: tracked = true * constant (Kabsch 1976, weights equal). Throws Error(kInvalidArgument)
// for lists of different length or without a frame.
std::vector<double> rotation_errors_deg(std::span<const face::HeadPose> tracked,
                                        std::span<const face::HeadPose> truth);

}  // namespace anima::evaluate
