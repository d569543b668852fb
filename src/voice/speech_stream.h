// Speaking a text while it is still being written.
//
//   SpeechStream stream(engine, request, [&](const StreamedSpeech& piece) { play(piece); });
//   while (model.next(words)) stream.push(words);   // text in any pieces
//   stream.finish();                                 // waits until all was spoken
//
// Markdown and HTML are left out (text/markup_reader.h). A thread of its own cuts the text into clauses
// (text/splitter.h), has the engine speak them, aligns
// words where the engine gives no times, and joins the sounds without clicks and with natural pauses.
// A clause without letters ("3.14159,") is read in the language of the last one that had some.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audio/senone_scorer.h"
#include "text/markup_reader.h"
#include "text/splitter.h"
#include "voice/voice_engine.h"

namespace anima::voice {

struct StreamedSpeech {
  Sound sound;         // at the stream's rate
  double start_s = 0;  // of this sound in the stream
  // What begins in this piece, in the time of the stream.
  std::vector<WordTiming> words;
  std::vector<PhonemeTiming> phonemes;
  std::string text;  // of the clause that begins here, without markup; empty where none does
};

// Called on the stream's thread. What it throws stops the stream and is thrown by `finish`.
using StreamedSpeechSink = std::function<void(const StreamedSpeech& piece)>;

struct SpeechStreamOptions {
  int sample_rate_hz = 24000;  // of what comes out, whatever the engine makes
  text::TextSplitterOptions splitter;
  CancellationToken cancellation;  // who else may stop it: `finish` then throws Error(kCancelled)
  bool align = true;               // find word times where the engine gives none (waits for the clause's end)
};

class SpeechStream {
 public:
  // `request` says everything but the text. The engine must outlive the stream.
  SpeechStream(VoiceEngine& engine, SpeechRequest request, StreamedSpeechSink sink,
               SpeechStreamOptions options = {});
  ~SpeechStream();  // cancels what is not finished
  SpeechStream(const SpeechStream&) = delete;
  SpeechStream& operator=(const SpeechStream&) = delete;

  // Never blocks on the engine. Ignored after `finish` or `cancel`.
  void push(std::string_view text);
  // No more text: returns when the last sound was handed out, and throws what went wrong.
  void finish();
  // Stops within 50 ms of sound: once it returns, the sink is not called again. Not to be called
  // from the sink.
  void cancel();

 private:
  void work();
  std::vector<std::string> parts_of(const std::string& clause) const;
  void speak(const std::string& clause);
  void hand_out(const std::vector<float>& samples, StreamedSpeech& carried);

  VoiceEngine& engine_;
  SpeechRequest request_;
  StreamedSpeechSink sink_;
  SpeechStreamOptions options_;
  WorkContext context_;
  std::shared_ptr<const audio::SenoneScorer> scorer_;
  std::string surrounding_language_;  // of the last clause with letters; the thread's own

  std::mutex mutex_;
  std::condition_variable changed_;
  text::MarkupReader markup_;
  text::TextSplitter splitter_;
  std::deque<std::string> clauses_;
  bool complete_ = false;
  bool abandoned_ = false;  // by `cancel`: nobody asks why it ended
  std::exception_ptr failure_;

  long long position_ = 0;  // samples handed out; the thread's own
  std::thread thread_;
};

// A whole text at once.
struct SpokenText {
  Sound sound;
  std::string text;  // without markup: what the words are words of
  std::vector<WordTiming> words;
  std::vector<PhonemeTiming> phonemes;
};
SpokenText speak_text(VoiceEngine& engine, const SpeechRequest& request, const WorkContext& context,
                      const SpeechStreamOptions& options = {});

}  // namespace anima::voice
