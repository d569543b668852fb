// anima_presenter_performance: a script and a voice -> sound.wav, phonemes.json, performance.json.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "core/error.h"
#include "media/film_writer.h"
#include "presenter/performance/performance.h"
#include "presenter/performance_file.h"

int main(int argc, char** argv) {
  using namespace anima;
  std::filesystem::path script = ANIMA_SOURCE_DIR "/tools/presenter/script.txt";
  std::filesystem::path voice = ANIMA_SOURCE_DIR "/assets/mira.voice";
  std::filesystem::path output = ".";
  std::uint64_t seed = 4;
  CLI::App parser{"Makes the house presenter's performance from her script"};
  parser.add_option("--script", script, "What she says (tools/presenter/performance/script.h)")
      ->capture_default_str();
  parser.add_option("--voice", voice, "Her voice (anima_presenter_voice)")->capture_default_str();
  parser.add_option("-o,--output", output, "Folder for the three files")->capture_default_str();
  parser.add_option("--seed", seed, "The same seed gives the same performance")->capture_default_str();
  CLI11_PARSE(parser, argc, argv);
  try {
    std::filesystem::create_directories(output);
    const presenter::SpokenScript spoken = presenter::speak_script(presenter::read_script(script), voice, {});
    const presenter::PresenterPerformance performance = presenter::perform(spoken, seed);
    media::write_wav(output / "sound.wav", spoken.sound, "Mira's performance");
    presenter::write_spoken_times(output / "phonemes.json", spoken);
    presenter::write_performance(output / "performance.json", performance);
    std::cout << fmt::format("{}: {:.1f} s, {} frames\n", output.string(), spoken.sound.duration_s(),
                             performance.size());
  } catch (const Error& error) {
    std::cerr << error.what() << "\n" << error.fix() << "\n";
    return 1;
  }
  return 0;
}
