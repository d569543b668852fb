#include "hearing/hearing_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "core/error.h"
#include "hearing/gemini_engine.h"
#include "hearing/openai_transcription_engine.h"
#include "hearing/pocketsphinx_engine.h"
#include "hearing/zhipu_transcription_engine.h"

namespace anima::hearing {
namespace {

using Engines = std::vector<std::unique_ptr<HearingEngine>>;

bool blames_the_request(const Error& error) {
  return error.code() == ErrorCode::kInvalidArgument || error.code() == ErrorCode::kCancelled;
}

bool knows(const HearingEngine& engine, const std::string& language) {
  const std::vector<std::string> languages = engine.capabilities().languages;
  return language.empty() || languages.empty() ||
         std::find(languages.begin(), languages.end(), language) != languages.end();
}

// Hears with one engine, and keeps the sound, so that another one can hear the whole utterance where
// that one fails.
class FallbackStream final : public HearingStream {
 public:
  // `engines`, in order, at least one, and what they refer to outlive the stream.
  FallbackStream(std::vector<HearingEngine*> engines, HearingRequest request, const WarningSink& warn)
      : engines_(std::move(engines)), request_(std::move(request)), warn_(warn) {}

  void push(std::span<const float> samples, const WorkContext& context) override {
    require_bounded(heard_.size() + samples.size());
    heard_.insert(heard_.end(), samples.begin(), samples.end());
    attempt([&] {
      if (stream_) {
        stream_->push(samples, context);
      } else {
        open(context);
      }
    });
  }

  std::string partial() const override { return stream_ ? stream_->partial() : std::string(); }

  Transcript finish(const WorkContext& context) override {
    Transcript transcript;
    attempt([&] {
      if (!stream_) open(context);
      transcript = stream_->finish(context);
      transcript.engine = engines_[at_]->name();
    });
    return transcript;
  }

 private:
  void open(const WorkContext& context) {
    stream_ = engines_[at_]->open_stream(request_);
    if (!heard_.empty()) stream_->push(heard_, context);
  }

  void attempt(const std::function<void()>& act) {
    while (true) {
      try {
        return act();
      } catch (const Error& error) {
        if (blames_the_request(error)) throw;
        if (!first_error_) first_error_ = error;
        if (at_ + 1 == engines_.size()) throw Error(*first_error_);
        ++at_;
        stream_.reset();
        if (warn_) warn_(fmt::format("{}; '{}' listens instead", error.what(), engines_[at_]->name()));
      }
    }
  }

  std::vector<HearingEngine*> engines_;
  HearingRequest request_;
  const WarningSink& warn_;
  std::size_t at_ = 0;
  std::unique_ptr<HearingStream> stream_;  // of the engine `at_`; null until it is first needed
  std::vector<float> heard_;
  std::optional<Error> first_error_;
};

class OrderedEngines final : public HearingEngine {
 public:
  OrderedEngines(Engines engines, WarningSink warn) : engines_(std::move(engines)), warn_(std::move(warn)) {
    if (engines_.empty())
      throw Error(ErrorCode::kInvalidArgument, "no engine to hear with", "configure at least one");
  }

  std::string name() const override { return engines_.front()->name(); }
  HearingCapabilities capabilities() const override { return preferred().capabilities(); }
  EngineReadiness readiness() const override { return preferred().readiness(); }

  Transcript transcribe(const Sound& sound, const HearingRequest& request,
                        const WorkContext& context) override {
    std::optional<Error> first_error;
    for (std::size_t i = 0; i < engines_.size(); ++i) {
      try {
        Transcript transcript = engines_[i]->transcribe(sound, request, context);
        transcript.engine = engines_[i]->name();
        return transcript;
      } catch (const Error& error) {
        if (blames_the_request(error)) throw;
        if (!first_error) first_error = error;
        if (i + 1 == engines_.size()) break;
        if (warn_) warn_(fmt::format("{}; '{}' listens instead", error.what(), engines_[i + 1]->name()));
      }
    }
    throw Error(*first_error);
  }

  std::unique_ptr<HearingStream> open_stream(const HearingRequest& request) override {
    // Those that can listen at once first; the others may have become ready by the time they are needed.
    std::vector<HearingEngine*> order;
    for (const auto& engine : engines_) order.push_back(engine.get());
    std::stable_partition(order.begin(), order.end(), [&](const HearingEngine* engine) {
      return knows(*engine, request.language) && engine->readiness().ready;
    });
    return std::make_unique<FallbackStream>(std::move(order), request, warn_);
  }

 private:
  HearingEngine& preferred() const {
    for (const auto& engine : engines_) {
      if (engine->readiness().ready) return *engine;
    }
    return *engines_.front();
  }

  Engines engines_;
  WarningSink warn_;
};

}  // namespace

HearingRegistry::HearingRegistry(const Environment& environment, std::shared_ptr<const HttpClient> client)
    : EngineRegistryOf("hears", environment, std::move(client)) {
  add_kind("pocketsphinx", make_pocketsphinx_engine);
  add_server("openai", make_openai_transcription_engine);
  add_server("zhipu", make_zhipu_transcription_engine);
  add_server("gemini", make_gemini_engine);
}

std::unique_ptr<HearingEngine> HearingRegistry::make_ordered(const AbilityConfiguration& ability,
                                                             WarningSink warn) const {
  return std::make_unique<OrderedEngines>(make_all(ability), std::move(warn));
}

}  // namespace anima::hearing
