#include "voice/speech_timing.h"

#include <algorithm>

#include "audio/phone_alignment.h"
#include "audio/resampler.h"
#include "audio/speech_features.h"
#include "core/error.h"
#include "text/language.h"
#include "text/normaliser.h"
#include "text/splitter.h"

namespace anima::voice {

std::string written_word(std::string_view text, const text::SpokenWord& word) {
  return std::string(text.substr(std::min(word.begin, text.size()), word.end - word.begin));
}

namespace {

// The names of en-us, in the order of its states: asking the model itself would load it again.
const std::vector<std::string>& model_phones() {
  static const std::vector<std::string> names = {
      "+NSN+", "+SPN+", "AA", "AE", "AH",  "AO", "AW", "AY", "B",  "CH", "D", "DH", "EH", "ER",
      "EY",    "F",     "G",  "HH", "IH",  "IY", "JH", "K",  "L",  "M",  "N", "NG", "OW", "OY",
      "P",     "R",     "S",  "SH", "SIL", "T",  "TH", "UH", "UW", "V",  "W", "Y",  "Z",  "ZH"};
  return names;
}

// Where no phoneme is known: in proportion to how long each word takes to say.
SpeechTiming spread_evenly(double duration_s, std::string_view text,
                           std::span<const text::SpokenWord> words) {
  double total = 0;
  for (const text::SpokenWord& word : words) total += text::estimated_speech_s(word.spoken);
  SpeechTiming timing;
  double at = 0;
  for (const text::SpokenWord& word : words) {
    const double length = total > 0 ? duration_s * text::estimated_speech_s(word.spoken) / total : 0;
    timing.words.push_back({written_word(text, word), at, at + length});
    at += length;
  }
  return timing;
}

}  // namespace

SpeechTiming align_speech(const Sound& sound, std::string_view text, std::span<const text::SpokenWord> words,
                          std::span<const Pronunciation> pronunciations,
                          std::shared_ptr<const audio::SenoneScorer> scorer, const WorkContext& context) {
  // Words without a sound take no part in the alignment.
  std::vector<audio::AlignmentWord> to_align;
  std::vector<std::size_t> place;
  for (const Pronunciation& pronunciation : pronunciations) {
    audio::AlignmentWord word;
    for (const std::string& phoneme : pronunciation.phonemes) {
      if (phoneme != "SIL") word.phones.push_back(phoneme);
    }
    if (word.phones.empty() || pronunciation.index < 0 ||
        pronunciation.index >= static_cast<int>(words.size()))
      continue;
    to_align.push_back(std::move(word));
    place.push_back(static_cast<std::size_t>(pronunciation.index));
  }
  if (to_align.empty()) return spread_evenly(sound.duration_s(), text, words);
  audio::SpeechFeatureOptions options;
  options.pitch = false;
  const std::vector<audio::SpeechFrame> frames =
      audio::speech_features(audio::resample(sound, audio::kSpeechRateHz), scorer, options, context);
  std::vector<audio::PhonePosteriors> posteriors;
  for (const audio::SpeechFrame& frame : frames) posteriors.push_back(frame.posteriors);
  audio::PhoneAlignment alignment;
  try {
    alignment = audio::align_phones(to_align, posteriors, model_phones(), context);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    // Too short for its text, or too long for the memory: estimated times serve better than none.
    return spread_evenly(sound.duration_s(), text, words);
  }

  SpeechTiming timing;
  const double limit_s = sound.duration_s();
  double last_s = 0;
  for (const audio::AlignedPhone& phone : alignment.phones) {
    const double start_s = std::min(phone.start_s, limit_s);
    const double end_s = std::min(phone.end_s, limit_s);
    if (start_s > last_s + 1e-9) timing.phonemes.push_back({"SIL", last_s, start_s});
    timing.phonemes.push_back({phone.phone, start_s, end_s});
    last_s = end_s;
  }
  if (limit_s > last_s + 1e-9) timing.phonemes.push_back({"SIL", last_s, limit_s});
  std::vector<WordTiming> found(words.size());
  std::vector<bool> known(words.size(), false);
  for (std::size_t i = 0; i < place.size(); ++i) {
    found[place[i]].start_s = std::min(alignment.words[i].start_s, limit_s);
    found[place[i]].end_s = std::min(alignment.words[i].end_s, limit_s);
    known[place[i]] = true;
  }
  double previous_s = 0;
  for (std::size_t w = 0; w < words.size(); ++w) {
    if (!known[w]) found[w].start_s = found[w].end_s = previous_s;
    found[w].word = written_word(text, words[w]);
    previous_s = found[w].end_s;
    timing.words.push_back(found[w]);
  }
  return timing;
}

SpeechTiming align_speech(const Sound& sound, std::string_view text, std::string_view language,
                          const text::SayAs* say_as, std::shared_ptr<const audio::SenoneScorer> scorer,
                          const WorkContext& context) {
  const std::string found = text::language_to_read(text, language);
  const std::vector<text::SpokenWord> words = text::normalise_text(text, found, say_as);
  std::vector<Pronunciation> pronunciations;
  try {
    const auto speaker = make_source_speaker(found, 0);
    if (can_be_read(text, found) && speaker->readiness().ready)
      pronunciations = speaker->pronounce(words, context);
  } catch (const Error& error) {
    // A server speaks languages that nobody here pronounces: its sound is none the worse for that.
    if (error.code() == ErrorCode::kCancelled) throw;
  }
  return align_speech(sound, text, words, pronunciations, std::move(scorer), context);
}

}  // namespace anima::voice
