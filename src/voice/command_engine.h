// Speech from any program or container that reads files and writes one.
//
//   voice:
//     order: [rvc, embedded]
//     engines:
//       rvc:
//         kind: command
//         command: [docker, run, --rm, -v, "{folder}:/io", rvc-app,
//                   --ref, /io/reference.wav, --text-file, /io/text.txt, --out, /io/output.wav]
//
// Placeholders: {folder} (holds all the files below), {reference} (folder/reference.wav, mono, 24 kHz),
// {reference_text} (the transcript itself), {reference_text_file}, {text}, {text_file}
// (folder/text.txt), {output} (folder/output.wav, written by the program), {language}, {speed}. Each
// stays inside its argument: there is no shell, so no text can become a command.
#pragma once

#include <memory>

#include "core/configuration.h"
#include "voice/voice_engine.h"

namespace anima::voice {

// Configuration: command, timeout_s (300), language (where the program speaks one only); options:
// reference_maximum_s (30). Throws Error(kInvalidArgument) for an unknown placeholder.
std::unique_ptr<VoiceEngine> make_command_engine(const EngineConfiguration& configuration);

}  // namespace anima::voice
