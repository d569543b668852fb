// Speech from a Chatterbox container (travisvn/chatterbox-tts-api), which clones from a recording
// that is sent along.
#pragma once

#include <memory>

#include "voice/speech_server.h"

namespace anima::voice {

// Configuration: address (http://127.0.0.1:4123), key (none), voice (a name of its library);
// options: exaggeration (0.25-2), cfg_weight (0-1), temperature (0.05-5); left to the server
// where not set. It always answers WAV, and ignores `speed`.
std::unique_ptr<VoiceEngine> make_chatterbox_engine(const EngineConfiguration& configuration,
                                                    const Environment& environment,
                                                    std::shared_ptr<const HttpClient> client);

}  // namespace anima::voice
