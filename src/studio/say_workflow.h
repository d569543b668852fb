// From a text to a talking film in one step: `anima say`.
#pragma once

#include "studio/render_workflow.h"
#include "studio/speak_workflow.h"

namespace anima::studio {

struct SayOptions {
  SpeakOptions speech;
  std::string voice;   // empty: the person's own (studio/house_presenter.h)
  RenderOptions film;  // person and output must be set; `sound` is made
  bool with_subtitles = true;
  std::filesystem::path subtitles;  // .srt or .vtt; empty: beside the film, FILM.srt
};

struct SayResult {
  RenderResult film;
  std::filesystem::path subtitles;  // empty where none were asked for
  std::string voice;                // its name
  double speech_s = 0;              // of sound
  double speaking_s = 0;            // of work
};

// Film and subtitles appear together, when both are made. The sound is held in memory (0.1 MB a
// second); pictures are streamed. Throws what speaking and rendering throw.
SayResult say(const std::filesystem::path& library_root, const SayOptions& options,
              const std::function<void(const std::string&)>& warn, const WorkContext& context);

}  // namespace anima::studio
