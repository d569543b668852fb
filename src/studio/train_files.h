// The files of a training, in library/NAME/work.
#pragma once

#include <filesystem>

namespace anima::studio {

struct TrainFiles {
  std::filesystem::path folder;

  std::filesystem::path state() const { return folder / "state.json"; }
  std::filesystem::path frames() const { return folder / "frames.store"; }  // RGB, 25 Hz
  std::filesystem::path masks() const { return folder / "masks.store"; }    // person, one per frame
  std::filesystem::path sound() const { return folder / "sound.tensors"; }  // 16 kHz mono
  std::filesystem::path seen() const { return folder / "seen.tensors"; }    // observations of the networks
  std::filesystem::path tracked() const { return folder / "tracked.tensors"; }  // face::TrackedFilm
  std::filesystem::path first_motion() const {
    return folder / "motion-first.tensors";
  }                                                                           // of the tracked face
  std::filesystem::path motion() const { return folder / "motion.tensors"; }  // of the refined one
  std::filesystem::path checkpoint() const { return folder / "appearance.tensors"; }
  std::filesystem::path preview() const { return folder / "preview.png"; }  // film and avatar, side by side
};

}  // namespace anima::studio
