// Speech from a CosyVoice server (FunAudioLLM/CosyVoice, runtime/python/fastapi), which clones from
// a recording that is sent along.
#pragma once

#include <memory>

#include "voice/speech_server.h"

namespace anima::voice {

// Configuration: address (http://127.0.0.1:50000), key (none), voice (a speaker of the SFT model, for
// text without a recording), sample_rate_hz (24000, of CosyVoice 2 and 3; CosyVoice-300M has 22050:
// the answer does not say it), instruction; options: generation (1, 2 or 3, default 2), prefix (of the
// routes, e.g. "stream" for forks, which then send floating point).
//
// With a recording and its transcript in the language of the text: zero-shot; without transcript,
// or in another language: cross-lingual; with an instruction: instruct2. Recordings are cut to 30 s.
std::unique_ptr<VoiceEngine> make_cosyvoice_engine(const EngineConfiguration& configuration,
                                                   const Environment& environment,
                                                   std::shared_ptr<const HttpClient> client);

}  // namespace anima::voice
