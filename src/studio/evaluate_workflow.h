// `anima evaluate`: scores an avatar on the part of its film that no training has seen.
#pragma once

#include <filesystem>
#include <string>

#include "core/progress.h"
#include "evaluate/report.h"
#include "studio/library.h"

namespace anima::studio {

struct EvaluateOptions {
  std::string person;
  std::string renderer = "simd";  // see avatar/renderer.h
  int threads = 0;
  // Of a computed film (the house presenter's): the scores against it are added; empty: none.
  std::filesystem::path truth;
  // The `anima` program: rendering is then measured in a process of its own, whose memory holds nothing
  // else. Empty: in this one, and its memory is not reported.
  std::filesystem::path program;
};

struct EvaluateResult {
  evaluate::Report report;
  std::filesystem::path page;     // the HTML page
  std::filesystem::path figures;  // the same figures as JSON
};

// Needs the person's work folder (frames and tracking). Writes results/evaluate.html and .json.
EvaluateResult evaluate_person(Library& library, const EvaluateOptions& options, const WorkContext& context);

}  // namespace anima::studio
