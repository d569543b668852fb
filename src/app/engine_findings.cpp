#include "app/engine_findings.h"

#include <fmt/format.h>

#include "core/error.h"
#include "hearing/hearing_registry.h"
#include "voice/embedded_engine.h"
#include "voice/engine_registry.h"

namespace anima::app {
namespace {

std::string languages_text(const std::vector<std::string>& languages) {
  return languages.empty() ? "any language" : fmt::format("{}", fmt::join(languages, ", "));
}

template <typename Listed>
studio::Finding finding_for(const std::string& ability, const Listed& engine, const std::string& can) {
  studio::Finding finding;
  finding.topic = ability + " " + engine.name;
  finding.needed = false;
  finding.ok = engine.readiness.ready || !engine.in_order;
  finding.fix = engine.readiness.what_to_do;
  const std::string kind = engine.kind == engine.name ? "" : engine.kind + "; ";
  if (engine.readiness.ready) {
    finding.text = fmt::format("{}ready; {}{}", kind, can, engine.in_order ? "" : "; not in the order");
  } else if (engine.in_order) {
    finding.text = fmt::format("{}not ready; {}", kind, can);
  } else {
    finding.text = fmt::format("{}not in use; {}; to use it: {}", kind, can, engine.readiness.what_to_do);
  }
  return finding;
}

}  // namespace

std::vector<studio::Finding> engine_findings(const Configured& configured) {
  std::vector<studio::Finding> findings;
  bool speaks = false;
  bool hears = false;
  voice::EngineRegistry voices(configured.environment);
  voices.add_kind("embedded",
                  [](const EngineConfiguration&) { return std::make_unique<voice::EmbeddedEngine>(); });
  for (const auto& engine : voices.list(configured.configuration.voice)) {
    std::string can = languages_text(engine.capabilities.languages);
    if (engine.capabilities.clones) can += ", clones";
    if (engine.capabilities.offline) can += ", offline";
    findings.push_back(finding_for("voice", engine, can));
    speaks = speaks || (engine.in_order && engine.readiness.ready);
  }
  for (const auto& engine :
       hearing::HearingRegistry(configured.environment).list(configured.configuration.hearing)) {
    std::string can = languages_text(engine.capabilities.languages);
    if (engine.capabilities.word_times) can += ", word times";
    if (engine.capabilities.offline) can += ", offline";
    findings.push_back(finding_for("hearing", engine, can));
    hears = hears || (engine.in_order && engine.readiness.ready);
  }
  if (!speaks) {
    findings.push_back(
        {"voice", "no configured engine can speak", false, false, "see the lines 'voice' above"});
  }
  if (!hears) {
    findings.push_back(
        {"hearing", "no configured engine can hear", false, false, "see the lines 'hearing' above"});
  }
  return findings;
}

}  // namespace anima::app
