// Speech from a GPT-SoVITS server (RVC-Boss/GPT-SoVITS, api_v2.py), which clones from 3 to 10 s of a
// recording that lies where the server can read it.
#pragma once

#include <memory>

#include "voice/speech_server.h"

namespace anima::voice {

// Configuration: address (http://127.0.0.1:9880), key (none); options: shared_folder (where we put
// the excerpt) and server_folder (the same folder as the server sees it). On this machine neither
// is needed; for a server elsewhere or in a container both are, because it takes no uploads.
std::unique_ptr<VoiceEngine> make_gpt_sovits_engine(const EngineConfiguration& configuration,
                                                    const Environment& environment,
                                                    std::shared_ptr<const HttpClient> client);

}  // namespace anima::voice
