// The eyeball: a sphere with a cornea, its iris, white and reflections, drawn from formulas.
#pragma once

#include "presenter/face_rig.h"
#include "presenter/studio_light.h"

namespace anima::presenter {

// A sphere mesh in the eye's own frame, radius 1, gaze along +z.
struct EyeMesh {
  Points directions;
  std::vector<Quad> faces;
};
EyeMesh eye_mesh();

// Where the surface of the eye lies along a direction of its own frame (radius 1): the cornea bulges.
float eye_bulge(const Vec3& direction);

// Light from the eye at a point of its surface, linear. `direction` is the point in the eye's own frame.
Vec3 eye_light(const EyePose& eye, const Vec3& point, const Vec3& direction, const Vec3& to_camera,
               const Visibility& visibility);

}  // namespace anima::presenter
