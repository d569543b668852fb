// anima_presenter_voice: sentences -> Mira's voice file.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "core/error.h"
#include "core/files.h"
#include "presenter/performance/mira_voice.h"

int main(int argc, char** argv) {
  using namespace anima;
  std::filesystem::path sentences_file = ANIMA_SOURCE_DIR "/tools/presenter/voice_sentences.txt";
  std::filesystem::path output = ANIMA_SOURCE_DIR "/assets/mira.voice";
  int moments = 4000;
  CLI::App parser{"Enrols the house presenter's voice from flite's slt"};
  parser.add_option("--sentences", sentences_file, "What slt says, one sentence a line")
      ->capture_default_str();
  parser.add_option("-o,--output", output, "The voice file")->capture_default_str();
  parser.add_option("--moments", moments, "Moments of speech to keep: 416 bytes each")
      ->capture_default_str()
      ->check(CLI::Range(500, 15000));
  CLI11_PARSE(parser, argc, argv);
  try {
    std::vector<std::string> sentences;
    std::istringstream lines(read_text_file(sentences_file, 1U << 20U));
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty() && line.front() != '#') sentences.push_back(line);
    }
    const voice::VoiceProfile profile = presenter::make_mira_voice(sentences, moments, {});
    std::filesystem::create_directories(std::filesystem::absolute(output).parent_path());
    voice::save_voice_profile(profile, output);
    std::cout << fmt::format("{}: {:.0f} s of speech, {:.0f} Hz, {} moments, {:.2f} MB\n", output.string(),
                             profile.quality.speech_s, profile.quality.median_pitch_hz, profile.index.rows(),
                             static_cast<double>(std::filesystem::file_size(output)) / 1e6);
    for (const std::string& warning : profile.quality.warnings) std::cout << "  " << warning << "\n";
  } catch (const Error& error) {
    std::cerr << error.what() << "\n" << error.fix() << "\n";
    return 1;
  }
  return 0;
}
