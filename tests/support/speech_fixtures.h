// What the tests of engines that speak share.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/configuration.h"
#include "core/error.h"
#include "core/files.h"
#include "core/http_client.h"
#include "core/temporary_folder.h"
#include "support/loopback_server.h"
#include "voice/voice_engine.h"

namespace anima::test {

// What an engine handed out.
struct Spoken {
  int pieces = 0;
  Sound sound;
};

inline Spoken speak(voice::VoiceEngine& engine, const voice::SpeechRequest& request,
                    const WorkContext& context = {}) {
  Spoken spoken;
  engine.synthesize(
      request,
      [&](const voice::SpeechPiece& piece) {
        ++spoken.pieces;
        if (spoken.sound.sample_rate_hz != 0) {
          EXPECT_EQ(spoken.sound.sample_rate_hz, piece.sound.sample_rate_hz);
        }
        spoken.sound.sample_rate_hz = piece.sound.sample_rate_hz;
        spoken.sound.samples.insert(spoken.sound.samples.end(), piece.sound.samples.begin(),
                                    piece.sound.samples.end());
      },
      context);
  return spoken;
}

inline Spoken speak(voice::VoiceEngine& engine, const std::string& text) {
  voice::SpeechRequest request;
  request.text = text;
  return speak(engine, request);
}

inline Error error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return Error(ErrorCode::kInternal, "none");
}

inline EngineConfiguration engine_at(const std::string& kind, const std::string& address) {
  EngineConfiguration configuration;
  configuration.name = kind;
  configuration.kind = kind;
  configuration.address = address;
  configuration.timeout_s = 10;
  return configuration;
}

// A voice whose recording is a tone of `seconds`.
inline voice::Voice voice_with_recording(const TemporaryFolder& folder, double seconds,
                                         const std::string& transcript = "一二三四五",
                                         const std::string& language = "zh") {
  voice::Voice voice;
  voice.name = "test";
  voice.language = language;
  voice.transcript = transcript;
  voice.recording = folder.path() / "recording.wav";
  write_file_atomically(voice.recording, wav_file(sine_pcm(24000, seconds), 24000));
  return voice;
}

// Length in seconds of a 16-bit mono WAV in memory.
inline double wav_seconds(const std::string& file) {
  if (file.size() < 44 || file.compare(0, 4, "RIFF") != 0) return -1;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(file[i])); };
  const unsigned rate = byte(24) | byte(25) << 8U | byte(26) << 16U | byte(27) << 24U;
  return static_cast<double>(file.size() - 44) / 2 / rate;
}

inline Environment environment_with(const std::string& name, const std::string& value) {
  return Environment(std::map<std::string, std::string>{{name, value}});
}

inline std::shared_ptr<const HttpClient> http_client() {
  return std::make_shared<const HttpClient>();
}

}  // namespace anima::test
