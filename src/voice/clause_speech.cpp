#include "voice/clause_speech.h"

#include "audio/speech_features.h"
#include "core/error.h"
#include "text/splitter.h"
#include "voice/speech_timing.h"

namespace anima::voice {

ClauseSpeech::ClauseSpeech(Clause clause, int rate_hz, bool align, std::string engine, Output output)
    : clause_(std::move(clause)),
      rate_hz_(rate_hz),
      align_(align),
      engine_(std::move(engine)),
      output_(std::move(output)),
      joiner_(rate_hz) {
  carried_.text = clause_.text;
}

void ClauseSpeech::shift(std::vector<WordTiming>& words, std::vector<PhonemeTiming>& phonemes,
                         double by_s) const {
  for (WordTiming& word : words) {
    word.start_s += by_s;
    word.end_s += by_s;
  }
  for (PhonemeTiming& phoneme : phonemes) {
    phoneme.start_s += by_s;
    phoneme.end_s += by_s;
  }
}

void ClauseSpeech::add(const SpeechPiece& piece) {
  if (!resampler_) {
    engine_rate_hz_ = piece.sound.sample_rate_hz;
    resampler_ = std::make_unique<audio::Resampler>(engine_rate_hz_, rate_hz_);
    must_align_ = align_ && piece.words.empty();
  } else if (piece.sound.sample_rate_hz != engine_rate_hz_) {
    throw Error(ErrorCode::kInternal,
                "the engine \"" + engine_ + "\" changed its sample rate inside a sentence");
  }
  std::vector<WordTiming> words = piece.words;
  std::vector<PhonemeTiming> phonemes = piece.phonemes;
  shift(words, phonemes, clause_.begin_s + piece_begin_s_);
  std::move(words.begin(), words.end(), std::back_inserter(carried_.words));
  std::move(phonemes.begin(), phonemes.end(), std::back_inserter(carried_.phonemes));
  piece_begin_s_ += piece.sound.duration_s();
  std::vector<float> resampled;
  resampler_->process(piece.sound.samples, resampled);
  if (must_align_) {
    waiting_.samples.insert(waiting_.samples.end(), resampled.begin(), resampled.end());
    return;
  }
  let_out_ = true;
  std::vector<float> joined;
  joiner_.add(resampled, joined);
  output_(joined, carried_);
}

bool ClauseSpeech::start_over() {
  if (let_out_) return false;
  resampler_.reset();
  waiting_.samples.clear();
  carried_.words.clear();
  carried_.phonemes.clear();
  piece_begin_s_ = 0;
  return true;
}

void ClauseSpeech::find_words(const text::SayAs* say_as, std::shared_ptr<const audio::SenoneScorer>& scorer,
                              const WorkContext& context) {
  if (!scorer) scorer = audio::shared_senone_scorer();
  SpeechTiming timing = align_speech(waiting_, clause_.text, clause_.language, say_as, scorer, context);
  shift(timing.words, timing.phonemes, clause_.begin_s);
  carried_.words = std::move(timing.words);
  carried_.phonemes = std::move(timing.phonemes);
}

void ClauseSpeech::finish(const text::SayAs* say_as, std::shared_ptr<const audio::SenoneScorer>& scorer,
                          const WorkContext& context) {
  if (!resampler_) return;
  std::vector<float> rest;
  resampler_->finish(rest);
  if (must_align_) {
    waiting_.sample_rate_hz = rate_hz_;
    waiting_.samples.insert(waiting_.samples.end(), rest.begin(), rest.end());
    if (carried_.words.empty()) find_words(say_as, scorer, context);
    rest = std::move(waiting_.samples);
  }
  std::vector<float> joined;
  joiner_.add(rest, joined);
  joiner_.end_piece(text::natural_pause_s(clause_.text), joined);
  output_(joined, carried_);
}

}  // namespace anima::voice
