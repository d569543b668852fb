// How fast this machine does the two things that take the most time; each takes about a second.
#pragma once

namespace anima::studio {

// Pictures of 512x512 per second of a made-up head of 20,000 Gaussians, on all cores.
double measure_renderer_fps();

// Milliseconds of one run of the face mesh network on one core. Throws what loading it throws.
double measure_face_mesh_ms();

}  // namespace anima::studio
