#include "voice/cosyvoice_engine.h"

#include <gmock/gmock.h>

#include "support/speech_fixtures.h"

namespace anima::voice {
namespace {

using test::error_of;
using test::LoopbackConnection;
using test::LoopbackRequest;
using test::LoopbackServer;
using test::sine_pcm;
using test::speak;
using testing::HasSubstr;

void answer_samples(const LoopbackRequest&, LoopbackConnection& connection) {
  const std::string pcm = sine_pcm(24000, 0.3);
  connection.begin_chunks(200, "");
  for (std::size_t i = 0; i < pcm.size(); i += 777) connection.chunk(pcm.substr(i, 777));
  connection.end_chunks();
}

std::unique_ptr<VoiceEngine> engine_for(const LoopbackServer& server,
                                        std::map<std::string, std::string> options = {}) {
  EngineConfiguration configuration = test::engine_at("cosyvoice", server.url());
  configuration.options = std::move(options);
  return make_cosyvoice_engine(configuration, Environment(), test::http_client());
}

SpeechRequest request_with(const Voice& voice, const std::string& text) {
  SpeechRequest request;
  request.text = text;
  request.voice = voice;
  return request;
}

TEST(CosyVoiceEngine, ClonesWithTheTranscript) {
  LoopbackServer server(answer_samples);
  const TemporaryFolder folder;
  const Voice voice = test::voice_with_recording(folder, 4);
  const test::Spoken spoken = speak(*engine_for(server), request_with(voice, "今天天气很好"));
  EXPECT_EQ(spoken.sound.sample_rate_hz, 24000);
  EXPECT_EQ(spoken.sound.samples.size(), 7200U);
  const LoopbackRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/inference_zero_shot");
  const auto parts = seen.part_contents();
  EXPECT_EQ(parts.at("tts_text"), "今天天气很好");
  EXPECT_EQ(parts.at("prompt_text"), "一二三四五");
  EXPECT_NEAR(test::wav_seconds(parts.at("prompt_wav")), 4, 0.05);
}

TEST(CosyVoiceEngine, ChoosesTheRoute) {
  LoopbackServer server(answer_samples);
  const TemporaryFolder folder;
  const Voice voice = test::voice_with_recording(folder, 4);
  speak(*engine_for(server), request_with(voice, "An English sentence"));
  EXPECT_EQ(server.requests().back().path, "/inference_cross_lingual");

  Voice silent = voice;
  silent.transcript.clear();
  speak(*engine_for(server), request_with(silent, "没有字幕"));
  EXPECT_EQ(server.requests().back().path, "/inference_cross_lingual");

  SpeechRequest instructed = request_with(voice, "今天");
  instructed.instruction = "开心地说";
  speak(*engine_for(server), instructed);
  EXPECT_EQ(server.requests().back().path, "/inference_instruct2");
  EXPECT_EQ(server.requests().back().part_contents().at("instruct_text"), "开心地说");

  speak(*engine_for(server), "a & b = 你");
  EXPECT_EQ(server.requests().back().path, "/inference_sft");
  EXPECT_EQ(server.requests().back().form().at("tts_text"), "a & b = 你");
  EXPECT_EQ(server.requests().back().form().at("spk_id"), "中文女");
}

TEST(CosyVoiceEngine, CutsALongRecordingAndItsTranscript) {
  LoopbackServer server(answer_samples);
  const TemporaryFolder folder;
  speak(*engine_for(server), request_with(test::voice_with_recording(folder, 50), "今天"));
  EXPECT_EQ(server.requests().back().path, "/inference_cross_lingual");
  const double seconds = test::wav_seconds(server.requests().back().part_contents().at("prompt_wav"));
  EXPECT_LE(seconds, 30);
  EXPECT_GE(seconds, 20);
}

TEST(CosyVoiceEngine, SpeaksToGeneration3) {
  LoopbackServer server(answer_samples);
  const TemporaryFolder folder;
  const Voice voice = test::voice_with_recording(folder, 4);
  speak(*engine_for(server, {{"generation", "3"}}), request_with(voice, "今天"));
  EXPECT_EQ(server.requests().back().part_contents().at("prompt_text"),
            "You are a helpful assistant.<|endofprompt|>一二三四五");
  speak(*engine_for(server, {{"generation", "3"}}), request_with(voice, "today"));
  EXPECT_EQ(server.requests().back().part_contents().at("tts_text"),
            "You are a helpful assistant.<|endofprompt|>today");
  EXPECT_EQ(error_of([&] { engine_for(server, {{"generation", "4"}}); }).code(), ErrorCode::kInvalidArgument);
}

TEST(CosyVoiceEngine, TakesTheRateThatForksState) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "", sine_pcm(22050, 0.1), {{"X-Custom-Header-sampleRate", "22050"}});
  });
  EXPECT_EQ(speak(*engine_for(server), "今天").sound.sample_rate_hz, 22050);
}

TEST(CosyVoiceEngine, ReadsFloatingPointOfStreamRoutes) {
  std::string samples;
  for (const float value : {0.5F, -0.25F, 0.0F, 1.0F})
    samples.append(reinterpret_cast<const char*>(&value), sizeof(value));
  LoopbackServer server(
      [&](const LoopbackRequest&, LoopbackConnection& connection) { connection.reply(200, "", samples); });
  const test::Spoken spoken = speak(*engine_for(server, {{"prefix", "stream"}}), "今天");
  EXPECT_EQ(server.requests().at(0).path, "/stream/inference_sft");
  EXPECT_EQ(spoken.sound.samples, (std::vector<float>{0.5F, -0.25F, 0.0F, 1.0F}));
}

TEST(CosyVoiceEngine, NamesFaults) {
  LoopbackServer refusing([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(422, "application/json",
                     R"({"detail":[{"loc":["body","spk_id"],"msg":"Field required","type":"missing"}]})");
  });
  Error error = error_of([&] { speak(*engine_for(refusing), "今天"); });
  EXPECT_EQ(error.code(), ErrorCode::kExternal);
  EXPECT_THAT(error.what(), HasSubstr("Field required"));

  LoopbackServer truncating([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "", sine_pcm(24000, 0.1).substr(1));
  });
  error = error_of([&] { speak(*engine_for(truncating), "今天"); });
  EXPECT_EQ(error.code(), ErrorCode::kExternal);
  EXPECT_THAT(error.what(), HasSubstr("inside a sample"));
}

}  // namespace
}  // namespace anima::voice
