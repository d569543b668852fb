// Mira's voice: flite's "slt", enrolled like a person from as much speech as one likes, so that
// eSpeak NG can be converted to her timbre; in English slt speaks for her unconverted.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "core/progress.h"
#include "core/sound.h"
#include "voice/voice_profile.h"

namespace anima::presenter {

// Sentences, one a line, spoken by slt one after the other.
Sound record_slt(std::span<const std::string> sentences, const WorkContext& context);

// Enrols the recording. Of its moments at most `moments` are kept, evenly over it: the file's size.
voice::VoiceProfile make_mira_voice(std::span<const std::string> sentences, int moments,
                                    const WorkContext& context);

}  // namespace anima::presenter
