// Engines that speak, by the names of the configuration.
//
//   EngineRegistry registry(environment);
//   registry.add_kind("embedded", [](const EngineConfiguration& c) { return make_embedded_engine(c); });
//   auto engine = registry.make_ordered(configuration.voice, print_warning);
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/configuration.h"
#include "core/environment.h"
#include "core/http_client.h"
#include "voice/fallback_engine.h"
#include "voice/voice_engine.h"

namespace anima::voice {

class EngineRegistry {
 public:
  using Maker = std::function<std::unique_ptr<VoiceEngine>(const EngineConfiguration&)>;

  // Knows the kinds openai, zhipu, cosyvoice, gpt_sovits, chatterbox and command.
  explicit EngineRegistry(const Environment& environment, std::shared_ptr<const HttpClient> client = nullptr);

  // Adds or replaces a kind.
  void add_kind(const std::string& kind, Maker maker);
  std::vector<std::string> kinds() const;

  // Throws Error(kInvalidArgument) naming the kinds there are for an unknown one.
  std::unique_ptr<VoiceEngine> make(const EngineConfiguration& configuration) const;

  // Those of `ability.order`, with fallback from each to the next (fallback_engine.h).
  std::unique_ptr<VoiceEngine> make_ordered(const AbilityConfiguration& ability, WarningSink warn) const;

  // For `doctor`: each configured engine, and each known kind that is not configured.
  struct Listed {
    std::string name;
    std::string kind;
    bool in_order = false;
    EngineCapabilities capabilities;
    EngineReadiness readiness;
  };
  std::vector<Listed> list(const AbilityConfiguration& ability) const;

 private:
  std::map<std::string, Maker> makers_;
};

}  // namespace anima::voice
