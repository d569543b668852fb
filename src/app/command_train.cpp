#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "app/terminal_progress.h"
#include "core/error.h"
#include "studio/film_history.h"
#include "studio/library.h"
#include "studio/person_name.h"
#include "studio/train_workflow.h"

namespace anima::app {
namespace {

// Asks on an interactive terminal; elsewhere nobody can answer and "not recorded" is stored.
std::string ask_for_consent(const CommandContext& context) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) return {};
  std::cerr << "Who is filmed, and how did they agree to an avatar of themselves?\n"
               "  for example: Ada Lovelace, in writing   (Enter: not recorded)\n> "
            << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  context.cancellation.throw_if_requested("the question about consent");
  return answer;
}

void print_result(const studio::TrainResult& result, const std::string& name, const std::string& consent,
                  bool json) {
  if (json) {
    nlohmann::ordered_json object = {{"avatar", result.avatar.string()},
                                     {"avatar_bytes", result.avatar_bytes},
                                     {"consent", consent},
                                     {"sound_offset_ms", result.sound_offset_ms},
                                     {"voice", studio::name_of(result.voice)},
                                     {"resumed", result.resumed},
                                     {"train_seconds", result.train_s},
                                     {"first_avatar_seconds", result.first_avatar_s},
                                     {"peak_memory_bytes", result.peak_memory_bytes}};
    for (const auto& [stage, seconds] : result.stage_seconds) object["seconds_" + stage] = seconds;
    for (const auto& [figure, value] : result.figures) object[figure] = value;
    object["warnings"] = result.warnings;
    std::cout << object.dump(2) << std::endl;
    return;
  }
  std::cout << fmt::format(
      "{} is ready: {:.1f} MB, made in {} (first usable avatar after {}), peak memory {:.2f} GB\n",
      result.avatar.string(), static_cast<double>(result.avatar_bytes) / 1e6, clock_text(result.train_s),
      clock_text(result.first_avatar_s), static_cast<double>(result.peak_memory_bytes) / 1e9);
  std::cout << "consent: " << consent << "\n";
  const std::string argument = studio::name_as_argument(name);
  if (result.voice == studio::FilmVoice::kEnrolled) {
    std::cout << fmt::format("the voice was enrolled from the film: anima say {} \"Hello!\" -o hello.mp4\n",
                             argument);
  } else if (result.voice == studio::FilmVoice::kKept) {
    std::cout << fmt::format(
        "the voice '{0}' that was there is kept; renew it from the film with: anima voice add {1} "
        "--from-avatar {1} --replace\n",
        name, argument);
  }
  if (result.sound_offset_ms != 0) {
    std::cout << fmt::format("the film's sound was moved {:.0f} ms {} to be in step with the lips\n",
                             std::abs(result.sound_offset_ms),
                             result.sound_offset_ms > 0 ? "earlier" : "later");
  }
}

}  // namespace

Command train_command() {
  auto options = std::make_shared<studio::TrainOptions>();
  auto sound_offset = std::make_shared<std::string>("0");
  return {
      .name = "train",
      .summary = "Make a person's avatar from a film",
      .arguments =
          {{"FILM", &options->film, "Film of one speaking person, best 45 seconds to 3 minutes",
            Presence::kRequired},
           {"--name", &options->name, "Name of the person in the library (default: from the film's name)"},
           {"--consent", &options->consent, "Who agreed and how: \"Ada Lovelace, in writing\""},
           {"--steps", &options->steps,
            "Steps of appearance training, head and torso together (default: 0, chosen for the film); more "
            "continue a finished one"},
           {"--use-all", &options->use_all,
            "Learn from the whole film. By default the last 1/11 is held back for honest scores"},
           {"--no-voice", &options->voice,
            "Enrol no voice. By default the film's sound becomes the person's voice, under the same consent"},
           {"--fresh", &options->fresh,
            "Start over: forget what an earlier run has done, also with another film"},
           {"--sound-offset", sound_offset.get(),
            "How late the film's sound is, ms: 80 where it comes 80 ms after the lips (it is moved earlier), "
            "-80 where it comes before them; 'auto' measures it as 'anima check' does",
            Presence::kDefaultShown},
           {"--seed", &options->seed, "Start of all random choices", Presence::kDefaultShown},
           {"--threads", &options->threads, "Threads (default: 0, one per core)"}},
      .notes =
          "The avatar is written to LIBRARY/NAME/NAME.anima, a first one early, better ones as the training "
          "goes on.\n"
          "Ctrl-C stops within a second; the same command goes on where it stopped, also after a crash.\n"
          "\n"
          "Examples:\n"
          "  anima train film.mp4 --name ada --consent \"Ada Lovelace, in writing\"\n"
          "  anima train film.mp4 --name ada --steps 20000      train longer",
      .run = [options, sound_offset](CommandContext& context) {
        options->sound_offset = studio::read_sound_offset(*sound_offset);
        if (options->name.empty()) options->name = studio::person_name_from(options->film);
        options->name = studio::normalised_name(options->name);
        options->validate();
        studio::Library library(studio::library_root(context.library), true);
        static_cast<void>(studio::require_trainable(options->film));  // before a question about it
        const studio::FilmHistory history = studio::film_history(library, options->name, options->film);
        if (!options->fresh) studio::require_known_film(history, options->name, options->film);
        if (options->consent.empty() && history.consent.empty()) options->consent = ask_for_consent(context);

        options->warn = [](const std::string& warning) { std::cerr << "warning: " << warning << std::endl; };
        CommandProgress progress(context);
        const studio::TrainResult result = studio::train(library, *options, progress.work());
        progress.finish();
        print_result(result, options->name, library.person(options->name).consent, context.json);
        return 0;
      }};
}

}  // namespace anima::app
