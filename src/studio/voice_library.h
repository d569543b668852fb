// The enrolled voices of a library.
//
//   LIBRARY/.voices/NAME/NAME.voice      what the embedded engine needs (voice/voice_profile.h)
//   LIBRARY/.voices/NAME/recording.wav   the reference, for engines that clone by themselves
//   LIBRARY/.voices/NAME/transcript.txt  what is said in it; a person may correct it
//   LIBRARY/.voices/NAME/server_voices.json  what servers hold of it (studio/server_voices.h)
//   LIBRARY/.voices/NAME/measure.html    the page of `anima voice measure`
//   LIBRARY/.voices/NAME/.name           the name, where the folder cannot bear it (studio/person_name.h)
//
// Everything derived from a recording lies in that one folder, so that deleting it deletes all; what
// servers hold is deleted by studio/voice_workflow.h. Work that was interrupted (.adding-*, .removed-*) is
// cleared away by the next `add`, `list` or `remove`. The dot keeps the folder out of the names that people
// can have.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/sound.h"
#include "core/warning_sink.h"
#include "voice/voice_engine.h"
#include "voice/voice_profile.h"

namespace anima::studio {

struct VoiceEntry {
  voice::Voice voice;
  std::string consent;  // "NAME, how (date)", or kConsentNotRecorded
  voice::VoiceQuality quality;
  std::string speakers;  // who speaks which language for it (voice::speakers_of)
};

// What a profile file says of its voice; recording and transcript file are the caller's.
VoiceEntry voice_entry_of(const std::string& name, const std::filesystem::path& profile);

struct AddVoiceRequest {
  std::string name;
  std::filesystem::path recording;  // any sound or film
  std::string language;             // empty: from the transcript
  std::string transcript;           // empty: made by `transcribe`, where that is possible
  std::string consent;              // empty: not recorded
  bool replace = false;             // an enrolled voice of this name
  WarningSink warn = {};            // is told how the recording was read
};

class VoiceLibrary {
 public:
  // `root` is the library's; nothing is made before the first `add`.
  explicit VoiceLibrary(const std::filesystem::path& root);

  // Enrols: all files appear together or none does. Throws what reading and enrolling throw, and
  // Error(kInvalidArgument) for a bad name or one that is taken.
  VoiceEntry add(const AddVoiceRequest& request, const WorkContext& context);
  std::vector<VoiceEntry> list() const;
  std::vector<std::string> names() const;  // of the same, sorted
  // Error(kNotFound), naming the voices there are.
  VoiceEntry get(const std::string& name) const;
  bool has(const std::string& name) const;
  // Deletes the voice and everything made from it here.
  void remove(const std::string& name);

  // What servers hold of the voice, of replaced recordings too: nothing where there is no such voice.
  std::vector<voice::ServerVoice> server_voices(const std::string& name) const;
  void keep_server_voice(const std::string& name, const voice::ServerVoice& voice);
  void forget_server_voice(const std::string& name, const voice::ServerVoice& voice);

  std::filesystem::path folder(const std::string& name) const;  // checks the name
  // Where the embedded engine keeps what it learnt of its source speakers.
  std::filesystem::path cache_folder() const { return root_ / ".cache"; }

 private:
  void finish_interrupted_work() const;
  // Throws Error(kInvalidArgument) where `name` is new, and looks like another voice's.
  void require_distinct(const std::string& name) const;

  std::filesystem::path root_;  // LIBRARY/.voices
};

}  // namespace anima::studio
