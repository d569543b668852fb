#include "voice/command_engine.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "core/temporary_folder.h"
#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/wav_stream.h"
#include "voice/reference_excerpt.h"
#include "voice/speech_server.h"

namespace anima::voice {
namespace {

namespace fs = std::filesystem;

constexpr double kTimeout_s = 300;
constexpr double kReferenceMaximum_s = 30;

using Values = std::map<std::string, std::string>;

// Replaces each {name}. Braces that hold no lower-case name (JSON, for instance) stay as they are.
std::string filled(const std::string& argument, const Values& values, const std::string& engine) {
  std::string result;
  for (std::size_t at = 0; at < argument.size();) {
    const std::size_t open = argument.find('{', at);
    if (open == std::string::npos) {
      result += argument.substr(at);
      break;
    }
    const std::size_t end = argument.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", open + 1);
    result += argument.substr(at, open - at);
    if (end == std::string::npos || argument[end] != '}' || end == open + 1) {
      result += '{';
      at = open + 1;
      continue;
    }
    const std::string name = argument.substr(open + 1, end - open - 1);
    const auto found = values.find(name);
    if (found == values.end()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the command of engine '{}' holds {{{}}}", engine, name),
                  "use {folder}, {reference}, {reference_text}, {reference_text_file}, {text}, {text_file}, "
                  "{output}, "
                  "{language} or {speed}");
    }
    result += found->second;
    at = end + 1;
  }
  return result;
}

Values values_for(const fs::path& folder, const SpeechRequest& request, const std::string& text) {
  return {{"folder", folder.string()},
          {"reference", (folder / "reference.wav").string()},
          {"reference_text", request.voice.transcript},
          {"reference_text_file", (folder / "reference.txt").string()},
          {"text", text},
          {"text_file", (folder / "text.txt").string()},
          {"output", (folder / "output.wav").string()},
          {"language", request.text.empty() ? "en" : language_of(request)},
          {"speed", fmt::format("{:g}", request.speed)}};
}

class CommandEngine final : public VoiceEngine {
 public:
  explicit CommandEngine(const EngineConfiguration& configuration) : configuration_(configuration) {
    for (const std::string& argument : configuration_.command) {
      const std::string once = filled(argument, values_for("/", {}, {}), configuration_.name);
      needs_reference_ = needs_reference_ || argument.find("reference") != std::string::npos;
      takes_speed_ = takes_speed_ || argument.find("{speed}") != std::string::npos;
    }
    const auto limit = configuration_.options.find("reference_maximum_s");
    if (limit != configuration_.options.end())
      reference_maximum_s_ = std::strtod(limit->second.c_str(), nullptr);
    if (!(reference_maximum_s_ >= 1 && reference_maximum_s_ <= 600)) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("option reference_maximum_s of engine '{}' makes no sense", configuration_.name),
          "write seconds from 1 to 600");
    }
  }

  std::string name() const override { return configuration_.name; }

  EngineCapabilities capabilities() const override {
    EngineCapabilities capabilities;
    capabilities.clones = needs_reference_;
    capabilities.offline = true;
    if (!configuration_.language.empty()) capabilities.languages = {configuration_.language};
    capabilities.reference_maximum_s = reference_maximum_s_;
    capabilities.ignores_speed = !takes_speed_;
    return capabilities;
  }

  EngineReadiness readiness() const override {
    EngineReadiness readiness;
    if (configuration_.command.empty()) {
      readiness.needs = {"a command in the configuration"};
      readiness.what_to_do =
          fmt::format("write 'command' of engine '{}' in the configuration", configuration_.name);
    } else {
      readiness.needs = {fmt::format("the program '{}'", configuration_.command[0])};
      if (find_program(configuration_.command[0]).empty()) {
        readiness.what_to_do = fmt::format("install '{}', or correct 'command' of engine '{}'",
                                           configuration_.command[0], configuration_.name);
      }
    }
    readiness.ready = readiness.what_to_do.empty();
    return readiness;
  }

  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    const std::string text = text_for_server(request, 0, configuration_.name);
    if (text.empty()) return;
    const EngineReadiness ready = readiness();
    if (!ready.ready) {
      throw Error(ErrorCode::kNotReady, fmt::format("engine '{}' cannot be used", configuration_.name),
                  ready.what_to_do);
    }
    const TemporaryFolder folder;
    const Values values = values_for(folder.path(), request, text);
    write_file_atomically(values.at("text_file"), text);
    write_file_atomically(values.at("reference_text_file"), request.voice.transcript);
    if (needs_reference_) {
      const ReferenceExcerpt excerpt = reference_excerpt(request.voice, {.maximum_s = reference_maximum_s_});
      write_file_atomically(values.at("reference"), media::encode_wav(excerpt.sound));
    }
    ProcessRequest process;
    for (const std::string& argument : configuration_.command) {
      process.arguments.push_back(filled(argument, values, configuration_.name));
    }
    process.timeout_s = configuration_.timeout_s > 0 ? configuration_.timeout_s : kTimeout_s;
    require_success(process, run_process(process, context));

    const fs::path output = values.at("output");
    std::error_code error;
    if (!fs::exists(output, error) || fs::file_size(output, error) == 0) {
      throw Error(ErrorCode::kExternal,
                  fmt::format("the command of engine '{}' wrote no sound", configuration_.name),
                  "check that it writes to {output}");
    }
    const media::FilmInfo info = media::probe_film(output);
    SpeechPiece piece;
    piece.sound = media::read_sound(output, info.sample_rate_hz > 0 ? info.sample_rate_hz : 24000);
    if (piece.sound.samples.empty()) {
      throw Error(ErrorCode::kExternal,
                  fmt::format("the command of engine '{}' wrote no sound", configuration_.name),
                  "run it by hand to see why");
    }
    sink(piece);
  }

 private:
  EngineConfiguration configuration_;
  bool needs_reference_ = false;
  bool takes_speed_ = false;
  double reference_maximum_s_ = kReferenceMaximum_s;
};

}  // namespace

std::unique_ptr<VoiceEngine> make_command_engine(const EngineConfiguration& configuration) {
  return std::make_unique<CommandEngine>(configuration);
}

}  // namespace anima::voice
