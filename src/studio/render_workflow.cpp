#include "studio/render_workflow.h"

#include "core/error.h"

namespace anima::studio {

RenderResult render(const Library& library, const RenderOptions& options, const WorkContext&) {
  options.validate();
  static_cast<void>(library.person(options.person));
  throw Error(ErrorCode::kNotReady, "the speech-to-motion model is not part of this build yet");
}

}  // namespace anima::studio
