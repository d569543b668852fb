#include <iostream>
#include <memory>

#include "app/command_progress.h"
#include "app/commands.h"
#include "core/error.h"
#include "studio/evaluate_workflow.h"
#include "studio/house_presenter.h"
#include "studio/library.h"

namespace anima::app {

Command add_evaluate_command(CLI::App& parser) {
  auto options = std::make_shared<studio::EvaluateOptions>();
  CLI::App* command =
      parser.add_subcommand("evaluate", "How good is an avatar? Figures, and a page with plots and strips");
  command->add_option("NAME", options->person, "Person in the library")->required();
  command->add_option("--renderer", options->renderer, "simd, or reference (slow, plain)")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Threads (default: 0, one per core)");
  command->add_option("--truth", options->truth,
                      "Exact poses and lips of a computed film (tools/presenter): scores against them too");
  command->footer(
      "Scores the last 1/11 of the film, which training has not seen, with weights from tracking and from "
      "sound.\n"
      "The page is LIBRARY/NAME/results/evaluate.html; it needs no network.\n"
      "\n"
      "Example:\n"
      "  anima evaluate lieu --json");
  return [options](CommandContext& context) {
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
  };
}

}  // namespace anima::app
