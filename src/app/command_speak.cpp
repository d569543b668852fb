#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "app/film_knobs.h"
#include "app/reading_report.h"
#include "media/film_writer.h"
#include "studio/house_presenter.h"
#include "studio/speak_workflow.h"

namespace anima::app {
namespace {

struct SpeakArguments {
  studio::SpeakOptions speech;
  std::string voice;
  std::filesystem::path output = "speech.wav";
  std::filesystem::path subtitles;
  bool explain = false;
};

nlohmann::ordered_json spoken_json(const voice::SpokenText& spoken, const std::filesystem::path& sound) {
  auto words = nlohmann::ordered_json::array();
  for (const voice::WordTiming& word : spoken.words) {
    words.push_back({{"word", word.word}, {"start_s", word.start_s}, {"end_s", word.end_s}});
  }
  auto phonemes = nlohmann::ordered_json::array();
  for (const voice::PhonemeTiming& phoneme : spoken.phonemes) {
    phonemes.push_back(
        {{"phoneme", phoneme.phoneme}, {"start_s", phoneme.start_s}, {"end_s", phoneme.end_s}});
  }
  return {{"sound", sound.string()},
          {"seconds", spoken.sound.duration_s()},
          {"ai_generated", true},
          {"words", words},
          {"phonemes", phonemes}};
}

// Nothing is spoken: how it would be read.
int explain(const SpeakArguments& arguments, CommandContext& context) {
  const auto clauses = studio::explain_speech(arguments.speech, studio::library_root(context.library));
  if (context.json) {
    std::cout << to_json(clauses).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  } else {
    std::cout << to_text(clauses);
  }
  return 0;
}

int speak(const SpeakArguments& arguments, CommandContext& context) {
  arguments.speech.validate();
  if (arguments.explain) return explain(arguments, context);
  if (!arguments.subtitles.empty()) media::require_subtitle_name(arguments.subtitles);
  const std::filesystem::path root = studio::library_root(context.library);
  voice::Voice voice;
  if (!arguments.voice.empty()) voice = studio::find_voice(root, arguments.voice).voice;

  CommandProgress progress(context);
  const voice::SpokenText spoken =
      studio::speak(arguments.speech, voice, root, print_warning, progress.work());
  media::write_wav(arguments.output, spoken.sound, spoken.text.substr(0, 100));
  if (!arguments.subtitles.empty()) studio::write_spoken_subtitles(arguments.subtitles, spoken);
  progress.finish();
  if (context.json) {
    std::cout
        << spoken_json(spoken, arguments.output).dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
        << std::endl;
  } else {
    std::cout << fmt::format("{}: {:.1f} s\n", arguments.output.string(), spoken.sound.duration_s());
  }
  return 0;
}

}  // namespace

Command speak_command() {
  auto arguments = std::make_shared<SpeakArguments>();
  Command command = {
      .name = "speak",
      .summary = "Speak a text in an enrolled voice",
      .notes =
          "Examples:\n"
          "  anima speak --voice mira \"Hello! 你好！\" -o hello.wav\n"
          "  anima speak --voice zhb \"你好，我是你的数字人助手。\" -o hello.wav\n"
          "  anima speak --explain \"Room 802, $1.5M, 90后\"\n"
          "  anima speak --voice lieu --text-file story.txt -o story.wav --subtitles story.srt",
      .run = [arguments](CommandContext& context) { return speak(*arguments, context); }};
  add_speech_arguments(command.arguments, arguments->speech);
  command.arguments.insert(
      command.arguments.end(),
      {{"--voice", &arguments->voice, "An enrolled voice, or mira (default: the synthesizer's own)"},
       {"-o,--output", &arguments->output, "WAV file to write", Presence::kDefaultShown},
       {"--subtitles", &arguments->subtitles, "Also write subtitles: .srt or .vtt"},
       {"--explain", &arguments->explain,
        "Speak nothing: print how each piece is read, and as what (see also: anima say-as)"}});
  return command;
}

}  // namespace anima::app
