#include "app/engine_findings.h"

#include <fmt/format.h>

#include "core/error.h"
#include "hearing/hearing_registry.h"
#include "studio/voice_engines.h"

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
  // Ready with something left to do: a part of what it can is missing.
  finding.ok = !engine.in_order || (engine.readiness.ready && engine.readiness.what_to_do.empty());
  finding.fix = engine.readiness.what_to_do;
  const std::string kind = engine.kind == engine.name ? "" : engine.kind + "; ";
  if (engine.readiness.ready) {
    finding.text = fmt::format("{}ready; {}{}", kind, can, engine.in_order ? "" : "; not in the order");
  } else if (engine.in_order) {
    finding.text = fmt::format("{}not ready; {}", kind, can);
  } else {
    finding.text = fmt::format("{}not in use; {}; to use it: {}", kind, can, engine.readiness.what_to_do);
  }
  if (!engine.readiness.needs.empty())
    finding.text += fmt::format("; needs: {}", fmt::join(engine.readiness.needs, ", "));
  return finding;
}

}  // namespace

std::vector<studio::Finding> engine_findings(const studio::Configured& configured) {
  std::vector<studio::Finding> findings;
  bool speaks = false;
  bool hears = false;
  for (const auto& engine :
       studio::voice_engines(configured.environment).list(configured.configuration.voice)) {
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
