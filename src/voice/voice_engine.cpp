#include "voice/voice_engine.h"

#include <fmt/format.h>

#include "core/error.h"

namespace anima::voice {

bool speaks_in(const VoiceEngine& engine, const Voice& voice) {
  if (voice.name.empty() && voice.recording.empty() && voice.profile.empty()) return true;
  if (voice.server_voices.contains(engine.name())) return true;
  const EngineCapabilities capabilities = engine.capabilities();
  if (capabilities.voice_is_chosen) return true;
  if (!capabilities.clones) return false;
  return capabilities.clones_profiles ? !voice.profile.empty() : !voice.recording.empty();
}

void VoiceEngine::delete_voice(const ServerVoice& voice, const WorkContext&) {
  throw Error(ErrorCode::kUnsupported,
              fmt::format("engine '{}' cannot delete the voice '{}' at its server", name(), voice.id),
              "delete it there by hand");
}

}  // namespace anima::voice
