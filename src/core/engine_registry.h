// Engines of one ability by the names of the configuration: what the registries of those that speak
// and those that hear share.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/configuration.h"
#include "core/engine_readiness.h"
#include "core/environment.h"
#include "core/error.h"
#include "core/http_client.h"
#include "core/nearest_match.h"

namespace anima {

// `Engine` has `capabilities()` and `readiness()`.
template <typename Engine>
class EngineRegistryOf {
 public:
  using Maker = std::function<std::unique_ptr<Engine>(const EngineConfiguration&)>;

  // Adds or replaces a kind.
  void add_kind(const std::string& kind, Maker maker) { makers_[kind] = std::move(maker); }

  std::vector<std::string> kinds() const {
    std::vector<std::string> kinds;
    for (const auto& [kind, maker] : makers_) kinds.push_back(kind);
    return kinds;
  }

  // Throws Error(kInvalidArgument) naming the kinds there are, or the nearest of them and of the `others`
  // that may be meant, for an unknown one.
  std::unique_ptr<Engine> make(const EngineConfiguration& configuration,
                               const std::vector<std::string>& others = {}) const {
    const auto found = makers_.find(configuration.kind);
    if (found == makers_.end()) {
      std::vector<std::string> names = kinds();
      names.insert(names.end(), others.begin(), others.end());
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("'{}' is no kind of engine that {}", configuration.kind, ability_),
          did_you_mean(configuration.kind, names, fmt::format("use one of {}", fmt::join(kinds(), ", "))));
    }
    return found->second(configuration);
  }

  // For `doctor`: each configured engine, those of the order first, and each known kind that is not
  // configured.
  struct Listed {
    std::string name = {};
    std::string kind = {};
    bool in_order = false;
    decltype(std::declval<const Engine&>().capabilities()) capabilities = {};
    EngineReadiness readiness = {};
  };
  std::vector<Listed> list(const AbilityConfiguration& ability) const {
    std::vector<EngineConfiguration> configurations = ability.configured();
    for (const auto& [kind, maker] : makers_) {
      const bool known = std::any_of(configurations.begin(), configurations.end(),
                                     [&](const EngineConfiguration& c) { return c.name == kind; });
      if (!known) configurations.push_back(ability.engine(kind));
    }
    std::vector<Listed> list;
    for (const EngineConfiguration& configuration : configurations) {
      Listed listed{.name = configuration.name, .kind = configuration.kind};
      listed.in_order =
          std::find(ability.order.begin(), ability.order.end(), configuration.name) != ability.order.end();
      try {
        const std::unique_ptr<Engine> engine = make(configuration);
        listed.capabilities = engine->capabilities();
        listed.readiness = engine->readiness();
      } catch (const Error& error) {  // a configuration that makes no sense is what `doctor` is to show
        listed.readiness = {.what_to_do = error.what()};
      }
      list.push_back(std::move(listed));
    }
    return list;
  }

 protected:
  // `ability`: "speaks", for messages. `client`: null for one of its own.
  EngineRegistryOf(std::string ability, Environment environment, std::shared_ptr<const HttpClient> client)
      : ability_(std::move(ability)),
        environment_(std::move(environment)),
        client_(client ? std::move(client) : std::make_shared<const HttpClient>()) {}

  using ServerMaker = std::unique_ptr<Engine> (*)(const EngineConfiguration&, const Environment&,
                                                  std::shared_ptr<const HttpClient>);
  void add_server(const std::string& kind, ServerMaker maker) {
    add_kind(kind, [maker, environment = environment_, client = client_](const EngineConfiguration& c) {
      return maker(c, environment, client);
    });
  }

  // Those of `ability.order`.
  std::vector<std::unique_ptr<Engine>> make_all(const AbilityConfiguration& ability) const {
    std::vector<std::unique_ptr<Engine>> engines;
    std::vector<std::string> configured;
    for (const auto& [name, engine] : ability.engines) configured.push_back(name);
    for (const EngineConfiguration& configuration : ability.ordered())
      engines.push_back(make(configuration, configured));
    return engines;
  }

 private:
  std::string ability_;
  Environment environment_;
  std::shared_ptr<const HttpClient> client_;
  std::map<std::string, Maker> makers_;
};

}  // namespace anima
