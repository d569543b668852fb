#include "voice/gpt_sovits_engine.h"

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
using testing::HasSubstr;

// A header that claims no frames, then bare samples, as streaming_mode does.
void answer_stream(const LoopbackRequest&, LoopbackConnection& connection) {
  connection.begin_chunks(200, "audio/wav");
  connection.chunk(test::wav_file("", 32000, 1, 0));
  const std::string pcm = sine_pcm(32000, 0.2);
  for (std::size_t i = 0; i < pcm.size(); i += 999) connection.chunk(pcm.substr(i, 999));
  connection.end_chunks();
}

TEST(GptSovitsEngine, SendsAnExcerptThatTheServerAccepts) {
  std::string reference;
  LoopbackServer server([&](const LoopbackRequest& request, LoopbackConnection& connection) {
    reference =
        read_text_file(nlohmann::json::parse(request.body)["ref_audio_path"].get<std::string>(), 10U << 20U);
    answer_stream(request, connection);
  });
  const TemporaryFolder folder;
  SpeechRequest request;
  request.text = "今天 is Monday";
  request.voice = test::voice_with_recording(folder, 60);
  request.speed = 1.25;
  std::string path;
  {
    const auto engine = make_gpt_sovits_engine(test::engine_at("gpt_sovits", server.url()), Environment(),
                                               test::http_client());
    const test::Spoken spoken = speak(*engine, request);
    EXPECT_EQ(spoken.sound.sample_rate_hz, 32000);
    EXPECT_EQ(spoken.sound.samples.size(), 6400U);
    const auto body = nlohmann::json::parse(server.requests().at(0).body);
    path = body["ref_audio_path"];
    EXPECT_EQ(server.requests().at(0).path, "/tts");
    EXPECT_EQ(body["text_lang"], "zh");
    EXPECT_EQ(body["prompt_lang"], "zh");
    EXPECT_EQ(body["prompt_text"], "");
    EXPECT_EQ(body["streaming_mode"], true);
    EXPECT_EQ(body["speed_factor"], 1.25);
  }
  EXPECT_GE(test::wav_seconds(reference), 3);
  EXPECT_LE(test::wav_seconds(reference), 10);
  EXPECT_FALSE(std::filesystem::exists(path)) << "a copy of the voice was left behind";
}

TEST(GptSovitsEngine, GivesTheTranscriptOfAShortRecording) {
  LoopbackServer server(answer_stream);
  const TemporaryFolder folder;
  SpeechRequest request;
  request.text = "hello";
  request.voice = test::voice_with_recording(folder, 6, "one two three", "en");
  speak(*make_gpt_sovits_engine(test::engine_at("gpt_sovits", server.url()), Environment(),
                                test::http_client()),
        request);
  EXPECT_EQ(nlohmann::json::parse(server.requests().at(0).body)["prompt_text"], "one two three");
  request.voice = test::voice_with_recording(folder, 2);
  EXPECT_EQ(error_of([&] {
              speak(*make_gpt_sovits_engine(test::engine_at("gpt_sovits", server.url()), Environment(),
                                            test::http_client()),
                    request);
            }).code(),
            ErrorCode::kUnusableInput);
}

TEST(GptSovitsEngine, WritesIntoTheSharedFolder) {
  LoopbackServer server(answer_stream);
  const TemporaryFolder folder;
  const TemporaryFolder shared;
  EngineConfiguration configuration = test::engine_at("gpt_sovits", server.url());
  configuration.options = {{"shared_folder", shared.path().string()}, {"server_folder", "/data/voices"}};
  SpeechRequest request;
  request.text = "hello";
  request.voice = test::voice_with_recording(folder, 6);
  const auto engine = make_gpt_sovits_engine(configuration, Environment(), test::http_client());
  speak(*engine, request);
  const std::string path = nlohmann::json::parse(server.requests().at(0).body)["ref_audio_path"];
  EXPECT_THAT(path, HasSubstr("/data/voices/anima-"));
  EXPECT_TRUE(std::filesystem::exists(shared.path() / std::filesystem::path(path).filename()));
}

TEST(GptSovitsEngine, SaysWhatAServerElsewhereNeeds) {
  const auto engine = make_gpt_sovits_engine(test::engine_at("gpt_sovits", "http://sovits.lan:9880"),
                                             Environment(), test::http_client());
  SpeechRequest request;
  request.text = "hello";
  const Error error = error_of([&] { speak(*engine, request); });
  EXPECT_EQ(error.code(), ErrorCode::kNotReady);
  EXPECT_THAT(error.what(), HasSubstr("shared_folder"));
}

TEST(GptSovitsEngine, NamesFaults) {
  const TemporaryFolder folder;
  SpeechRequest request;
  request.text = "hello";
  request.voice = test::voice_with_recording(folder, 6);
  const auto error_from = [&](const LoopbackServer::Handler& handler) {
    LoopbackServer server(handler);
    const auto engine = make_gpt_sovits_engine(test::engine_at("gpt_sovits", server.url()), Environment(),
                                               test::http_client());
    return error_of([&] { speak(*engine, request); });
  };
  EXPECT_THAT(error_from([](const LoopbackRequest&, LoopbackConnection& connection) {
                connection.reply(400, "application/json",
                                 R"({"message":"tts failed","Exception":"参考音频在3~10秒范围外"})");
              }).what(),
              HasSubstr("参考音频在3~10秒范围外"));
  // In streaming mode the same failure is a 200 with nothing behind the header.
  EXPECT_THAT(error_from([](const LoopbackRequest&, LoopbackConnection& connection) {
                connection.reply(200, "audio/wav", test::wav_file("", 32000, 1, 0));
              }).what(),
              HasSubstr("without any sound"));
}

}  // namespace
}  // namespace anima::voice
