// Runs a test with each set of vector instructions that this machine has, not just the best one.
#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace anima::avatar {

template <class Body>
void with_every_simd_target(const Body& body) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace anima::avatar
