#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <cstring>
#include <iostream>
#include <new>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/error_report.h"
#include "app/interruption.h"
#include "core/error.h"
#include "core/nearest_match.h"

namespace anima::app {
namespace {

constexpr const char* kDescription =
    "Anima: a self-hosted digital human.\n"
    "Film a person, train their talking avatar, and let it speak any sound, offline, on an ordinary "
    "computer.";

constexpr const char* kExamples =
    "Without a command, Mira, the house presenter, greets you in hello.mp4.\n"
    "\n"
    "Examples:\n"
    "  anima say mira \"Hello! 你好！\" -o hi.mp4       text -> talking film\n"
    "  anima check lieu.mp4                           is this film good enough?\n"
    "  anima train lieu.mp4 --name lieu               film -> library/lieu/lieu.anima\n"
    "  anima render lieu speech.wav -o out.mp4        sound -> talking film\n"
    "  anima evaluate lieu                            how good is the avatar?\n"
    "  anima voice add zhb zhb.wav                    recording -> voice\n"
    "  anima speak --voice zhb \"你好！\" -o hello.wav  text -> sound\n"
    "\n"
    "'anima help COMMAND' tells more about a command. Exit codes: docs/troubleshooting.md.";

// Before the arguments are understood, errors in them must already know how to be shown.
bool wants_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) return true;
  }
  return false;
}

int report(const Error& error, bool json) {
  if (json)
    std::cout << to_json(error).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  std::cerr << to_text(error);
  return exit_status_of(error.code());
}

// The names of the commands of `parser`.
std::vector<std::string> names_of_commands(const CLI::App& parser) {
  std::vector<std::string> names;
  for (const CLI::App* command : parser.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

int print_help(CLI::App& parser, const std::string& command) {
  if (command.empty()) {
    std::cout << parser.help();
    return 0;
  }
  for (const CLI::App* subcommand : parser.get_subcommands({})) {
    if (subcommand->get_name() != command) continue;
    std::cout << subcommand->help("anima");
    return 0;
  }
  throw Error(ErrorCode::kInvalidArgument, "there is no command '" + command + "'",
              did_you_mean(command, names_of_commands(parser), "see the commands with: anima help"));
}

// The command that the arguments got to: "voice add" of `anima voice add --transcrip x`.
const CLI::App* deepest_command(const CLI::App& parser) {
  const CLI::App* deepest = &parser;
  for (auto chosen = deepest->get_subcommands(); !chosen.empty(); chosen = deepest->get_subcommands())
    deepest = chosen.front();
  return deepest;
}

// What was mistyped, and what was probably meant.
Error mistyped(const CLI::App& parser, const std::string& word) {
  const CLI::App* command = deepest_command(parser);
  const bool top = command == &parser;
  const std::string help =
      "see: anima help" + (top ? "" : " " + parser.get_subcommands().front()->get_name());
  if (word.starts_with('-')) {
    std::vector<std::string> options;
    for (const CLI::App* at = command; at != nullptr; at = at->get_parent()) {
      for (const CLI::Option* option : at->get_options()) {
        for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
      }
    }
    const std::string name = word.substr(0, word.find('='));
    return {ErrorCode::kInvalidArgument,
            top ? "there is no option '" + name + "'"
                : "'anima " + command->get_name() + "' has no option '" + name + "'",
            did_you_mean(name, options, help)};
  }
  const std::vector<std::string> commands = names_of_commands(*command);
  if (!commands.empty()) {
    return {ErrorCode::kInvalidArgument,
            "there is no command '" + word + "'" + (top ? "" : " of 'anima " + command->get_name() + "'"),
            did_you_mean(word, commands, help)};
  }
  return {ErrorCode::kInvalidArgument,
          "'anima " + command->get_name() + "' does not know what to do with '" + word + "'",
          help + "; a text or a name with blanks goes in quotes"};
}

int run_command(int argc, char** argv, CommandContext& context) {
  CLI::App parser{kDescription, "anima"};
  parser.footer(kExamples);
  parser.require_subcommand(0, 1);
  parser.set_version_flag("--version", "anima " ANIMA_VERSION);

  std::vector<std::pair<std::string, Command>> commands = {
      {"train", add_train_command(parser)},   {"render", add_render_command(parser)},
      {"check", add_check_command(parser)},   {"evaluate", add_evaluate_command(parser)},
      {"doctor", add_doctor_command(parser)}, {"list", add_list_command(parser)},
      {"remove", add_remove_command(parser)}, {"voice", add_voice_command(parser)},
      {"speak", add_speak_command(parser)},   {"transcribe", add_transcribe_command(parser)},
      {"say", add_say_command(parser)},       {"hello", add_hello_command(parser)},
      {"say-as", add_say_as_command(parser)},
  };
  for (CLI::App* command : parser.get_subcommands({})) {
    command->add_option("--library", context.library,
                        "Folder of the library (default: $ANIMA_LIBRARY, else ./library)");
    command->add_flag("--json", context.json, "Print the result, or the error, as JSON");
    command->add_flag("--quiet", context.quiet, "Show no progress");
  }
  std::string help_topic;
  CLI::App* help = parser.add_subcommand("help", "Explain a command");
  help->add_option("COMMAND", help_topic, "The command to explain");
  CLI::App* version = parser.add_subcommand("version", "Print the version");

  try {
    parser.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return parser.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    // A missing argument is often a mistyped one.
    const std::vector<std::string> rest = parser.remaining(true);
    const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                         !names_of_commands(*deepest_command(parser)).empty();
    if (!rest.empty() && (unknown || rest.front().starts_with("--"))) throw mistyped(parser, rest.front());
    const auto chosen = parser.get_subcommands();
    throw Error(ErrorCode::kInvalidArgument, error.what(),
                "see: anima help" + (chosen.empty() ? "" : " " + chosen.front()->get_name()));
  }
  if (help->parsed()) return print_help(parser, help_topic);
  if (version->parsed()) {
    std::cout << "anima " ANIMA_VERSION << std::endl;
    return 0;
  }
  for (const auto& [name, command] : commands) {
    if (parser.got_subcommand(name)) return command(context);
  }
  return greet(context, "hello.mp4");
}

}  // namespace

int run(int argc, char** argv) {
  const bool json = wants_json(argc, argv);
  CommandContext context;
  stop_on_signals(context.cancellation);
  try {
    return run_command(argc, argv, context);
  } catch (const Error& error) {
    return report(error, json);
  } catch (const std::bad_alloc&) {
    return report(Error(ErrorCode::kResourceExhausted, "the memory was not enough",
                        "close other programs, or use a shorter film or a smaller size"),
                  json);
  } catch (const std::exception& exception) {
    return report(Error(ErrorCode::kInternal, "something went wrong inside of Anima",
                        "report this with the text after 'cause'", exception.what()),
                  json);
  }
}

}  // namespace anima::app
