#include "presenter/performance/spoken_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "audio/join.h"
#include "audio/loudness.h"
#include "audio/resampler.h"
#include "core/error.h"
#include "core/files.h"
#include "core/random.h"
#include "text/normaliser.h"
#include "voice/embedded_engine.h"
#include "voice/source_speaker.h"
#include "voice/speech_timing.h"
#include "voice/spoken_part.h"
#include "voice/voice_profile.h"

namespace anima::presenter {
namespace {

constexpr double kRoom_db = -68;
constexpr std::uint64_t kRoomSeed = 5;

struct Utterance {
  Sound sound;  // at kSpokenRate_hz
  std::vector<SpokenWordTime> words;
  std::vector<TimedSound> sounds;
};

// From the engine, as any text is spoken.
Utterance speak(voice::EmbeddedEngine& engine, const ScriptLine& line, const std::filesystem::path& profile,
                const WorkContext& context) {
  voice::SpeechRequest request;
  request.text = line.text;
  request.language = line.language;
  request.voice = {.name = "mira", .profile = profile};
  Utterance utterance;
  Sound spoken;
  double begin_s = 0;
  engine.synthesize(
      request,
      [&](const voice::SpeechPiece& piece) {
        spoken.sample_rate_hz = piece.sound.sample_rate_hz;
        spoken.samples.insert(spoken.samples.end(), piece.sound.samples.begin(), piece.sound.samples.end());
        for (const voice::WordTiming& word : piece.words) {
          utterance.words.push_back({word.word, begin_s + word.start_s, begin_s + word.end_s});
        }
        for (const voice::PhonemeTiming& phoneme : piece.phonemes) {
          utterance.sounds.push_back({phoneme.phoneme, begin_s + phoneme.start_s, begin_s + phoneme.end_s});
        }
        begin_s += piece.sound.duration_s();
      },
      context);
  if (spoken.samples.empty()) {
    throw Error(ErrorCode::kUnusableInput, "the line \"" + line.text + "\" holds nothing to speak",
                "give words");
  }
  utterance.sound = audio::resample(spoken, kSpokenRate_hz);
  return utterance;
}

// Replaces what the engine found by aligning with what eSpeak NG is known to do.
void time_mandarin(Utterance& utterance, const ScriptLine& line, double pitch_hz,
                   const WorkContext& context) {
  const std::vector<text::SpokenWord> words = text::normalise_text(line.text, line.language);
  const auto speaker = voice::make_source_speaker("zh", pitch_hz);
  const MandarinSpeech speech = speak_mandarin(words, context);
  const Sound source = speaker->speak(words, 1, context).sound;
  if (source.samples.size() != speech.sound.samples.size()) {
    throw Error(ErrorCode::kExternal,
                "eSpeak NG speaks \"" + line.text + "\" otherwise with tags than without",
                "choose other words");
  }
  const auto [begin_s, end_s] = voice::spoken_part(source);
  utterance.sounds.clear();
  for (const TimedSound& sound : speech.sounds) {
    const double from_s = std::clamp(sound.start_s, begin_s, end_s) - begin_s;
    const double to_s = std::clamp(sound.end_s, begin_s, end_s) - begin_s;
    if (to_s > from_s) utterance.sounds.push_back({sound.sound, from_s, to_s});
  }
  utterance.words.clear();
  for (std::size_t s = 0; s < speech.onsets_s.size(); ++s) {
    const double next_s = s + 1 < speech.onsets_s.size() ? speech.onsets_s[s + 1] : end_s;
    const double from_s = std::clamp(speech.onsets_s[s], begin_s, end_s) - begin_s;
    const double to_s = std::clamp(next_s, begin_s, end_s) - begin_s;
    if (s > 0 && speech.words[s] == speech.words[s - 1]) {
      utterance.words.back().end_s = to_s;
    } else {
      utterance.words.push_back({voice::written_word(line.text, words[speech.words[s]]), from_s, to_s});
    }
  }
}

void mark_stress(Utterance& utterance, const ScriptLine& line) {
  std::size_t at = 0;
  for (SpokenWordTime& word : utterance.words) {
    const std::size_t found = line.text.find(word.word, at);
    if (found == std::string::npos) continue;
    at = found + word.word.size();
    word.stressed = std::any_of(line.stressed.begin(), line.stressed.end(),
                                [&](const auto& span) { return found < span.second && at > span.first; });
  }
}

}  // namespace

SpokenScript speak_script(const std::vector<ScriptLine>& script, const std::filesystem::path& voice,
                          const WorkContext& context) {
  const double pitch_hz = voice::load_voice_profile(voice).quality.median_pitch_hz;
  voice::EmbeddedEngine engine;
  audio::SoundJoiner joiner(kSpokenRate_hz);
  SpokenScript spoken;
  spoken.sound.sample_rate_hz = kSpokenRate_hz;
  std::vector<float>& samples = spoken.sound.samples;
  StageProgress progress(context, "speaking the script");
  for (std::size_t i = 0; i < script.size(); ++i) {
    const ScriptLine& line = script[i];
    SpokenLine said;
    said.line = line;
    said.start_s = spoken.sound.duration_s();
    if (line.text.empty()) {
      samples.resize(samples.size() + static_cast<std::size_t>(line.silence_s * kSpokenRate_hz), 0.0F);
      said.end_s = spoken.sound.duration_s();
      spoken.lines.push_back(std::move(said));
      continue;
    }
    Utterance utterance = speak(engine, line, voice, context);
    if (line.language == "zh") time_mandarin(utterance, line, pitch_hz, context);
    mark_stress(utterance, line);
    audio::normalise_loudness(utterance.sound);
    for (SpokenWordTime word : utterance.words) {
      word.start_s += said.start_s;
      word.end_s += said.start_s;
      said.words.push_back(std::move(word));
    }
    for (TimedSound sound : utterance.sounds) {
      sound.start_s += said.start_s;
      sound.end_s += said.start_s;
      said.sounds.push_back(std::move(sound));
    }
    joiner.add(utterance.sound.samples, samples);
    joiner.end_piece(0, samples);
    said.end_s = spoken.sound.duration_s();
    spoken.lines.push_back(std::move(said));
    const bool silence_follows = i + 1 < script.size() && script[i + 1].text.empty();
    if (!silence_follows) {
      samples.resize(samples.size() + static_cast<std::size_t>(kLinePause_s * kSpokenRate_hz), 0.0F);
    }
    progress.update(static_cast<double>(i + 1), static_cast<double>(script.size()));
  }
  // Nobody films in a vacuum: digital silence would be a sound of its own to learn from.
  Random random(kRoomSeed);
  const double room = std::pow(10, kRoom_db / 20);
  for (float& sample : samples)
    sample = std::clamp(sample + static_cast<float>(room * random.normal()), -1.0F, 1.0F);
  return spoken;
}

void write_spoken_times(const std::filesystem::path& path, const SpokenScript& spoken) {
  const auto rounded = [](double seconds) { return std::round(seconds * 1e4) / 1e4; };
  auto sounds = nlohmann::ordered_json::array();
  auto words = nlohmann::ordered_json::array();
  auto lines = nlohmann::ordered_json::array();
  for (std::size_t l = 0; l < spoken.lines.size(); ++l) {
    const SpokenLine& line = spoken.lines[l];
    lines.push_back({{"language", line.line.language},
                     {"text", line.line.text},
                     {"listening", line.line.listening},
                     {"start_s", rounded(line.start_s)},
                     {"end_s", rounded(line.end_s)}});
    for (const TimedSound& sound : line.sounds) {
      sounds.push_back({{"sound", sound.sound},
                        {"start_s", rounded(sound.start_s)},
                        {"end_s", rounded(sound.end_s)},
                        {"line", l}});
    }
    for (const SpokenWordTime& word : line.words) {
      words.push_back({{"word", word.word},
                       {"start_s", rounded(word.start_s)},
                       {"end_s", rounded(word.end_s)},
                       {"stressed", word.stressed},
                       {"line", l}});
    }
  }
  const nlohmann::ordered_json json = {{"sounds", sounds}, {"words", words}, {"lines", lines}};
  write_file_atomically(path, json.dump(1) + "\n");
}

}  // namespace anima::presenter
