// Mira, the house presenter: a person who is nobody (a computer-generated woman), shipped with Anima
// so that there is somebody to meet before anyone was filmed.
//
//   assets/mira.anima   her avatar, trained like anybody's
//   assets/mira.voice   her voice: flite's "slt" in English, eSpeak NG in slt's timbre else
//
// She needs no library. Her name is nobody else's: `require_free_name` keeps it free.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "studio/library.h"
#include "studio/voice_library.h"

namespace anima::studio {

inline constexpr const char* kHousePresenter = "mira";
inline constexpr const char* kHouseConsent = "nobody: a computer-generated person";

// The folder of the assets: the environment variable ANIMA_ASSETS, else the one of the source tree
// this was built from. It may be missing.
std::filesystem::path asset_folder();

bool is_house_presenter(std::string_view name);
bool has_house_avatar();
bool has_house_voice();

// As the library would have her. Error(kNotReady) that says what to do where a file is missing.
std::filesystem::path house_avatar();
Person house_person();
VoiceEntry house_voice();

// Half a minute of her speech, as reference to compare with: nobody recorded her.
Sound house_recording(const WorkContext& context);

// Throws Error(kInvalidArgument) for her name: `purpose` is what it was wanted for ("train").
void require_free_name(const std::string& name, const std::string& purpose);

// Whose avatar and whose voice: the house presenter's, or the library's at `root`, which need not
// exist for her. Errors are those of Library and VoiceLibrary.
std::filesystem::path find_avatar(const std::filesystem::path& root, const std::string& person);
VoiceEntry find_voice(const std::filesystem::path& root, const std::string& name);

// The voice in which a person speaks when none is named: an enrolled voice of the same name, else
// one inside of the person's avatar file. Error(kNotFound), saying how to enrol one.
voice::Voice voice_of_person(const std::filesystem::path& root, const std::string& person);

}  // namespace anima::studio
