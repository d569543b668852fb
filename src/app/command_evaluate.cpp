#include <iostream>
#include <memory>

#include "app/command_progress.h"
#include "app/commands.h"
#include "core/error.h"
#include "studio/evaluate_workflow.h"
#include "studio/house_presenter.h"
#include "studio/library.h"

namespace anima::app {

Command evaluate_command() {
  auto options = std::make_shared<studio::EvaluateOptions>();
  return {
      .name = "evaluate",
      .summary = "How good is an avatar? Figures, and a page with plots and strips",
      .arguments = {{"NAME", &options->person, "Person in the library", Presence::kRequired},
                    {"--renderer", &options->renderer, "simd, or reference (slow, plain)",
                     Presence::kDefaultShown},
                    {"--threads", &options->threads, "Threads (default: 0, one per core)"},
                    {"--truth", &options->truth,
                     "Exact poses and lips of a computed film (tools/presenter): scores against them too"}},
      .notes =
          "Scores the last 1/11 of the film, which training has not seen, with weights from tracking and "
          "from sound.\n"
          "The page is LIBRARY/NAME/results/evaluate.html; it needs no network.\n"
          "\n"
          "Example:\n"
          "  anima evaluate lieu --json",
      .run = [options](CommandContext& context) {
        if (studio::is_house_presenter(options->person)) {
          throw Error(ErrorCode::kUnsupported,
                      "the film of the house presenter, which scores need, is not shipped",
                      "her figures are in docs/evaluation.md; evaluate a person whom you have trained");
        }
        options->program = std::filesystem::read_symlink("/proc/self/exe");
        studio::Library library(studio::library_root(context.library), false);
        CommandProgress progress(context);
        const studio::EvaluateResult result = studio::evaluate_person(library, *options, progress.work());
        progress.finish();
        if (context.json) {
          std::cout << to_json(result.report).dump(2) << std::endl;
        } else {
          std::cout << to_text(result.report) << "page: " << result.page.string() << std::endl;
        }
        return 0;
      }};
}

}  // namespace anima::app
