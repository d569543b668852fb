// Speech from a server that speaks OpenAI's /v1/audio/speech: OpenAI itself, Kokoro-FastAPI,
// openedai-speech, LocalAI and many more.
#pragma once

#include <memory>

#include "voice/speech_server.h"

namespace anima::voice {

// Configuration: address (https://api.openai.com/v1), key (OPENAI_API_KEY), model
// (gpt-4o-mini-tts), voice (alloy), sample_rate_hz (24000, of bare samples), instruction; options:
// format (wav; or pcm, mp3, opus, aac, flac).
std::unique_ptr<VoiceEngine> make_openai_speech_engine(const EngineConfiguration& configuration,
                                                       const Environment& environment,
                                                       std::shared_ptr<const HttpClient> client);

}  // namespace anima::voice
