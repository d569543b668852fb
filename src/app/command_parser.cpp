// The one file that knows CLI11, whose header takes seconds to compile.
#include "app/command_parser.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <sstream>
#include <system_error>
#include <type_traits>
#include <unordered_map>

#include "core/error.h"
#include "core/nearest_match.h"

namespace anima::app {
namespace {

// Reads `text`; returns what is wrong with it, or nothing.
template <typename Number>
std::string read_number(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [read_to, fault] = std::from_chars(text.data(), end, number);
  bool good = fault == std::errc() && read_to == end;
  if constexpr (std::is_floating_point_v<Number>) good = good && std::isfinite(number);
  if (good) return {};
  if (fault == std::errc::result_out_of_range) return "'" + text + "' is too large";
  return "'" + text + "' is not a " + (std::is_floating_point_v<Number> ? "" : "whole ") + "number" +
         (std::is_unsigned_v<Number> ? " from 0" : "");
}

// Not CLI11's own reading, which takes octal and hexadecimal numbers, and 2^64 - 1 for "-1".
template <typename Number>
CLI::Option* add_number(CLI::App& parser, const Argument& argument, Number* storage) {
  return parser
      .add_option_function<std::string>(
          argument.names, [storage](const std::string& text) { read_number(text, *storage); }, argument.help)
      ->check([](const std::string& text) {
        Number ignored{};
        return read_number(text, ignored);
      })
      ->type_name(std::is_floating_point_v<Number> ? "FLOAT"
                  : std::is_unsigned_v<Number>     ? "UINT"
                                                   : "INT")
      ->default_str(fmt::format("{}", *storage));
}

using CommandsByParser = std::unordered_map<const CLI::App*, const Command*>;

void add_argument(CLI::App& parser, const Argument& argument) {
  std::visit(
      [&](auto* storage) {
        using Value = std::remove_pointer_t<decltype(storage)>;
        const bool default_shown = argument.presence == Presence::kDefaultShown;
        CLI::Option* option = nullptr;
        if constexpr (std::is_same_v<Value, bool>) {
          option = parser.add_flag_callback(
              argument.names, [storage, turned = !*storage] { *storage = turned; }, argument.help);
        } else if constexpr (std::is_arithmetic_v<Value>) {
          option = add_number(parser, argument, storage);
          if (!default_shown) option->default_str("");
        } else {
          option = parser.add_option(argument.names, *storage, argument.help);
          if (default_shown) option->capture_default_str();
        }
        option->required(argument.presence == Presence::kRequired);
      },
      argument.storage);
}

void add_command(CLI::App& parser, const Command& command, const Program& program,
                 const std::string& notes_above, CommandsByParser& commands) {
  CLI::App* added = parser.add_subcommand(command.name, command.summary);
  commands[added] = &command;
  const std::string& notes = command.notes.empty() ? notes_above : command.notes;
  added->footer(notes);
  for (const Argument& argument : command.arguments) add_argument(*added, argument);
  for (const Argument& argument : program.shared) add_argument(*added, argument);
  for (const Command& own : command.commands) add_command(*added, own, program, notes, commands);
  if (!command.commands.empty()) added->require_subcommand(1);
}

std::vector<std::string> names_of_commands(const CLI::App& parser) {
  std::vector<std::string> names;
  for (const CLI::App* command : parser.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

// The command that the arguments got to: "voice add" of `anima voice add --transcrip x`.
const CLI::App& deepest_command(const CLI::App& parser) {
  const CLI::App* deepest = &parser;
  for (auto chosen = deepest->get_subcommands(); !chosen.empty(); chosen = deepest->get_subcommands())
    deepest = chosen.front();
  return *deepest;
}

// "anima voice add"
std::string full_name(const CLI::App& command) {
  const CLI::App* above = command.get_parent();
  return above == nullptr ? command.get_name() : full_name(*above) + " " + command.get_name();
}

// "see: anima help voice add"
std::string where_help_is(const CLI::App& parser) {
  return "see: " + parser.get_name() + " help" +
         full_name(deepest_command(parser)).substr(parser.get_name().size());
}

Error wrong(const std::string& message, const std::string& fix) {
  return {ErrorCode::kInvalidArgument, message, fix};
}

// What was mistyped, and what was probably meant.
Error mistyped(const CLI::App& parser, const std::string& word) {
  const CLI::App& command = deepest_command(parser);
  const bool top = &command == &parser;
  const std::string help = where_help_is(parser);
  if (word.starts_with('-')) {
    std::vector<std::string> options;
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    }
    const std::string name = word.substr(0, word.find('='));
    return wrong(top ? "there is no option '" + name + "'"
                     : "'" + full_name(command) + "' has no option '" + name + "'",
                 did_you_mean(name, options, help));
  }
  const std::vector<std::string> commands = names_of_commands(command);
  if (!commands.empty()) {
    return wrong("there is no command '" + word + "'" + (top ? "" : " of '" + full_name(command) + "'"),
                 did_you_mean(word, commands, help));
  }
  return wrong("'" + full_name(command) + "' does not know what to do with '" + word + "'",
               help + "; a text or a name with blanks goes in quotes");
}

Error unreadable(const CLI::App& parser, const CLI::ParseError& error) {
  // A missing argument is often a mistyped one.
  const std::vector<std::string> rest = parser.remaining(true);
  const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                       !names_of_commands(deepest_command(parser)).empty();
  if (!rest.empty() && (unknown || rest.front().starts_with("--"))) return mistyped(parser, rest.front());
  return wrong(error.what(), where_help_is(parser));
}

// The help of the command that `words` name one below the other; of the program without any.
std::string help_of(CLI::App& parser, const std::vector<std::string>& words) {
  parser.clear();  // its help is that of the command that was parsed: "help"
  const CLI::App* command = &parser;
  for (const std::string& word : words) {
    const auto commands =
        command->get_subcommands([&](const CLI::App* candidate) { return candidate->get_name() == word; });
    if (commands.empty()) {
      throw wrong("there is no command '" + word + "'" +
                      (command == &parser ? "" : " of '" + full_name(*command) + "'"),
                  did_you_mean(word, names_of_commands(*command),
                               "see the commands with: " + parser.get_name() + " help"));
    }
    command = commands.front();
  }
  return command->help(command == &parser ? "" : full_name(*command->get_parent()));
}

}  // namespace

Request parse_arguments(const Program& program, int argc, const char* const* argv) {
  CLI::App parser{program.summary, program.name};
  parser.require_subcommand(0, 1);
  const std::string version_text = program.name + " " + program.version;
  parser.set_version_flag("--version", version_text);

  CommandsByParser commands;
  for (const Command& command : program.commands) add_command(parser, command, program, "", commands);
  std::vector<std::string> topic;
  CLI::App* help = parser.add_subcommand("help", "Explain a command");
  help->add_option("COMMAND", topic, "The command to explain");
  const CLI::App* version = parser.add_subcommand("version", "Print the version");
  parser.footer(program.notes);

  try {
    parser.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    std::ostringstream text;
    parser.exit(help_or_version, text, text);
    return {.text = text.str()};
  } catch (const CLI::ParseError& error) {
    throw unreadable(parser, error);
  }
  if (help->parsed()) return {.text = help_of(parser, topic)};
  if (version->parsed()) return {.text = version_text + "\n"};
  const auto chosen = commands.find(&deepest_command(parser));
  return {.command = chosen == commands.end() ? nullptr : chosen->second};
}

}  // namespace anima::app
