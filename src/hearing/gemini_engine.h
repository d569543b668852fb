// Hearing by Google's Gemini models, which are asked to write down what is said: many languages,
// without times.
#pragma once

#include <memory>

#include "core/configuration.h"
#include "core/environment.h"
#include "core/http_client.h"
#include "hearing/hearing_engine.h"

namespace anima::hearing {

// Configuration: address (https://generativelanguage.googleapis.com/v1beta), key (GEMINI_API_KEY;
// it travels in a header, never in the URL), model (gemini-2.5-flash). Sounds over 4 minutes are cut at
// pauses: 10.3 MB as base64, under the limit of 20 MB for a request.
std::unique_ptr<HearingEngine> make_gemini_engine(const EngineConfiguration& configuration,
                                                  const Environment& environment,
                                                  std::shared_ptr<const HttpClient> client);

}  // namespace anima::hearing
