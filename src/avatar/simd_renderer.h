// The renderer for CPUs: vectors of this machine, 16x16 tiles over threads.
#pragma once

#include <memory>

#include "avatar/renderer.h"

namespace anima::avatar {

std::unique_ptr<Renderer> make_simd_renderer();

}  // namespace anima::avatar
