// The picture of the presenter: everything that is made once, and the drawing of a frame.
#pragma once

#include <memory>

#include "core/image.h"
#include "core/progress.h"
#include "core/threads.h"
#include "presenter/skin.h"
#include "presenter/view.h"

namespace anima::presenter {

struct DrawOptions {
  View view;
  int samples = 3;  // along each side of a pixel
};

class Portrait {
 public:
  // Grows the hair and bakes the light (some ten seconds). `rig`, `skin` and `threads` must outlive
  // the portrait.
  Portrait(const FaceRig& rig, const Skin& skin, ThreadPool& threads, const WorkContext& context);
  ~Portrait();

  // One frame, sRGB. One call at a time.
  Image draw(const PresenterPose& pose, const DrawOptions& options);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anima::presenter
