// From a text to speech in a voice of the library: what `speak`, `say` and the greeting share.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "hearing/transcript.h"
#include "media/subtitles.h"
#include "text/explanation.h"
#include "voice/speech_stream.h"

namespace anima::studio {

struct SpeakOptions {
  std::string text;                 // UTF-8
  std::filesystem::path text_file;  // or a file that holds it
  std::string engine;               // of the configuration; empty: those of its order
  std::string language;             // primary tag of BCP 47; empty: found
  std::string instruction;          // "warmly", for engines that can follow
  double speed = 1;                 // 0.5 to 2

  // Throws Error(kInvalidArgument) naming the knob, its value and its range.
  void validate() const;
};

// The text to speak, from either place. Throws Error: kInvalidArgument for none, both, bytes that
// are not UTF-8, or more than two hours of speech; what reading a file throws.
std::string text_to_speak(const SpeakOptions& options);

// Speaks with the engines that the configuration names (studio/configured.h) and the library's say-as
// dictionary (studio/say_as_library.h), and brings the sound to
// the loudness of speech. `library_root` keeps the embedded engine's cache, and what servers made of the
// voice. Warnings (an engine that
// failed, and which one takes over) go to `warn`. Throws what the engines throw, and
// Error(kUnusableInput) where nothing can be spoken.
voice::SpokenText speak(const SpeakOptions& options, const voice::Voice& voice,
                        const std::filesystem::path& library_root,
                        const std::function<void(const std::string&)>& warn, const WorkContext& context);

// How the text would be read, clause by clause, with the library's say-as dictionary. Throws what
// `text_to_speak` and the dictionary throw.
std::vector<text::ExplainedClause> explain_speech(const SpeakOptions& options,
                                                  const std::filesystem::path& library_root);

// Words as they are written, marks included, markup not.
hearing::Transcript transcript_of(const voice::SpokenText& spoken);
// As .srt or .vtt, by the extension.
void write_spoken_subtitles(const std::filesystem::path& path, const voice::SpokenText& spoken);

}  // namespace anima::studio
