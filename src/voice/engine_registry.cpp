#include "voice/engine_registry.h"

#include "voice/chatterbox_engine.h"
#include "voice/command_engine.h"
#include "voice/cosyvoice_engine.h"
#include "voice/gpt_sovits_engine.h"
#include "voice/openai_speech_engine.h"
#include "voice/zhipu_speech_engine.h"

namespace anima::voice {

EngineRegistry::EngineRegistry(const Environment& environment, std::shared_ptr<const HttpClient> client)
    : EngineRegistryOf("speaks", environment, std::move(client)) {
  add_server("openai", make_openai_speech_engine);
  add_server("zhipu", make_zhipu_speech_engine);
  add_server("cosyvoice", make_cosyvoice_engine);
  add_server("gpt_sovits", make_gpt_sovits_engine);
  add_server("chatterbox", make_chatterbox_engine);
  add_kind("command", make_command_engine);
}

std::unique_ptr<VoiceEngine> EngineRegistry::make_ordered(const AbilityConfiguration& ability,
                                                          WarningSink warn) const {
  return make_fallback_engine(make_all(ability), std::move(warn));
}

}  // namespace anima::voice
