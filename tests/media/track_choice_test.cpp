#include "media/track_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/made_film.h"

namespace anima::media {
namespace {

using test::even_times;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TrackChoice : public test::MediaTest {
 protected:
  // Two sound tracks of the same speech, each through the elements given, which may hush it.
  std::filesystem::path two_sounds(const std::string& first, const std::string& second,
                                   const std::string& name = "film.mp4") {
    const bool mp4 = name.ends_with("mp4");
    const std::string mux = mp4 ? "mp4mux" : "matroskamux";
    test::make_film(
        folder_ / name,
        {.times_s = even_times(75, 25),
         .video = "x264enc tune=zerolatency ! " + mux + " name=mux",
         .sound = "tee name=both both. ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! " +
                  first + " ! avenc_aac ! queue ! mux. both. ! " +
                  "queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! " + second + " ! avenc_aac",
         .samples = test::syllables(3, 48000)});
    return folder_ / name;
  }

  double loudness(const std::filesystem::path& path) {
    warnings_.clear();
    const Sound sound =
        read_sound(path, 16000, 60, [&](const std::string& warning) { warnings_.push_back(warning); });
    double energy = 0;
    for (const float sample : sound.samples) energy += sample * sample;
    return std::sqrt(energy / static_cast<double>(sound.samples.size()));
  }

  std::vector<std::string> warnings_;
};

TEST_F(TrackChoice, PassesOverASilentSoundTrack) {
  for (const char* name : {"film.mp4", "film.mkv"}) {
    EXPECT_GT(loudness(two_sounds("volume volume=0", "identity", name)), 0.05);
    EXPECT_THAT(warnings_,
                ElementsAre(HasSubstr("has 2 sound tracks; number 2 is used, the first one with speech")));
  }
}

TEST_F(TrackChoice, KeepsTheFirstOfTwoThatSpeak) {
  const double first = loudness(two_sounds("identity", "volume volume=0.25"));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("number 1 is used")));
  const double second = loudness(two_sounds("volume volume=0.25", "identity"));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("number 1 is used")));
  EXPECT_NEAR(first, 4 * second, 0.1 * first);
}

TEST_F(TrackChoice, SaysNothingOfOneTrack) {
  test::make_film(folder_ / "film.mp4",
                  {.times_s = even_times(50, 25), .samples = test::syllables(2, 48000)});
  EXPECT_GT(loudness(folder_ / "film.mp4"), 0.05);
  EXPECT_THAT(warnings_, IsEmpty());
  FrameReader reader(folder_ / "film.mp4", {},
                     [&](const std::string& warning) { warnings_.push_back(warning); });
  Image frame;
  double time_s = 0;
  while (reader.next(frame, time_s)) {
  }
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(TrackChoice, PassesOverAStillPictureAndAPreview) {
  // A cover, and a preview that is an eighth as large.
  for (const std::string& before :
       {std::string("videotestsrc num-buffers=1 ! video/x-raw,width=320,height=240"),
        std::string("videotestsrc num-buffers=25 ! video/x-raw,width=24,height=18,"
                    "framerate=25/1")}) {
    const auto path = folder_ / "film.mkv";
    test::make_film(path, {.width_px = 192,
                           .height_px = 144,
                           .times_s = even_times(25, 25),
                           .video = "queue name=main " + before +
                                    " ! x264enc tune=zerolatency ! queue ! mux. main. ! "
                                    "x264enc tune=zerolatency ! queue ! mux. matroskamux name=mux"});
    std::vector<std::string> warnings;
    FrameReader reader(path, {}, [&](const std::string& warning) { warnings.push_back(warning); });
    Image frame;
    double time_s = 0;
    int frames = 0;
    while (reader.next(frame, time_s)) {
      EXPECT_EQ(frame.width, 192);
      EXPECT_EQ(test::number_of(frame), frames++);
    }
    EXPECT_EQ(frames, 25);
    EXPECT_THAT(warnings, ElementsAre(HasSubstr("has 2 picture tracks; number 2 (192x144) is used")));
    EXPECT_EQ(probe_film(path).width_px, 192);
  }
}

}  // namespace
}  // namespace anima::media
