// Hearing by a server that speaks OpenAI's /v1/audio/transcriptions: OpenAI, whisper.cpp's server,
// faster-whisper-server, LocalAI and many more.
#pragma once

#include <memory>

#include "core/configuration.h"
#include "core/environment.h"
#include "core/http_client.h"
#include "hearing/hearing_engine.h"

namespace anima::hearing {

// Configuration: address (https://api.openai.com/v1), key (OPENAI_API_KEY), model (whisper-1),
// language; options: response_format (verbose_json, which has times; json for models that know no
// other), path (audio/transcriptions; whisper.cpp's own is "inference" at the server's root). Sounds over
// 10 minutes are cut at pauses, so that no upload comes near the limit of 25 MB.
std::unique_ptr<HearingEngine> make_openai_transcription_engine(const EngineConfiguration& configuration,
                                                                const Environment& environment,
                                                                std::shared_ptr<const HttpClient> client);

}  // namespace anima::hearing
