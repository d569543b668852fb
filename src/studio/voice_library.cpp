#include "studio/voice_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "core/error.h"
#include "core/files.h"
#include "core/nearest_match.h"
#include "core/utf8.h"
#include "media/film_reader.h"
#include "media/wav_stream.h"
#include "studio/house_presenter.h"
#include "studio/library.h"
#include "studio/person_name.h"
#include "studio/process_identity.h"
#include "studio/server_voices.h"
#include "text/language.h"
#include "voice/embedded_engine.h"
#include "voice/enrolment.h"

namespace anima::studio {
namespace fs = std::filesystem;
namespace {

constexpr int kRecordingRate_hz = 24000;
constexpr std::uint64_t kTranscriptLimit_bytes = 1U << 20U;
constexpr const char* kProfileSuffix = ".voice";
constexpr const char* kRecording = "recording.wav";
constexpr const char* kServerVoices = "server_voices.json";
// Folders of work in progress: the prefix, the voice's name, a blank, and the process at work.
constexpr const char* kAddingPrefix = ".adding-";
constexpr const char* kRemovedPrefix = ".removed-";

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return text;
}

fs::path profile_in(const fs::path& folder) {
  return folder / (folder.filename().string() + kProfileSuffix);
}

fs::path at_work(const fs::path& root, const char* prefix, const std::string& name) {
  return root / fmt::format("{}{} {}", prefix, folder_name_of(name), this_process());
}

[[noreturn]] void throw_not_written(const std::string& what, const fs::filesystem_error& error) {
  throw Error(ErrorCode::kResourceExhausted, what, "check the disk and who may write to the library",
              error.what());
}

}  // namespace

VoiceEntry voice_entry_of(const std::string& name, const fs::path& profile_path) {
  const voice::VoiceProfile profile = voice::load_voice_profile(profile_path);
  VoiceEntry entry;
  entry.voice.name = name;
  entry.voice.language = profile.language;
  entry.voice.profile = profile_path;
  entry.voice.transcript = profile.transcript;
  entry.consent = profile.consent.empty() ? kConsentNotRecorded : profile.consent;
  entry.quality = profile.quality;
  entry.speakers = voice::speakers_of(profile);
  return entry;
}

VoiceLibrary::VoiceLibrary(const fs::path& root) : root_(root / ".voices") {}

fs::path VoiceLibrary::folder(const std::string& name) const {
  return named_folder(root_, name);
}

bool VoiceLibrary::has(const std::string& name) const {
  return fs::exists(profile_in(folder(name)));
}

void VoiceLibrary::finish_interrupted_work() const {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(root_, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kAddingPrefix) && !name.starts_with(kRemovedPrefix)) continue;
    const std::size_t blank = name.find(' ');
    if (blank != std::string::npos && still_runs(name.substr(blank + 1))) continue;
    fs::remove_all(entry.path(), ignored);  // what cannot go now goes next time
  }
}

VoiceEntry VoiceLibrary::add(const AddVoiceRequest& request, const WorkContext& context) {
  require_free_name(request.name, "enrol somebody");
  finish_interrupted_work();
  const std::string name = normalised_name(request.name);
  require_distinct(name);
  const fs::path target = folder(name);
  if (fs::exists(target) && !request.replace) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("there is already a voice named '{}'", request.name),
                "choose another name, or add --replace");
  }
  if (request.consent.size() > 1000) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the consent has {} bytes, more than 1000", request.consent.size()),
                "shorten it");
  }
  if (request.transcript.size() > kTranscriptLimit_bytes ||
      find_invalid_utf8(request.transcript) != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, "the transcript is not UTF-8 text of at most 1 MB",
                "check the file");
  }
  voice::EnrolmentRequest enrolment;
  enrolment.name = name;
  enrolment.language = request.language;
  enrolment.transcript = request.transcript;
  if (enrolment.language.empty() && !request.transcript.empty()) {
    enrolment.language = text::language_of_text(request.transcript);
    if (enrolment.language == "und") enrolment.language.clear();
  }
  enrolment.consent =
      request.consent.empty() ? std::string() : fmt::format("{} ({})", request.consent, today());
  // A second more than enrolment takes, so that it sees, and says, that there is more.
  enrolment.recording = media::read_sound_beginning(request.recording, kRecordingRate_hz,
                                                    enrolment.limit_s + 1, nullptr, request.warn);
  const voice::VoiceProfile profile = voice::enrol_voice(enrolment, context);
  context.cancellation.throw_if_requested("enrolment");

  // Made aside and moved into place: a stop or a full disk leaves the old voice, or none.
  const fs::path aside = at_work(root_, kAddingPrefix, request.name);
  try {
    fs::create_directories(aside);
    voice::save_voice_profile(profile, aside / profile_in(target).filename());
    write_name_file(aside, name);
    Sound kept = std::move(enrolment.recording);
    kept.samples.resize(
        std::min(kept.samples.size(), static_cast<std::size_t>(enrolment.limit_s * kept.sample_rate_hz)));
    // A person spoke it: it must not bear the label of what Anima makes.
    write_file_atomically(aside / kRecording, media::encode_wav(kept));
    write_file_atomically(aside / "transcript.txt", enrolment.transcript);
    // What servers hold of the voice before is still to be deleted there.
    if (fs::exists(target / kServerVoices)) fs::copy_file(target / kServerVoices, aside / kServerVoices);
    if (fs::exists(target)) {
      const fs::path doomed = at_work(root_, kRemovedPrefix, request.name);
      fs::remove_all(doomed);
      fs::rename(target, doomed);
      fs::rename(aside, target);
      fs::remove_all(doomed);
    } else {
      fs::rename(aside, target);
    }
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    fs::remove_all(aside, ignored);
    throw_not_written(fmt::format("the voice could not be stored in {}", target.string()), error);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(aside, ignored);
    throw;
  }
  return get(request.name);
}

VoiceEntry VoiceLibrary::get(const std::string& name) const {
  const fs::path path = folder(name);
  const fs::path profile_path = profile_in(path);
  if (!fs::exists(profile_path)) {
    std::string there;
    std::vector<std::string> known = names();
    for (const std::string& other : known) there += (there.empty() ? "" : ", ") + other;
    known.emplace_back(kHousePresenter);
    throw Error(ErrorCode::kNotFound, fmt::format("there is no voice named '{}'", normalised_name(name)),
                did_you_mean(name, known,
                             there.empty() ? "enrol one: anima voice add NAME RECORDING"
                                           : "the voices are: " + there));
  }
  VoiceEntry entry = voice_entry_of(normalised_name(name), profile_path);
  entry.voice.recording = path / kRecording;
  entry.voice.server_voices = ServerVoices(path / kServerVoices).made_from(entry.voice.recording);
  // The text file wins over the profile: a person may have corrected it.
  if (fs::exists(path / "transcript.txt")) {
    entry.voice.transcript = read_text_file(path / "transcript.txt", kTranscriptLimit_bytes);
  }
  return entry;
}

std::vector<voice::ServerVoice> VoiceLibrary::server_voices(const std::string& name) const {
  std::vector<voice::ServerVoice> voices;
  const ServerVoices kept_by_servers(folder(name) / kServerVoices);
  for (const KeptServerVoice& kept : kept_by_servers.all()) voices.push_back(kept.voice);
  return voices;
}

void VoiceLibrary::keep_server_voice(const std::string& name, const voice::ServerVoice& voice) {
  ServerVoices(folder(name) / kServerVoices).keep(voice, folder(name) / kRecording);
}

void VoiceLibrary::forget_server_voice(const std::string& name, const voice::ServerVoice& voice) {
  ServerVoices(folder(name) / kServerVoices).forget(voice);
}

std::vector<std::string> VoiceLibrary::names() const {
  std::vector<std::string> found;
  if (!fs::exists(root_)) return found;
  for (const fs::directory_entry& entry : fs::directory_iterator(root_)) {
    const std::string folder_name = entry.path().filename().string();
    if (folder_name.starts_with('.') || !entry.is_directory() || entry.is_symlink()) continue;
    if (fs::exists(entry.path() / (folder_name + kProfileSuffix)))
      found.push_back(name_of_folder(entry.path()));
  }
  std::sort(found.begin(), found.end());
  return found;
}

void VoiceLibrary::require_distinct(const std::string& name) const {
  if (has(name)) return;  // of an old library, too, which may hold names that look alike
  require_distinct_name(name, names(), "a voice that there is already");
  require_distinct_name(name, {kHousePresenter}, "the house presenter's name");
}

std::vector<VoiceEntry> VoiceLibrary::list() const {
  finish_interrupted_work();
  std::vector<VoiceEntry> entries;
  for (const std::string& name : names()) {
    try {
      entries.push_back(get(name));
    } catch (const Error& error) {
      // One damaged voice must not hide the others.
      VoiceEntry damaged;
      damaged.voice.name = name;
      damaged.consent = kConsentNotRecorded;
      damaged.quality.verdict = "damaged";
      damaged.quality.warnings.push_back(error.what());
      entries.push_back(std::move(damaged));
    }
  }
  return entries;
}

void VoiceLibrary::remove(const std::string& name) {
  const fs::path path = folder(name);
  if (!fs::exists(path)) static_cast<void>(get(name));  // throws, naming the voices there are
  finish_interrupted_work();
  // Renamed first: after that the voice is gone even if deleting is interrupted, and whoever uses the
  // library next deletes the rest.
  const fs::path doomed = at_work(root_, kRemovedPrefix, name);
  try {
    fs::remove_all(doomed);
    fs::rename(path, doomed);
    fs::remove_all(doomed);
  } catch (const fs::filesystem_error& error) {
    throw_not_written(fmt::format("the voice {} could not be deleted from {}", name, root_.string()), error);
  }
}

}  // namespace anima::studio
