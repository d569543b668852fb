// Every engine that asks a server, against everything that goes wrong at servers.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>

#include "support/server_faults.h"
#include "support/speech_fixtures.h"
#include "voice/engine_registry.h"

namespace anima::voice {
namespace {

using test::ServerFault;
using testing::HasSubstr;
using testing::Not;

const char* const kKinds[] = {"openai", "zhipu", "cosyvoice", "gpt_sovits", "chatterbox"};

std::vector<ServerFault> faults() {
  std::vector<ServerFault> faults = test::server_faults("audio/wav");
  const auto wav = [](std::size_t bytes) {
    return test::wav_file(test::sine_pcm(24000, 0.2), 24000).substr(0, bytes);
  };
  faults.push_back({"EndsInItsHeader", test::replies(200, "audio/wav", wav(30)), {ErrorCode::kCorruptData}});
  faults.push_back(
      {"StatesMoreSoundThanItSends", test::replies(200, "audio/wav", wav(5000)), {ErrorCode::kCorruptData}});
  faults.push_back(
      {"SendsNoSound", test::replies(200, "audio/wav", test::wav_file("", 24000)), {ErrorCode::kExternal}});
  faults.push_back({"SendsNoMp3AfterAll",
                    test::replies(200, "audio/mpeg", "ID3\4" + std::string(3000, 'x')),
                    {ErrorCode::kCorruptData}});
  return faults;
}

class SpeakingServer {
 public:
  SpeakingServer(const std::string& kind, const test::LoopbackServer::Handler& handler, double timeout_s)
      : server_(handler) {
    EngineConfiguration configuration = test::engine_at(kind, server_.url());
    configuration.key = "A_KEY";
    configuration.timeout_s = timeout_s;
    engine_ = EngineRegistry(test::environment_with("A_KEY", "sk-hidden-word")).make(configuration);
    request_.text = "Good morning";
    // Zhipu's cloning takes requests of its own, and has tests of its own.
    if (kind != "zhipu") request_.voice = test::voice_with_recording(folder_, 6);
  }
  test::Spoken speak() { return test::speak(*engine_, request_); }
  std::vector<test::LoopbackRequest> requests() const { return server_.requests(); }

 private:
  TemporaryFolder folder_;
  test::LoopbackServer server_;
  std::unique_ptr<VoiceEngine> engine_;
  SpeechRequest request_;
};

class SpeechServerFaults : public testing::TestWithParam<std::tuple<const char*, ServerFault>> {};

TEST_P(SpeechServerFaults, IsNamed) {
  const auto& [kind, fault] = GetParam();
  const bool silent = fault.codes.front() == ErrorCode::kTimeout;
  SpeakingServer server(kind, fault.answer, silent ? 0.3 : 30);
  const Error error = test::error_of([&] { server.speak(); });
  EXPECT_THAT(fault.codes, testing::Contains(error.code())) << name_of(error.code()) << ": " << error.what();
  EXPECT_THAT(error.what(), HasSubstr(fault.says));
  EXPECT_THAT(error.what(), Not(HasSubstr("hidden-word")));
  EXPECT_FALSE(error.fix().empty()) << error.what();
  EXPECT_EQ(server.requests().size(), static_cast<std::size_t>(fault.requests));
}

INSTANTIATE_TEST_SUITE_P(AllEngines, SpeechServerFaults,
                         testing::Combine(testing::ValuesIn(kKinds), testing::ValuesIn(faults())),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) + "_" + std::get<1>(test.param).name;
                         });

class SpeechServers : public testing::TestWithParam<const char*> {};

TEST_P(SpeechServers, AreAskedAgainWhereThatMakesSense) {
  std::atomic<int> count{0};
  SpeakingServer server(
      GetParam(),
      [&](const test::LoopbackRequest& request, test::LoopbackConnection& connection) {
        const bool busy = ++count == 1;
        (busy ? test::replies(429, "text/plain", "slow down", {{"Retry-After", "0"}})
              : test::replies(200, "audio/wav", test::wav_file(test::sine_pcm(24000, 0.2), 24000)))(
            request, connection);
      },
      30);
  EXPECT_EQ(server.speak().sound.samples.size(), 4800U);
  EXPECT_EQ(count, 2);
}

INSTANTIATE_TEST_SUITE_P(AllEngines, SpeechServers, testing::ValuesIn(kKinds),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace anima::voice
