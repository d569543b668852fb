#include "studio/voice_workflow.h"

#include <fmt/format.h>

#include <vector>

#include "core/error.h"
#include "studio/configured.h"
#include "studio/voice_engines.h"

namespace anima::studio {
namespace {

void delete_at_servers(VoiceLibrary& voices, const std::string& name,
                       const std::vector<voice::ServerVoice>& doomed, const WarningSink& warn,
                       const WorkContext& context) {
  for (const voice::ServerVoice& server_voice : doomed) {
    try {
      const Configured configured = load_configured();
      voice_engines(configured.environment)
          .make(configured.configuration.voice.engine(server_voice.engine))
          ->delete_voice(server_voice, context);
      voices.forget_server_voice(name, server_voice);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      warn(
          fmt::format("a clone of the voice {} may still lie at the server of engine '{}', under the name "
                      "'{}': delete it there by hand, for it could not be deleted from here: {}",
                      name, server_voice.engine, server_voice.id, error.what()));
    }
  }
}

}  // namespace

VoiceEntry add_voice(VoiceLibrary& voices, const AddVoiceRequest& request, const WarningSink& warn,
                     const WorkContext& context) {
  std::vector<voice::ServerVoice> replaced;
  if (request.replace) replaced = voices.server_voices(request.name);
  voices.add(request, context);
  delete_at_servers(voices, request.name, replaced, warn, context);
  return voices.get(request.name);
}

void remove_voice(VoiceLibrary& voices, const std::string& name, const WarningSink& warn,
                  const WorkContext& context) {
  delete_at_servers(voices, name, voices.server_voices(name), warn, context);
  voices.remove(name);
}

}  // namespace anima::studio
