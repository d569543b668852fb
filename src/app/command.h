// What a command of `anima` is: plain values that say which arguments it takes, and the function that
// runs it. `command_parser.h` reads what a user typed into them.
//
//   Command check_command() {
//     auto film = std::make_shared<std::string>();
//     return {.name = "check",
//             .summary = "Is this film good enough?",
//             .arguments = {{"FILM", film.get(), "Film of one speaking person", Presence::kRequired}},
//             .run = [film](CommandContext& context) { return check(*film, context); }};
//   }
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/progress.h"

namespace anima::app {

// What all commands share. Lives as long as the program.
struct CommandContext {
  std::string library;             // --library; empty: see studio::library_root
  bool json = false;               // --json
  bool quiet = false;              // --quiet: no progress
  CancellationToken cancellation;  // set by Ctrl-C
};

enum class Presence {
  kOptional,
  kDefaultShown,  // optional; the help shows what the storage holds
  kRequired,
};

struct Argument {
  // Where the value goes: its type says what is read. A bool is a flag without a value, which turns the
  // bool over. The command's `run` keeps the storage alive.
  using Storage = std::variant<bool*, int*, std::uint64_t*, double*, std::string*, std::filesystem::path*>;

  std::string names;  // "FILM" is told by its place, "-o,--output" by its name
  Storage storage;
  std::string help;
  Presence presence = Presence::kOptional;
};

struct Command {
  std::string name;
  std::string summary;  // one line
  std::vector<Argument> arguments;
  std::string notes;              // below the arguments in the help: files, examples; also of `commands`
  std::vector<Command> commands;  // of its own, one of which must be named: `anima voice add`
  // Returns the exit status, or throws anima::Error. Empty where there are `commands`.
  std::function<int(CommandContext&)> run;
};

}  // namespace anima::app
