#include "voice/embedded_engine.h"

#include <algorithm>
#include <cmath>

#include "audio/loudness.h"
#include "core/error.h"
#include "text/characters.h"
#include "text/language.h"
#include "text/normaliser.h"
#include "voice/measurement_sentences.h"
#include "voice/speech_timing.h"
#include "voice/spoken_part.h"

namespace anima::voice {
namespace {

constexpr int kTextLimit = 4000;  // code points of one request
// A profile is a few megabytes; beyond this many the oldest by name goes.
constexpr std::size_t kKeptProfiles = 16;

// Enough of a text to recognise it in a message.
std::string excerpt(std::string_view text) {
  constexpr std::size_t kMost = 40;
  const std::u32string points = decode_utf8(text);
  return encode_utf8(points.substr(0, kMost)) + (points.size() > kMost ? "..." : "");
}

// Times of the part [begin_s, end_s), as if it were the whole.
template <typename Timing>
void shift(std::vector<Timing>& timings, double begin_s, double end_s) {
  for (Timing& timing : timings) {
    timing.start_s = std::clamp(timing.start_s, begin_s, end_s) - begin_s;
    timing.end_s = std::clamp(timing.end_s, begin_s, end_s) - begin_s;
  }
}

}  // namespace

std::string speakers_of(const VoiceProfile& profile) {
  const auto native = profile.native.find("en");
  if (native != profile.native.end()) {
    std::string speaker = native->second;
    std::replace(speaker.begin(), speaker.end(), '-', ' ');
    return "English: " + speaker + "; Chinese and other languages: eSpeak NG in this voice's timbre";
  }
  const std::string english = make_source_speaker("en", profile.quality.median_pitch_hz)->name();
  return "English: flite " + english.substr(english.find('-') + 1) +
         ", Chinese and other languages: eSpeak NG, both in this voice's timbre";
}

EmbeddedEngine::EmbeddedEngine(EmbeddedEngineOptions options) : options_(std::move(options)) {}

EngineCapabilities EmbeddedEngine::capabilities() const {
  EngineCapabilities capabilities;
  capabilities.clones = true;
  capabilities.clones_profiles = true;
  capabilities.streams = true;
  capabilities.word_timings = true;
  capabilities.phoneme_timings = true;
  capabilities.offline = true;
  capabilities.text_limit_characters = kTextLimit;
  return capabilities;
}

EngineReadiness EmbeddedEngine::readiness() const {
  EngineReadiness readiness;
  readiness.needs = {"the package pocketsphinx-en-us", "the package libflite1 (English)",
                     "the program espeak-ng (Chinese and all other languages)"};
  if (!std::filesystem::exists(audio::default_acoustic_model_folder() / "mdef")) {
    readiness.what_to_do = "install the package pocketsphinx-en-us";
    return readiness;
  }
  readiness.ready = true;
  if (const EngineReadiness espeak = make_espeak_speaker("en")->readiness(); !espeak.ready) {
    readiness.what_to_do = "for other languages than English: " + espeak.what_to_do;
  }
  return readiness;
}

SourceStatistics EmbeddedEngine::statistics(const SourceSpeaker& speaker, const std::string& language,
                                            const WorkContext& context) {
  std::filesystem::path path;
  if (!options_.cache_folder.empty()) {
    path = options_.cache_folder / ("source-" + speaker.name() + "-v2.tensors");
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
      try {
        return load_source_statistics(path);
      } catch (const Error&) {
        // A damaged cache is made again: it holds nothing that cannot be measured.
      }
    }
  }
  SourceStatistics measured = measure_source(speaker, enrolment_sentences(language), scorer_, context);
  measured.language = language;
  if (!path.empty()) {
    // Where nothing can be kept (a library on a read-only disk) it is measured again next time.
    std::error_code ignored;
    std::filesystem::create_directories(options_.cache_folder, ignored);
    try {
      save_source_statistics(measured, path);
    } catch (const Error&) {
    }
  }
  return measured;
}

EmbeddedEngine::Prepared EmbeddedEngine::prepared(const Voice& voice, const std::string& language,
                                                  const WorkContext& context) {
  const std::lock_guard lock(mutex_);
  Prepared result;
  std::shared_ptr<const VoiceProfile> profile;
  if (!voice.profile.empty()) {
    std::error_code failure;
    const auto written = std::filesystem::last_write_time(voice.profile, failure);
    if (failure) {
      throw Error(ErrorCode::kNotFound,
                  "the voice \"" + voice.name + "\" has no profile at " + voice.profile.string(),
                  "enrol it: ./run voice add");
    }
    LoadedProfile& loaded = profiles_[voice.profile];
    if (!loaded.profile || loaded.written != written) {
      if (loaded.profile) {
        std::erase_if(conversions_,
                      [&](const auto& entry) { return entry.first.first == loaded.profile.get(); });
      }
      try {
        loaded = {written, std::make_shared<const VoiceProfile>(load_voice_profile(voice.profile))};
      } catch (...) {
        profiles_.erase(voice.profile);
        throw;
      }
    }
    profile = loaded.profile;
    while (profiles_.size() > kKeptProfiles) {
      auto oldest = profiles_.begin();
      if (oldest->first == voice.profile) ++oldest;
      const VoiceProfile* gone = oldest->second.profile.get();
      std::erase_if(conversions_, [&](const auto& entry) { return entry.first.first == gone; });
      profiles_.erase(oldest);
    }
  }
  const double pitch_hz = profile ? profile->quality.median_pitch_hz : 0;
  std::string native;
  if (profile && profile->native.contains(language)) native = profile->native.at(language);
  const std::string key = !native.empty() ? native : language + (pitch_hz >= 155 ? "/high" : "/low");
  std::shared_ptr<const SourceSpeaker>& speaker = speakers_[key];
  if (!speaker)
    speaker = native.empty() ? make_source_speaker(language, pitch_hz) : make_native_speaker(native);
  result.speaker = speaker;
  const EngineReadiness ready = speaker->readiness();
  if (!ready.ready) {
    throw Error(ErrorCode::kNotReady, "the language \"" + language + "\" needs " + ready.needs.front(),
                ready.what_to_do);
  }
  if (native.empty() && language != "en" && !known_languages_.contains(language)) {
    if (!espeak_has_voice(language == "zh" ? "cmn-latn-pinyin" : language, context)) {
      throw Error(ErrorCode::kUnsupported, "eSpeak NG has no voice for the language \"" + language + "\"",
                  "choose another --language (`espeak-ng --voices` lists them), or configure an engine that "
                  "speaks it (docs/voices.md)");
    }
    known_languages_.insert(language);
  }
  if (profile && !native.empty()) {
    // The reference is native speech too: the gain that brings it to the level of speech brings this.
    result.native_gain =
        static_cast<float>(std::pow(10.0, (audio::kSpeechLufs - profile->quality.loudness_lufs) / 20));
    result.native_gain = std::clamp(result.native_gain, 0.05F, 50.0F);
  }
  if (!native.empty()) return result;  // the person's own speaker: nothing to convert, no model to load
  if (!scorer_) scorer_ = audio::shared_senone_scorer();
  if (profile) {
    std::shared_ptr<const VoiceConversion>& conversion = conversions_[{profile.get(), speaker->name()}];
    if (!conversion) {
      auto statistics_of = statistics_.find(speaker->name());
      if (statistics_of == statistics_.end()) {
        statistics_of = statistics_.emplace(speaker->name(), statistics(*speaker, language, context)).first;
      }
      conversion = std::make_shared<const VoiceConversion>(profile, statistics_of->second, scorer_,
                                                           options_.conversion);
    }
    result.conversion = conversion;
  }
  return result;
}

void EmbeddedEngine::prepare(const Voice& voice, const std::string& language, const WorkContext& context) {
  prepared(voice, language.empty() ? "en" : language, context);
}

void EmbeddedEngine::synthesize(const SpeechRequest& request, const SpeechSink& sink,
                                const WorkContext& context) {
  if (find_invalid_utf8(request.text) != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument,
                "the text is not UTF-8 (byte " + std::to_string(find_invalid_utf8(request.text)) + ")",
                "save it as UTF-8");
  }
  if (count_code_points(request.text) > static_cast<std::size_t>(kTextLimit)) {
    throw Error(ErrorCode::kInvalidArgument,
                "a text of " + std::to_string(request.text.size()) + " bytes in one request, the limit is " +
                    std::to_string(kTextLimit) + " characters",
                "speak it through SpeechStream, which cuts it into clauses");
  }
  context.cancellation.throw_if_requested("speaking");
  const std::string language =
      text::language_to_read(request.text, request.language, request.surrounding_language);
  const std::vector<text::SpokenWord> words = text::normalise_text(request.text, language, request.say_as.get());
  const bool anything =
      std::any_of(words.begin(), words.end(), [](const text::SpokenWord& w) { return !w.spoken.empty(); });
  if (!anything && language != "und") return;
  if (!can_be_read(request.text, language)) {
    throw Error(ErrorCode::kUnsupported,
                language == "und"
                    ? "no embedded speaker reads the script of \"" + excerpt(request.text) + "\""
                    : "the embedded engine cannot read the Han characters of \"" + excerpt(request.text) +
                          "\" in the language \"" + language + "\"",
                language == "und" ? "name the text's language with --language, or configure an engine that "
                                    "speaks it (docs/voices.md)"
                                  : "say --language zh where they are Chinese; else write " + language +
                                        " without them, or configure a server engine (docs/voices.md)");
  }
  const Prepared with = prepared(request.voice, language, context);
  const SourceSpeech source = with.speaker->speak(words, request.speed, context);
  const auto [begin_s, end_s] = spoken_part(source.sound);
  if (end_s <= begin_s) return;

  SpeechPiece piece;
  if (!source.phonemes.empty()) {
    piece.phonemes = source.phonemes;
    for (const SourceWord& word : source.words) {
      piece.words.push_back({written_word(request.text, words[static_cast<std::size_t>(word.index)]),
                             word.start_s, word.end_s});
    }
  } else {
    SpeechTiming timing = align_speech(source.sound, request.text, words,
                                       with.speaker->pronounce(words, context), scorer_, context);
    piece.words = std::move(timing.words);
    piece.phonemes = std::move(timing.phonemes);
  }
  shift(piece.words, begin_s, end_s);
  shift(piece.phonemes, begin_s, end_s);
  std::erase_if(piece.phonemes, [](const PhonemeTiming& p) { return p.end_s <= p.start_s; });

  const auto hand_out = [&](std::span<const float> samples, int rate_hz) {
    piece.sound.sample_rate_hz = rate_hz;
    piece.sound.samples.assign(samples.begin(), samples.end());
    sink(piece);
    piece.words.clear();
    piece.phonemes.clear();
  };
  if (with.conversion) {
    with.conversion->convert(
        source.sound, begin_s, end_s,
        [&](std::span<const float> samples) { hand_out(samples, audio::kVocoderRateHz); }, context);
    return;
  }
  const auto first = static_cast<std::size_t>(begin_s * source.sound.sample_rate_hz);
  const auto last =
      std::min(static_cast<std::size_t>(end_s * source.sound.sample_rate_hz), source.sound.samples.size());
  std::vector<float> spoken(source.sound.samples.begin() + static_cast<std::ptrdiff_t>(first),
                            source.sound.samples.begin() + static_cast<std::ptrdiff_t>(last));
  for (float& sample : spoken) sample = audio::soft_limit(with.native_gain * sample);
  const auto step = static_cast<std::size_t>(VoiceConversion::kPiece_s * source.sound.sample_rate_hz);
  for (std::size_t at = 0; at < spoken.size(); at += step) {
    context.cancellation.throw_if_requested("speaking");
    hand_out(std::span(spoken).subspan(at, std::min(step, spoken.size() - at)), source.sound.sample_rate_hz);
  }
}

}  // namespace anima::voice
