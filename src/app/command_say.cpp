#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "app/film_knobs.h"
#include "studio/library.h"
#include "studio/say_workflow.h"

namespace anima::app {
namespace {

struct SayArguments {
  studio::SayOptions options;
  FilmWords words;
};

void print_result(const studio::SayResult& result, bool json) {
  if (json) {
    nlohmann::ordered_json object = film_json(result.film);
    object["subtitles"] = result.subtitles.string();
    object["voice"] = result.voice;
    object["speech_seconds"] = result.speech_s;
    object["speaking_seconds"] = result.speaking_s;
    std::cout << object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
    return;
  }
  std::cout << fmt::format(
      "{}: {:.1f} s of film in {:.1f} s (spoken in {:.1f} s, filmed in {:.1f} s), labelled as AI-generated\n",
      result.film.film.string(), result.film.film_s, result.speaking_s + result.film.work_s,
      result.speaking_s, result.film.work_s);
  if (!result.subtitles.empty()) std::cout << "captions: " << result.subtitles.string() << "\n";
  std::cout << "voice: " << result.voice << "\nconsent: " << result.film.consent << "\n";
}

}  // namespace

Command say_command() {
  auto arguments = std::make_shared<SayArguments>();
  studio::SayOptions& options = arguments->options;
  options.film.output = "say.mp4";
  Command command = {
      .name = "say",
      .summary = "Make a film in which a person's avatar says a text",
      .arguments = {{"NAME", &options.film.person, "Person in the library, or mira, the house presenter",
                     Presence::kRequired}},
      .notes =
          "Captions are written beside the film. A person's own voice is the enrolled voice of the same "
          "name.\n"
          "\n"
          "Examples:\n"
          "  anima say mira \"Good morning! 早上好！\" -o morning.mp4\n"
          "  anima say lieu --text-file story.txt -o story.mp4 --voice lieu --speed 0.9\n"
          "  anima say mira \"Hello\" -o hello.webm --background transparent --no-subtitles",
      .run = [arguments](CommandContext& context) {
        arguments->words.apply(arguments->options.film);
        CommandProgress progress(context);
        const studio::SayResult result = studio::say(studio::library_root(context.library),
                                                     arguments->options, print_warning, progress.work());
        progress.finish();
        print_result(result, context.json);
        return 0;
      }};
  add_speech_arguments(command.arguments, options.speech);
  command.arguments.insert(
      command.arguments.end(),
      {{"-o,--output", &options.film.output,
        "Film to write: .mp4, .webm, or .webp (a moving picture without sound)", Presence::kDefaultShown},
       {"--voice", &options.voice, "An enrolled voice, or mira (default: the person's own)"},
       {"--subtitles", &options.subtitles, "Captions: .srt or .vtt (default: FILM.srt)"},
       {"--no-subtitles", &options.with_subtitles, "Write no captions"}});
  add_film_arguments(command.arguments, options.film, arguments->words);
  return command;
}

}  // namespace anima::app
