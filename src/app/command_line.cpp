#include "app/command_line.h"

#include <cstring>
#include <iostream>
#include <new>

#include "app/command_parser.h"
#include "app/commands.h"
#include "app/error_report.h"
#include "app/interruption.h"
#include "core/error.h"

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

Program make_program(CommandContext& context) {
  return {.name = "anima",
          .summary = kDescription,
          .version = ANIMA_VERSION,
          .shared = {{"--library", &context.library,
                      "Folder of the library (default: $ANIMA_LIBRARY, else ./library)"},
                     {"--json", &context.json, "Print the result, or the error, as JSON"},
                     {"--quiet", &context.quiet, "Show no progress"}},
          .commands = {train_command(), render_command(), check_command(), evaluate_command(),
                       doctor_command(), list_command(), remove_command(), voice_command(), speak_command(),
                       transcribe_command(), say_command(), hello_command(), say_as_command()},
          .notes = kExamples};
}

int run_command(int argc, char** argv, CommandContext& context) {
  const Program program = make_program(context);
  const Request request = parse_arguments(program, argc, argv);
  if (request.command != nullptr) return request.command->run(context);
  if (request.text.empty()) return greet(context, "hello.mp4");
  std::cout << request.text << std::flush;
  return 0;
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
