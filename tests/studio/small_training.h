// Trainings of the house presenter's clip that take seconds.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/error.h"
#include "core/tensor_file.h"
#include "studio/train_workflow.h"
#include "support/presenter_clip.h"

namespace anima::studio {

inline constexpr int kSmallSteps = 24;

inline TrainOptions small_training(const std::string& name) {
  TrainOptions options;
  options.film = test::presenter_clip();
  options.name = name;
  options.consent = "a public film";
  options.frame_side_px = 192;
  options.steps = kSmallSteps;
  options.motion_networks = 1;
  options.voice = false;  // film_voice_test.cpp has its own
  return options;
}

// Trains and asks to stop once `stage` has got to `fraction`.
inline void train_until(Library& library, const TrainOptions& options, const std::string& stage,
                        double fraction) {
  WorkContext context;
  context.progress = [&](const Progress& progress) {
    if (progress.stage == stage && progress.fraction >= fraction) context.cancellation.request();
  };
  try {
    train(library, options, context);
    ADD_FAILURE() << "was not stopped in " << stage;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled) << error.what();
  }
}

// Byte by byte, of those tensors whose names begin with `prefix`.
inline void expect_same_tensors(const TensorFile& a, const TensorFile& b, const std::string& prefix = {}) {
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) {
    if (!name.starts_with(prefix)) continue;
    ASSERT_TRUE(b.has(name)) << name;
    EXPECT_EQ(tensor.shape, b.tensors.at(name).shape) << name;
    EXPECT_TRUE(tensor.bytes == b.tensors.at(name).bytes) << name << " differs";
  }
}

}  // namespace anima::studio
