// Engines that speak, by the names of the configuration.
//
//   EngineRegistry registry(environment);
//   registry.add_kind("embedded", [](const EngineConfiguration& c) { return make_embedded_engine(c); });
//   auto engine = registry.make_ordered(configuration.voice, print_warning);
#pragma once

#include <memory>

#include "core/engine_registry.h"
#include "voice/fallback_engine.h"
#include "voice/voice_engine.h"

namespace anima::voice {

class EngineRegistry : public EngineRegistryOf<VoiceEngine> {
 public:
  // Knows the kinds openai, zhipu, cosyvoice, gpt_sovits, chatterbox and command.
  explicit EngineRegistry(const Environment& environment, std::shared_ptr<const HttpClient> client = nullptr);

  // Those of `ability.order`, with fallback from each to the next (fallback_engine.h).
  std::unique_ptr<VoiceEngine> make_ordered(const AbilityConfiguration& ability, WarningSink warn) const;
};

}  // namespace anima::voice
