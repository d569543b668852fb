#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command_progress.h"
#include "app/commands.h"
#include "app/film_knobs.h"
#include "core/error.h"
#include "core/files.h"
#include "hearing/hearing_registry.h"
#include "media/film_reader.h"
#include "studio/configured.h"
#include "studio/house_presenter.h"
#include "studio/library.h"
#include "studio/person_name.h"
#include "studio/voice_engines.h"
#include "studio/voice_library.h"
#include "studio/voice_page.h"
#include "studio/voice_workflow.h"
#include "text/normaliser.h"
#include "voice/voice_measure.h"

namespace anima::app {
namespace {

constexpr std::uint64_t kTranscriptLimit_bytes = 1U << 20U;
constexpr double kTranscribeLimit_s = 300;

struct VoiceOptions {
  std::string name;
  std::filesystem::path recording;
  std::string from_avatar;
  std::filesystem::path transcript_file;
  std::string transcript;
  std::string language;
  std::string consent;
  bool replace = false;
  bool yes = false;
  double reference_s = 0;
};

std::string ask_for_consent(const CommandContext& context) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) return {};
  std::cerr << "Whose voice is this, and how did they agree to a clone of it?\n"
               "  for example: Ada Lovelace, in writing   (Enter: not recorded)\n> "
            << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  context.cancellation.throw_if_requested("the question about consent");
  return answer;
}

// What is said in the recording, by the configured hearing engines; empty, with a word to the user,
// where none can hear it.
std::string transcribe(const std::filesystem::path& recording, std::string& language, const WarningSink& warn,
                       const WorkContext& context) {
  const studio::Configured configured = studio::load_configured();
  try {
    const auto engine = hearing::HearingRegistry(configured.environment)
                            .make_ordered(configured.configuration.hearing, print_warning);
    const Sound sound =
        media::read_sound_beginning(recording, hearing::kHearingRate_hz, kTranscribeLimit_s, nullptr, warn);
    hearing::HearingRequest request;
    request.language = language;
    const hearing::Transcript heard = engine->transcribe(sound, request, context);
    // Wrong words would be sent to every server that clones from recording and transcript.
    const std::string doubt = hearing::doubt_of(heard);
    if (!doubt.empty() && language.empty()) language = "und";
    if (!doubt.empty()) throw Error(ErrorCode::kUnusableInput, doubt, "say what is spoken with --language");
    if (language.empty() && !engine->capabilities().languages.empty()) {
      std::cerr << fmt::format(
          "the transcript was heard as {}, the only language that {} knows: if another one is spoken, "
          "enrol again with --language and --transcript\n",
          heard.language, engine->name());
    }
    if (language.empty()) language = heard.language;
    return heard.text;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    std::cerr << "no transcript was made: " << error.message()
              << (error.fix().empty() ? "" : " (" + error.fix() + ")")
              << "\nThe embedded engine needs none. Add one with --transcript or --transcript-file.\n";
    return {};
  }
}

using Engines = std::vector<std::unique_ptr<voice::VoiceEngine>>;

nlohmann::ordered_json entry_json(const studio::VoiceEntry& entry, const Engines& engines) {
  nlohmann::ordered_json warnings = nlohmann::ordered_json::array();
  for (const std::string& warning : entry.quality.warnings) warnings.push_back(warning);
  return {{"name", entry.voice.name},
          {"language", entry.voice.language},
          {"recording_s", entry.quality.recording_s},
          {"speech_s", entry.quality.speech_s},
          {"median_pitch_hz", entry.quality.median_pitch_hz},
          {"verdict", entry.quality.verdict},
          {"warnings", warnings},
          {"consent", entry.consent},
          {"speakers", entry.speakers},
          {"engines", studio::names_of_engines_for(entry, engines)},
          {"transcript", entry.voice.transcript}};
}

void print_json(const nlohmann::ordered_json& json) {
  std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

void print_entry(const studio::VoiceEntry& entry, const Engines& engines) {
  std::cout << fmt::format("{:<20} {:<4} {:>6.1f} s of speech  {:>5.0f} Hz  {:<8} consent: {}\n",
                           entry.voice.name, entry.voice.language.empty() ? "?" : entry.voice.language,
                           entry.quality.speech_s, entry.quality.median_pitch_hz, entry.quality.verdict,
                           entry.consent);
  const std::vector<std::string> names = studio::names_of_engines_for(entry, engines);
  std::cout << fmt::format("    engines: {}\n", names.empty() ? "none that is configured"
                                                              : fmt::format("{}", fmt::join(names, ", ")));
  if (!entry.speakers.empty()) std::cout << "    " << entry.speakers << "\n";
  for (const std::string& warning : entry.quality.warnings) std::cout << "    " << warning << "\n";
}

int add(const VoiceOptions& options, CommandContext& context) {
  const Engines engines = studio::configured_voice_engines(studio::load_configured());
  studio::require_free_name(options.name, "enrol somebody");
  const std::filesystem::path root = studio::library_root(context.library);
  studio::VoiceLibrary voices(root);
  studio::AddVoiceRequest request;
  request.name = options.name;
  request.recording = options.recording;
  request.language = options.language;
  request.transcript = options.transcript;
  request.consent = options.consent;
  request.replace = options.replace;
  request.warn = each_once(print_warning);  // the recording is read twice
  if (options.recording.empty() == options.from_avatar.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "a voice needs one source",
                "give a RECORDING or --from-avatar NAME");
  }
  if (!options.from_avatar.empty()) {
    const studio::Person person = studio::Library(root, false).person(options.from_avatar);
    request.recording = person.source_film;
    if (request.consent.empty() && person.consent != studio::kConsentNotRecorded)
      request.consent = person.consent;
    if (person.source_film.empty() || !std::filesystem::exists(person.source_film)) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("the film of {} is not there any more", options.from_avatar),
                  "give the film or a recording itself");
    }
  }
  if (voices.has(request.name) && !request.replace) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("there is already a voice named '{}'", request.name),
                "choose another name, or add --replace");
  }
  if (!options.transcript_file.empty())
    request.transcript = read_text_file(options.transcript_file, kTranscriptLimit_bytes);
  if (request.consent.empty()) request.consent = ask_for_consent(context);
  CommandProgress progress(context);
  if (request.transcript.empty())
    request.transcript = transcribe(request.recording, request.language, request.warn, progress.work());
  const studio::VoiceEntry entry = studio::add_voice(voices, request, print_warning, progress.work());
  progress.finish();
  if (context.json) {
    print_json(entry_json(entry, engines));
  } else {
    print_entry(entry, engines);
  }
  return 0;
}

int list(CommandContext& context) {
  const Engines engines = studio::configured_voice_engines(studio::load_configured());
  std::vector<studio::VoiceEntry> entries;
  if (studio::has_house_voice()) entries.push_back(studio::house_voice());
  for (auto& entry : studio::VoiceLibrary(studio::library_root(context.library)).list()) {
    entries.push_back(std::move(entry));
  }
  if (context.json) {
    auto array = nlohmann::ordered_json::array();
    for (const auto& entry : entries) array.push_back(entry_json(entry, engines));
    print_json({{"voices", array}});
    return 0;
  }
  if (entries.empty()) std::cout << "no voice yet: anima voice add NAME RECORDING\n";
  for (const auto& entry : entries) print_entry(entry, engines);
  return 0;
}

int remove(VoiceOptions options, CommandContext& context) {
  studio::require_free_name(options.name, "delete a voice");
  options.name = studio::normalised_name(options.name);
  studio::VoiceLibrary voices(studio::library_root(context.library));
  if (!voices.has(options.name)) static_cast<void>(voices.get(options.name));
  if (!options.yes) {
    if (::isatty(STDIN_FILENO) != 1) {
      throw Error(ErrorCode::kInvalidArgument,
                  "nobody can be asked whether to delete the voice " + options.name,
                  "add --yes to delete without asking");
    }
    std::cerr << "Really delete the voice " << options.name
              << " and all made from it? Type the name to confirm: " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != options.name) throw Error(ErrorCode::kCancelled, "nothing was deleted");
  }
  WorkContext work;
  work.cancellation = context.cancellation;
  studio::remove_voice(voices, options.name, print_warning, work);
  if (context.json) {
    print_json({{"removed", options.name}});
  } else {
    std::cout << options.name << " is deleted\n";
  }
  return 0;
}

int measure(const VoiceOptions& options, CommandContext& context) {
  const std::filesystem::path root = studio::library_root(context.library);
  studio::VoiceLibrary voices(root);
  const studio::VoiceEntry entry = studio::find_voice(root, options.name);
  const bool house = studio::is_house_presenter(options.name);
  voice::VoiceMeasureOptions measure_options;
  measure_options.reference_s = options.reference_s;
  measure_options.recording_language = entry.voice.language;
  if (!options.language.empty()) {
    measure_options.language = options.language;
  } else if (entry.voice.language == "zh" || house) {  // in English the house presenter is not converted
    measure_options.language = "zh";
  }
  if (measure_options.language != "en" && measure_options.language != "zh") {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("there are no test sentences in '{}'", measure_options.language),
                "use --language en or zh");
  }
  for (const studio::VoiceEntry& other : voices.list()) {
    if (other.voice.name == options.name || other.voice.recording.empty()) continue;
    measure_options.other_voices.push_back(media::read_sound(other.voice.recording, 16000));
  }
  CommandProgress progress(context);
  const voice::VoiceMeasurement measurement = voice::measure_voice(
      house ? studio::house_recording(progress.work()) : media::read_sound(entry.voice.recording, 24000),
      measure_options, progress.work());
  progress.finish();
  const std::filesystem::path folder = voices.folder(options.name);
  std::filesystem::create_directories(folder);
  studio::write_voice_page(folder, options.name, measurement);
  if (context.json) {
    nlohmann::ordered_json json = studio::to_json(measurement);
    json["page"] = (folder / "measure.html").string();
    print_json(json);
  } else {
    std::cout << studio::to_text(measurement) << "page: " << (folder / "measure.html").string() << "\n";
  }
  return 0;
}

}  // namespace

Command voice_command() {
  auto options = std::make_shared<VoiceOptions>();
  const Argument name = {"NAME", &options->name, "Name of the voice", Presence::kRequired};
  return {
      .name = "voice",
      .summary = "Enrol, list, measure and delete voices",
      .notes =
          "Examples:\n"
          "  anima voice add zhb zhb.wav --consent \"ZHB, in writing\"\n"
          "  anima voice add lieu --from-avatar lieu\n"
          "  anima voice measure zhb --json",
      .commands = {
          {.name = "add",
           .summary = "Enrol a voice from a recording (10 s or more, best 30 s)",
           .arguments = {name,
                         {"RECORDING", &options->recording, "Sound or film of one person speaking"},
                         {"--from-avatar", &options->from_avatar, "Take the sound of this person's film"},
                         {"--transcript", &options->transcript, "What is said in it"},
                         {"--transcript-file", &options->transcript_file,
                          "A text file with what is said in it"},
                         {"--language", &options->language, "en, zh, ... (default: found)"},
                         {"--consent", &options->consent, "Who agreed and how: \"Ada Lovelace, in writing\""},
                         {"--replace", &options->replace, "Replace the voice of that name"}},
           .run = [options](CommandContext& context) { return add(*options, context); }},
          {.name = "list", .summary = "The enrolled voices", .run = list},
          {.name = "remove",
           .summary = "Delete a voice and everything made from it",
           .arguments = {name, {"--yes", &options->yes, "Do not ask"}},
           .run = [options](CommandContext& context) { return remove(*options, context); }},
          {.name = "measure",
           .summary = "How close is the clone? Figures and a page",
           .arguments = {name,
                         {"--language", &options->language,
                          "Of the test sentences: en or zh (default: the voice's)"},
                         {"--reference", &options->reference_s,
                          "Seconds to enrol; the rest is compared with (default: 55 % of the recording)"}},
           .run = [options](CommandContext& context) { return measure(*options, context); }}}};
}

}  // namespace anima::app
