#include "core/configuration.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

#include "core/error.h"
#include "core/files.h"
#include "core/nearest_match.h"

namespace anima {
namespace {

constexpr std::uint64_t kFileLimit_bytes = 1U << 20U;

[[noreturn]] void refuse(const std::string& where, const std::string& why, const std::string& fix) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {}", where, why), fix);
}

std::string scalar(const YAML::Node& node, const std::string& where) {
  if (node.IsNull()) return {};
  if (!node.IsScalar()) refuse(where, "is not a single value", "write one value behind the colon");
  return node.Scalar();
}

std::vector<std::string> list(const YAML::Node& node, const std::string& where) {
  std::vector<std::string> values;
  if (node.IsNull()) return values;
  if (!node.IsSequence()) refuse(where, "is not a list", "write it like [first, second]");
  for (const YAML::Node& item : node) values.push_back(scalar(item, where));
  return values;
}

double number(const std::string& text, const std::string& where) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0')
    refuse(where, fmt::format("'{}' is not a number", text), "write a number");
  return value;
}

// Sets the field that `name` names. False where there is no such field, or it is not a single value.
bool set_field(EngineConfiguration& engine, const std::string& name, const std::string& value,
               const std::string& where) {
  if (name == "kind") {
    engine.kind = value;
  } else if (name == "address") {
    engine.address = value;
  } else if (name == "key") {
    engine.key = value;
  } else if (name == "model") {
    engine.model = value;
  } else if (name == "voice") {
    engine.voice = value;
  } else if (name == "language") {
    engine.language = value;
  } else if (name == "instruction") {
    engine.instruction = value;
  } else if (name == "sample_rate_hz") {
    const double rate = number(value, where);
    if (!(rate >= 0 && rate <= 768000))
      refuse(where, fmt::format("{} Hz makes no sense", value), "write e.g. 24000");
    engine.sample_rate_hz = static_cast<int>(rate);
  } else if (name == "timeout_s") {
    engine.timeout_s = number(value, where);
  } else {
    return false;
  }
  return true;
}

EngineConfiguration parse_engine(const std::string& name, const YAML::Node& node, const std::string& where) {
  EngineConfiguration engine;
  engine.name = name;
  if (!node.IsNull() && !node.IsMap())
    refuse(where, "is not a set of fields", "write fields below it, indented");
  for (const auto& entry : node) {
    const std::string field = scalar(entry.first, where);
    const std::string place = where + "." + field;
    if (field == "command") {
      engine.command = list(entry.second, place);
    } else if (field == "options") {
      if (!entry.second.IsNull() && !entry.second.IsMap())
        refuse(place, "is not a set of fields", "write name: value");
      for (const auto& option : entry.second) {
        engine.options[scalar(option.first, place)] = scalar(option.second, place);
      }
    } else if (!set_field(engine, field, scalar(entry.second, place), place)) {
      refuse(place, "is not a field of an engine",
             did_you_mean(field,
                          {"kind", "address", "key", "model", "voice", "language", "instruction",
                           "sample_rate_hz", "timeout_s", "command", "options"},
                          "use kind, address, key, model, voice, language, instruction, sample_rate_hz, "
                          "timeout_s, command or options"));
    }
  }
  if (engine.kind.empty()) engine.kind = name;
  return engine;
}

void parse_ability(AbilityConfiguration& ability, const YAML::Node& node, const std::string& where) {
  if (node.IsNull()) return;
  if (!node.IsMap()) refuse(where, "is not a set of fields", "write 'order' and 'engines' below it");
  for (const auto& entry : node) {
    const std::string field = scalar(entry.first, where);
    const std::string place = where + "." + field;
    if (field == "order") {
      ability.order = list(entry.second, place);
    } else if (field == "engines") {
      if (!entry.second.IsNull() && !entry.second.IsMap())
        refuse(place, "is not a set of engines", "write NAME: fields");
      for (const auto& engine : entry.second) {
        const std::string name = scalar(engine.first, place);
        ability.engines[name] = parse_engine(name, engine.second, place + "." + name);
      }
    } else {
      refuse(place, "is not known", did_you_mean(field, {"order", "engines"}, "use 'order' and 'engines'"));
    }
  }
}

std::string upper_case_name(const std::string& name) {
  std::string upper;
  for (const char c : name) {
    upper += std::isalnum(static_cast<unsigned char>(c)) != 0
                 ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
                 : '_';
  }
  return upper;
}

void override_ability(AbilityConfiguration& ability, const std::string& prefix,
                      const Environment& environment) {
  if (environment.has(prefix + "ORDER")) {
    ability.order.clear();
    const std::string text = environment.text(prefix + "ORDER");
    std::size_t at = 0;
    while (at <= text.size()) {
      const std::size_t comma = std::min(text.find(',', at), text.size());
      std::string name = text.substr(at, comma - at);
      std::erase(name, ' ');
      if (!name.empty()) ability.order.push_back(name);
      at = comma + 1;
    }
  }
  for (const std::string& name : ability.order) {
    if (!ability.engines.contains(name)) ability.engines[name] = ability.engine(name);
  }
  for (auto& [name, engine] : ability.engines) {
    const std::string start = prefix + upper_case_name(name) + "_";
    for (const std::string& variable : environment.names_with_prefix(start)) {
      std::string field = variable.substr(start.size());
      std::transform(field.begin(), field.end(), field.begin(),
                     [](unsigned char c) { return std::tolower(c); });
      set_field(engine, field, environment.text(variable), variable);  // a longer engine name may be meant
    }
  }
}

bool is_variable_name(const std::string& name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }) &&
         !(name[0] >= '0' && name[0] <= '9');
}

void validate_ability(const AbilityConfiguration& ability, const std::string& where) {
  std::set<std::string> seen;
  if (ability.order.empty()) refuse(where + ".order", "names no engine", "name at least one");
  for (const std::string& name : ability.order) {
    if (name.empty() || !seen.insert(name).second) {
      refuse(where + ".order", fmt::format("names '{}' twice, or nothing", name), "name each engine once");
    }
  }
  for (const auto& [name, engine] : ability.engines) {
    const std::string place = where + ".engines." + name;
    if (!engine.key.empty() && !is_variable_name(engine.key)) {
      // What stands there may be a key, so it is not shown.
      refuse(place + ".key", "is not the name of an environment variable",
             "put the key into the environment or .env, and its variable's name (capitals, digits, _) here");
    }
    if (!(engine.timeout_s >= 0 && engine.timeout_s <= 86400)) {
      refuse(place + ".timeout_s", fmt::format("{} s makes no sense", engine.timeout_s), "write e.g. 60");
    }
    const bool has_scheme = engine.address.starts_with("http://") || engine.address.starts_with("https://");
    if (!engine.address.empty() && (!has_scheme || engine.address.find('@') != std::string::npos)) {
      refuse(place + ".address", "is not an http or https address, or holds a password",
             "write it like http://127.0.0.1:8000");
    }
  }
}

void emit_ability(YAML::Emitter& out, const char* name, const AbilityConfiguration& ability) {
  out << YAML::Key << name << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "order" << YAML::Value << YAML::Flow << ability.order;
  if (!ability.engines.empty()) {
    out << YAML::Key << "engines" << YAML::Value << YAML::BeginMap;
    for (const auto& [engine_name, engine] : ability.engines) {
      out << YAML::Key << engine_name << YAML::Value << YAML::BeginMap;
      const auto field = [&](const char* key, const std::string& value) {
        if (!value.empty()) out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
      };
      out << YAML::Key << "kind" << YAML::Value << engine.kind;
      field("address", engine.address);
      field("key", engine.key);
      field("model", engine.model);
      field("voice", engine.voice);
      field("language", engine.language);
      field("instruction", engine.instruction);
      if (engine.sample_rate_hz != 0)
        out << YAML::Key << "sample_rate_hz" << YAML::Value << engine.sample_rate_hz;
      if (engine.timeout_s != 0) out << YAML::Key << "timeout_s" << YAML::Value << engine.timeout_s;
      if (!engine.command.empty()) {
        out << YAML::Key << "command" << YAML::Value << YAML::Flow << YAML::BeginSeq;
        for (const std::string& argument : engine.command) out << YAML::DoubleQuoted << argument;
        out << YAML::EndSeq;
      }
      if (!engine.options.empty()) {
        out << YAML::Key << "options" << YAML::Value << YAML::BeginMap;
        for (const auto& [option, value] : engine.options) {
          out << YAML::Key << option << YAML::Value << YAML::DoubleQuoted << value;
        }
        out << YAML::EndMap;
      }
      out << YAML::EndMap;
    }
    out << YAML::EndMap;
  }
  out << YAML::EndMap;
}

}  // namespace

EngineConfiguration AbilityConfiguration::engine(const std::string& name) const {
  const auto found = engines.find(name);
  if (found != engines.end()) return found->second;
  EngineConfiguration engine;
  engine.name = name;
  engine.kind = name;
  return engine;
}

std::vector<EngineConfiguration> AbilityConfiguration::ordered() const {
  std::vector<EngineConfiguration> result;
  for (const std::string& name : order) result.push_back(engine(name));
  return result;
}

std::vector<EngineConfiguration> AbilityConfiguration::configured() const {
  std::vector<EngineConfiguration> result = ordered();
  for (const auto& [name, configuration] : engines) {
    if (std::find(order.begin(), order.end(), name) == order.end()) result.push_back(configuration);
  }
  return result;
}

Configuration parse_configuration(const std::string& yaml, const std::string& source) {
  Configuration configuration;
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (!root.IsNull() && !root.IsMap())
      refuse(source, "is not a set of fields", "see docs/engines.md for an example");
    for (const auto& entry : root) {
      const std::string field = scalar(entry.first, source);
      const std::string place = source + ": " + field;
      if (field == "library") {
        configuration.library = scalar(entry.second, place);
      } else if (field == "voice") {
        parse_ability(configuration.voice, entry.second, place);
      } else if (field == "hearing") {
        parse_ability(configuration.hearing, entry.second, place);
      } else if (field == "dialogue") {
        parse_ability(configuration.dialogue, entry.second, place);
      } else {
        refuse(place, "is not known",
               did_you_mean(field, {"library", "voice", "hearing", "dialogue"},
                            "use library, voice, hearing or dialogue"));
      }
    }
  } catch (const YAML::Exception& error) {
    refuse(fmt::format("{}, line {}", source, error.mark.line + 1), "is not YAML (" + error.msg + ")",
           "check indentation, colons and quotes there");
  }
  return configuration;
}

Configuration load_configuration(const std::filesystem::path& file, const Environment& environment) {
  Configuration configuration;
  std::error_code error;
  if (!file.empty() && std::filesystem::exists(file, error)) {
    configuration = parse_configuration(read_text_file(file, kFileLimit_bytes), file.string());
  }
  if (environment.has("ANIMA_LIBRARY")) configuration.library = environment.text("ANIMA_LIBRARY");
  override_ability(configuration.voice, "ANIMA_VOICE_", environment);
  override_ability(configuration.hearing, "ANIMA_HEARING_", environment);
  override_ability(configuration.dialogue, "ANIMA_DIALOGUE_", environment);
  validate(configuration);
  return configuration;
}

void validate(const Configuration& configuration) {
  if (configuration.library.empty()) refuse("library", "is empty", "name a folder");
  validate_ability(configuration.voice, "voice");
  validate_ability(configuration.hearing, "hearing");
  validate_ability(configuration.dialogue, "dialogue");
}

std::string to_string(const Configuration& configuration) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  out << YAML::Key << "library" << YAML::Value << YAML::DoubleQuoted << configuration.library.string();
  emit_ability(out, "voice", configuration.voice);
  emit_ability(out, "hearing", configuration.hearing);
  emit_ability(out, "dialogue", configuration.dialogue);
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace anima
