// What a user configures: one YAML file, `anima.yaml`, and environment variables over it.
//
//   library: library
//   voice:
//     order: [studio-clone, embedded]         # tried in this order
//     engines:
//       studio-clone:
//         kind: cosyvoice
//         address: http://192.168.1.20:50000
//         sample_rate_hz: 24000
//   hearing:
//     order: [zhipu, pocketsphinx]
//
// Everything has a default, so that no file is needed. Keys are not configured here: `key` names
// the environment variable that holds one.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/environment.h"

namespace anima {

// One engine that speaks, hears or answers. An empty field means the default of its kind, which
// docs/engines.md lists.
struct EngineConfiguration {
  std::string name;     // how `order` calls it; unique within its ability
  std::string kind;     // which program or protocol: "openai", "zhipu", "cosyvoice", "command", ...
  std::string address;  // base URL of a server
  std::string key;      // name of the environment variable that holds the key
  std::string model;
  std::string voice;
  std::string language;  // primary tag of BCP 47
  std::string instruction;
  int sample_rate_hz = 0;                      // of a server whose answer does not say it
  double timeout_s = 0;                        // of one request
  std::vector<std::string> command;            // program and arguments, with {placeholders}
  std::map<std::string, std::string> options;  // what only this kind knows
};

struct AbilityConfiguration {
  std::vector<std::string> order;  // names of engines, the preferred one first
  std::map<std::string, EngineConfiguration> engines;

  // The engines of `order`. A name without an entry is an engine of the kind of that name.
  std::vector<EngineConfiguration> ordered() const;
  // The same, and after them the other entries of `engines`.
  std::vector<EngineConfiguration> configured() const;
  EngineConfiguration engine(const std::string& name) const;
};

struct Configuration {
  std::filesystem::path library = "library";
  AbilityConfiguration voice{.order = {"embedded"}, .engines = {}};
  AbilityConfiguration hearing{.order = {"pocketsphinx"}, .engines = {}};
  AbilityConfiguration dialogue{.order = {"persona"}, .engines = {}};
};

// Throws Error(kInvalidArgument), naming `source`, the field and what it may hold, for unknown
// fields and values that make no sense.
Configuration parse_configuration(const std::string& yaml, const std::string& source);

// The file where it exists, else the defaults; then the environment over it:
// ANIMA_LIBRARY, ANIMA_VOICE_ORDER=a,b (also HEARING, DIALOGUE) and, for an engine's field,
// ANIMA_VOICE_<ENGINE>_<FIELD> with every letter in upper case and `-` as `_`, for instance
// ANIMA_VOICE_STUDIO_CLONE_ADDRESS. Validated.
Configuration load_configuration(const std::filesystem::path& file, const Environment& environment);

// Throws Error(kInvalidArgument) for the first field that makes no sense.
void validate(const Configuration& configuration);

// As YAML that parse_configuration reads back. It can hold no key.
std::string to_string(const Configuration& configuration);

}  // namespace anima
