#include "voice/fallback_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "core/error.h"

namespace anima::voice {
namespace {

constexpr double kRest_s = 30;

bool blames_the_request(ErrorCode code) {
  return code == ErrorCode::kInvalidArgument || code == ErrorCode::kCancelled ||
         code == ErrorCode::kUnusableInput;
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
    std::optional<Error> first_error;
    for (std::size_t i = 0; i < engines_.size(); ++i) {
      VoiceEngine& engine = *engines_[i];
      const bool last = i + 1 == engines_.size();
      if (!last && resting(i)) continue;
      bool any_sound = false;
      try {
        if (!suits(engine, request)) {
          throw Error(ErrorCode::kUnsupported,
                      fmt::format("engine '{}' does not speak '{}'", engine.name(), request.language),
                      "choose another engine for this language");
        }
        engine.synthesize(
            request,
            [&](const SpeechPiece& piece) {
              any_sound = true;
              sink(piece);
            },
            context);
        return;
      } catch (const Error& error) {
        if (any_sound || blames_the_request(error.code())) throw;
        if (error.code() != ErrorCode::kUnsupported) rest(i);
        if (!first_error) first_error = error;
        if (last) throw Error(*first_error);
        if (warn_) warn_(fmt::format("{}; '{}' speaks instead", error.what(), engines_[i + 1]->name()));
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

  static bool suits(const VoiceEngine& engine, const SpeechRequest& request) {
    const std::vector<std::string> languages = engine.capabilities().languages;
    return request.language.empty() || languages.empty() ||
           std::find(languages.begin(), languages.end(), request.language) != languages.end();
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
};

}  // namespace

std::unique_ptr<VoiceEngine> make_fallback_engine(std::vector<std::unique_ptr<VoiceEngine>> engines,
                                                  WarningSink warn) {
  return std::make_unique<FallbackEngine>(std::move(engines), std::move(warn));
}

}  // namespace anima::voice
