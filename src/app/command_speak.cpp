#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "audio/loudness.h"
#include "core/configuration.h"
#include "core/error.h"
#include "core/files.h"
#include "hearing/subtitle_cues.h"
#include "media/film_writer.h"
#include "media/subtitles.h"
#include "studio/library.h"
#include "studio/voice_library.h"
#include "voice/embedded_engine.h"
#include "voice/engine_registry.h"
#include "voice/speech_stream.h"
#include "voice/utf8.h"

namespace anima::app {
namespace {

constexpr std::uint64_t kTextLimit_bytes = 4U << 20U;

struct SpeakOptions {
  std::string text;
  std::filesystem::path text_file;
  std::string voice;
  std::string engine;
  std::string language;
  std::string instruction;
  double speed = 1;
  std::filesystem::path output = "speech.wav";
  std::filesystem::path subtitles;
};

// The words as they are written, marks included, for captions.
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
        const char32_t c = voice::next_code_point(text, next);
        if (voice::is_blank(c) || voice::is_han(c) || voice::is_latin_letter(c) || voice::is_digit(c)) break;
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

int speak(const SpeakOptions& options, CommandContext& context) {
  if (options.text.empty() == options.text_file.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "there is no text to speak", "give TEXT or --text-file FILE");
  }
  const std::string text =
      options.text_file.empty() ? options.text : read_text_file(options.text_file, kTextLimit_bytes);
  if (const std::size_t bad = voice::find_invalid_utf8(text); bad != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("the text is not UTF-8 (at byte {})", bad),
                "save it as UTF-8");
  }
  if (!(options.speed >= 0.5 && options.speed <= 2)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("--speed {} is not between 0.5 and 2", options.speed), "1 is natural");
  }
  const std::filesystem::path root = studio::library_root(context.library);
  const studio::VoiceLibrary voices(root);
  voice::SpeechRequest request;
  request.text = text;
  request.language = options.language;
  request.instruction = options.instruction;
  request.speed = options.speed;
  if (!options.voice.empty()) request.voice = voices.get(options.voice).voice;

  const Environment environment = Environment::of_process();
  Configuration configuration = load_configuration("anima.yaml", environment);
  if (!options.engine.empty()) configuration.voice.order = {options.engine};
  voice::EngineRegistry registry(environment);
  registry.add_kind("embedded", [&](const EngineConfiguration&) {
    voice::EmbeddedEngineOptions embedded;
    embedded.cache_folder = voices.cache_folder();
    return std::make_unique<voice::EmbeddedEngine>(std::move(embedded));
  });
  const auto engine = registry.make_ordered(configuration.voice,
                                            [](const std::string& warning) { std::cerr << warning << "\n"; });

  CommandProgress progress(context);
  voice::SpokenText spoken = voice::speak_text(*engine, request, progress.work());
  if (spoken.sound.samples.empty()) {
    throw Error(ErrorCode::kUnusableInput, "the text holds nothing that can be spoken", "give words");
  }
  audio::normalise_loudness(spoken.sound);
  media::write_wav(options.output, spoken.sound, text.substr(0, 100));
  if (!options.subtitles.empty()) {
    media::write_subtitles(options.subtitles, hearing::make_cues(transcript_of(spoken, text)));
  }
  progress.finish();
  if (context.json) {
    auto words = nlohmann::ordered_json::array();
    for (const voice::WordTiming& word : spoken.words) {
      words.push_back({{"word", word.word}, {"start_s", word.start_s}, {"end_s", word.end_s}});
    }
    auto phonemes = nlohmann::ordered_json::array();
    for (const voice::PhonemeTiming& phoneme : spoken.phonemes) {
      phonemes.push_back(
          {{"phoneme", phoneme.phoneme}, {"start_s", phoneme.start_s}, {"end_s", phoneme.end_s}});
    }
    const nlohmann::ordered_json json = {{"sound", options.output.string()},
                                         {"seconds", spoken.sound.duration_s()},
                                         {"ai_generated", true},
                                         {"words", words},
                                         {"phonemes", phonemes}};
    std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  } else {
    std::cout << fmt::format("{}: {:.1f} s\n", options.output.string(), spoken.sound.duration_s());
  }
  return 0;
}

}  // namespace

Command add_speak_command(CLI::App& parser) {
  auto options = std::make_shared<SpeakOptions>();
  CLI::App* command = parser.add_subcommand("speak", "Speak a text in an enrolled voice");
  command->add_option("TEXT", options->text, "What to say; Chinese and English may be mixed");
  command->add_option("--text-file", options->text_file, "A UTF-8 text file instead");
  command->add_option("--voice", options->voice, "An enrolled voice (default: the synthesizer's own)");
  command->add_option("--engine", options->engine, "Only this engine of the configuration");
  command->add_option("--language", options->language,
                      "Of the text, where it is neither English nor Chinese: fr, de, ...");
  command->add_option("--instruction", options->instruction,
                      "How to say it, for engines that can follow: \"warmly\"");
  command->add_option("--speed", options->speed, "0.5 to 2")->capture_default_str();
  command->add_option("-o,--output", options->output, "WAV file to write")->capture_default_str();
  command->add_option("--subtitles", options->subtitles, "Also write subtitles: .srt or .vtt");
  command->footer(
      "Examples:\n"
      "  anima speak --voice zhb \"你好，我是你的数字人助手。\" -o hello.wav\n"
      "  anima speak --voice lieu --text-file story.txt -o story.wav --subtitles story.srt");
  return [options](CommandContext& context) { return speak(*options, context); };
}

}  // namespace anima::app
