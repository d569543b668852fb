#include "hearing/hearing_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/error.h"
#include "hearing/gemini_engine.h"
#include "hearing/openai_transcription_engine.h"
#include "hearing/pocketsphinx_engine.h"
#include "hearing/zhipu_transcription_engine.h"

namespace anima::hearing {
namespace {

class OrderedEngines final : public HearingEngine {
 public:
  OrderedEngines(std::vector<std::unique_ptr<HearingEngine>> engines, WarningSink warn)
      : engines_(std::move(engines)), warn_(std::move(warn)) {
    if (engines_.empty())
      throw Error(ErrorCode::kInvalidArgument, "no engine to hear with", "configure at least one");
  }

  std::string name() const override { return engines_.front()->name(); }
  HearingCapabilities capabilities() const override { return preferred({}).capabilities(); }
  EngineReadiness readiness() const override { return preferred({}).readiness(); }

  Transcript transcribe(const Sound& sound, const HearingRequest& request,
                        const WorkContext& context) override {
    std::optional<Error> first_error;
    for (std::size_t i = 0; i < engines_.size(); ++i) {
      try {
        Transcript transcript = engines_[i]->transcribe(sound, request, context);
        transcript.engine = engines_[i]->name();
        return transcript;
      } catch (const Error& error) {
        if (error.code() == ErrorCode::kInvalidArgument || error.code() == ErrorCode::kCancelled) throw;
        if (!first_error) first_error = error;
        if (i + 1 == engines_.size()) break;
        if (warn_) warn_(fmt::format("{}; '{}' listens instead", error.what(), engines_[i + 1]->name()));
      }
    }
    throw Error(*first_error);
  }

  std::unique_ptr<HearingStream> open_stream(const HearingRequest& request) override {
    return preferred(request.language).open_stream(request);
  }

 private:
  HearingEngine& preferred(const std::string& language) const {
    for (const auto& engine : engines_) {
      const std::vector<std::string> languages = engine->capabilities().languages;
      const bool knows = language.empty() || languages.empty() ||
                         std::find(languages.begin(), languages.end(), language) != languages.end();
      if (knows && engine->readiness().ready) return *engine;
    }
    return *engines_.front();
  }

  std::vector<std::unique_ptr<HearingEngine>> engines_;
  WarningSink warn_;
};

}  // namespace

HearingRegistry::HearingRegistry(const Environment& environment, std::shared_ptr<const HttpClient> client) {
  if (!client) client = std::make_shared<const HttpClient>();
  using ServerMaker = std::unique_ptr<HearingEngine> (*)(const EngineConfiguration&, const Environment&,
                                                         std::shared_ptr<const HttpClient>);
  const auto add_server = [&](const char* kind, ServerMaker maker) {
    add_kind(kind, [maker, environment, client](const EngineConfiguration& c) {
      return maker(c, environment, client);
    });
  };
  add_kind("pocketsphinx", make_pocketsphinx_engine);
  add_server("openai", make_openai_transcription_engine);
  add_server("zhipu", make_zhipu_transcription_engine);
  add_server("gemini", make_gemini_engine);
}

void HearingRegistry::add_kind(const std::string& kind, Maker maker) {
  makers_[kind] = std::move(maker);
}

std::vector<std::string> HearingRegistry::kinds() const {
  std::vector<std::string> kinds;
  for (const auto& [kind, maker] : makers_) kinds.push_back(kind);
  return kinds;
}

std::unique_ptr<HearingEngine> HearingRegistry::make(const EngineConfiguration& configuration) const {
  const auto found = makers_.find(configuration.kind);
  if (found == makers_.end()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is no kind of engine that hears", configuration.kind),
                fmt::format("use one of {}", fmt::join(kinds(), ", ")));
  }
  return found->second(configuration);
}

std::unique_ptr<HearingEngine> HearingRegistry::make_ordered(const AbilityConfiguration& ability,
                                                             WarningSink warn) const {
  std::vector<std::unique_ptr<HearingEngine>> engines;
  for (const EngineConfiguration& configuration : ability.ordered()) engines.push_back(make(configuration));
  return std::make_unique<OrderedEngines>(std::move(engines), std::move(warn));
}

std::vector<HearingRegistry::Listed> HearingRegistry::list(const AbilityConfiguration& ability) const {
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
    Listed listed{.name = configuration.name, .kind = configuration.kind};
    listed.in_order =
        std::find(ability.order.begin(), ability.order.end(), configuration.name) != ability.order.end();
    try {
      const std::unique_ptr<HearingEngine> engine = make(configuration);
      listed.capabilities = engine->capabilities();
      listed.readiness = engine->readiness();
    } catch (const Error& error) {  // a configuration that makes no sense is what `doctor` is to show
      listed.readiness.what_to_do = error.what();
    }
    list.push_back(std::move(listed));
  }
  return list;
}

}  // namespace anima::hearing
