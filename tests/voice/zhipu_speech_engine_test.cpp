#include "voice/zhipu_speech_engine.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/speech_fixtures.h"

namespace anima::voice {
namespace {

using test::base64;
using test::error_of;
using test::event;
using test::LoopbackConnection;
using test::LoopbackRequest;
using test::LoopbackServer;
using test::sine_pcm;
using test::speak;
using testing::HasSubstr;

std::string sound_event(const std::string& pcm, bool last = false, int rate_hz = 24000) {
  return event(R"({"choices":[{"index":0,"delta":{"role":"assistant","content":")" + base64(pcm) +
               R"(","return_sample_rate":)" + std::to_string(rate_hz) + R"(},"finish_reason":)" +
               (last ? "\"stop\"" : "null") + R"(}],"request_id":"1","created":1})");
}

// Plays Zhipu: files, cloning, deleting and speech.
void play_zhipu(const LoopbackRequest& request, LoopbackConnection& connection) {
  if (request.path == "/files") {
    connection.reply(200, "application/json", R"({"id":"file-1","purpose":"voice-clone-input"})");
  } else if (request.path == "/voice/clone") {
    connection.reply(200, "application/json",
                     R"({"voice":"voice_clone_1","file_id":"f","file_purpose":"p"})");
  } else if (request.path == "/voice/delete") {
    connection.reply(200, "application/json", R"({"voice":"voice_clone_1","update_time":"t"})");
  } else {
    const std::string pcm = sine_pcm(24000, 0.2);
    connection.begin_chunks(200, "text/event-stream");
    connection.chunk(sound_event(pcm.substr(0, 1001)));  // cut inside a sample
    const std::string rest = sound_event(pcm.substr(1001), true);
    connection.chunk(rest.substr(0, 77));
    connection.chunk(rest.substr(77) + event("[DONE]"));
    connection.end_chunks();
  }
}

std::unique_ptr<ZhipuSpeechEngine> engine_for(const LoopbackServer& server) {
  EngineConfiguration configuration = test::engine_at("zhipu", server.url());
  configuration.key = "ZHIPU_API_KEY";
  return std::make_unique<ZhipuSpeechEngine>(
      configuration, test::environment_with("ZHIPU_API_KEY", "id.secret-word"), test::http_client());
}

TEST(ZhipuSpeechEngine, StreamsBase64Samples) {
  LoopbackServer server(play_zhipu);
  SpeechRequest request;
  request.text = "你好，世界。";
  request.speed = 3;
  const test::Spoken spoken = speak(*engine_for(server), request);
  EXPECT_EQ(spoken.pieces, 2);
  EXPECT_EQ(spoken.sound.sample_rate_hz, 24000);
  std::vector<float> expected;
  const std::string pcm = sine_pcm(24000, 0.2);
  media::PcmDecoder(media::PcmFormat{}).push(std::as_bytes(std::span(pcm)), expected);
  EXPECT_EQ(spoken.sound.samples, expected);
  const LoopbackRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/audio/speech");
  EXPECT_EQ(seen.header("authorization"), "Bearer id.secret-word");
  const auto body = nlohmann::json::parse(seen.body);
  EXPECT_EQ(body["model"], "glm-tts");
  EXPECT_EQ(body["voice"], "tongtong");
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["response_format"], "pcm");
  EXPECT_EQ(body["speed"], 2.0);
}

TEST(ZhipuSpeechEngine, ClonesOnceAndUsesTheName) {
  LoopbackServer server(play_zhipu);
  const TemporaryFolder folder;
  SpeechRequest request;
  request.text = "你好";
  request.voice = test::voice_with_recording(folder, 40);
  const auto engine = engine_for(server);
  speak(*engine, request);
  speak(*engine, request);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(requests[0].path, "/files");
  const auto upload = requests[0].part_contents();
  EXPECT_EQ(upload.at("purpose"), "voice-clone-input");
  EXPECT_LE(test::wav_seconds(upload.at("file")), 30);
  EXPECT_GE(test::wav_seconds(upload.at("file")), 20);
  const auto clone = nlohmann::json::parse(requests[1].body);
  EXPECT_EQ(clone["file_id"], "file-1");
  EXPECT_FALSE(clone.contains("text")) << "the transcript is not that of the cut recording";
  EXPECT_EQ(nlohmann::json::parse(requests[2].body)["voice"], "voice_clone_1");
  EXPECT_EQ(nlohmann::json::parse(requests[3].body)["voice"], "voice_clone_1");
}

TEST(ZhipuSpeechEngine, TellsWhatItHadMadeAndDeletesAllOfIt) {
  LoopbackServer server(play_zhipu);
  const TemporaryFolder folder;
  std::vector<ServerVoice> kept;
  SpeechRequest request;
  request.text = "你好";
  request.voice = test::voice_with_recording(folder, 5);
  request.keep_server_voice = [&](const ServerVoice& made) {
    EXPECT_EQ(server.requests().back().path, "/voice/clone") << "it is told before anything can fail";
    kept.push_back(made);
  };
  const auto engine = engine_for(server);
  speak(*engine, request);
  speak(*engine, request);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].engine, "zhipu");
  EXPECT_EQ(kept[0].id, "voice_clone_1");
  EXPECT_THAT(kept[0].files, testing::ElementsAre("file-1", "f"));

  engine->delete_voice(kept[0], {});
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 7U);
  EXPECT_EQ(requests[4].path, "/voice/delete");
  EXPECT_EQ(nlohmann::json::parse(requests[4].body)["voice"], "voice_clone_1");
  EXPECT_EQ(requests[5].method + requests[5].path, "DELETE/files/file-1");
  EXPECT_EQ(requests[6].method + requests[6].path, "DELETE/files/f");
}

TEST(ZhipuSpeechEngine, LeavesNoRecordingWhereTheCloneFailed) {
  LoopbackServer server([](const LoopbackRequest& request, LoopbackConnection& connection) {
    if (request.path == "/voice/clone") {
      connection.reply(400, "application/json", R"({"error":{"code":"1214","message":"no"}})");
    } else {
      play_zhipu(request, connection);
    }
  });
  const TemporaryFolder folder;
  EXPECT_THAT(
      error_of([&] { engine_for(server)->clone_voice(test::voice_with_recording(folder, 5), {}); }).what(),
      HasSubstr("1214"));
  EXPECT_EQ(server.requests().back().method + server.requests().back().path, "DELETE/files/file-1");
}

TEST(ZhipuSpeechEngine, DeletingWhatIsGoneIsNoError) {
  std::string listed = R"({"voice_list":[{"voice":"other"}]})";
  LoopbackServer server([&](const LoopbackRequest& request, LoopbackConnection& connection) {
    if (request.path == "/voice/delete") {
      connection.reply(400, "application/json", R"({"error":{"code":"1214","message":"no such voice"}})");
    } else {
      connection.reply(200, "application/json", request.path == "/voice/list" ? listed : "{}");
    }
  });
  const auto engine = engine_for(server);
  const ServerVoice gone{.engine = "zhipu", .id = "voice_clone_1"};
  EXPECT_NO_THROW(engine->delete_voice(gone, {}));
  listed = R"({"voice_list":[{"voice":"voice_clone_1"}]})";
  EXPECT_THAT(error_of([&] { engine->delete_voice(gone, {}); }).what(), HasSubstr("no such voice"));
}

TEST(ZhipuSpeechEngine, UsesANameThatIsKnown) {
  LoopbackServer server(play_zhipu);
  const TemporaryFolder folder;
  SpeechRequest request;
  request.text = "你好";
  request.voice = test::voice_with_recording(folder, 5);
  request.voice.server_voices["zhipu"] = "voice_clone_7";
  speak(*engine_for(server), request);
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(nlohmann::json::parse(server.requests()[0].body)["voice"], "voice_clone_7");
}

TEST(ZhipuSpeechEngine, RefusesARecordingThatIsTooShort) {
  LoopbackServer server(play_zhipu);
  const TemporaryFolder folder;
  EXPECT_EQ(
      error_of([&] { engine_for(server)->clone_voice(test::voice_with_recording(folder, 1), {}); }).code(),
      ErrorCode::kUnusableInput);
  EXPECT_TRUE(server.requests().empty());
}

TEST(ZhipuSpeechEngine, ThrowsAnErrorInsideTheStream) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "text/event-stream");
    connection.chunk(sound_event(sine_pcm(24000, 0.1)));
    connection.chunk(event(R"({"error":{"code":"1301","message":"内容不合规"}})"));
    connection.end_chunks();
  });
  const Error error = error_of([&] { speak(*engine_for(server), "你好"); });
  EXPECT_EQ(error.code(), ErrorCode::kExternal);
  EXPECT_THAT(error.what(), HasSubstr("内容不合规"));
}

TEST(ZhipuSpeechEngine, DoesNotAskAgainWhenTheMoneyIsOut) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(429, "application/json", R"({"error":{"code":"1113","message":"余额不足"}})");
  });
  const Error error = error_of([&] { speak(*engine_for(server), "你好"); });
  EXPECT_EQ(error.code(), ErrorCode::kResourceExhausted);
  EXPECT_THAT(error.what(), HasSubstr("余额不足"));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(ZhipuSpeechEngine, NamesAStreamThatEndsEarlyOrMakesNoSense) {
  const std::string streams[] = {
      "",                                                     // nothing
      sound_event(sine_pcm(24000, 0.1)),                      // no end
      sound_event(sine_pcm(24000, 0.1).substr(1), true),      // ends inside a sample
      event(R"({"choices":[{"delta":{"content":"***"}}]})"),  // no base64
      event("{") + event("[1]") + event(R"({"choices":[1,{"delta":2}]})"),
      sound_event("abcd", false, 1),  // a rate that makes no sense
      sound_event("abcd", false, 24000) + sound_event("abcd", true, 16000),
  };
  for (const std::string& stream : streams) {
    LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
      connection.reply(200, "text/event-stream", stream);
    });
    const Error error = error_of([&] { speak(*engine_for(server), "你好"); });
    EXPECT_TRUE(error.code() == ErrorCode::kExternal || error.code() == ErrorCode::kCorruptData)
        << stream.substr(0, 50);
  }
}

TEST(ZhipuSpeechEngine, UnderstandsSoundWithoutEvents) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "audio/wav", test::wav_file(sine_pcm(24000, 0.1), 24000));
  });
  EXPECT_EQ(speak(*engine_for(server), "你好").sound.samples.size(), 2400U);
}

}  // namespace
}  // namespace anima::voice
