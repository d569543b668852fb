#include "studio/film_history.h"

#include <fmt/format.h>

#include "core/error.h"
#include "studio/person_file.h"
#include "studio/train_files.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

// Of the work folder, else of the avatar; empty where neither tells. The work folder comes first: a
// training with --fresh belongs to the new film before its first avatar is there.
std::string recorded_film_key(const Library& library, const std::string& person) {
  const TrainingState state(TrainFiles{library.work_folder(person)}.state());
  if (!state.film_key().empty()) return state.film_key();
  try {
    const auto metadata = load_person(library.avatar_path(person)).avatar.metadata;
    if (const auto found = metadata.find(kFilmKey); found != metadata.end()) return found->second;
  } catch (const Error&) {
    // None yet, or a damaged one, which nobody would miss.
  }
  return {};
}

}  // namespace

FilmHistory film_history(const Library& library, const std::string& person, const fs::path& film) {
  FilmHistory history;
  history.film_key = key_of_file(film);
  if (!library.has(person)) return history;
  const Person known = library.person(person);
  history.has_avatar = known.has_avatar;
  const std::string recorded = recorded_film_key(library, person);
  history.other_film = recorded.empty() ? !known.source_film.empty() && known.source_film != film.string()
                                        : recorded != history.film_key.text();
  if (!history.other_film && known.consent != kConsentNotRecorded) history.consent = known.consent;
  return history;
}

void require_known_film(const FilmHistory& history, const std::string& person, const fs::path& film) {
  if (!history.other_film || !history.has_avatar) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("the avatar '{}' was made from another film than '{}'", person, film.string()),
              "choose another --name, or replace the avatar with --fresh (consent is then asked for anew)");
}

}  // namespace anima::studio
