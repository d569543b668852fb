// Names of people in the library: they are folder names, so they are kept harmless.
#pragma once

#include <filesystem>
#include <string>

namespace anima::studio {

// Throws Error(kInvalidArgument) unless `name` has 1 to 64 characters, all of them letters a-z
// and A-Z, digits, '-' or '_', and does not start with '-'.
void require_person_name(const std::string& name);

// A valid name made from a film's file name: "My film (2).mp4" becomes "My-film-2".
std::string person_name_from(const std::filesystem::path& film);

}  // namespace anima::studio
