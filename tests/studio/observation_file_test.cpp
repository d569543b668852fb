#include "studio/observation_file.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "core/tensor_file.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(ObservationFile, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  std::vector<face::FaceObservation> written(3);
  written[1].found = true;
  written[1].presence = 12.5F;
  written[1].faces = 2;
  written[1].points(477, 2) = -7.25F;
  save_observations(folder.path() / "seen", written);
  const auto read = load_observations(folder.path() / "seen");
  ASSERT_EQ(read.size(), 3U);
  EXPECT_FALSE(read[0].found);
  EXPECT_TRUE(read[1].found);
  EXPECT_EQ(read[1].presence, 12.5F);
  EXPECT_EQ(read[1].faces, 2);
  EXPECT_EQ(read[1].points(477, 2), -7.25F);
  save_observations(folder.path() / "none", {});
  EXPECT_TRUE(load_observations(folder.path() / "none").empty());
}

TEST(ObservationFile, RefusesOtherFiles) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "text", std::string("hello"));
  EXPECT_THROW(load_observations(folder.path() / "text"), Error);
  TensorFile other;
  other.put("points", {1, 478, 3}, std::vector<float>(478 * 3));
  write_tensor_file(folder.path() / "half", other);
  EXPECT_THROW(load_observations(folder.path() / "half"), Error);
}

}  // namespace
}  // namespace anima::studio
