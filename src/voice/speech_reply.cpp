#include "voice/speech_reply.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/api_error.h"
#include "core/error.h"
#include "core/files.h"
#include "core/temporary_folder.h"
#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/sound_sniffer.h"

namespace anima::voice {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

// The rate that forks of the CosyVoice server state; 0 where there is none.
int stated_rate_hz(const HttpResponse& head) {
  const int rate_hz = std::atoi(head.header("x-custom-header-samplerate").c_str());
  return rate_hz >= 8000 && rate_hz <= 192000 ? rate_hz : 0;
}

}  // namespace

SpeechReply::SpeechReply(std::string service, HttpRequest request, ExpectedSound expected, SpeechSink sink)
    : service_(std::move(service)),
      request_(std::move(request)),
      expected_(expected),
      sink_(std::move(sink)) {
  request_.body.clear();
  request_.parts.clear();
}

void SpeechReply::push(const HttpResponse& head, std::span<const std::byte> bytes) {
  if (state_ != State::kUndecided) {
    decode(bytes);
    return;
  }
  head_ = head;
  collected_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (collected_.size() < media::kSniffedBytes) return;
  decide(head);
}

void SpeechReply::decide(const HttpResponse& head) {
  const media::SoundFormat format = media::sniff_sound(bytes_of(collected_));
  const std::string type = head.content_type();
  if (format == media::SoundFormat::kText || type == "application/json" || type == "text/html") {
    state_ = State::kText;
    return;
  }
  if (format == media::SoundFormat::kWav) {
    state_ = State::kWav;
  } else if (format == media::SoundFormat::kUnknown) {
    const int rate_hz = stated_rate_hz(head) > 0 ? stated_rate_hz(head) : expected_.headerless_rate_hz;
    if (rate_hz == 0) {
      throw Error(ErrorCode::kExternal, fmt::format("{} sends samples without saying their rate", service_),
                  "set sample_rate_hz of the engine in the configuration");
    }
    samples_.emplace(media::PcmFormat{.sample_rate_hz = rate_hz,
                                      .channels = 1,
                                      .bits = expected_.headerless_floating ? 32 : 16,
                                      .floating = expected_.headerless_floating});
    state_ = State::kSamples;
  } else {
    state_ = State::kCompressed;
    return;
  }
  std::string first;
  first.swap(collected_);
  decode(bytes_of(first));
}

void SpeechReply::decode(std::span<const std::byte> bytes) {
  std::vector<float> samples;
  if (state_ == State::kWav) {
    wav_.push(bytes, samples);
    if (!samples.empty()) hand_on(std::move(samples), wav_.format()->sample_rate_hz);
  } else if (state_ == State::kSamples) {
    samples_->push(bytes, samples);
    if (!samples.empty()) hand_on(std::move(samples), samples_->format().sample_rate_hz);
  } else {
    collected_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
}

void SpeechReply::hand_on(std::vector<float> samples, int sample_rate_hz) {
  any_sound_ = true;
  sink_(SpeechPiece{.sound = {sample_rate_hz, std::move(samples)}, .words = {}, .phonemes = {}});
}

void SpeechReply::decode_compressed() {
  const TemporaryFolder folder;
  const media::SoundFormat format = media::sniff_sound(bytes_of(collected_));
  const std::filesystem::path file = folder.path() / fmt::format("reply{}", media::extension_of(format));
  write_file_atomically(file, collected_);
  const media::FilmInfo info = media::probe_film(file);
  Sound sound = media::read_sound(file, info.sample_rate_hz > 0 ? info.sample_rate_hz : 24000);
  if (!sound.samples.empty()) hand_on(std::move(sound.samples), sound.sample_rate_hz);
}

void SpeechReply::finish() {
  if (state_ == State::kUndecided && !collected_.empty()) decide(head_);
  if (state_ == State::kText) {
    ApiError error;
    if (find_api_error(collected_, error)) throw_api_error(service_, request_, error);
    HttpResponse response = head_;
    response.body = collected_;
    throw Error(ErrorCode::kExternal, fmt::format("{} answered with text where sound was expected", service_),
                "check that the address and the path are those of a speech server",
                without_secrets(parse_api_error(response).message, request_));
  }
  if (state_ == State::kWav) wav_.finish();
  if (state_ == State::kCompressed) decode_compressed();
  if (!any_sound_) {
    throw Error(ErrorCode::kExternal, fmt::format("{} answered without any sound", service_),
                "look at the server's log: the text, the voice or the reference may not suit it");
  }
  if (state_ == State::kSamples && samples_->pending_bytes() > 0) {
    throw Error(ErrorCode::kExternal, fmt::format("the sound from {} ends inside a sample", service_),
                "look at the server's log: it stopped in the middle");
  }
}

}  // namespace anima::voice
