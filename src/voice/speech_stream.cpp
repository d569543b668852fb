#include "voice/speech_stream.h"

#include <algorithm>

#include "core/utf8.h"
#include "text/language.h"
#include "voice/clause_speech.h"

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
    std::string plain;
    markup_.push(text, plain);
    std::vector<std::string> pieces;
    splitter_.push(plain, pieces);
    for (std::string& piece : pieces) clauses_.push_back(std::move(piece));
  }
  changed_.notify_all();
}

void SpeechStream::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (!complete_) {
      std::string plain;
      markup_.finish(plain);
      std::vector<std::string> pieces;
      splitter_.push(plain, pieces);
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
      for (const std::string& part : parts_of(clause)) speak(part);
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!abandoned_) failure_ = std::current_exception();
    complete_ = true;
    clauses_.clear();
  }
}

// What an engine takes at once is limited: a longer clause is spoken in parts.
std::vector<std::string> SpeechStream::parts_of(const std::string& clause) const {
  const int limit = engine_.capabilities().text_limit_characters;
  const std::string text = text::without_blank_runs(clause);
  if (limit <= 0 || count_code_points(text) <= static_cast<std::size_t>(limit)) return {clause};
  text::TextSplitterOptions narrower = options_.splitter;
  narrower.most_characters = limit;
  text::TextSplitter splitter(narrower);
  std::vector<std::string> parts;
  splitter.push(text, parts);
  splitter.finish(parts);
  return parts;
}

void SpeechStream::speak(const std::string& clause) {
  SpeechRequest request = request_;
  request.text = text::without_blank_runs(clause);
  request.surrounding_language = surrounding_language_;
  const std::string language = text::language_to_read(clause, request.language, surrounding_language_);
  // Kana among Chinese are a quotation, not the end of the Chinese.
  const bool quotation = surrounding_language_ == "zh" && language == "ja";
  if (!quotation && !text::language_of_text(clause).empty()) surrounding_language_ = language;

  const double begin_s = static_cast<double>(position_) / options_.sample_rate_hz;
  ClauseSpeech speech(
      {.text = clause, .language = language, .begin_s = begin_s}, options_.sample_rate_hz, options_.align,
      engine_.name(),
      [this](const std::vector<float>& samples, StreamedSpeech& carried) { hand_out(samples, carried); });
  request.start_over = [&] { return speech.start_over(); };
  engine_.synthesize(
      request,
      [&](const SpeechPiece& piece) {
        context_.cancellation.throw_if_requested("speaking");
        speech.add(piece);
      },
      context_);
  speech.finish(request.say_as.get(), scorer_, context_);
}

void SpeechStream::hand_out(const std::vector<float>& samples, StreamedSpeech& carried) {
  const int rate_hz = options_.sample_rate_hz;
  const auto part = static_cast<std::size_t>(std::max(1.0, kPart_s * rate_hz));
  for (std::size_t at = 0; at < samples.size(); at += part) {
    context_.cancellation.throw_if_requested("speaking");
    const std::size_t end = std::min(at + part, samples.size());
    carried.sound.sample_rate_hz = rate_hz;
    carried.sound.samples.assign(samples.begin() + static_cast<std::ptrdiff_t>(at),
                                 samples.begin() + static_cast<std::ptrdiff_t>(end));
    carried.start_s = static_cast<double>(position_) / rate_hz;
    sink_(carried);
    position_ += static_cast<long long>(end - at);
    carried = {};
  }
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
    known.surrounding_language = text::language_to_read(text::without_markup(request.text), request.language);
  const double expected_s = std::max(0.5, text::estimated_speech_s(request.text));
  SpeechStream stream(
      engine, std::move(known),
      [&](const StreamedSpeech& piece) {
        context.cancellation.throw_if_requested("speaking");
        result.sound.samples.insert(result.sound.samples.end(), piece.sound.samples.begin(),
                                    piece.sound.samples.end());
        result.text += piece.text;
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
