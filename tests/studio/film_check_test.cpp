#include "studio/film_check.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"

namespace anima::studio {
namespace {

// A person who speaks, nods and turns a little, 240 px wide in a 512 px picture.
std::vector<face::FaceObservation> lively_face(int frames) {
  std::vector<face::FaceObservation> film(frames);
  for (int t = 0; t < frames; ++t) {
    face::FaceObservation& face = film[t];
    face.found = true;
    face.faces = 1;
    const auto put = [&](int index, float x, float y, float z = 0) { face.points.row(index) << x, y, z; };
    const float open = 12 * (1 + std::sin(0.9F * static_cast<float>(t)));
    const float wide = 10 * std::sin(0.5F * static_cast<float>(t));
    const float turn = std::sin(0.05F * static_cast<float>(t));
    put(10, 256, 120);
    put(152, 256, 400, 30 * turn);
    put(234, 136, 256);
    put(454, 376, 256);
    put(33, 190, 220);
    put(263, 320, 220, 20 * turn);
    put(61, 216 - wide, 330);
    put(291, 296 + wide, 330);
    for (const int upper : {13, 82, 312}) put(upper, 256, 325 - open / 2);
    for (const int lower : {14, 87, 317}) put(lower, 256, 325 + open / 2);
  }
  return film;
}

struct Film {
  std::vector<face::FaceObservation> faces = lively_face(1200);
  std::vector<FrameMeasures> frames = std::vector<FrameMeasures>(1200, FrameMeasures{true, 120, 130, 0, 0});
  FilmMeasures measures;

  FilmCheck check() {
    measures.faces = faces;
    measures.frames = frames;
    return check_film("film.mp4", measures);
  }
  Film() {
    measures.info.has_video = measures.info.has_sound = true;
    measures.info.frame_rate_hz = 25;
    measures.background_change = 1;
    measures.sound = {48, -20, -60, 40, 0, 0.1, false, 40};
  }
};

const CheckItem& find(const FilmCheck& check, const std::string& name) {
  for (const CheckItem& item : check.items) {
    if (item.name == name) return item;
  }
  throw std::runtime_error("no item " + name);
}

TEST(FilmCheck, AGoodFilmIsGood) {
  const FilmCheck check = Film().check();
  for (const CheckItem& item : check.items) {
    EXPECT_EQ(item.verdict, Verdict::kGood) << item.name << " " << item.value;
    EXPECT_TRUE(item.advice.empty());
  }
  EXPECT_TRUE(check.usable());
  EXPECT_NE(to_text(check).find("This film is good"), std::string::npos);
}

TEST(FilmCheck, ASmallFaceGetsAdvice) {
  Film film;
  film.measures.source_px_per_px = 0.5;
  const FilmCheck check = film.check();
  EXPECT_NEAR(find(check, "face width").value, 120, 1e-3);
  EXPECT_EQ(find(check, "face width").verdict, Verdict::kFair);
  EXPECT_NE(find(check, "face width").advice.find("closer"), std::string::npos);
  EXPECT_TRUE(check.usable());
}

TEST(FilmCheck, MissingFacesBlockOnlyWhenTheyAreTheMost) {
  Film film;
  for (int t = 0; t < 120; ++t) film.faces[t].found = false;
  EXPECT_EQ(find(film.check(), "frames without a face").verdict, Verdict::kBad);
  EXPECT_TRUE(film.check().usable());
  for (auto& face : film.faces) face.found = false;
  EXPECT_FALSE(film.check().usable());
  film.faces.clear();
  film.frames.clear();
  EXPECT_FALSE(film.check().usable());
}

TEST(FilmCheck, SecondFacesAreSeen) {
  Film film;
  for (int t = 0; t < 60; ++t) film.faces[t].faces = 2;
  EXPECT_NEAR(find(film.check(), "frames with a second face").value, 5, 1e-9);
  EXPECT_EQ(find(film.check(), "frames with a second face").verdict, Verdict::kFair);
}

TEST(FilmCheck, AFilmThatDoesNotTellWhoIsMeantIsBlocked) {
  Film film;
  film.measures.ambiguous_share = 0.4;
  EXPECT_TRUE(film.check().usable());
  film.measures.ambiguous_share = 0.9;
  EXPECT_FALSE(film.check().usable());
  EXPECT_NEAR(find(film.check(), "frames with a second face").value, 90, 1e-9);
}

TEST(FilmCheck, CutsAreAWarning) {
  Film film;
  film.measures.cuts = 2;
  EXPECT_EQ(find(film.check(), "cuts").verdict, Verdict::kFair);
  EXPECT_TRUE(film.check().usable());
}

TEST(FilmCheck, SaysWhatItHasNotLookedAt) {
  Film film;
  film.measures.info.duration_s = 480;
  EXPECT_EQ(to_text(film.check()).find("Only the first"), std::string::npos);
  film.measures.limit_s = 300;
  EXPECT_NE(to_text(film.check()).find("Only the first 300 s of 480 s"), std::string::npos);
  EXPECT_EQ(to_json(film.check()).at("checked_seconds"), 300);
  EXPECT_EQ(to_json(film.check()).at("film_seconds"), 480);
  EXPECT_TRUE(film.check().usable());
  film.measures.info.duration_s = 1000;
  EXPECT_FALSE(film.check().usable()) << "a training refuses more than 15 minutes";
}

TEST(FilmCheck, AStillMouthAndAStillHeadAreSeen) {
  Film film;
  for (auto& face : film.faces) face = film.faces[0];
  const FilmCheck check = film.check();
  for (const char* name : {"mouth opening range", "mouth width range", "head turns, sideways", "head nods"}) {
    EXPECT_EQ(find(check, name).verdict, Verdict::kBad) << name;
    EXPECT_FALSE(find(check, name).advice.empty()) << name;
  }
}

TEST(FilmCheck, SoundThatIsOutOfStepGetsAdvice) {
  Film film;
  motion::SoundLag lag;
  lag.doubt = motion::LagDoubt::kNone;
  for (const auto& [lag_ms, verdict] : {std::pair(30.0, Verdict::kGood),
                                        {86.0, Verdict::kFair},
                                        {-86.0, Verdict::kFair},
                                        {-300.0, Verdict::kBad}}) {
    lag.lag_ms = lag_ms;
    film.measures.sound_lag = lag;
    const FilmCheck check = film.check();
    const CheckItem& item = find(check, "sound after the lips");
    EXPECT_EQ(item.value, lag_ms);
    EXPECT_EQ(item.verdict, verdict) << lag_ms;
    EXPECT_EQ(item.advice.find("--sound-offset auto") == std::string::npos, verdict == Verdict::kGood);
    EXPECT_TRUE(check.usable());
    EXPECT_EQ(to_json(check).at("sound_lag").at("lag_ms"), lag_ms);
  }
}

TEST(FilmCheck, ALagThatIsNotCertainIsNoNumber) {
  Film film;
  film.measures.sound_lag = motion::SoundLag{.doubt = motion::LagDoubt::kNoMatch, .lag_ms = 300};
  const FilmCheck check = film.check();
  EXPECT_NE(find(check, "sound after the lips").advice.find("not certain"), std::string::npos);
  EXPECT_EQ(to_text(check).find("300"), std::string::npos);
  const auto json = nlohmann::json::parse(to_json(check).dump());
  EXPECT_EQ(json.at("sound_lag").at("certain"), false);
  EXPECT_TRUE(json.at("sound_lag").at("lag_ms").is_null());
}

TEST(FilmCheck, NoSoundOrTooShortAFilmBlocks) {
  Film film;
  film.measures.sound.silent = true;
  EXPECT_FALSE(film.check().usable());
  film.measures.sound.silent = false;
  film.measures.sound.speech_s = 1;
  EXPECT_FALSE(film.check().usable());
  EXPECT_EQ(find(film.check(), "speech").value, 1);
  film.measures.sound.speech_s = 40;
  film.measures.info.has_sound = false;
  EXPECT_FALSE(film.check().usable());
  for (const double length_s : {1.0, 5.0, 6.0}) {
    Film brief;
    brief.faces.resize(static_cast<std::size_t>(25 * length_s));
    brief.frames.resize(brief.faces.size());
    EXPECT_EQ(brief.check().usable(), length_s == 6) << length_s;
  }
}

TEST(FilmCheck, LightBlurFlickerAndSoundAreJudged) {
  Film film;
  for (std::size_t t = 0; t < film.frames.size(); ++t) {
    film.frames[t] = {true, t % 4 == 0 ? 5.0 : 20.0, t % 2 == 0 ? 40.0 : 50.0, 0, 0.2};
  }
  film.measures.sound.clipped_share = 0.01;
  film.measures.sound.signal_to_noise_db = 10;
  film.measures.background_change = 30;
  film.measures.info.frame_rate_hz = 10;
  const FilmCheck check = film.check();
  for (const char* name : {"blurred frames", "flicker of the light", "face without drawing (black or white)",
                           "clipped sound", "speech above noise", "camera stillness", "frame rate"}) {
    EXPECT_EQ(find(check, name).verdict, Verdict::kBad) << name;
  }
  EXPECT_EQ(find(check, "sharpness of the face").verdict, Verdict::kFair);
  EXPECT_EQ(find(check, "brightness of the face").verdict, Verdict::kFair);
}

TEST(FilmCheck, JsonNamesEverything) {
  Film film;
  film.measures.background_change = 30;
  const auto json = to_json(film.check());
  EXPECT_EQ(json.at("film"), "film.mp4");
  EXPECT_EQ(json.at("usable"), true);
  EXPECT_EQ(json.at("verdict"), "bad");
  for (const auto& check : json.at("checks")) {
    for (const char* key : {"name", "value", "unit", "verdict", "advice"}) EXPECT_TRUE(check.contains(key));
  }
}

}  // namespace
}  // namespace anima::studio
