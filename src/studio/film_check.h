// Is this film good enough to make an avatar from, and what should be filmed again?
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "face/tracked_film.h"
#include "media/film_info.h"
#include "motion/sound_lag.h"
#include "studio/frame_measures.h"
#include "studio/sound_measures.h"

namespace anima::studio {

enum class Verdict { kGood, kFair, kBad };
std::string name_of(Verdict verdict);  // "good", "fair", "bad"

struct CheckItem {
  std::string name;  // "face size"
  double value = 0;
  std::string unit;  // "px", "%", ...
  Verdict verdict = Verdict::kGood;
  std::string advice;   // what to do; empty when good
  bool blocks = false;  // bad enough that no avatar can be made
};

struct FilmCheck {
  std::string film;
  std::vector<CheckItem> items;
  std::optional<motion::SoundLag> sound_lag;  // of a film with a face and speech
  double film_s = 0;                          // what the container says
  double checked_s = 0;                       // what was looked at, from the beginning

  bool usable() const;
  Verdict verdict() const;  // the worst of all items
};

// Everything that was measured, one entry per frame on the 25 Hz grid.
struct FilmMeasures {
  media::FilmInfo info;
  std::span<const face::FaceObservation>
      faces;                    // in pixels of the square measured; counts also of the whole picture
  double source_px_per_px = 1;  // source pixels per pixel of that square
  std::span<const FrameMeasures> frames;
  double background_change = 0;  // BackgroundWatch::background_change
  SoundMeasures sound;
  double ambiguous_share = 0;  // of the frames: two faces in the square, or two that are nearly as large
  int cuts = 0;
  std::optional<motion::SoundLag> sound_lag;  // none: not measured
  double limit_s = 1e9;                       // nothing beyond was looked at
  std::vector<std::string> remarks;           // of the readers: tracks, channels, lengths
};

// In more of a film's frames than this, nobody can tell of which face the avatar is to be made.
inline constexpr double kMostAmbiguousFrames = 0.5;

FilmCheck check_film(const std::string& film, const FilmMeasures& measures);

// Aligned lines with the verdicts and advice, and one closing line.
std::string to_text(const FilmCheck& check);
// {"film", "film_seconds", "checked_seconds", "usable", "verdict", "checks": [{"name", "value", "unit",
// "verdict", "advice"}], "sound_lag": {...} (studio/sound_offset.h)}. A value that is not known is null.
nlohmann::ordered_json to_json(const FilmCheck& check);

}  // namespace anima::studio
