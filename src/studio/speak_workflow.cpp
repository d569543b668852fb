#include "studio/speak_workflow.h"

#include <fmt/format.h>

#include <memory>

#include "audio/loudness.h"
#include "core/configuration.h"
#include "core/environment.h"
#include "core/error.h"
#include "core/files.h"
#include "hearing/subtitle_cues.h"
#include "studio/voice_library.h"
#include "voice/characters.h"
#include "voice/embedded_engine.h"
#include "voice/engine_registry.h"

namespace anima::studio {
namespace {

constexpr std::uint64_t kTextLimit_bytes = 4U << 20U;
// The sound is whole in memory before it is written: two hours are 700 MB.
constexpr double kSpeechLimit_h = 2;

}  // namespace

void SpeakOptions::validate() const {
  if (!(speed >= 0.5 && speed <= 2)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("--speed {} is not between 0.5 and 2", speed),
                "1 is natural");
  }
}

std::string text_to_speak(const SpeakOptions& options) {
  if (options.text.empty() == options.text_file.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                options.text.empty() ? "there is no text to speak" : "there are two texts to speak",
                "give TEXT or --text-file FILE");
  }
  std::string text =
      options.text_file.empty() ? options.text : read_text_file(options.text_file, kTextLimit_bytes);
  if (const std::size_t bad = find_invalid_utf8(text); bad != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("the text is not UTF-8 (at byte {})", bad),
                "save it as UTF-8");
  }
  const double estimated_h = voice::estimated_speech_s(text) / options.speed / 3600;
  if (estimated_h > kSpeechLimit_h) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the text would take some {:.1f} hours to say, the limit is {:g} hours",
                            estimated_h, kSpeechLimit_h),
                "cut it into parts and speak one after the other");
  }
  return text;
}

voice::SpokenText speak(const SpeakOptions& options, const voice::Voice& voice,
                        const std::filesystem::path& library_root,
                        const std::function<void(const std::string&)>& warn, const WorkContext& context) {
  options.validate();
  voice::SpeechRequest request;
  request.text = text_to_speak(options);
  request.language = options.language;
  request.instruction = options.instruction;
  request.speed = options.speed;
  request.voice = voice;

  const Environment environment = Environment::of_process();
  Configuration configuration = load_configuration("anima.yaml", environment);
  if (!options.engine.empty()) configuration.voice.order = {options.engine};
  voice::EngineRegistry registry(environment);
  registry.add_kind("embedded", [&](const EngineConfiguration&) {
    voice::EmbeddedEngineOptions embedded;
    embedded.cache_folder = VoiceLibrary(library_root).cache_folder();
    return std::make_unique<voice::EmbeddedEngine>(std::move(embedded));
  });
  const auto engine = registry.make_ordered(configuration.voice, warn);

  voice::SpokenText spoken = voice::speak_text(*engine, request, context);
  if (spoken.sound.samples.empty()) {
    throw Error(ErrorCode::kUnusableInput, "the text holds nothing that can be spoken", "give words");
  }
  audio::normalise_loudness(spoken.sound);
  return spoken;
}

hearing::Transcript transcript_of(const voice::SpokenText& spoken, const std::string& text) {
  hearing::Transcript transcript{.text = text, .language = {}};
  std::size_t at = 0;
  for (const voice::WordTiming& word : spoken.words) {
    hearing::TranscribedWord shown{.word = word.word, .start_s = word.start_s, .end_s = word.end_s};
    const std::size_t found = text.find(word.word, at);
    if (found != std::string::npos) {
      at = found + word.word.size();
      // The marks that follow belong to the word.
      std::size_t behind = at;
      while (behind < text.size()) {
        std::size_t next = behind;
        const char32_t c = next_code_point(text, next);
        if (voice::is_blank(c) || is_han(c) || voice::is_latin_letter(c) || voice::is_digit(c)) break;
        behind = next;
      }
      shown.word += text.substr(at, behind - at);
      at = behind;
    }
    transcript.words.push_back(std::move(shown));
  }
  transcript.times = hearing::TimeSource::kAligned;
  return transcript;
}

void write_spoken_subtitles(const std::filesystem::path& path, const voice::SpokenText& spoken,
                            const std::string& text) {
  media::write_subtitles(path, hearing::make_cues(transcript_of(spoken, text)));
}

}  // namespace anima::studio
