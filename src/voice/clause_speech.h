// One clause on its way from its engine to the stream: resampled, its times put into the stream's,
// words found where the engine gave none, joined without a click and with its pause.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "audio/join.h"
#include "audio/resampler.h"
#include "audio/senone_scorer.h"
#include "voice/speech_stream.h"

namespace anima::voice {

struct Clause {
  std::string text;      // as written
  std::string language;  // it is read in
  double begin_s = 0;    // in the stream
};

class ClauseSpeech {
 public:
  // Samples at `rate_hz`, in order, and what begins with them: it may be moved away, and comes once.
  using Output = std::function<void(const std::vector<float>& samples, StreamedSpeech& carried)>;

  // `engine`: its name, for errors. With `align`, words are found where the engine gives none.
  ClauseSpeech(Clause clause, int rate_hz, bool align, std::string engine, Output output);

  // Throws Error(kInternal) where the engine changes its rate, and what `output` throws.
  void add(const SpeechPiece& piece);
  // Forgets what has come. False, and nothing is done, where some of it was let out.
  bool start_over();
  // No more pieces. Lets out the rest with the pause that belongs behind the clause; nothing where no
  // piece came. `scorer` is loaded where words have to be found.
  void finish(const text::SayAs* say_as, std::shared_ptr<const audio::SenoneScorer>& scorer,
              const WorkContext& context);

 private:
  void shift(std::vector<WordTiming>& words, std::vector<PhonemeTiming>& phonemes, double by_s) const;
  void find_words(const text::SayAs* say_as, std::shared_ptr<const audio::SenoneScorer>& scorer,
                  const WorkContext& context);

  Clause clause_;
  int rate_hz_;
  bool align_;
  std::string engine_;
  Output output_;
  audio::SoundJoiner joiner_;
  std::unique_ptr<audio::Resampler> resampler_;  // null until the first piece
  int engine_rate_hz_ = 0;
  double piece_begin_s_ = 0;  // of the next piece in the clause
  // Which engine speaks is seen only by what comes: a first piece without words is held back with all
  // that follows, until the clause is whole and its words can be found on it.
  bool must_align_ = false;
  bool let_out_ = false;
  Sound waiting_;
  StreamedSpeech carried_;  // what the next samples carry besides themselves
};

}  // namespace anima::voice
