#include "voice/speech_stream.h"

#include <algorithm>

#include "audio/join.h"
#include "audio/resampler.h"
#include "audio/speech_features.h"
#include "core/error.h"
#include "core/utf8.h"
#include "text/language.h"
#include "voice/speech_timing.h"

namespace anima::voice {
namespace {

// Sound is handed on in parts of this length, so that a stop is heard at once.
constexpr double kPart_s = 0.04;

}  // namespace

SpeechStream::SpeechStream(VoiceEngine& engine, SpeechRequest request, StreamedSpeechSink sink,
                           SpeechStreamOptions options)
    : engine_(engine),
      request_(std::move(request)),
      sink_(std::move(sink)),
      options_(options),
      context_{.progress = {}, .cancellation = options.cancellation},
      surrounding_language_(request_.surrounding_language),
      splitter_(options.splitter),
      thread_([this] { work(); }) {}

SpeechStream::~SpeechStream() {
  cancel();
}

void SpeechStream::push(std::string_view text) {
  {
    const std::lock_guard lock(mutex_);
    if (complete_) return;
    std::vector<std::string> pieces;
    splitter_.push(text, pieces);
    for (std::string& piece : pieces) clauses_.push_back(std::move(piece));
  }
  changed_.notify_all();
}

void SpeechStream::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (!complete_) {
      std::vector<std::string> pieces;
      splitter_.finish(pieces);
      for (std::string& piece : pieces) clauses_.push_back(std::move(piece));
      complete_ = true;
    }
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void SpeechStream::cancel() {
  // After the end there is nothing to stop, and the token may be somebody else's too.
  if (!thread_.joinable()) return;
  context_.cancellation.request();
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    complete_ = true;
    clauses_.clear();
  }
  changed_.notify_all();
  thread_.join();
}

void SpeechStream::work() {
  try {
    for (;;) {
      std::string clause;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !clauses_.empty() || complete_; });
        if (clauses_.empty()) return;
        clause = std::move(clauses_.front());
        clauses_.pop_front();
      }
      context_.cancellation.throw_if_requested("speaking");
      speak(clause);
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!abandoned_) failure_ = std::current_exception();
    complete_ = true;
    clauses_.clear();
  }
}

void SpeechStream::speak(const std::string& clause) {
  const EngineCapabilities able = engine_.capabilities();
  SpeechRequest request = request_;
  request.text = text::without_blank_runs(clause);
  if (able.text_limit_characters > 0 &&
      count_code_points(request.text) > static_cast<std::size_t>(able.text_limit_characters)) {
    text::TextSplitterOptions narrower = options_.splitter;
    narrower.most_characters = able.text_limit_characters;
    text::TextSplitter splitter(narrower);
    std::vector<std::string> pieces;
    splitter.push(request.text, pieces);
    splitter.finish(pieces);
    for (const std::string& piece : pieces) speak(piece);
    return;
  }
  request.surrounding_language = surrounding_language_;
  const std::string language = text::language_to_read(clause, request.language, surrounding_language_);
  // Kana among Chinese are a quotation, not the end of the Chinese.
  const bool quotation = surrounding_language_ == "zh" && language == "ja";
  if (!quotation && !text::language_of_text(clause).empty()) surrounding_language_ = language;
  const int rate_hz = options_.sample_rate_hz;
  audio::SoundJoiner joiner(rate_hz);
  std::unique_ptr<audio::Resampler> resampler;
  int engine_rate_hz = 0;
  const long long clause_begin = position_;
  const double clause_begin_s = static_cast<double>(clause_begin) / rate_hz;

  StreamedSpeech next;  // what the next part carries besides sound
  next.text = clause;
  const auto hand_out = [&](const std::vector<float>& samples) {
    const auto part = static_cast<std::size_t>(std::max(1.0, kPart_s * rate_hz));
    for (std::size_t at = 0; at < samples.size(); at += part) {
      context_.cancellation.throw_if_requested("speaking");
      const std::size_t end = std::min(at + part, samples.size());
      next.sound.sample_rate_hz = rate_hz;
      next.sound.samples.assign(samples.begin() + static_cast<std::ptrdiff_t>(at),
                                samples.begin() + static_cast<std::ptrdiff_t>(end));
      next.start_s = static_cast<double>(position_) / rate_hz;
      sink_(next);
      position_ += static_cast<long long>(end - at);
      next = {};
    }
  };
  // Which engine speaks is seen only by what comes: a first piece without words is held back with all
  // that follows, until the clause is whole and its words can be found on it.
  bool must_align = false;
  bool let_out = false;
  Sound waiting;
  double piece_begin_s = 0;
  std::vector<float> resampled;
  std::vector<float> joined;
  request.start_over = [&] {
    if (let_out) return false;
    resampler.reset();
    waiting.samples.clear();
    next.words.clear();
    next.phonemes.clear();
    piece_begin_s = 0;
    return true;
  };
  engine_.synthesize(
      request,
      [&](const SpeechPiece& piece) {
        context_.cancellation.throw_if_requested("speaking");
        if (!resampler) {
          engine_rate_hz = piece.sound.sample_rate_hz;
          resampler = std::make_unique<audio::Resampler>(engine_rate_hz, rate_hz);
          must_align = options_.align && piece.words.empty();
        } else if (piece.sound.sample_rate_hz != engine_rate_hz) {
          throw Error(ErrorCode::kInternal,
                      "the engine \"" + engine_.name() + "\" changed its sample rate inside a sentence");
        }
        for (WordTiming word : piece.words) {
          word.start_s += clause_begin_s + piece_begin_s;
          word.end_s += clause_begin_s + piece_begin_s;
          next.words.push_back(std::move(word));
        }
        for (PhonemeTiming phoneme : piece.phonemes) {
          phoneme.start_s += clause_begin_s + piece_begin_s;
          phoneme.end_s += clause_begin_s + piece_begin_s;
          next.phonemes.push_back(std::move(phoneme));
        }
        piece_begin_s += piece.sound.duration_s();
        resampled.clear();
        resampler->process(piece.sound.samples, resampled);
        if (must_align) {
          waiting.samples.insert(waiting.samples.end(), resampled.begin(), resampled.end());
          return;
        }
        let_out = true;
        joined.clear();
        joiner.add(resampled, joined);
        hand_out(joined);
      },
      context_);
  if (!resampler) return;  // nothing to speak
  resampled.clear();
  resampler->finish(resampled);
  joined.clear();
  if (must_align) {
    waiting.sample_rate_hz = rate_hz;
    waiting.samples.insert(waiting.samples.end(), resampled.begin(), resampled.end());
    if (next.words.empty()) {
      if (!scorer_) scorer_ = audio::shared_senone_scorer();
      SpeechTiming timing = align_speech(waiting, clause, language, request.say_as.get(), scorer_, context_);
      for (WordTiming& word : timing.words) {
        word.start_s += clause_begin_s;
        word.end_s += clause_begin_s;
      }
      for (PhonemeTiming& phoneme : timing.phonemes) {
        phoneme.start_s += clause_begin_s;
        phoneme.end_s += clause_begin_s;
      }
      next.words = std::move(timing.words);
      next.phonemes = std::move(timing.phonemes);
    }
    joiner.add(waiting.samples, joined);
  } else {
    joiner.add(resampled, joined);
  }
  joiner.end_piece(text::natural_pause_s(clause), joined);
  hand_out(joined);
}

SpokenText speak_text(VoiceEngine& engine, const SpeechRequest& request, const WorkContext& context,
                      const SpeechStreamOptions& options) {
  SpokenText result;
  result.sound.sample_rate_hz = options.sample_rate_hz;
  SpeechStreamOptions whole = options;
  whole.cancellation = context.cancellation;
  whole.splitter.first_minimum_s = whole.splitter.minimum_s;
  whole.splitter.first_maximum_s = whole.splitter.maximum_s;
  SpeechRequest known = request;
  if (known.surrounding_language.empty())
    known.surrounding_language = text::language_to_read(request.text, request.language);
  const double expected_s = std::max(0.5, text::estimated_speech_s(request.text));
  SpeechStream stream(
      engine, std::move(known),
      [&](const StreamedSpeech& piece) {
        context.cancellation.throw_if_requested("speaking");
        result.sound.samples.insert(result.sound.samples.end(), piece.sound.samples.begin(),
                                    piece.sound.samples.end());
        result.words.insert(result.words.end(), piece.words.begin(), piece.words.end());
        result.phonemes.insert(result.phonemes.end(), piece.phonemes.begin(), piece.phonemes.end());
        context.report({.stage = "speaking",
                        .fraction = std::min(0.99, result.sound.duration_s() / expected_s),
                        .remaining_s = -1,
                        .figures = {}});
      },
      whole);
  stream.push(request.text);
  stream.finish();
  return result;
}

}  // namespace anima::voice
