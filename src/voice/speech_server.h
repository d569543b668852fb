// What the engines that ask a server over HTTP share.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/configuration.h"
#include "core/environment.h"
#include "core/http_client.h"
#include "voice/speech_reply.h"
#include "voice/voice_engine.h"

namespace anima::voice {

// What a kind of engine has where the configuration says nothing.
struct SpeechServerDefaults {
  std::string service;  // for people: "Zhipu"
  std::string address;
  std::string key;     // environment variable; empty: the server needs none
  bool cloud = false;  // its address is not probed: the key alone says whether it is ready
  double timeout_s = 120;
};

// Safe from several threads at once.
class SpeechServer {
 public:
  SpeechServer(const EngineConfiguration& configuration, const SpeechServerDefaults& defaults,
               const Environment& environment, std::shared_ptr<const HttpClient> client);

  const EngineConfiguration& configuration() const { return configuration_; }
  const std::string& service() const { return service_; }
  std::string option(const std::string& name, const std::string& fallback = {}) const;
  // Throws Error(kInvalidArgument) where the option is not a number within the range.
  double number_option(const std::string& name, double fallback, double low, double high) const;

  // Whether the key is set; for a server of one's own also whether something answers at its
  // address (asked at most every 5 s, half a second long).
  EngineReadiness readiness() const;

  // With address, key and time limit filled in. Throws Error(kNotReady) where the key is missing.
  HttpRequest request(const std::string& method, const std::string& path) const;
  // Sends, with retries where they make sense, and throws what an error answer means.
  HttpResponse ask(const HttpRequest& request, const WorkContext& context,
                   const HttpBodySink& sink = {}) const;
  // The same for an answer that is sound.
  void speak(const HttpRequest& request, const ExpectedSound& expected, const SpeechSink& sink,
             const WorkContext& context) const;

 private:
  bool reachable() const;

  EngineConfiguration configuration_;
  std::string service_;
  bool cloud_;
  bool key_needed_;
  std::string key_variable_;
  Secret key_;
  std::shared_ptr<const HttpClient> client_;
  mutable std::mutex mutex_;
  mutable std::optional<bool> reachable_;
  mutable double probed_s_ = -1e9;
};

// The text to send: valid UTF-8 without control characters, at most `limit` code points (0: any).
// Empty where there is nothing to speak. Throws Error(kInvalidArgument).
std::string text_for_server(const SpeechRequest& request, int limit, const std::string& service);

// "zh" where the text has Chinese characters, else "en"; the request's own language goes first.
std::string language_of(const SpeechRequest& request);

// The server's name for the voice: what enrolment stored for this engine, else the configured one.
std::string server_voice(const SpeechRequest& request, const EngineConfiguration& configuration,
                         const std::string& fallback);

// A JSON object as text for a body.
HttpRequest with_json(HttpRequest request, const std::string& json);

}  // namespace anima::voice
