// The commands of `anima`, one per file: each adds its options to the parser and knows how to
// run itself.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "core/progress.h"

namespace anima::app {

// What all commands share. Lives as long as the program.
struct CommandContext {
  std::string library;             // --library; empty: see studio::library_root
  bool json = false;               // --json
  bool quiet = false;              // --quiet: no progress
  CancellationToken cancellation;  // set by Ctrl-C
};

// Runs a command; returns the exit status. Throws anima::Error.
using Command = std::function<int(CommandContext&)>;

// Each registers its subcommand with help and options, and returns what runs it. `parser` and
// the returned function share the options' storage.
Command add_train_command(CLI::App& parser);
Command add_render_command(CLI::App& parser);
Command add_check_command(CLI::App& parser);
Command add_evaluate_command(CLI::App& parser);
Command add_doctor_command(CLI::App& parser);
Command add_list_command(CLI::App& parser);
Command add_remove_command(CLI::App& parser);
Command add_say_command(CLI::App& parser);
Command add_hello_command(CLI::App& parser);
Command add_voice_command(CLI::App& parser);
Command add_speak_command(CLI::App& parser);
Command add_say_as_command(CLI::App& parser);
Command add_transcribe_command(CLI::App& parser);

// What `anima` does without arguments: the house presenter's greeting as a film. Returns the exit status.
int greet(CommandContext& context, const std::filesystem::path& output);

}  // namespace anima::app
