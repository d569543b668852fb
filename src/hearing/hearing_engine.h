// The one narrow interface that every engine that hears has: embedded or behind a server.
//
//   std::unique_ptr<HearingEngine> engine = registry.make_ordered(configuration.hearing, warn);
//   const Transcript transcript = engine->transcribe(sound, {.language = "en"}, context);
//
// Live, from a microphone:
//
//   std::unique_ptr<HearingStream> stream = engine->open_stream({.language = "en"});
//   while (microphone.read(samples)) { stream->push(samples, context); show(stream->partial()); }
//   const Transcript said = stream->finish(context);
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine_readiness.h"
#include "core/progress.h"
#include "core/sound.h"
#include "hearing/transcript.h"

namespace anima::hearing {

inline constexpr int kHearingRate_hz = 16000;
// Of one answer of a server: a transcript of ten minutes with its times takes a hundredth of it.
inline constexpr std::size_t kAnswerLimit_bytes = 16U << 20U;

// What an engine can do, known without asking anyone.
struct HearingCapabilities {
  std::vector<std::string> languages = {};  // primary tags of BCP 47; empty: many, found by itself
  bool streams = false;                     // `partial` says something before the end
  bool word_times = false;
  bool offline = false;  // needs no network
};

struct HearingRequest {
  std::string language = {};  // primary tag of BCP 47; empty: unknown
  std::string prompt = {};    // names and terms that may occur; engines that cannot use it ignore it
};

// One utterance as it is being said. Belongs to one thread at a time, and may outlive its engine's
// other streams, but not the engine.
class HearingStream {
 public:
  virtual ~HearingStream() = default;
  // Samples at kHearingRate_hz.
  virtual void push(std::span<const float> samples, const WorkContext& context) = 0;
  // What was understood so far; may change. Empty for engines that do not stream.
  virtual std::string partial() const = 0;
  // The final words. Nothing may be pushed after it.
  virtual Transcript finish(const WorkContext& context) = 0;
};

// Throws Error(kInvalidArgument) where an utterance that is kept in memory is over an hour long.
void require_bounded(std::size_t utterance_samples);

// Methods may be called from several threads at once.
class HearingEngine {
 public:
  virtual ~HearingEngine() = default;

  // Stable, as in the configuration: "pocketsphinx", "openai", ...
  virtual std::string name() const = 0;
  virtual HearingCapabilities capabilities() const = 0;
  // Cheap enough to ask before each request (may probe a server, one second at most).
  virtual EngineReadiness readiness() const = 0;

  // Hears a sound of any length and rate; long ones are cut at pauses and joined. Silence gives an
  // empty transcript. Throws Error: kNotReady, kUnsupported (language), kInvalidArgument, kTimeout,
  // kExternal, kResourceExhausted (rate, quota), kCancelled.
  virtual Transcript transcribe(const Sound& sound, const HearingRequest& request,
                                const WorkContext& context) = 0;

  // By default collects the samples (at most an hour) and transcribes them at the end.
  virtual std::unique_ptr<HearingStream> open_stream(const HearingRequest& request);
};

}  // namespace anima::hearing
