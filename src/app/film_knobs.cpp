#include "app/film_knobs.h"

#include <iostream>

namespace anima::app {

void FilmWords::apply(studio::RenderOptions& options) const {
  set_blink(options, blink);
  set_pose(options, pose);
  set_background(options, background);
}

void add_film_options(CLI::App& command, studio::RenderOptions& options, FilmWords& words) {
  command
      .add_option("--mouth-amplitude", options.mouth_amplitude,
                  "How far the mouth opens: 0 to 3, 1 as the person does")
      ->capture_default_str();
  command.add_option("--blink", words.blink, "off, natural, or the seconds between blinks")
      ->capture_default_str();
  command
      .add_option("--pose", words.pose,
                  "Head motion: film (re-sampled from it), static, or a part of the film in seconds (10-25)")
      ->capture_default_str();
  command
      .add_option("--lle-fraction", options.lle_fraction,
                  "How far predicted mouths are drawn to filmed ones: 0 to 1")
      ->capture_default_str();
  command
      .add_option("--temperature", options.temperature,
                  "Variation where the sound leaves the mouth open to choice: 0 (none) to 2")
      ->capture_default_str();
  command.add_option("--size", options.size_px, "Width and height of the film in pixels: 64 to 2048")
      ->capture_default_str();
  command
      .add_option("--background", words.background,
                  "film, transparent (.webm, .webp), a colour (#00ff00), or a picture file")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "The same seed gives the same film")->capture_default_str();
  command.add_option("--threads", options.threads, "Threads (default: 0, one per core)");
}

void add_speech_options(CLI::App& command, studio::SpeakOptions& options) {
  command.add_option("TEXT", options.text, "What to say; Chinese and English may be mixed");
  command.add_option("--text-file", options.text_file, "A UTF-8 text file instead");
  command.add_option("--engine", options.engine, "Only this engine of the configuration");
  command.add_option("--language", options.language,
                     "Of the text, where it is neither English nor Chinese: fr, de, ...");
  command.add_option("--instruction", options.instruction,
                     "How to say it, for engines that can follow: \"warmly\"");
  command.add_option("--speed", options.speed, "0.5 to 2")->capture_default_str();
}

nlohmann::ordered_json film_json(const studio::RenderResult& result) {
  return {{"film", result.film.string()},
          {"frames", result.frames},
          {"film_seconds", result.film_s},
          {"work_seconds", result.work_s},
          {"render_realtime_factor", result.realtime_factor},
          {"peak_memory_bytes", result.peak_memory_bytes},
          {"consent", result.consent}};
}

void print_warning(const std::string& warning) {
  std::cerr << warning << "\n";
}

}  // namespace anima::app
