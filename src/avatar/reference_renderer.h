// The scalar renderer that every other one is tested against.
#pragma once

#include <memory>

#include "avatar/renderer.h"

namespace anima::avatar {

std::unique_ptr<Renderer> make_reference_renderer();

}  // namespace anima::avatar
