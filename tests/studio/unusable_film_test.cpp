// What `train` is given in real life: each film that no avatar can be made from is refused with its reason,
// and leaves nothing behind.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "core/error.h"
#include "core/files.h"
#include "studio/library.h"
#include "studio/made_speech_film.h"
#include "studio/temporary_folder.h"
#include "studio/train_workflow.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

class UnusableFilm : public testing::Test {
 protected:
  void expect_refused(const fs::path& film, ErrorCode code, const std::string& reason) {
    Library library(folder_.path() / "library", true);
    TrainOptions options;
    options.film = film;
    options.name = "somebody";
    options.frame_side_px = 192;
    options.steps = 8;
    options.motion_networks = 1;
    try {
      train(library, options, {});
      ADD_FAILURE() << "was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_NE(error.message().find(reason), std::string::npos) << error.what();
      EXPECT_FALSE(error.fix().empty()) << error.what();
    }
    EXPECT_FALSE(library.has("somebody"));
    EXPECT_FALSE(fs::exists(library.folder("somebody")));
  }
  void expect_refused(const test::MadeFilm& made, const std::string& reason) {
    test::write_speech_film(film(), made);
    expect_refused(film(), ErrorCode::kUnusableInput, reason);
  }
  fs::path film() const { return folder_.path() / "film.mp4"; }

  TemporaryFolder folder_;
};

TEST_F(UnusableFilm, Silent) {
  expect_refused({.length_s = 6, .loudness = 0}, "is silent");
}

TEST_F(UnusableFilm, WithoutSoundTrack) {
  expect_refused({.length_s = 6, .with_sound = false}, "has no sound track");
}

TEST_F(UnusableFilm, OneSecondLong) {
  expect_refused({.length_s = 1}, "is only 1.0 s long");
}

TEST_F(UnusableFilm, TooShortForTheMotion) {
  expect_refused({.length_s = 5}, "is only 5.0 s long");
}

TEST_F(UnusableFilm, WithTooLittleSpeech) {
  expect_refused({.length_s = 6, .speech_s = 1}, "s of speech");
}

TEST_F(UnusableFilm, Faceless) {
  expect_refused({.left_px = {}, .length_s = 6}, "shows no face");
}

TEST_F(UnusableFilm, OfTwoPeopleSideBySide) {
  expect_refused({.width_px = 512, .left_px = {0, 256}, .length_s = 6}, "two faces in");
}

// So far apart that a square around both would show neither.
TEST_F(UnusableFilm, OfTwoPeopleFarApart) {
  expect_refused({.width_px = 1024, .left_px = {0, 768}, .length_s = 6}, "two faces in");
}

TEST_F(UnusableFilm, CutOffInTheMiddle) {
  const auto bytes = read_file(test::presenter_clip(), 64 << 20);
  std::ofstream(film(), std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size() / 2));
  expect_refused(film(), ErrorCode::kCorruptData, "film.mp4");
}

// The durations in the header of an MP4 file, all of them, say 100 hours.
TEST_F(UnusableFilm, ThatClaimsToLastForDays) {
  auto bytes = read_text_file(test::presenter_clip(), 64 << 20);
  const auto number_at = [&](std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
    return number;
  };
  const auto put = [&](std::size_t at, std::uint32_t number) {
    for (int i = 3; i >= 0; --i, number >>= 8U)
      bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(number);
  };
  int changed = 0;
  for (const char* box : {"mvhd", "mdhd"}) {
    for (std::size_t at = bytes.find(box); at != std::string::npos; at = bytes.find(box, at + 4), ++changed)
      put(at + 20, number_at(at + 16) * 3600 * 10);
  }
  for (std::size_t at = bytes.find("tkhd"); at != std::string::npos; at = bytes.find("tkhd", at + 4)) {
    put(at + 24, number_at(bytes.find("mvhd") + 16) * 3600 * 10);
  }
  ASSERT_EQ(changed, 3);
  write_file_atomically(film(), bytes);
  expect_refused(film(), ErrorCode::kUnusableInput, "minutes long");
}

TEST_F(UnusableFilm, ThatIsNone) {
  write_file_atomically(folder_.path() / "empty.mp4", std::string());
  expect_refused(folder_.path() / "empty.mp4", ErrorCode::kCorruptData, "empty.mp4");
  expect_refused(folder_.path() / "missing.mp4", ErrorCode::kNotFound, "missing.mp4");
  fs::create_directory(folder_.path() / "folder.mp4");
  expect_refused(folder_.path() / "folder.mp4", ErrorCode::kInvalidArgument, "folder.mp4");
}

}  // namespace
}  // namespace anima::studio
