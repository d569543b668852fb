// The engines that speak, the embedded one included.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "studio/configured.h"
#include "studio/voice_library.h"
#include "voice/engine_registry.h"

namespace anima::studio {

// All kinds. `cache_folder`: where the embedded engine keeps what it learnt of its source speakers;
// empty: nowhere.
voice::EngineRegistry voice_engines(const Environment& environment,
                                    const std::filesystem::path& cache_folder = {});

// Those that are configured, in the order and beside it; without those whose configuration makes no
// sense, which `doctor` shows. No server is asked.
std::vector<std::unique_ptr<voice::VoiceEngine>> configured_voice_engines(const Configured& configured);

// The names of those that speak in this very voice: the server has it, or it is cloned and the
// recording is long enough for that.
std::vector<std::string> names_of_engines_for(
    const VoiceEntry& entry, const std::vector<std::unique_ptr<voice::VoiceEngine>>& engines);

}  // namespace anima::studio
