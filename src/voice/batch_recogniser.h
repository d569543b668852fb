// What pocketsphinx_batch hears: the judge of how clear generated English is.
//
// The batch program, not the live one: it normalises each sentence by its own mean, while live
// recognition needs seconds to find the channel and misses the first words.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/sound.h"
#include "voice/voice_engine.h"

namespace anima::voice {

EngineReadiness batch_recogniser_readiness();

// One hypothesis for each sound, lower case. 0.3 s of silence is put around each. About half of
// real time. Throws Error: kNotReady (program or model missing), kExternal, kCancelled.
std::vector<std::string> recognise_batch(std::span<const Sound> sounds, const WorkContext& context);

}  // namespace anima::voice
