#include "studio/voice_engines.h"

#include "core/error.h"
#include "voice/embedded_engine.h"

namespace anima::studio {

voice::EngineRegistry voice_engines(const Environment& environment,
                                    const std::filesystem::path& cache_folder) {
  voice::EngineRegistry registry(environment);
  registry.add_kind("embedded", [cache_folder](const EngineConfiguration&) {
    voice::EmbeddedEngineOptions options;
    options.cache_folder = cache_folder;
    return std::make_unique<voice::EmbeddedEngine>(std::move(options));
  });
  return registry;
}

std::vector<std::unique_ptr<voice::VoiceEngine>> configured_voice_engines(const Configured& configured) {
  const voice::EngineRegistry registry = voice_engines(configured.environment);
  std::vector<std::unique_ptr<voice::VoiceEngine>> engines;
  for (const EngineConfiguration& configuration : configured.configuration.voice.configured()) {
    try {
      engines.push_back(registry.make(configuration));
    } catch (const Error&) {
      // Said by `doctor`; the other engines are none the worse for it.
    }
  }
  return engines;
}

std::vector<std::string> names_of_engines_for(
    const VoiceEntry& entry, const std::vector<std::unique_ptr<voice::VoiceEngine>>& engines) {
  std::vector<std::string> names;
  for (const auto& engine : engines) {
    const voice::EngineCapabilities capabilities = engine->capabilities();
    const bool stored = entry.voice.server_voices.contains(engine->name());
    const bool clones =
        capabilities.clones &&
        (capabilities.clones_profiles ? !entry.voice.profile.empty()
                                      : !entry.voice.recording.empty() &&
                                            entry.quality.recording_s >= capabilities.reference_minimum_s);
    if (stored || clones) names.push_back(engine->name());
  }
  return names;
}

}  // namespace anima::studio
