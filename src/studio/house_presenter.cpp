#include "studio/house_presenter.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/error.h"
#include "core/nearest_match.h"
#include "core/tensor_file.h"
#include "studio/person_name.h"
#include "voice/embedded_engine.h"
#include "voice/measurement_sentences.h"
#include "voice/speech_stream.h"

namespace anima::studio {
namespace fs = std::filesystem;
namespace {

fs::path avatar_path() {
  return asset_folder() / fmt::format("{}.anima", kHousePresenter);
}
fs::path voice_path() {
  return asset_folder() / fmt::format("{}.voice", kHousePresenter);
}

fs::path require_asset(const fs::path& path, const std::string& what) {
  if (fs::exists(path)) return path;
  throw Error(
      ErrorCode::kNotReady,
      fmt::format("the house presenter's {} is not there: '{}' is missing", what, path.string()),
      "restore it (git checkout assets), or set ANIMA_ASSETS to the folder that holds it; or use a film of "
      "your own: ./run train FILM --name NAME");
}

}  // namespace

fs::path asset_folder() {
  const char* chosen = std::getenv("ANIMA_ASSETS");
  return chosen != nullptr && *chosen != '\0' ? fs::path(chosen) : fs::path(ANIMA_ASSETS_DIR);
}

bool is_house_presenter(std::string_view name) {
  return name == kHousePresenter;
}
bool has_house_avatar() {
  return fs::exists(avatar_path());
}
bool has_house_voice() {
  return fs::exists(voice_path());
}

fs::path house_avatar() {
  return require_asset(avatar_path(), "avatar");
}

Person house_person() {
  const fs::path path = house_avatar();
  Person person;
  person.name = kHousePresenter;
  person.consent = kHouseConsent;
  person.has_avatar = true;
  person.avatar_bytes = fs::file_size(path);
  return person;
}

VoiceEntry house_voice() {
  return voice_entry_of(kHousePresenter, require_asset(voice_path(), "voice"));
}

Sound house_recording(const WorkContext& context) {
  voice::EmbeddedEngine engine;
  voice::SpeechRequest request;
  request.language = "en";
  request.voice = house_voice().voice;
  for (const std::string& sentence : voice::enrolment_sentences("en")) request.text += sentence + " ";
  return voice::speak_text(engine, request, context).sound;
}

void require_free_name(const std::string& name, const std::string& purpose) {
  if (!is_house_presenter(normalised_name(name))) return;
  throw Error(
      ErrorCode::kInvalidArgument,
      fmt::format("'{}' is the house presenter, whom Anima brings along: her name cannot be used to {}", name,
                  purpose),
      "choose another name");
}

fs::path find_avatar(const fs::path& root, const std::string& person) {
  if (is_house_presenter(person)) return house_avatar();
  if (!fs::exists(root)) {
    throw Error(
        ErrorCode::kNotFound,
        fmt::format("there is no '{}': nobody is in the library '{}' yet", person, root.string()),
        did_you_mean(person, {kHousePresenter},
                     "train someone first (anima train FILM), or name the library's folder with --library"));
  }
  const Library library(root, false);
  static_cast<void>(library.person(person));  // throws, naming who is there
  return library.avatar_path(person);
}

VoiceEntry find_voice(const fs::path& root, const std::string& name) {
  return is_house_presenter(name) ? house_voice() : VoiceLibrary(root).get(name);
}

voice::Voice voice_of_person(const fs::path& root, const std::string& person) {
  if (is_house_presenter(person)) return house_voice().voice;
  const VoiceLibrary voices(root);
  if (voices.has(person)) return voices.get(person).voice;
  const fs::path avatar = find_avatar(root, person);
  if (fs::exists(avatar) && voice::has_voice_profile(read_tensor_file(avatar))) {
    return {.name = person, .profile = avatar};
  }
  throw Error(
      ErrorCode::kNotFound, fmt::format("{} has no voice yet", person),
      fmt::format("enrol it from the film: ./run voice add {0} --from-avatar {0}; or choose one: --voice {1}",
                  name_as_argument(normalised_name(person)), kHousePresenter));
}

}  // namespace anima::studio
