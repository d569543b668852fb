// Engines that hear, by the names of the configuration, and the fallback from one to the next.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/configuration.h"
#include "core/environment.h"
#include "core/http_client.h"
#include "hearing/hearing_engine.h"

namespace anima::hearing {

// Told to a person, e.g. on the terminal.
using WarningSink = std::function<void(const std::string& warning)>;

class HearingRegistry {
 public:
  using Maker = std::function<std::unique_ptr<HearingEngine>(const EngineConfiguration&)>;

  // Knows the kinds pocketsphinx, openai, zhipu and gemini.
  explicit HearingRegistry(const Environment& environment,
                           std::shared_ptr<const HttpClient> client = nullptr);

  void add_kind(const std::string& kind, Maker maker);  // or replaces it
  std::vector<std::string> kinds() const;

  // Throws Error(kInvalidArgument) naming the kinds there are for an unknown one.
  std::unique_ptr<HearingEngine> make(const EngineConfiguration& configuration) const;

  // Those of `ability.order`: where one fails, the next one hears, and `warn` says so. What the
  // request is to blame for (kInvalidArgument, kCancelled) is thrown at once; when all failed, the error
  // of the first is thrown. Its streams are of the first engine that is ready and knows the language.
  std::unique_ptr<HearingEngine> make_ordered(const AbilityConfiguration& ability, WarningSink warn) const;

  // For `doctor`: each configured engine, and each known kind that is not configured.
  struct Listed {
    std::string name;
    std::string kind;
    bool in_order = false;
    HearingCapabilities capabilities = {};
    EngineReadiness readiness = {};
  };
  std::vector<Listed> list(const AbilityConfiguration& ability) const;

 private:
  std::map<std::string, Maker> makers_;
};

}  // namespace anima::hearing
