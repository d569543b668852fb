// anima_presenter_asset: a trained avatar -> assets/mira.anima, with her name, licence and recipe.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "core/error.h"
#include "studio/house_presenter.h"
#include "studio/person_file.h"

int main(int argc, char** argv) {
  using namespace anima;
  std::filesystem::path avatar, output;
  std::string recipe;
  CLI::App parser{"Gives a trained avatar the name, licence and recipe of the house presenter"};
  parser.add_option("AVATAR", avatar, "NAME.anima that 'anima train' has made of her film")->required();
  parser.add_option("-o,--output", output, "File to write")->required();
  parser.add_option("--recipe", recipe, "What she was made by: revision of the sources, seeds")->required();
  CLI11_PARSE(parser, argc, argv);
  try {
    studio::PersonFile person = studio::load_person(avatar);
    auto& metadata = person.avatar.metadata;
    metadata["name"] = studio::kHousePresenter;
    metadata["consent"] = studio::kHouseConsent;
    metadata["licence"] = "CC0-1.0";
    metadata["recipe"] = fmt::format("Anima {}, tools/presenter; {}", ANIMA_VERSION, recipe);
    studio::save_person(output, person);
    std::cout << fmt::format("{}: {} bytes\n", output.string(), std::filesystem::file_size(output));
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return exit_status_of(error.code());
  }
  return 0;
}
