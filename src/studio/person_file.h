// NAME.anima: everything that makes one digital human, in one file.
#pragma once

#include <filesystem>

#include "avatar/avatar.h"
#include "face/expression_basis.h"
#include "motion/motion_model.h"

namespace anima::studio {

struct PersonFile {
  avatar::Avatar avatar;  // its metadata is the whole file's
  face::ExpressionBasis basis;
  motion::MotionModel motion;
};

// Writes atomically.
void save_person(const std::filesystem::path& path, const PersonFile& person);

// Every byte is checked. Throws Error: kNotFound, kCorruptData, kUnsupported for a newer format.
PersonFile load_person(const std::filesystem::path& path);

}  // namespace anima::studio
