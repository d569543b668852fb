#include "studio/film_voice.h"

#include <fmt/format.h>

#include "core/error.h"
#include "hearing/pocketsphinx_engine.h"
#include "media/film_reader.h"
#include "studio/person_name.h"
#include "studio/voice_library.h"

namespace anima::studio {

std::string_view name_of(FilmVoice voice) {
  switch (voice) {
    case FilmVoice::kEnrolled:
      return "enrolled";
    case FilmVoice::kKept:
      return "kept";
    case FilmVoice::kUnusable:
      return "unusable";
    case FilmVoice::kNotAskedFor:
      break;
  }
  return "not asked for";
}

namespace {

constexpr double kHeard_s = 12;

// "en", or "und" for what is heard not to be English: retrieval among foreign sounds would lose words
// (voice/conversion.h). Empty where nobody can hear.
std::string language_of_film(const std::filesystem::path& film, const WorkContext& context) {
  try {
    const auto engine = hearing::make_pocketsphinx_engine({.name = "pocketsphinx", .kind = "pocketsphinx"});
    if (!engine->readiness().ready) return {};
    const Sound sound = media::read_sound_beginning(film, hearing::kHearingRate_hz, kHeard_s);
    const hearing::Transcript heard = engine->transcribe(sound, {}, context);
    if (heard.confidence < 0) return {};
    return heard.confidence >= hearing::kDoubtfulBelow ? "en" : "und";
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    return {};  // the enrolment itself says what is wrong with the sound
  }
}

}  // namespace

FilmVoice enrol_film_voice(const Library& library, const std::string& person,
                           const std::filesystem::path& film, const WarningSink& warn,
                           const WorkContext& context) {
  VoiceLibrary voices(library.root());
  if (voices.has(person)) return FilmVoice::kKept;
  AddVoiceRequest request;
  request.name = person;
  request.recording = film;
  request.language = language_of_film(film, context);
  request.warn = warn;  // a sound that ends early must not undo a training
  const std::string consent = library.person(person).consent;
  if (consent != kConsentNotRecorded) request.consent = consent;
  try {
    const VoiceEntry entry = voices.add(request, context);
    for (const std::string& warning : entry.quality.warnings)
      warn(fmt::format("the voice of {}: {}", person, warning));
    return FilmVoice::kEnrolled;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnusableInput && error.code() != ErrorCode::kInvalidArgument &&
        error.code() != ErrorCode::kUnsupported && error.code() != ErrorCode::kNotReady)
      throw;
    warn(fmt::format(
        "no voice was enrolled from the film: {}; enrol one from another recording with: anima voice add "
        "{} RECORDING",
        error.message(), name_as_argument(person)));
    return FilmVoice::kUnusable;
  }
}

}  // namespace anima::studio
