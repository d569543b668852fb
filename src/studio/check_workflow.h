// `anima check`: runs the face tracker and the measures over a film.
#pragma once

#include <filesystem>

#include "core/progress.h"
#include "studio/film_check.h"

namespace anima::studio {

// Looks at the square that a training would learn from, and at the whole picture for passers-by and a
// moving background. Reads at most `limit_s` seconds. Throws what probing and reading throw; a film that can
// be read but not used is no error: see FilmCheck::usable.
FilmCheck run_film_check(const std::filesystem::path& film, const WorkContext& context, double limit_s = 300);

}  // namespace anima::studio
