#include "studio/film_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studio/film_stages.h"
#include "studio/sound_offset.h"

namespace anima::studio {
namespace {

constexpr double kGrid_hz = 25;

// Good at or beyond `good`, fair at or beyond `fair`, else bad. Where `good` < `fair`, less is
// better.
Verdict judge(double value, double good, double fair) {
  if (good >= fair) return value >= good ? Verdict::kGood : value >= fair ? Verdict::kFair : Verdict::kBad;
  return value <= good ? Verdict::kGood : value <= fair ? Verdict::kFair : Verdict::kBad;
}

CheckItem item(std::string name, double value, std::string unit, Verdict verdict, std::string advice,
               bool blocks = false) {
  if (verdict == Verdict::kGood) advice.clear();
  return {std::move(name), value, std::move(unit), verdict, std::move(advice), blocks};
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

double spread(const std::vector<double>& values) {
  return quantile(values, 0.95) - quantile(values, 0.05);
}

double distance(const face::FaceObservation& face, int a, int b) {
  return (face.points.row(a) - face.points.row(b)).head<2>().norm();
}

constexpr double kDegrees = 180 / 3.14159265358979323846;

// What the landmarks of all frames with a face say.
struct FaceStatistics {
  int found = 0;
  int counted = 0;  // frames in which the detector counted faces
  int several = 0;  // of those, with more than one
  std::vector<double> width_px;
  std::vector<double> lip_opening;  // divided by the face's height
  std::vector<double> lip_width;    // divided by the face's height
  std::vector<double> yaw_degrees;
  std::vector<double> pitch_degrees;
};

FaceStatistics statistics_of(std::span<const face::FaceObservation> faces) {
  FaceStatistics statistics;
  for (const face::FaceObservation& face : faces) {
    if (face.faces > 0) ++statistics.counted;
    if (face.faces > 1) ++statistics.several;
    if (!face.found) continue;
    const double height = distance(face, 10, 152);
    if (!(height > 0)) continue;
    ++statistics.found;
    statistics.width_px.push_back(distance(face, 234, 454));
    statistics.lip_opening.push_back(
        (distance(face, 13, 14) + distance(face, 82, 87) + distance(face, 312, 317)) / 3 / height);
    statistics.lip_width.push_back(distance(face, 61, 291) / height);
    // Directions of the eye line and of the forehead-chin line in depth.
    const Eigen::RowVector3f eyes = face.points.row(263) - face.points.row(33);
    const Eigen::RowVector3f down = face.points.row(152) - face.points.row(10);
    statistics.yaw_degrees.push_back(std::atan2(eyes.z(), std::hypot(eyes.x(), eyes.y())) * kDegrees);
    statistics.pitch_degrees.push_back(std::atan2(down.z(), std::hypot(down.x(), down.y())) * kDegrees);
  }
  return statistics;
}

void check_faces(FilmCheck& check, const FilmMeasures& measures, const FaceStatistics& faces) {
  const double frames = std::max<double>(1, static_cast<double>(measures.faces.size()));
  const double missing = 100 * (1 - faces.found / frames);
  check.items.push_back(item("frames without a face", missing, "%", judge(missing, 0.5, 5),
                             "keep the whole face in the picture, uncovered, all the time", missing > 50));
  const bool ambiguous = measures.ambiguous_share > kMostAmbiguousFrames;
  const double several = std::max(100.0 * faces.several / std::max(1, faces.counted),
                                  ambiguous ? 100 * measures.ambiguous_share : 0);
  check.items.push_back(item("frames with a second face", several, "%", judge(several, 0.5, 10),
                             "film one person alone; posters and mirrors with faces count too", ambiguous));
  if (faces.found == 0) return;
  const double width = quantile(faces.width_px, 0.5) * measures.source_px_per_px;
  check.items.push_back(item("face width", width, "px", judge(width, 200, 100),
                             "come closer or zoom in until the face is at least 200 pixels wide",
                             width < 40));
  const double opening = 100 * spread(faces.lip_opening);
  check.items.push_back(item("mouth opening range", opening, "% of face", judge(opening, 4, 2),
                             "speak lively: wide open sounds (father), closed lips (mum), for a minute"));
  const double width_range = 100 * spread(faces.lip_width);
  check.items.push_back(item("mouth width range", width_range, "% of face", judge(width_range, 3, 1.5),
                             "say rounded (you, wood) and wide sounds (see, cheese), and smile once"));
  const double yaw = spread(faces.yaw_degrees);
  const double pitch = spread(faces.pitch_degrees);
  check.items.push_back(item("head turns, sideways", yaw, "degrees",
                             yaw > 70 ? Verdict::kFair : judge(yaw, 6, 3),
                             yaw > 70 ? "stay within a quarter turn: profiles hide half of the mouth"
                                      : "turn the head a little to both sides while speaking"));
  check.items.push_back(
      item("head nods", pitch, "degrees", pitch > 50 ? Verdict::kFair : judge(pitch, 4, 2),
           pitch > 50 ? "nod less: the mouth must stay visible" : "nod and look up a little while speaking"));
}

void check_pictures(FilmCheck& check, const FilmMeasures& measures) {
  std::vector<double> sharpness;
  std::vector<double> brightness;
  double bright = 0;
  double dark = 0;
  for (const FrameMeasures& frame : measures.frames) {
    if (!frame.has_face) continue;
    sharpness.push_back(frame.sharpness);
    brightness.push_back(frame.face_brightness);
    bright += frame.bright_clipped;
    dark += frame.dark_clipped;
  }
  check.items.push_back(item("camera stillness", measures.background_change, "grey levels",
                             judge(measures.background_change, 4, 10),
                             "put the camera on a stand, and let nothing move behind the person"));
  check.items.push_back(item("cuts", measures.cuts, "", measures.cuts == 0 ? Verdict::kGood : Verdict::kFair,
                             "film in one take: after a cut, light, place or even the person may differ"));
  if (sharpness.empty()) return;
  const double count = static_cast<double>(sharpness.size());
  const double median = quantile(sharpness, 0.5);
  check.items.push_back(item("sharpness of the face", median, "", judge(median, 30, 12),
                             "focus on the eyes, clean the lens, use more light and less compression"));
  const auto blurred =
      std::count_if(sharpness.begin(), sharpness.end(), [&](double s) { return s < 0.4 * median; });
  const double blurred_share = 100 * static_cast<double>(blurred) / count;
  check.items.push_back(item("blurred frames", blurred_share, "%", judge(blurred_share, 5, 20),
                             "move more slowly or use more light, so that the exposure is shorter"));
  const double level = quantile(brightness, 0.5);
  const Verdict level_verdict = level < 35 || level > 225   ? Verdict::kBad
                                : level < 60 || level > 200 ? Verdict::kFair
                                                            : Verdict::kGood;
  check.items.push_back(
      item("brightness of the face", level, "of 255", level_verdict,
           level < 128 ? "use more light, from the front" : "use less light, or a lower exposure"));
  const double clipped = 100 * (bright + dark) / count;
  check.items.push_back(item("face without drawing (black or white)", clipped, "%", judge(clipped, 2, 10),
                             bright > dark ? "lower the exposure; avoid direct sun and hard lamps"
                                           : "light the dark side of the face"));
  double flicker = 0;
  for (std::size_t i = 1; i + 1 < brightness.size(); ++i) {
    const double d = brightness[i - 1] - 2 * brightness[i] + brightness[i + 1];
    flicker += d * d;
  }
  if (brightness.size() > 2) flicker = std::sqrt(flicker / static_cast<double>(brightness.size() - 2));
  const double flicker_percent = level > 0 ? 100 * flicker / level : 0;
  check.items.push_back(
      item("flicker of the light", flicker_percent, "%", judge(flicker_percent, 1.5, 4),
           "lock the exposure, and avoid lamps that flicker (set the camera to the mains frequency)"));
}

void check_sound(FilmCheck& check, const FilmMeasures& measures) {
  const SoundMeasures& sound = measures.sound;
  if (!measures.info.has_sound) {
    check.items.push_back(item("sound", 0, "", Verdict::kBad,
                               "the film has no sound track: lips are learned from speech, film with sound",
                               true));
    return;
  }
  if (const auto unusable = unusable_sound(sound)) {
    check.items.push_back(item("speech", sound.speech_s, "s", Verdict::kBad,
                               fmt::format("the film {}: {}", unusable->what, unusable->fix), true));
    return;
  }
  const double clipped = 100 * sound.clipped_share;
  check.items.push_back(item("clipped sound", clipped, "%", judge(clipped, 0.01, 0.2),
                             "lower the microphone's level, or move it away"));
  check.items.push_back(item("speech above noise", sound.signal_to_noise_db, "dB",
                             judge(sound.signal_to_noise_db, 30, 15),
                             "film in a quiet room, with the microphone near, without music"));
  check.items.push_back(item("speech level", sound.speech_level_db, "dB",
                             judge(sound.speech_level_db, -35, -50),
                             "raise the microphone's level, or come closer"));
  const double silence = 100 * sound.silence_share;
  check.items.push_back(item("silence", silence, "%", judge(silence, 40, 70), "speak most of the time"));
}

void check_sound_lag(FilmCheck& check, const FilmMeasures& measures) {
  if (!measures.sound_lag) return;
  const motion::SoundLag& lag = *measures.sound_lag;
  check.sound_lag = lag;
  if (!lag.certain()) {
    check.items.push_back(item("sound after the lips", NAN, "ms", Verdict::kFair,
                               describe(lag) + "; look at a word with m, b or p yourself"));
    return;
  }
  check.items.push_back(
      item("sound after the lips", lag.lag_ms, "ms",
           judge(std::abs(lag.lag_ms), motion::kLagNoticed_ms, 2.5 * motion::kLagNoticed_ms),
           fmt::format("{}: train with '--sound-offset auto' (or {:.0f})", describe(lag), lag.lag_ms)));
}

}  // namespace

std::string name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kGood:
      return "good";
    case Verdict::kFair:
      return "fair";
    case Verdict::kBad:
      return "bad";
  }
  return "bad";
}

bool FilmCheck::usable() const {
  return std::none_of(items.begin(), items.end(), [](const CheckItem& i) { return i.blocks; });
}

Verdict FilmCheck::verdict() const {
  Verdict worst = Verdict::kGood;
  for (const CheckItem& i : items) worst = std::max(worst, i.verdict);
  return worst;
}

FilmCheck check_film(const std::string& film, const FilmMeasures& measures) {
  FilmCheck check;
  check.film = film;
  check.film_s = measures.info.duration_s;
  check.checked_s = std::min(check.film_s, measures.limit_s);
  const FaceStatistics faces = statistics_of(measures.faces);
  const double seconds = faces.found / kGrid_hz;
  check.items.push_back(item("length with a face", seconds, "s", judge(seconds, 40, 15),
                             "film 45 seconds to three minutes of speech", seconds < kShortestFilm_s));
  if (check.film_s > kLongestFilm_s) {
    check.items.push_back(item("length", check.film_s / 60, "min", Verdict::kBad,
                               "cut out the best one to three minutes", true));
  }
  const double rate = measures.info.frame_rate_hz;
  const Verdict rate_verdict = measures.info.variable_frame_rate
                                   ? std::max(Verdict::kFair, judge(rate, 23.9, 15))
                                   : judge(rate, 23.9, 15);
  check.items.push_back(
      item("frame rate", rate, "frames/s", rate_verdict,
           measures.info.variable_frame_rate && rate >= 23.9
               ? "the frame rate varies: frames are picked by time; a fixed 25 or 30 is better"
               : "film at 25 or 30 frames per second"));
  check_faces(check, measures, faces);
  check_pictures(check, measures);
  check_sound(check, measures);
  check_sound_lag(check, measures);
  for (const std::string& remark : measures.remarks)
    check.items.push_back(item("how it was read", NAN, "", Verdict::kFair, remark));
  return check;
}

std::string to_text(const FilmCheck& check) {
  std::size_t width = 0;
  for (const CheckItem& i : check.items) width = std::max(width, i.name.size());
  std::string text;
  for (const CheckItem& i : check.items) {
    const std::string value = std::isfinite(i.value) ? fmt::format("{:.1f}", i.value) : "?";
    text += fmt::format("  {:<4}  {:<{}}  {:>8} {}\n", name_of(i.verdict), i.name, width, value, i.unit);
    if (!i.advice.empty()) text += fmt::format("        {:<{}}  -> {}\n", "", width, i.advice);
  }
  if (check.sound_lag && check.sound_lag->certain())
    text += fmt::format("Lips and sound: {}.\n", describe(*check.sound_lag));
  if (check.checked_s < check.film_s) {
    text +=
        fmt::format("Only the first {:.0f} s of {:.0f} s were looked at.\n", check.checked_s, check.film_s);
  }
  if (!check.usable()) {
    text += "This film cannot be used: see the lines marked bad.\n";
  } else if (check.verdict() == Verdict::kGood) {
    text += "This film is good.\n";
  } else {
    text += "This film can be used; the avatar gets better where the advice above is followed.\n";
  }
  return text;
}

nlohmann::ordered_json to_json(const FilmCheck& check) {
  nlohmann::ordered_json json;
  json["film"] = check.film;
  json["film_seconds"] = check.film_s;
  json["checked_seconds"] = check.checked_s;
  json["usable"] = check.usable();
  json["verdict"] = name_of(check.verdict());
  json["checks"] = nlohmann::ordered_json::array();
  for (const CheckItem& i : check.items) {
    json["checks"].push_back({{"name", i.name},
                              {"value", i.value},
                              {"unit", i.unit},
                              {"verdict", name_of(i.verdict)},
                              {"advice", i.advice}});
  }
  if (check.sound_lag) json["sound_lag"] = to_json(*check.sound_lag);
  return json;
}

}  // namespace anima::studio
