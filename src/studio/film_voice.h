// The voice that comes with an avatar: enrolled from the film, so that `say NAME` works after `train`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/progress.h"
#include "core/warning_sink.h"
#include "studio/library.h"

namespace anima::studio {

enum class FilmVoice {
  kEnrolled,
  kKept,         // a voice of that name was there
  kUnusable,     // the film's sound is not good enough; `warn` was told why
  kNotAskedFor,  // --no-voice
};
std::string_view name_of(FilmVoice voice);  // "enrolled", "kept", "unusable", "not asked for"

// Enrols the sound of `film` as the voice of `person`, under the consent that the library has for them,
// unless there is a voice of that name. What cannot be enrolled is no failure: `warn` is told why and what to
// do. No transcript is made: the embedded engine needs none. Whether English is spoken is heard in
// the first seconds; any other language is "und".
// Throws what is nobody's sound: Error(kCancelled), a full disk.
FilmVoice enrol_film_voice(const Library& library, const std::string& person,
                           const std::filesystem::path& film, const WarningSink& warn,
                           const WorkContext& context);

}  // namespace anima::studio
