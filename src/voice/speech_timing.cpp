#include "voice/speech_timing.h"

#include <algorithm>

#include "audio/phone_alignment.h"
#include "audio/resampler.h"
#include "audio/speech_features.h"
#include "core/error.h"
#include "voice/text_normaliser.h"
#include "voice/text_splitter.h"

namespace anima::voice {

std::string written_word(std::string_view text, const SpokenWord& word) {
  return std::string(text.substr(std::min(word.begin, text.size()), word.end - word.begin));
}

namespace {

// Where no phoneme is known: in proportion to how long each word takes to say.
SpeechTiming spread_evenly(double duration_s, std::string_view text, std::span<const SpokenWord> words) {
  double total = 0;
  for (const SpokenWord& word : words) total += estimated_speech_s(word.spoken);
  SpeechTiming timing;
  double at = 0;
  for (const SpokenWord& word : words) {
    const double length = total > 0 ? duration_s * estimated_speech_s(word.spoken) / total : 0;
    timing.words.push_back({written_word(text, word), at, at + length});
    at += length;
  }
  return timing;
}

}  // namespace

SpeechTiming align_speech(const Sound& sound, std::string_view text, std::span<const SpokenWord> words,
                          std::span<const Pronunciation> pronunciations,
                          std::shared_ptr<const audio::SenoneScorer> scorer, const WorkContext& context) {
  std::vector<audio::PhoneToAlign> phones;
  std::vector<int> word_of_phone;
  for (const Pronunciation& pronunciation : pronunciations) {
    bool first = true;
    for (const std::string& phoneme : pronunciation.phonemes) {
      const int phone = audio::phone_number(phoneme);
      if (phone < 0 || phone == audio::kSilencePhone) continue;
      phones.push_back({phone, first});
      word_of_phone.push_back(pronunciation.index);
      first = false;
    }
  }
  if (phones.empty()) return spread_evenly(sound.duration_s(), text, words);
  audio::SpeechFeatureOptions options;
  options.pitch = false;
  const std::vector<audio::SpeechFrame> frames = audio::speech_features(
      audio::resample(sound, audio::kSpeechRateHz), std::move(scorer), options, context);
  std::vector<audio::PhonePosteriors> posteriors;
  for (const audio::SpeechFrame& frame : frames) posteriors.push_back(frame.posteriors);
  const std::vector<audio::PhoneSpan> spans = audio::align_phones(posteriors, phones);
  if (spans.empty()) return spread_evenly(sound.duration_s(), text, words);

  SpeechTiming timing;
  std::vector<WordTiming> found(words.size());
  const double limit_s = sound.duration_s();
  double last_s = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const double start_s = std::min(spans[i].begin * 0.01, limit_s);
    const double end_s = std::min(spans[i].end * 0.01, limit_s);
    if (start_s > last_s + 1e-9) timing.phonemes.push_back({"SIL", last_s, start_s});
    timing.phonemes.push_back(
        {std::string(audio::kPhoneNames[static_cast<std::size_t>(phones[i].phone)]), start_s, end_s});
    last_s = end_s;
    const auto w = static_cast<std::size_t>(word_of_phone[i]);
    if (w >= found.size()) continue;
    if (found[w].end_s <= 0) found[w].start_s = start_s;
    found[w].end_s = end_s;
  }
  if (limit_s > last_s + 1e-9) timing.phonemes.push_back({"SIL", last_s, limit_s});
  double previous_s = 0;
  for (std::size_t w = 0; w < words.size(); ++w) {
    if (found[w].end_s <= 0) found[w].start_s = found[w].end_s = previous_s;
    found[w].word = written_word(text, words[w]);
    previous_s = found[w].end_s;
    timing.words.push_back(found[w]);
  }
  return timing;
}

SpeechTiming align_speech(const Sound& sound, std::string_view text, std::string_view language,
                          std::shared_ptr<const audio::SenoneScorer> scorer, const WorkContext& context) {
  const std::vector<SpokenWord> words = normalise_text(text, language);
  const std::string found = language.empty() ? language_of_text(text) : std::string(language);
  const auto speaker = make_source_speaker(found, 0);
  std::vector<Pronunciation> pronunciations;
  if (speaker->readiness().ready) pronunciations = speaker->pronounce(words, context);
  return align_speech(sound, text, words, pronunciations, std::move(scorer), context);
}

}  // namespace anima::voice
