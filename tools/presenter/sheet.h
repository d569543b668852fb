// A contact sheet of what her face can do.
#pragma once

#include <string>

#include "presenter/portrait.h"

namespace anima::presenter {

struct NamedPose {
  std::string name;
  PresenterPose pose;
};

// Mouth shapes of speech, smile, blink, brows, gaze and head turns.
std::vector<NamedPose> sheet_poses();

// The poses in rows of `columns`, each under its name.
Image draw_sheet(Portrait& portrait, const DrawOptions& options, int columns, const WorkContext& context);

}  // namespace anima::presenter
