// Word and phoneme times of speech whose text is known, found on the phonetic features: for
// captions and lips, whatever engine spoke.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "audio/senone_scorer.h"
#include "voice/source_speaker.h"
#include "voice/voice_engine.h"

namespace anima::voice {

struct SpeechTiming {
  std::vector<WordTiming> words;
  std::vector<PhonemeTiming> phonemes;
};

// `words` as the normaliser made them of `text`; `pronunciations` as a source speaker gives them.
// Words that were not pronounced get the time between their neighbours.
SpeechTiming align_speech(const Sound& sound, std::string_view text, std::span<const text::SpokenWord> words,
                          std::span<const Pronunciation> pronunciations,
                          std::shared_ptr<const audio::SenoneScorer> scorer, const WorkContext& context);

// The same from the text alone, in the language it is read in: pronounced by flite where it is English,
// by eSpeak NG else, with the user's dictionary over it (null: none) (without eSpeak NG, or in a language it has no voice for: words spread evenly over
// the sound, and no phonemes).
SpeechTiming align_speech(const Sound& sound, std::string_view text, std::string_view language,
                          const text::SayAs* say_as, std::shared_ptr<const audio::SenoneScorer> scorer, const WorkContext& context);

// The written word of `word` in `text`, without blanks.
std::string written_word(std::string_view text, const text::SpokenWord& word);

}  // namespace anima::voice
