#include "core/progress.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/error.h"

namespace anima {
namespace {

TEST(Progress, ReportsFractionAndEnd) {
  std::vector<Progress> reports;
  const WorkContext context{[&](const Progress& report) { reports.push_back(report); }, {}};
  StageProgress stage(context, "fitting");
  stage.update(0, 10, {{"psnr_db", 20.0}});
  for (int i = 1; i < 10; ++i) stage.update(i, 10);
  stage.update(10, 10, {{"psnr_db", 31.5}});
  ASSERT_GE(reports.size(), 2U);
  EXPECT_LE(reports.size(), 3U);  // at most ten per second
  EXPECT_EQ(reports.front().stage, "fitting");
  EXPECT_EQ(reports.front().fraction, 0);
  EXPECT_LT(reports.front().remaining_s, 0);  // not known yet
  EXPECT_EQ(reports.back().fraction, 1);      // the end is always told
  ASSERT_EQ(reports.back().figures.size(), 1U);
  EXPECT_EQ(reports.back().figures[0].second, 31.5);
}

TEST(Progress, AnUnknownEndIsNegative) {
  std::vector<Progress> reports;
  const WorkContext context{[&](const Progress& report) { reports.push_back(report); }, {}};
  StageProgress(context, "reading").update(5, 0);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_LT(reports[0].fraction, 0);
}

TEST(Progress, StopsByException) {
  const WorkContext context;
  StageProgress stage(context, "fitting");
  EXPECT_NO_THROW(stage.update(1, 10));
  const CancellationToken copy = context.cancellation;  // copies share the flag
  copy.request();
  try {
    stage.update(2, 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
    EXPECT_NE(std::string(error.what()).find("fitting"), std::string::npos);
  }
  EXPECT_FALSE(CancellationToken().requested());
}

}  // namespace
}  // namespace anima
