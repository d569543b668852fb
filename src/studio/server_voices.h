// What servers hold of an enrolled voice, so that it is made there once, and deleted there too.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "voice/voice_engine.h"

namespace anima::studio {

struct KeptServerVoice {
  voice::ServerVoice voice;
  std::string recording;  // key of the content it was made from
};

// A file `server_voices.json` in the folder of a voice. Entries of an earlier recording stay until
// what they name is deleted.
class ServerVoices {
 public:
  // A missing file holds nothing. Throws Error(kCorruptData) for one that makes no sense: what it
  // named lies at a server and would be forgotten.
  explicit ServerVoices(std::filesystem::path file);

  const std::vector<KeptServerVoice>& all() const { return kept_; }
  // Engine -> id of those that were made from this recording, the latest where there are several.
  std::map<std::string, std::string> made_from(const std::filesystem::path& recording) const;

  // Both write the file, atomically.
  void keep(const voice::ServerVoice& voice, const std::filesystem::path& recording);
  void forget(const voice::ServerVoice& voice);

 private:
  void write() const;

  std::filesystem::path file_;
  std::vector<KeptServerVoice> kept_;
};

}  // namespace anima::studio
