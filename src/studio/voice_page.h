// The page of `anima voice measure`: figures, and pictures of the clone beside the real voice.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/image.h"
#include "core/sound.h"
#include "voice/voice_measure.h"

namespace anima::studio {

nlohmann::ordered_json to_json(const voice::VoiceMeasurement& measurement);
std::string to_text(const voice::VoiceMeasurement& measurement);

// Spectrogram up to 8 kHz (dark: quiet) with the pitch curve drawn over it in green; one column for
// each 5 ms, at most `limit_s` seconds.
Image draw_spectrogram(const Sound& sound, double limit_s = 6);

// One HTML file with its pictures inside; `folder` exists.
void write_voice_page(const std::filesystem::path& folder, const std::string& name,
                      const voice::VoiceMeasurement& measurement);

}  // namespace anima::studio
