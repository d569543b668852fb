#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "core/error.h"
#include "studio/house_presenter.h"
#include "studio/library.h"

namespace anima::app {
namespace {

void require_confirmation(const std::string& name) {
  const std::string question = "delete " + name + ": avatar, training data, results and jobs";
  if (::isatty(STDIN_FILENO) != 1) {
    throw Error(ErrorCode::kInvalidArgument, "nobody can be asked whether to " + question,
                "add --yes to delete without asking");
  }
  std::cerr << "Really " << question << "? Type the name to confirm: " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != name) throw Error(ErrorCode::kCancelled, "nothing was deleted");
}

}  // namespace

Command remove_command() {
  auto name = std::make_shared<std::string>();
  auto yes = std::make_shared<bool>(false);
  return {.name = "remove",
          .summary = "Delete a person and everything made from their film",
          .arguments = {{"NAME", name.get(), "Person in the library", Presence::kRequired},
                        {"--yes", yes.get(), "Do not ask"}},
          .run = [name, yes](CommandContext& context) {
            studio::require_free_name(*name, "delete somebody");
            studio::Library library(studio::library_root(context.library), false);
            *name = library.person(*name).name;
            if (!*yes) require_confirmation(*name);
            library.remove(*name);
            if (context.json) {
              std::cout << nlohmann::json{{"removed", *name}}.dump(2) << std::endl;
            } else {
              std::cout << *name << " is deleted\n";
            }
            return 0;
          }};
}

}  // namespace anima::app
