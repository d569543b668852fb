#include "voice/chatterbox_engine.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/speech_fixtures.h"

namespace anima::voice {
namespace {

using test::error_of;
using test::LoopbackConnection;
using test::LoopbackRequest;
using test::LoopbackServer;
using test::sine_pcm;
using test::speak;

void answer_wav(const LoopbackRequest&, LoopbackConnection& connection) {
  connection.reply(200, "audio/wav", test::wav_file(sine_pcm(24000, 0.2), 24000));
}

TEST(ChatterboxEngine, SendsTheRecordingAlong) {
  LoopbackServer server(answer_wav);
  const TemporaryFolder folder;
  EngineConfiguration configuration = test::engine_at("chatterbox", server.url());
  configuration.options = {{"exaggeration", "0.7"}};
  SpeechRequest request;
  request.text = "Hello there";
  request.voice = test::voice_with_recording(folder, 90);
  const auto engine = make_chatterbox_engine(configuration, Environment(), test::http_client());
  EXPECT_EQ(speak(*engine, request).sound.samples.size(), 4800U);
  const LoopbackRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/v1/audio/speech/upload");
  const auto parts = seen.part_contents();
  EXPECT_EQ(parts.at("input"), "Hello there");
  EXPECT_EQ(parts.at("exaggeration"), "0.7");
  EXPECT_EQ(parts.count("temperature"), 0U);
  EXPECT_LE(parts.at("voice_file").size(), 10U << 20U);
  EXPECT_LE(test::wav_seconds(parts.at("voice_file")), 60);
}

TEST(ChatterboxEngine, UsesAVoiceOfItsLibrary) {
  LoopbackServer server(answer_wav);
  EngineConfiguration configuration = test::engine_at("chatterbox", server.url());
  configuration.voice = "anna";
  speak(*make_chatterbox_engine(configuration, Environment(), test::http_client()), "Hello");
  EXPECT_EQ(server.requests().at(0).path, "/v1/audio/speech/stream");
  EXPECT_EQ(nlohmann::json::parse(server.requests().at(0).body)["voice"], "anna");
}

TEST(ChatterboxEngine, RefusesAKnobBeyondItsRange) {
  LoopbackServer server(answer_wav);
  EngineConfiguration configuration = test::engine_at("chatterbox", server.url());
  configuration.options = {{"exaggeration", "9"}};
  const auto engine = make_chatterbox_engine(configuration, Environment(), test::http_client());
  EXPECT_EQ(error_of([&] { speak(*engine, "Hello"); }).code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace anima::voice
