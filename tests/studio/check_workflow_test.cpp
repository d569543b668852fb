#include "studio/check_workflow.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "face/face_tracker.h"
#include "studio/made_speech_film.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

const CheckItem& find(const FilmCheck& check, const std::string& name) {
  for (const CheckItem& item : check.items) {
    if (item.name == name) return item;
  }
  throw std::runtime_error("no item " + name + " in\n" + to_text(check));
}

class FilmChecks : public testing::Test {
 protected:
  FilmCheck check(const test::MadeFilm& made) const {
    test::write_speech_film(film(), made);
    return run_film_check(film(), {});
  }
  fs::path film() const { return folder_.path() / "film.mp4"; }

  TemporaryFolder folder_;
};

TEST_F(FilmChecks, ThePresentersFilmCanBeUsed) {
  const FilmCheck check = run_film_check(test::presenter_clip(), {});
  EXPECT_TRUE(check.usable()) << to_text(check);
  EXPECT_EQ(find(check, "frames without a face").value, 0);
  EXPECT_EQ(find(check, "cuts").value, 0);
  EXPECT_EQ(find(check, "frames with a second face").value, 0);
}

// Her face is a twelfth of the picture: the networks see it only in the square that a training cuts.
TEST_F(FilmChecks, ASmallFaceIsMeasuredWhereATrainingLooks) {
  const FilmCheck check = this->check({.width_px = 1280, .height_px = 720, .left_px = {800}, .top_px = 300});
  media::FrameReader reader(film(), {});
  Image frame;
  double time_s = 0;
  ASSERT_TRUE(reader.next(frame, time_s));
  EXPECT_FALSE(face::find_largest_face(face::FaceNetworks(), frame)) << "the face is too large for this test";
  EXPECT_TRUE(check.usable()) << to_text(check);
  EXPECT_LT(find(check, "frames without a face").value, 1);
  EXPECT_NEAR(find(check, "face width").value,
              find(run_film_check(test::presenter_clip(), {}), "face width").value, 6);
}

TEST_F(FilmChecks, TwoPeopleSideBySideCannotBeUsed) {
  const FilmCheck check = this->check({.width_px = 512, .left_px = {0, 256}, .length_s = 4});
  EXPECT_FALSE(check.usable()) << to_text(check);
  EXPECT_TRUE(find(check, "frames with a second face").blocks);
}

TEST_F(FilmChecks, NobodyInThePictureIsAResultAndNoError) {
  const FilmCheck check = this->check({.left_px = {}, .length_s = 3});
  EXPECT_FALSE(check.usable());
  EXPECT_EQ(find(check, "frames without a face").value, 100);
}

TEST_F(FilmChecks, SoundOutOfStepIsMeasured) {
  EXPECT_NEAR(find(run_film_check(test::presenter_clip(), {}), "sound after the lips").value, 0, 20);
  for (const int late_ms : {-200, 80, 600}) {
    const FilmCheck check = this->check({.sound_late_ms = late_ms});
    EXPECT_TRUE(check.sound_lag && check.sound_lag->certain()) << to_text(check);
    EXPECT_NEAR(find(check, "sound after the lips").value, late_ms, 20);
  }
}

TEST_F(FilmChecks, SilenceCannotBeUsed) {
  EXPECT_TRUE(find(check({.length_s = 3, .loudness = 0}), "speech").blocks);
}

}  // namespace
}  // namespace anima::studio
