// Sound in a server's answer, decoded while it comes, whatever it was said to be.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/http_client.h"
#include "media/wav_stream.h"
#include "voice/voice_engine.h"

namespace anima::voice {

struct ExpectedSound {
  int headerless_rate_hz = 0;        // of bare samples; 0: bare samples are not expected
  bool headerless_floating = false;  // 32-bit floating point instead of 16-bit integers
};

// Sniffs the first bytes: WAV and bare samples go on as pieces at once; MP3, Ogg, FLAC and the like
// are collected and decoded at the end; JSON, HTML and text are errors, a status of 200 or not.
class SpeechReply {
 public:
  SpeechReply(std::string service, HttpRequest request, ExpectedSound expected, SpeechSink sink);

  // As HttpBodySink.
  void push(const HttpResponse& head, std::span<const std::byte> bytes);
  // At the end. Throws Error(kExternal) where no sound came, where it ends inside a sample, or
  // what the text said; kCorruptData for sound that cannot be decoded.
  void finish();

 private:
  enum class State { kUndecided, kWav, kSamples, kCompressed, kText };
  void decide(const HttpResponse& head);
  void decode(std::span<const std::byte> bytes);
  void hand_on(std::vector<float> samples, int sample_rate_hz);
  void decode_compressed();

  std::string service_;
  HttpRequest request_;  // without its body: for errors
  ExpectedSound expected_;
  SpeechSink sink_;
  State state_ = State::kUndecided;
  HttpResponse head_;
  std::string collected_;
  media::WavDecoder wav_;
  std::optional<media::PcmDecoder> samples_;
  bool any_sound_ = false;
};

}  // namespace anima::voice
