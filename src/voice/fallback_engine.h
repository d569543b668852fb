// Engines in the order of preference: where one fails before its first sound, the next one speaks,
// and says so.
#pragma once

#include <memory>
#include <vector>

#include "core/warning_sink.h"
#include "voice/voice_engine.h"

namespace anima::voice {

// The name is that of the first engine; readiness and capabilities are those of the first that is
// ready. Engines that cannot speak in the request's voice come last, whatever the order, and `warn`
// says so. An engine that could not be used is not asked again for 30 s, so that a dead server does
// not delay every clause. What the request itself is to blame for (kInvalidArgument, kCancelled) is
// thrown and no other engine is tried, and so is a failure after the first piece of sound, unless the
// request can `start_over`: a sentence does not change its voice in the middle. When all failed, the
// error of the first is thrown. `warn` is called on the thread of `synthesize`; of what an engine
// cannot do (language, voice, speed) once. At least one engine.
std::unique_ptr<VoiceEngine> make_fallback_engine(std::vector<std::unique_ptr<VoiceEngine>> engines,
                                                  WarningSink warn);

}  // namespace anima::voice
