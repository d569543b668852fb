// Which film a person's avatar and work folder were made from: another film under a known name must
// neither replace a good avatar unasked nor inherit the consent that was given for the old one.
#pragma once

#include <filesystem>
#include <string>

#include "studio/library.h"
#include "studio/training_state.h"

namespace anima::studio {

// Under this key of an avatar's metadata.
inline constexpr const char* kFilmKey = "film_key";

struct FilmHistory {
  StageKey film_key;        // of the film asked about
  bool other_film = false;  // what is there was made from another one
  bool has_avatar = false;
  std::string consent;  // what is recorded and still holds; empty where nothing is
};

// Throws what reading the film throws. Avatars of versions that did not record the film's key are
// told apart by the film's path.
FilmHistory film_history(const Library& library, const std::string& person,
                         const std::filesystem::path& film);

// Throws Error(kInvalidArgument) where training would replace the avatar of another film.
void require_known_film(const FilmHistory& history, const std::string& person,
                        const std::filesystem::path& film);

}  // namespace anima::studio
