// The knobs of films and of speech as command-line options, for the commands that share them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command.h"
#include "studio/render_options.h"
#include "studio/render_workflow.h"
#include "studio/speak_workflow.h"

namespace anima::app {

// Knobs that are words until the command runs.
struct FilmWords {
  std::string blink = "natural";
  std::string pose = "film";
  std::string background = "film";
  // Into `options`; throws Error(kInvalidArgument) for what cannot be read.
  void apply(studio::RenderOptions& options) const;
};

// Adds every knob of a film but its output. `options` and `words` are the storage.
void add_film_arguments(std::vector<Argument>& arguments, studio::RenderOptions& options, FilmWords& words);
// Adds TEXT, --text-file, --engine, --language, --instruction and --speed.
void add_speech_arguments(std::vector<Argument>& arguments, studio::SpeakOptions& options);

// Figures of a finished film, as JSON fields.
nlohmann::ordered_json film_json(const studio::RenderResult& result);

// To standard error, a line each.
void print_warning(const std::string& warning);

}  // namespace anima::app
