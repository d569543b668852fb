#include "studio/evaluate_workflow.h"

#include "core/error.h"

namespace anima::studio {

EvaluateResult evaluate_person(Library& library, const EvaluateOptions& options, const WorkContext&) {
  static_cast<void>(library.person(options.person));
  throw Error(ErrorCode::kNotReady, "scoring is not part of this build yet");
}

}  // namespace anima::studio
