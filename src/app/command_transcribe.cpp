#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "core/error.h"
#include "core/files.h"
#include "hearing/forced_alignment.h"
#include "hearing/hearing_registry.h"
#include "hearing/subtitle_cues.h"
#include "media/film_reader.h"
#include "studio/configured.h"

namespace anima::app {
namespace {

constexpr std::uint64_t kTextLimit_bytes = 4U << 20U;
constexpr double kSoundLimit_s = 7200;

struct Options {
  std::string sound;
  std::string language;
  std::string engine;
  std::string prompt;
  std::string text_file;
  std::string output;
  std::string srt;
  std::string vtt;
};

const char* name_of_times(hearing::TimeSource times) {
  switch (times) {
    case hearing::TimeSource::kNone:
      return "none";
    case hearing::TimeSource::kRecogniser:
      return "recogniser";
    case hearing::TimeSource::kAligned:
      return "aligned";
    case hearing::TimeSource::kEstimated:
      return "estimated";
  }
  return "none";
}

nlohmann::ordered_json to_json(const hearing::Transcript& transcript) {
  nlohmann::ordered_json json = {{"text", transcript.text},
                                 {"language", transcript.language},
                                 {"engine", transcript.engine},
                                 {"times", name_of_times(transcript.times)},
                                 {"words", nlohmann::ordered_json::array()}};
  if (transcript.confidence >= 0) json["confidence"] = transcript.confidence;
  if (const std::string doubt = hearing::doubt_of(transcript); !doubt.empty()) json["warning"] = doubt;
  for (const hearing::TranscribedWord& word : transcript.words) {
    nlohmann::ordered_json entry = {{"word", word.word}, {"start_s", word.start_s}, {"end_s", word.end_s}};
    if (word.confidence >= 0) entry["confidence"] = word.confidence;
    json["words"].push_back(entry);
  }
  return json;
}

int run(const Options& options, CommandContext& context) {
  for (const std::string* subtitles : {&options.srt, &options.vtt}) {
    if (!subtitles->empty()) media::require_subtitle_name(*subtitles);
  }
  const studio::Configured configured = studio::load_configured();
  CommandProgress progress(context);
  const auto warn = [](const std::string& warning) { std::cerr << "warning: " << warning << std::endl; };
  const Sound sound = media::read_sound(options.sound, hearing::kHearingRate_hz, kSoundLimit_s, warn);

  hearing::Transcript transcript;
  if (!options.text_file.empty()) {
    transcript = hearing::align_text(read_text_file(options.text_file, kTextLimit_bytes), options.language,
                                     sound, progress.work());
  } else {
    AbilityConfiguration ability = configured.configuration.hearing;
    if (!options.engine.empty()) ability.order = {options.engine};
    const auto engine = hearing::HearingRegistry(configured.environment).make_ordered(ability, warn);
    transcript =
        engine->transcribe(sound, {.language = options.language, .prompt = options.prompt}, progress.work());
  }
  if (transcript.text.empty()) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("no speech was found in '{}'", options.sound),
                "check that somebody speaks in it, and its level");
  }
  const bool needs_times = context.json || !options.srt.empty() || !options.vtt.empty();
  if (needs_times) hearing::add_word_times(transcript, sound, progress.work());
  if (needs_times && transcript.times == hearing::TimeSource::kEstimated) {
    warn("the times of the words are estimates, within about a second");
  }
  progress.finish();
  if (const std::string doubt = hearing::doubt_of(transcript); !doubt.empty()) {
    warn(doubt + "; name the language with --language and use an engine that knows it (docs/engines.md)");
  } else if (transcript.confidence >= 0 && !context.json && !context.quiet) {
    std::cerr << fmt::format("confidence {:.2f}\n", transcript.confidence);
  }

  const std::vector<media::Cue> cues = hearing::make_cues(transcript);
  if (!options.srt.empty()) media::write_subtitles(options.srt, cues);
  if (!options.vtt.empty()) media::write_subtitles(options.vtt, cues);
  if (!options.output.empty()) write_file_atomically(options.output, transcript.text + "\n");
  if (context.json) {
    std::cout << to_json(transcript).dump(2) << std::endl;
  } else if (options.output.empty()) {
    std::cout << transcript.text << std::endl;
  }
  return 0;
}

}  // namespace

Command transcribe_command() {
  auto options = std::make_shared<Options>();
  return {
      .name = "transcribe",
      .summary = "Write down what is said, with subtitles",
      .arguments = {{"SOUND", &options->sound, "Sound or film with speech", Presence::kRequired},
                    {"-o,--output", &options->output, "Write the text to this file instead of printing it"},
                    {"--srt", &options->srt, "Write subtitles to this .srt file"},
                    {"--vtt", &options->vtt, "Write subtitles to this .vtt file"},
                    {"--language", &options->language,
                     "Language of the speech, e.g. en or zh (default: found, or en)"},
                    {"--engine", &options->engine, "Engine to hear with (default: the configured order)"},
                    {"--prompt", &options->prompt, "Names and terms that may occur"},
                    {"--text-file", &options->text_file,
                     "The text is known: give its words their times instead of hearing them"}},
      .notes =
          "Offline, PocketSphinx hears English only, and not well; docs/engines.md tells how to use better "
          "engines.\n"
          "\n"
          "Examples:\n"
          "  anima transcribe talk.wav --srt talk.srt\n"
          "  anima transcribe story.wav --text-file story.txt --language zh --vtt story.vtt",
      .run = [options](CommandContext& context) { return run(*options, context); }};
}

}  // namespace anima::app
