#include "studio/film_truth.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

const std::string kFrame =
    R"({"head_rotation":[0.1,-0.2,0.3],"lip_opening_px":4.5,"left_eye":{"closure":0.2},"right_eye":{"closure":0.4}})";

FilmTruth read(const std::string& text) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "truth.json";
  write_file_atomically(path, text);
  return read_film_truth(path);
}

TEST(FilmTruth, IsReadFrameByFrame) {
  const FilmTruth truth = read(R"({"camera":{},"frames":[)" + kFrame + "," + kFrame + "]}");
  ASSERT_EQ(truth.frames(), 2);
  EXPECT_EQ(truth.poses[1].rotation, Eigen::Vector3d(0.1, -0.2, 0.3));
  EXPECT_EQ(truth.lip_opening_px[0], 4.5);
  EXPECT_NEAR(truth.eye_closure[0], 0.3, 1e-12);
}

TEST(FilmTruth, NamesTheFrameThatIsWrong) {
  try {
    read(R"({"frames":[)" + kFrame + R"(,{"head_rotation":[0,0]}]})");
    ADD_FAILURE() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
    EXPECT_NE(std::string(error.what()).find("frame 1"), std::string::npos) << error.what();
  }
}

TEST(FilmTruth, RefusesOtherFiles) {
  for (const char* text : {"", "[]", "{}", R"({"frames":[]})", R"({"frames":[3]})", "\xFF\xFE"})
    EXPECT_THROW(read(text), Error) << text;
  EXPECT_THROW(read_film_truth("/nowhere/truth.json"), Error);
}

}  // namespace
}  // namespace anima::studio
