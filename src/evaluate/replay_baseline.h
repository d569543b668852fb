// What any avatar must beat: showing again the best matching training frame, or the mean image.
#pragma once

#include <vector>

#include "core/image.h"
#include "core/progress.h"
#include "media/frame_store.h"

namespace anima::evaluate {

struct ReplayBaseline {
  std::vector<int> best_training_frame;    // per held-out frame
  std::vector<double> replay_psnr_db;      // per held-out frame
  std::vector<double> mean_image_psnr_db;  // per held-out frame
  double mean_replay_psnr_db = 0;
  double mean_mean_image_psnr_db = 0;
  Image mean_image;  // of the training frames
};

// Training frames are [0, training_frames), held-out ones [training_frames, film.count()). For
// each held-out frame the training frame of the highest whole-frame PSNR is found exactly: sums
// over 8x8 blocks bound the distance from below (Cauchy-Schwarz), so most frames are never read.
// Memory: 6 bytes per 64 pixels of each training frame. Throws Error(kInvalidArgument) when either
// part is empty.
ReplayBaseline replay_baseline(const media::FrameStore& film, int training_frames,
                               const WorkContext& context);

}  // namespace anima::evaluate
