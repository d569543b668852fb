// Names of people and of voices, as people see them, and the folders that are named after them.
//
// A name is written in any script: 张三, Zoë, Мария, "Anna-Lena O'Hara". Its folder is named in ASCII, so
// that it can be copied, mounted and typed anywhere: a name of letters a-z, digits, '-' and '_' is its own
// folder; any other becomes its Latin letters and a mark of its own ("zhang-san-5f1c09ab").
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace anima::studio {

// `name` in its one form: Unicode NFC, full-width letters as others, runs of blanks as one, none at its ends.
// Throws Error(kInvalidArgument) unless it has 1 to 64 characters (200 bytes at most), all of them letters,
// digits and their marks in any script, or one of " -_'’.·・" inside, beginning with a letter, a digit or
// '_', and each word is of one script (Latin may stand beside Chinese, Japanese and Korean). What nobody sees
// is refused, but for the joiners that the spelling of some scripts asks for.
std::string normalised_name(const std::string& name);
void require_person_name(const std::string& name);

// The name of its folder: at most 64 letters a-z and A-Z, digits, '-' and '_'.
std::string folder_name_of(const std::string& name);

// The name as a word of a command line that is shown: in quotes where a shell needs them.
std::string name_as_argument(const std::string& name);

// Alike for names that look alike (Unicode UTS #39, section 4): "pаul" with a Cyrillic letter and "paul".
std::string name_skeleton(const std::string& name);
// Whether people, or folders, would take one for the other: alike but for upper and lower case, too.
bool look_alike(const std::string& name, const std::string& other);
// Throws Error(kInvalidArgument) where a new name looks like one of `others`. `who` they are, for the
// message: "a voice that there is already".
void require_distinct_name(const std::string& name, const std::vector<std::string>& others,
                           const std::string& who);

// A valid name made from a film's file name: "My film (2).mp4" becomes "My-film-2".
std::string person_name_from(const std::filesystem::path& film);

// The folder of `name` in `root`: the one that is there, also where another version of ICU gave it other
// Latin letters; else where it is to be made. Throws Error(kInvalidArgument) where a symbolic link stands
// there, so that nothing outside of `root` is ever touched.
std::filesystem::path named_folder(const std::filesystem::path& root, const std::string& name);

// A folder that cannot bear the name keeps it in a file, ".name"; for other names nothing is written. What
// the file says counts only where the folder ends in the mark of that name; else the folder's own name does.
void write_name_file(const std::filesystem::path& folder, const std::string& name);
std::string name_of_folder(const std::filesystem::path& folder);

}  // namespace anima::studio
