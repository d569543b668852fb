#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/engine_findings.h"
#include "core/error.h"
#include "studio/configured.h"
#include "studio/doctor.h"
#include "studio/library.h"

namespace anima::app {

Command add_doctor_command(CLI::App& parser) {
  auto quick = std::make_shared<bool>(false);
  CLI::App* command =
      parser.add_subcommand("doctor", "What is installed, what is missing, and how fast is this machine?");
  command->add_flag("--no-speed", *quick, "Do not measure the speed of this machine");
  command->footer("The exit status is 0 when everything needed is there, 7 when something is missing.");
  return [quick](CommandContext& context) {
    studio::Diagnosis diagnosis = studio::diagnose(studio::library_root(context.library).string(), !*quick);
    const auto engines = engine_findings(studio::load_configured());
    diagnosis.findings.insert(diagnosis.findings.end(), engines.begin(), engines.end());
    std::cout << (context.json ? to_json(diagnosis).dump(2) + "\n" : to_text(diagnosis)) << std::flush;
    return diagnosis.healthy() ? 0 : exit_status_of(ErrorCode::kNotReady);
  };
}

}  // namespace anima::app
