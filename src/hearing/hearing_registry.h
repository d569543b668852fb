// Engines that hear, by the names of the configuration, and the fallback from one to the next.
#pragma once

#include <memory>

#include "core/engine_registry.h"
#include "core/warning_sink.h"
#include "hearing/hearing_engine.h"

namespace anima::hearing {

class HearingRegistry : public EngineRegistryOf<HearingEngine> {
 public:
  // Knows the kinds pocketsphinx, openai, zhipu and gemini.
  explicit HearingRegistry(const Environment& environment,
                           std::shared_ptr<const HttpClient> client = nullptr);

  // Those of `ability.order`: where one fails, the next one hears, and `warn` says so. What the
  // request is to blame for (kInvalidArgument, kCancelled) is thrown at once; when all failed, the error
  // of the first is thrown. Its streams begin with the first engine that is ready and knows the
  // language; they keep the sound of the utterance, so that the next engine can hear all of it.
  std::unique_ptr<HearingEngine> make_ordered(const AbilityConfiguration& ability, WarningSink warn) const;
};

}  // namespace anima::hearing
