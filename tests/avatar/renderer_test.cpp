#include "avatar/renderer.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace anima::avatar {
namespace {

TEST(Renderer, IsMadeByItsName) {
  for (const char* name : {"simd", "reference"}) EXPECT_NE(make_renderer(name), nullptr) << name;
  for (const auto& [name, fix] :
       {std::pair("smid", "did you mean 'simd'?"), std::pair("cuda", "use 'simd' or 'reference'")}) {
    try {
      make_renderer(name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_EQ(error.fix(), fix);
    }
  }
}

}  // namespace
}  // namespace anima::avatar
