#include "studio/speak_workflow.h"

#include <fmt/format.h>

#include "audio/loudness.h"
#include "core/error.h"
#include "core/files.h"
#include "core/utf8.h"
#include "hearing/subtitle_cues.h"
#include "studio/configured.h"
#include "studio/say_as_library.h"
#include "studio/voice_engines.h"
#include "studio/voice_library.h"
#include "text/splitter.h"

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
  const double estimated_h = text::estimated_speech_s(text) / options.speed / 3600;
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
  request.say_as = SayAsLibrary(library_root).load();

  Configured configured = load_configured();
  if (!options.engine.empty()) configured.configuration.voice.order = {options.engine};
  VoiceLibrary voices(library_root);
  request.keep_server_voice = [&](const voice::ServerVoice& made) {
    try {
      voices.keep_server_voice(voice.name, made);
    } catch (const Error& error) {
      if (warn)
        warn(fmt::format("engine '{}' made the voice '{}' at its server, which could not be noted down: {}",
                         made.engine, made.id, error.what()));
    }
  };
  const auto engine = voice_engines(configured.environment, voices.cache_folder())
                          .make_ordered(configured.configuration.voice, warn);

  voice::SpokenText spoken = voice::speak_text(*engine, request, context);
  if (spoken.sound.samples.empty()) {
    throw Error(ErrorCode::kUnusableInput, "the text holds nothing that can be spoken", "give words");
  }
  audio::normalise_loudness(spoken.sound);
  return spoken;
}

std::vector<text::ExplainedClause> explain_speech(const SpeakOptions& options,
                                                  const std::filesystem::path& library_root) {
  const auto say_as = SayAsLibrary(library_root).load();
  return text::explain_reading(text_to_speak(options), options.language, say_as.get());
}

hearing::Transcript transcript_of(const voice::SpokenText& spoken) {
  hearing::Transcript transcript{.text = spoken.text, .language = {}};
  for (const voice::WordTiming& word : spoken.words)
    transcript.words.push_back({.word = word.word, .start_s = word.start_s, .end_s = word.end_s});
  hearing::add_marks(spoken.text, transcript.words);
  transcript.times = hearing::TimeSource::kAligned;
  return transcript;
}

void write_spoken_subtitles(const std::filesystem::path& path, const voice::SpokenText& spoken) {
  media::write_subtitles(path, hearing::make_cues(transcript_of(spoken)));
}

}  // namespace anima::studio
