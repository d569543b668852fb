#include "voice/fallback_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>

#include "core/error.h"

namespace anima::voice {
namespace {

constexpr double kRest_s = 30;

bool blames_the_request(ErrorCode code) {
  return code == ErrorCode::kInvalidArgument || code == ErrorCode::kCancelled;
}

class FallbackEngine final : public VoiceEngine {
 public:
  FallbackEngine(std::vector<std::unique_ptr<VoiceEngine>> engines, WarningSink warn)
      : engines_(std::move(engines)), warn_(std::move(warn)), failed_s_(engines_.size(), -1e9) {
    if (engines_.empty())
      throw Error(ErrorCode::kInvalidArgument, "no engine to speak with", "configure at least one");
  }

  std::string name() const override { return engines_.front()->name(); }
  EngineCapabilities capabilities() const override {
    EngineCapabilities capabilities = preferred().capabilities();
    // A text must fit whoever takes over.
    for (const auto& engine : engines_) {
      const int limit = engine->capabilities().text_limit_characters;
      if (limit > 0 &&
          (capabilities.text_limit_characters == 0 || limit < capabilities.text_limit_characters))
        capabilities.text_limit_characters = limit;
    }
    return capabilities;
  }

  EngineReadiness readiness() const override {
    EngineReadiness first = engines_.front()->readiness();
    for (const auto& engine : engines_) {
      EngineReadiness readiness = engine->readiness();
      if (readiness.ready) return readiness;
    }
    return first;
  }

  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    const std::vector<std::size_t> order = order_for(request);
    std::optional<Error> first_error;
    for (std::size_t place = 0; place < order.size(); ++place) {
      const std::size_t i = order[place];
      VoiceEngine& engine = *engines_[i];
      const bool last = place + 1 == order.size();
      if (!last && resting(i)) continue;
      bool any_sound = false;
      try {
        if (!speaks_language(engine, request)) {
          throw Error(ErrorCode::kUnsupported,
                      fmt::format("engine '{}' does not speak '{}'", engine.name(), request.language),
                      "choose another engine for this language");
        }
        engine.synthesize(
            request,
            [&](const SpeechPiece& piece) {
              if (!any_sound) warn_of_what_is_ignored(engine, request);
              any_sound = true;
              sink(piece);
            },
            context);
        return;
      } catch (const Error& error) {
        if (blames_the_request(error.code())) throw;
        if (any_sound && (last || !request.start_over || !request.start_over())) throw;
        // What an engine cannot do with this voice or language says nothing of the next request.
        const bool able =
            error.code() != ErrorCode::kUnsupported && error.code() != ErrorCode::kUnusableInput;
        if (able) rest(i);
        if (!first_error) first_error = error;
        if (last) throw Error(*first_error);
        const std::string warning =
            fmt::format("{}; '{}' speaks instead", error.what(), engines_[order[place + 1]]->name());
        if (!able) {
          warn_once(warning);
        } else if (warn_) {
          warn_(warning);
        }
      }
    }
  }

 private:
  VoiceEngine& preferred() const {
    for (const auto& engine : engines_) {
      if (engine->readiness().ready) return *engine;
    }
    return *engines_.front();
  }

  static bool speaks_language(const VoiceEngine& engine, const SpeechRequest& request) {
    const std::vector<std::string> languages = engine.capabilities().languages;
    return request.language.empty() || languages.empty() ||
           std::find(languages.begin(), languages.end(), request.language) != languages.end();
  }

  // The engines that speak in the voice first: a stranger's voice is for where there is no other.
  std::vector<std::size_t> order_for(const SpeechRequest& request) {
    std::vector<std::size_t> order(engines_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t i) { return speaks_in(*engines_[i], request.voice); });
    if (order.front() != 0) {
      warn_once(fmt::format("engine '{}' cannot speak in the voice {}; '{}' speaks instead",
                            engines_.front()->name(), request.voice.name, engines_[order.front()]->name()));
    }
    return order;
  }

  void warn_of_what_is_ignored(const VoiceEngine& engine, const SpeechRequest& request) {
    if (!speaks_in(engine, request.voice)) {
      warn_once(
          fmt::format("engine '{0}' cannot speak in the voice {1}: it speaks in one of its own (name the "
                      "server's voice that you want with 'voice' of engine '{0}' in the configuration, or "
                      "choose an engine that clones)",
                      engine.name(), request.voice.name));
    }
    if (request.speed != 1 && engine.capabilities().ignores_speed) {
      warn_once(
          fmt::format("engine '{}' cannot change its speed: {:g} is ignored", engine.name(), request.speed));
    }
  }

  void warn_once(const std::string& warning) {
    {
      const std::lock_guard lock(mutex_);
      if (!told_.insert(warning).second) return;
    }
    if (warn_) warn_(warning);
  }

  bool resting(std::size_t i) const {
    const std::lock_guard lock(mutex_);
    return monotonic_s() - failed_s_[i] < kRest_s;
  }
  void rest(std::size_t i) {
    const std::lock_guard lock(mutex_);
    failed_s_[i] = monotonic_s();
  }

  std::vector<std::unique_ptr<VoiceEngine>> engines_;
  WarningSink warn_;
  mutable std::mutex mutex_;
  std::vector<double> failed_s_;  // when each failed last
  std::set<std::string> told_;    // warnings that need no second time
};

}  // namespace

std::unique_ptr<VoiceEngine> make_fallback_engine(std::vector<std::unique_ptr<VoiceEngine>> engines,
                                                  WarningSink warn) {
  return std::make_unique<FallbackEngine>(std::move(engines), std::move(warn));
}

}  // namespace anima::voice
