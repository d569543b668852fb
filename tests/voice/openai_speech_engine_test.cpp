#include "voice/openai_speech_engine.h"

#include <gmock/gmock.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/speech_fixtures.h"

namespace anima::voice {
namespace {

using test::error_of;
using test::LoopbackConnection;
using test::LoopbackRequest;
using test::LoopbackServer;
using test::sine_pcm;
using test::speak;
using test::wav_file;
using testing::HasSubstr;
using testing::Not;
using Handler = LoopbackServer::Handler;

std::unique_ptr<VoiceEngine> engine_for(const LoopbackServer& server, EngineConfiguration configuration = {},
                                        const Environment& environment = Environment()) {
  if (configuration.name.empty()) configuration = test::engine_at("openai", "");
  configuration.address = server.url("/v1");
  return make_openai_speech_engine(configuration, environment, test::http_client());
}

void answer_wav(const LoopbackRequest&, LoopbackConnection& connection) {
  connection.reply(200, "audio/wav", wav_file(sine_pcm(24000, 0.5), 24000));
}

TEST(OpenAiSpeechEngine, AsksAsTheProtocolSays) {
  LoopbackServer server(answer_wav);
  EngineConfiguration configuration = test::engine_at("openai", "");
  configuration.key = "MY_KEY";
  configuration.voice = "nova";
  const auto engine = engine_for(server, configuration, test::environment_with("MY_KEY", "k-123456"));
  SpeechRequest request;
  request.text = "Good \"morning\",\n你好\x01";
  request.instruction = "warmly";
  request.speed = 1.5;
  const test::Spoken spoken = speak(*engine, request);
  EXPECT_EQ(spoken.sound.sample_rate_hz, 24000);
  EXPECT_EQ(spoken.sound.samples.size(), 12000U);

  const LoopbackRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/v1/audio/speech");
  EXPECT_EQ(seen.header("authorization"), "Bearer k-123456");
  EXPECT_EQ(seen.header("content-type"), "application/json");
  const auto body = nlohmann::json::parse(seen.body);
  EXPECT_EQ(body["input"], "Good \"morning\", 你好 ");
  EXPECT_EQ(body["voice"], "nova");
  EXPECT_EQ(body["response_format"], "wav");
  EXPECT_EQ(body["instructions"], "warmly");
  EXPECT_EQ(body["speed"], 1.5);
}

TEST(OpenAiSpeechEngine, StreamsWavWithoutALengthCutInsideSamples) {
  const std::string file = wav_file(sine_pcm(22050, 0.2), 22050, 1, 0);
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "application/octet-stream");
    for (std::size_t i = 0; i < file.size(); i += 1001) connection.chunk(file.substr(i, 1001));
    connection.end_chunks();
  });
  const test::Spoken spoken = speak(*engine_for(server), "hello");
  EXPECT_EQ(spoken.sound.sample_rate_hz, 22050);
  ASSERT_EQ(spoken.sound.samples.size(), 4410U);
  std::vector<float> expected;
  media::PcmDecoder({.sample_rate_hz = 22050}).push(std::as_bytes(std::span(file).subspan(44)), expected);
  EXPECT_EQ(spoken.sound.samples, expected);
}

TEST(OpenAiSpeechEngine, HandsTheFirstPieceOnWhileTheServerStillSpeaks) {
  std::atomic<bool> heard{false};
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "audio/wav");
    connection.chunk(wav_file(sine_pcm(24000, 0.1), 24000, 1, 0xFFFFFFFF));
    while (!heard) std::this_thread::yield();
    connection.chunk(sine_pcm(24000, 0.1));
    connection.end_chunks();
  });
  SpeechRequest request;
  request.text = "hello";
  std::size_t samples = 0;
  engine_for(server)->synthesize(request,
                                 [&](const SpeechPiece& piece) {
                                   samples += piece.sound.samples.size();
                                   heard = true;
                                 },
                                 {});
  EXPECT_EQ(samples, 4800U);
}

TEST(OpenAiSpeechEngine, TakesBareSamplesAtTheConfiguredRate) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "audio/pcm", sine_pcm(16000, 0.25));
  });
  EngineConfiguration configuration = test::engine_at("openai", "");
  configuration.sample_rate_hz = 16000;
  configuration.options["format"] = "pcm";
  const test::Spoken spoken = speak(*engine_for(server, configuration), "hello");
  EXPECT_EQ(spoken.sound.sample_rate_hz, 16000);
  EXPECT_EQ(spoken.sound.samples.size(), 4000U);
  EXPECT_EQ(nlohmann::json::parse(server.requests().at(0).body)["response_format"], "pcm");
}

TEST(OpenAiSpeechEngine, SaysNothingForTextWithoutWords) {
  LoopbackServer server(answer_wav);
  for (const std::string text : {"", " \n", "…！？", "🙂👍🏽", "—“”"})
    EXPECT_EQ(speak(*engine_for(server), text).pieces, 0);
  EXPECT_TRUE(server.requests().empty());
}

TEST(OpenAiSpeechEngine, RefusesTextThatNoServerTakes) {
  LoopbackServer server(answer_wav);
  EXPECT_EQ(error_of([&] { speak(*engine_for(server), std::string(4097, 'a')); }).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of([&] { speak(*engine_for(server), "a\xED\xA0\x80"); }).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(server.requests().empty());
}

struct Fault {
  const char* name;
  Handler handler;
  ErrorCode code;
  const char* says;
};

TEST(OpenAiSpeechEngine, NamesEveryFaultOfAServer) {
  const Fault faults[] = {
      {"error in a 200",
       [](const LoopbackRequest&, LoopbackConnection& c) {
         c.reply(200, "audio/wav", R"({"error":{"message":"no such voice"}})");
       },
       ErrorCode::kExternal, "no such voice"},
      {"wrong content type",
       [](const LoopbackRequest&, LoopbackConnection& c) {
         c.reply(200, "text/html", "<html><body>Welcome</body>");
       },
       ErrorCode::kExternal, "text where sound was expected"},
      {"empty", [](const LoopbackRequest&, LoopbackConnection& c) { c.reply(200, "audio/wav", ""); },
       ErrorCode::kExternal, "without any sound"},
      {"header only",
       [](const LoopbackRequest&, LoopbackConnection& c) { c.reply(200, "audio/wav", wav_file("", 24000)); },
       ErrorCode::kExternal, "without any sound"},
      {"half a header",
       [](const LoopbackRequest&, LoopbackConnection& c) {
         c.reply(200, "audio/wav", "RIFF\1\1\1\1WAVEfmt ");
       },
       ErrorCode::kCorruptData, "inside its header"},
      {"broken off",
       [](const LoopbackRequest&, LoopbackConnection& c) {
         c.begin_chunks(200, "audio/wav");
         c.chunk(wav_file(sine_pcm(24000, 0.1), 24000, 1, 0));
         c.half_close();
       },
       ErrorCode::kExternal, "broke"},
      {"not MP3 after all",
       [](const LoopbackRequest&, LoopbackConnection& c) {
         c.reply(200, "audio/mpeg", "ID3\4" + std::string(3000, 'x'));
       },
       ErrorCode::kCorruptData, ""},
      {"key refused",
       [](const LoopbackRequest&, LoopbackConnection& c) { c.reply(401, "application/json", "{}"); },
       ErrorCode::kNotReady, "refuses the key"},
      {"no quota",
       [](const LoopbackRequest&, LoopbackConnection& c) {
         c.reply(429, "application/json", R"({"error":{"message":"m","code":"insufficient_quota"}})");
       },
       ErrorCode::kResourceExhausted, "insufficient_quota"},
      {"wrong path",
       [](const LoopbackRequest&, LoopbackConnection& c) { c.reply(404, "text/plain", "nothing here"); },
       ErrorCode::kNotReady, "check the address"},
      {"failed",
       [](const LoopbackRequest&, LoopbackConnection& c) {
         c.reply(500, "text/plain", "CUDA out of memory");
       },
       ErrorCode::kExternal, "CUDA out of memory"},
  };
  for (const Fault& fault : faults) {
    LoopbackServer server(fault.handler);
    const Error error = error_of([&] { speak(*engine_for(server), "hello"); });
    EXPECT_EQ(name_of(error.code()), name_of(fault.code)) << fault.name << ": " << error.what();
    EXPECT_THAT(error.what(), HasSubstr(fault.says)) << fault.name;
    EXPECT_EQ(server.requests().size(), 1U) << fault.name;
  }
}

TEST(OpenAiSpeechEngine, AsksAgainAfterARateLimit) {
  std::atomic<int> count{0};
  LoopbackServer server([&](const LoopbackRequest& request, LoopbackConnection& connection) {
    if (++count == 1) {
      connection.reply(429, "application/json", R"({"error":{"message":"slow down"}})",
                       {{"Retry-After", "0"}});
    } else {
      answer_wav(request, connection);
    }
  });
  EXPECT_EQ(speak(*engine_for(server), "hello").sound.samples.size(), 12000U);
  EXPECT_EQ(count, 2);
}

TEST(OpenAiSpeechEngine, StopsAtOnce) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.begin_chunks(200, "audio/wav");
    connection.chunk(wav_file(sine_pcm(24000, 0.1), 24000, 1, 0));
    connection.wait_for_client_to_leave();
  });
  WorkContext context;
  SpeechRequest request;
  request.text = "hello";
  const Error error = error_of([&] {
    engine_for(server)->synthesize(
        request, [&](const SpeechPiece&) { context.cancellation.request(); }, context);
  });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
}

TEST(OpenAiSpeechEngine, TellsWhatItNeeds) {
  const EngineConfiguration plain = test::engine_at("openai", "");
  const auto cloud = make_openai_speech_engine(plain, Environment(), test::http_client());
  EXPECT_FALSE(cloud->readiness().ready);
  EXPECT_THAT(cloud->readiness().what_to_do, HasSubstr("OPENAI_API_KEY"));
  EXPECT_EQ(error_of([&] { speak(*cloud, "hello"); }).code(), ErrorCode::kNotReady);
  const auto with_key = make_openai_speech_engine(
      plain, test::environment_with("OPENAI_API_KEY", "sk-hidden-word"), test::http_client());
  EXPECT_TRUE(with_key->readiness().ready);
  for (const std::string& need : with_key->readiness().needs)
    EXPECT_THAT(need, Not(HasSubstr("hidden-word")));

  LoopbackServer server(answer_wav);
  EXPECT_TRUE(engine_for(server)->readiness().ready);
  const auto dead = make_openai_speech_engine(
      test::engine_at("openai", "http://127.0.0.1:" + std::to_string(test::closed_port())), Environment(),
      test::http_client());
  EXPECT_FALSE(dead->readiness().ready);
  EXPECT_THAT(dead->readiness().what_to_do, HasSubstr("start the server"));
}

TEST(OpenAiSpeechEngine, SendsOpenAisKeyToNobodyElse) {
  LoopbackServer server(answer_wav);
  speak(*engine_for(server, {}, test::environment_with("OPENAI_API_KEY", "sk-hidden-word")), "hello");
  EXPECT_EQ(server.requests().at(0).headers.count("authorization"), 0U);
}

}  // namespace
}  // namespace anima::voice
