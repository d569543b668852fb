#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "app/command_progress.h"
#include "app/commands.h"
#include "app/film_knobs.h"
#include "studio/house_presenter.h"
#include "studio/render_workflow.h"

namespace anima::app {
namespace {

void print_result(const studio::RenderResult& result, bool json) {
  if (json) {
    std::cout << film_json(result).dump(2) << std::endl;
    return;
  }
  std::cout << fmt::format(
      "{}: {:.1f} s of film in {:.1f} s ({:.1f} x real time), labelled as AI-generated\n",
      result.film.string(), result.film_s, result.work_s, result.realtime_factor);
  std::cout << "consent: " << result.consent << "\n";
}

}  // namespace

Command render_command() {
  auto options = std::make_shared<studio::RenderOptions>();
  auto words = std::make_shared<FilmWords>();
  Command command = {
      .name = "render",
      .summary = "Make a film in which a person's avatar speaks a sound",
      .arguments = {{"NAME", &options->person, "Person in the library, or mira, the house presenter",
                     Presence::kRequired},
                    {"SOUND", &options->sound, "Sound or film whose speech is spoken", Presence::kRequired},
                    {"-o,--output", &options->output,
                     "Film to write: .mp4, .webm, or .webp (a moving picture without sound)",
                     Presence::kRequired}},
      .notes =
          "Examples:\n"
          "  anima render lieu speech.wav -o out.mp4\n"
          "  anima render mira speech.wav -o out.webm --background transparent --pose static\n"
          "  anima render lieu speech.wav -o out.mp4 --mouth-amplitude 1.2 --blink 3 --seed 7",
      .run = [options, words](CommandContext& context) {
        words->apply(*options);
        options->validate();
        options->warn = print_warning;
        const auto avatar = studio::find_avatar(studio::library_root(context.library), options->person);

        CommandProgress progress(context);
        const studio::RenderResult result = studio::render(avatar, *options, progress.work());
        progress.finish();
        print_result(result, context.json);
        return 0;
      }};
  add_film_arguments(command.arguments, *options, *words);
  return command;
}

}  // namespace anima::app
