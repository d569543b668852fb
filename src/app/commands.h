// The commands of `anima`, one per file.
#pragma once

#include <filesystem>

#include "app/command.h"

namespace anima::app {

Command train_command();
Command render_command();
Command check_command();
Command evaluate_command();
Command doctor_command();
Command list_command();
Command remove_command();
Command say_command();
Command hello_command();
Command voice_command();
Command speak_command();
Command say_as_command();
Command transcribe_command();

// What `anima` does without arguments: the house presenter's greeting as a film. Returns the exit status.
int greet(CommandContext& context, const std::filesystem::path& output);

}  // namespace anima::app
