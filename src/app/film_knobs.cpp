#include "app/film_knobs.h"

#include <iostream>

namespace anima::app {

void FilmWords::apply(studio::RenderOptions& options) const {
  set_blink(options, blink);
  set_pose(options, pose);
  set_background(options, background);
}

void add_film_arguments(std::vector<Argument>& arguments, studio::RenderOptions& options, FilmWords& words) {
  arguments.insert(
      arguments.end(),
      {{"--mouth-amplitude", &options.mouth_amplitude,
        "How far the mouth opens: 0 to 3, 1 as the person does", Presence::kDefaultShown},
       {"--blink", &words.blink, "off, natural, or the seconds between blinks", Presence::kDefaultShown},
       {"--pose", &words.pose,
        "Head motion: film (re-sampled from it), static, or a part of the film in seconds (10-25)",
        Presence::kDefaultShown},
       {"--lle-fraction", &options.lle_fraction, "How far predicted mouths are drawn to filmed ones: 0 to 1",
        Presence::kDefaultShown},
       {"--temperature", &options.temperature,
        "Variation where the sound leaves the mouth open to choice: 0 (none) to 2", Presence::kDefaultShown},
       {"--size", &options.size_px, "Width and height of the film in pixels: 64 to 2048",
        Presence::kDefaultShown},
       {"--background", &words.background,
        "film, transparent (.webm, .webp), a colour (#00ff00), or a picture file", Presence::kDefaultShown},
       {"--seed", &options.seed, "The same seed gives the same film", Presence::kDefaultShown},
       {"--threads", &options.threads, "Threads (default: 0, one per core)"}});
}

void add_speech_arguments(std::vector<Argument>& arguments, studio::SpeakOptions& options) {
  arguments.insert(
      arguments.end(),
      {{"TEXT", &options.text, "What to say; Chinese and English may be mixed"},
       {"--text-file", &options.text_file, "A UTF-8 text file instead"},
       {"--engine", &options.engine, "Only this engine of the configuration"},
       {"--language", &options.language, "Of the text, where it is neither English nor Chinese: fr, de, ..."},
       {"--instruction", &options.instruction, "How to say it, for engines that can follow: \"warmly\""},
       {"--speed", &options.speed, "0.5 to 2", Presence::kDefaultShown}});
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
