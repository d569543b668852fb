#include "voice/engine_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "voice/chatterbox_engine.h"
#include "voice/command_engine.h"
#include "voice/cosyvoice_engine.h"
#include "voice/gpt_sovits_engine.h"
#include "voice/openai_speech_engine.h"
#include "voice/zhipu_speech_engine.h"

namespace anima::voice {

EngineRegistry::EngineRegistry(const Environment& environment, std::shared_ptr<const HttpClient> client) {
  if (!client) client = std::make_shared<const HttpClient>();
  using ServerMaker = std::unique_ptr<VoiceEngine> (*)(const EngineConfiguration&, const Environment&,
                                                       std::shared_ptr<const HttpClient>);
  const auto add_server = [&](const char* kind, ServerMaker maker) {
    add_kind(kind, [maker, environment, client](const EngineConfiguration& c) {
      return maker(c, environment, client);
    });
  };
  add_server("openai", make_openai_speech_engine);
  add_server("zhipu", make_zhipu_speech_engine);
  add_server("cosyvoice", make_cosyvoice_engine);
  add_server("gpt_sovits", make_gpt_sovits_engine);
  add_server("chatterbox", make_chatterbox_engine);
  add_kind("command", make_command_engine);
}

void EngineRegistry::add_kind(const std::string& kind, Maker maker) {
  makers_[kind] = std::move(maker);
}

std::vector<std::string> EngineRegistry::kinds() const {
  std::vector<std::string> kinds;
  for (const auto& [kind, maker] : makers_) kinds.push_back(kind);
  return kinds;
}

std::unique_ptr<VoiceEngine> EngineRegistry::make(const EngineConfiguration& configuration) const {
  const auto found = makers_.find(configuration.kind);
  if (found == makers_.end()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is no kind of engine that speaks", configuration.kind),
                fmt::format("use one of {}", fmt::join(kinds(), ", ")));
  }
  return found->second(configuration);
}

std::unique_ptr<VoiceEngine> EngineRegistry::make_ordered(const AbilityConfiguration& ability,
                                                          WarningSink warn) const {
  std::vector<std::unique_ptr<VoiceEngine>> engines;
  for (const EngineConfiguration& configuration : ability.ordered()) engines.push_back(make(configuration));
  return make_fallback_engine(std::move(engines), std::move(warn));
}

std::vector<EngineRegistry::Listed> EngineRegistry::list(const AbilityConfiguration& ability) const {
  std::vector<EngineConfiguration> configurations = ability.ordered();
  std::set<std::string> names(ability.order.begin(), ability.order.end());
  for (const auto& [name, configuration] : ability.engines) {
    if (names.insert(name).second) configurations.push_back(configuration);
  }
  for (const auto& [kind, maker] : makers_) {
    if (names.insert(kind).second) configurations.push_back(ability.engine(kind));
  }
  std::vector<Listed> list;
  for (const EngineConfiguration& configuration : configurations) {
    Listed listed{.name = configuration.name,
                  .kind = configuration.kind,
                  .in_order = false,
                  .capabilities = {},
                  .readiness = {}};
    listed.in_order =
        std::find(ability.order.begin(), ability.order.end(), configuration.name) != ability.order.end();
    try {
      const std::unique_ptr<VoiceEngine> engine = make(configuration);
      listed.capabilities = engine->capabilities();
      listed.readiness = engine->readiness();
    } catch (const Error& error) {  // a configuration that makes no sense is what `doctor` is to show
      listed.readiness.ready = false;
      listed.readiness.what_to_do = error.what();
    }
    list.push_back(std::move(listed));
  }
  return list;
}

}  // namespace anima::voice
