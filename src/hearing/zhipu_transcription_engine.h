// Hearing by Zhipu (GLM-ASR; open.bigmodel.cn, api.z.ai): Chinese, English and more, without times.
#pragma once

#include <memory>

#include "core/configuration.h"
#include "core/environment.h"
#include "core/http_client.h"
#include "hearing/hearing_engine.h"

namespace anima::hearing {

// Configuration: address (https://open.bigmodel.cn/api/paas/v4), key (ZHIPU_API_KEY), model
// (glm-asr-2512). It hears 30 s and 25 MB of WAV or MP3 at a time: sounds go as 16 kHz WAV in pieces of
// at most 29 s, cut at pauses.
std::unique_ptr<HearingEngine> make_zhipu_transcription_engine(const EngineConfiguration& configuration,
                                                               const Environment& environment,
                                                               std::shared_ptr<const HttpClient> client);

}  // namespace anima::hearing
