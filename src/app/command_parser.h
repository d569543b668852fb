// From the words that a user typed to the command that they ask for.
#pragma once

#include <string>
#include <vector>

#include "app/command.h"

namespace anima::app {

struct Program {
  std::string name;
  std::string summary;
  std::string version;
  std::vector<Argument> shared;   // by name; every command takes them
  std::vector<Command> commands;  // `help` and `version` come with the parser
  std::string notes;              // at the end of the program's own help
};

// What is asked for: a command, a text to print (help, the version), or neither without arguments.
struct Request {
  const Command* command = nullptr;  // lies in the program; its values are in their storage
  std::string text;
};

// Reads `argv` (argv[0] is not looked at). Throws Error(kInvalidArgument) that names the word that is wrong
// or missing, the nearest command or option where one was mistyped, and where help is.
Request parse_arguments(const Program& program, int argc, const char* const* argv);

}  // namespace anima::app
