#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "studio/library.h"
#include "studio/render_workflow.h"

namespace anima::app {
namespace {

struct Words {
  std::string blink = "natural";
  std::string pose = "film";
  std::string background = "film";
};

void print_result(const studio::RenderResult& result, bool json) {
  if (json) {
    const nlohmann::ordered_json object = {{"film", result.film.string()},
                                           {"frames", result.frames},
                                           {"film_seconds", result.film_s},
                                           {"work_seconds", result.work_s},
                                           {"render_realtime_factor", result.realtime_factor},
                                           {"peak_memory_bytes", result.peak_memory_bytes},
                                           {"consent", result.consent}};
    std::cout << object.dump(2) << std::endl;
    return;
  }
  std::cout << fmt::format(
      "{}: {:.1f} s of film in {:.1f} s ({:.1f} x real time), labelled as AI-generated\n",
      result.film.string(), result.film_s, result.work_s, result.realtime_factor);
  std::cout << "consent: " << result.consent << "\n";
}

}  // namespace

Command add_render_command(CLI::App& parser) {
  auto options = std::make_shared<studio::RenderOptions>();
  auto words = std::make_shared<Words>();
  CLI::App* command =
      parser.add_subcommand("render", "Make a film in which a person's avatar speaks a sound");
  command->add_option("NAME", options->person, "Person in the library")->required();
  command->add_option("SOUND", options->sound, "Sound or film whose speech is spoken")->required();
  command
      ->add_option("-o,--output", options->output,
                   "Film to write: .mp4, .webm, or .webp (a moving picture without sound)")
      ->required();
  command
      ->add_option("--mouth-amplitude", options->mouth_amplitude,
                   "How far the mouth opens: 0 to 3, 1 as the person does")
      ->capture_default_str();
  command->add_option("--blink", words->blink, "off, natural, or the seconds between blinks")
      ->capture_default_str();
  command
      ->add_option("--pose", words->pose,
                   "Head motion: film (re-sampled from it), static, or a part of the film in seconds (10-25)")
      ->capture_default_str();
  command
      ->add_option("--lle-fraction", options->lle_fraction,
                   "How far predicted mouths are drawn to filmed ones: 0 to 1")
      ->capture_default_str();
  command
      ->add_option("--temperature", options->temperature,
                   "Variation where the sound leaves the mouth open to choice: 0 (none) to 2")
      ->capture_default_str();
  command->add_option("--size", options->size_px, "Width and height of the film in pixels: 64 to 2048")
      ->capture_default_str();
  command
      ->add_option("--background", words->background,
                   "film, transparent (.webm, .webp), a colour (#00ff00), or a picture file")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "The same seed gives the same film")->capture_default_str();
  command->add_option("--threads", options->threads, "Threads (default: 0, one per core)");
  command->footer(
      "Examples:\n"
      "  anima render lieu speech.wav -o out.mp4\n"
      "  anima render lieu speech.wav -o out.webm --background transparent --pose static\n"
      "  anima render lieu speech.wav -o out.mp4 --mouth-amplitude 1.2 --blink 3 --seed 7");
  return [options, words](CommandContext& context) {
    set_blink(*options, words->blink);
    set_pose(*options, words->pose);
    set_background(*options, words->background);
    options->validate();
    const studio::Library library(studio::library_root(context.library), false);

    CommandProgress progress(context);
    const studio::RenderResult result = studio::render(library, *options, progress.work());
    progress.finish();
    print_result(result, context.json);
    return 0;
  };
}

}  // namespace anima::app
