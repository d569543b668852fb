// Engines in the order of preference: where one fails before its first sound, the next one speaks,
// and says so.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "voice/voice_engine.h"

namespace anima::voice {

// Told to a person, e.g. on the terminal: "Zhipu refuses more requests ...; 'embedded' speaks instead".
using WarningSink = std::function<void(const std::string& warning)>;

// The name is that of the first engine; readiness and capabilities are those of the first that is
// ready. An engine that could not be used is not asked again for 30 s, so that a dead server does
// not delay every clause. What the request itself is to blame for (kInvalidArgument, kCancelled,
// kUnusableInput) is thrown and no other engine is tried, and so is a failure after the first piece
// of sound: a sentence does not change its voice in the middle. When all failed, the error of the
// first is thrown. `warn` is called on the thread of `synthesize`. At least one engine.
std::unique_ptr<VoiceEngine> make_fallback_engine(std::vector<std::unique_ptr<VoiceEngine>> engines,
                                                  WarningSink warn);

}  // namespace anima::voice
