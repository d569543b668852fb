// What the engines that ask a server over HTTP share.
#pragma once

#include <string>

#include "core/api_server.h"
#include "voice/speech_reply.h"
#include "voice/voice_engine.h"

namespace anima::voice {

// Safe from several threads at once.
class SpeechServer : public ApiServer {
 public:
  using ApiServer::ApiServer;

  // Asks, and hands the sound of the answer on while it comes.
  void speak(const HttpRequest& request, const ExpectedSound& expected, const SpeechSink& sink,
             const WorkContext& context) const;
};

// The text to send: valid UTF-8 without control characters, at most `limit` code points (0: any).
// Empty where there is nothing to speak. Throws Error(kInvalidArgument).
std::string text_for_server(const SpeechRequest& request, int limit, const std::string& service);

// The request's own language; else its text's, as `text::language_to_read` finds it.
std::string language_of(const SpeechRequest& request);

// The server's name for the voice: what enrolment stored for this engine, else the configured one.
std::string server_voice(const SpeechRequest& request, const EngineConfiguration& configuration,
                         const std::string& fallback);

}  // namespace anima::voice
