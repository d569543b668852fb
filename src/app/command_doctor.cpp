#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/engine_findings.h"
#include "core/error.h"
#include "studio/configured.h"
#include "studio/doctor.h"
#include "studio/library.h"

namespace anima::app {

Command doctor_command() {
  auto quick = std::make_shared<bool>(false);
  return {.name = "doctor",
          .summary = "What is installed, what is missing, and how fast is this machine?",
          .arguments = {{"--no-speed", quick.get(), "Do not measure the speed of this machine"}},
          .notes = "The exit status is 0 when everything needed is there, 7 when something is missing.",
          .run = [quick](CommandContext& context) {
            studio::Diagnosis diagnosis =
                studio::diagnose(studio::library_root(context.library).string(), !*quick);
            const auto engines = engine_findings(studio::load_configured());
            diagnosis.findings.insert(diagnosis.findings.end(), engines.begin(), engines.end());
            std::cout << (context.json ? to_json(diagnosis).dump(2) + "\n" : to_text(diagnosis))
                      << std::flush;
            return diagnosis.healthy() ? 0 : exit_status_of(ErrorCode::kNotReady);
          }};
}

}  // namespace anima::app
