#include "app/error_report.h"

#include <gtest/gtest.h>

namespace anima::app {
namespace {

TEST(ErrorReport, TextHasMessageCauseAndFixOnLinesOfTheirOwn) {
  EXPECT_EQ(to_text(Error(ErrorCode::kNotFound, "no 'x'", "check the path", "ENOENT")),
            "anima: no 'x'\n  cause: ENOENT\n  fix: check the path\n");
  EXPECT_EQ(to_text(Error(ErrorCode::kInternal, "broken")), "anima: broken\n");
}

TEST(ErrorReport, JsonNamesCodeAndExitStatus) {
  const auto json = to_json(Error(ErrorCode::kUnusableInput, "no face", "film again"));
  EXPECT_EQ(json.at("error").at("code"), "unusable_input");
  EXPECT_EQ(json.at("error").at("exit_status"), 6);
  EXPECT_EQ(json.at("error").at("fix"), "film again");
}

}  // namespace
}  // namespace anima::app
