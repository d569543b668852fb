#include <iostream>
#include <memory>

#include "app/command_progress.h"
#include "app/commands.h"
#include "core/error.h"
#include "studio/check_workflow.h"

namespace anima::app {

Command check_command() {
  auto film = std::make_shared<std::string>();
  return {.name = "check",
          .summary = "Is this film good enough, and what should be filmed again?",
          .arguments = {{"FILM", film.get(), "Film of one speaking person", Presence::kRequired}},
          .notes =
              "Each line of the result has a verdict (good, fair, bad) and what to do about it.\n"
              "The exit status is 0 when the film can be used, 6 when it cannot.\n"
              "\n"
              "Example:\n"
              "  anima check lieu.mp4 --json",
          .run = [film](CommandContext& context) {
            CommandProgress progress(context);
            const studio::FilmCheck check = studio::run_film_check(*film, progress.work());
            progress.finish();
            std::cout << (context.json ? to_json(check).dump(2) + "\n" : to_text(check)) << std::flush;
            return check.usable() ? 0 : exit_status_of(ErrorCode::kUnusableInput);
          }};
}

}  // namespace anima::app
