// Every engine that asks a server, against everything that goes wrong at servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "core/error.h"
#include "hearing/hearing_registry.h"
#include "support/server_faults.h"

namespace anima::hearing {
namespace {

using test::ServerFault;
using testing::HasSubstr;
using testing::Not;

const char* const kKinds[] = {"openai", "zhipu", "gemini"};

std::vector<ServerFault> faults() {
  std::vector<ServerFault> faults = test::server_faults("application/json");
  const auto add = [&](const char* name, const std::string& body) {
    faults.push_back({name, test::replies(200, "application/json", body), {ErrorCode::kExternal}});
  };
  add("AnswersHalfAnObject", R"({"text":"he)");
  add("AnswersAnArray", "[]");
  add("AnswersANumber", R"({"text":5,"candidates":5})");
  add("AnswersNull", R"({"text":null,"candidates":[null]})");
  faults.push_back(
      {"AnswersWhatIsNoUtf8", test::replies(200, "text/plain", "\xFF\xFE\xFD\xFC"), {ErrorCode::kExternal}});
  faults.push_back({"AnswersWithoutEnd",
                    test::replies(200, "application/json", std::string(kAnswerLimit_bytes + 1, ' ')),
                    {ErrorCode::kCorruptData}});
  return faults;
}

class HearingServer {
 public:
  HearingServer(const std::string& kind, const test::LoopbackServer::Handler& handler, double timeout_s)
      : server_(handler) {
    EngineConfiguration configuration;
    configuration.name = kind;
    configuration.kind = kind;
    configuration.address = server_.url();
    configuration.key = "A_KEY";
    configuration.timeout_s = timeout_s;
    engine_ = HearingRegistry(Environment(std::map<std::string, std::string>{{"A_KEY", "sk-hidden-word"}}))
                  .make(configuration);
  }
  Transcript hear() {
    Sound tone{kHearingRate_hz, {}};
    for (int i = 0; i < kHearingRate_hz; ++i)
      tone.samples.push_back(static_cast<float>(0.3 * std::sin(i * 0.3)));
    return engine_->transcribe(tone, {}, {});
  }
  std::vector<test::LoopbackRequest> requests() const { return server_.requests(); }

 private:
  test::LoopbackServer server_;
  std::unique_ptr<HearingEngine> engine_;
};

class HearingServerFaults : public testing::TestWithParam<std::tuple<const char*, ServerFault>> {};

TEST_P(HearingServerFaults, IsNamed) {
  const auto& [kind, fault] = GetParam();
  const bool silent = fault.codes.front() == ErrorCode::kTimeout;
  HearingServer server(kind, fault.answer, silent ? 0.3 : 30);
  try {
    const Transcript transcript = server.hear();
    ADD_FAILURE() << "no error was thrown, but heard: " << transcript.text;
  } catch (const Error& error) {
    EXPECT_THAT(fault.codes, testing::Contains(error.code()))
        << name_of(error.code()) << ": " << error.what();
    EXPECT_THAT(error.what(), HasSubstr(fault.says));
    EXPECT_THAT(error.what(), Not(HasSubstr("hidden-word")));
    EXPECT_FALSE(error.fix().empty()) << error.what();
  }
  EXPECT_EQ(server.requests().size(), static_cast<std::size_t>(fault.requests));
}

INSTANTIATE_TEST_SUITE_P(AllEngines, HearingServerFaults,
                         testing::Combine(testing::ValuesIn(kKinds), testing::ValuesIn(faults())),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) + "_" + std::get<1>(test.param).name;
                         });

class HearingServers : public testing::TestWithParam<const char*> {};

TEST_P(HearingServers, AreAskedAgainWhereThatMakesSense) {
  std::atomic<int> count{0};
  HearingServer server(
      GetParam(),
      [&](const test::LoopbackRequest& request, test::LoopbackConnection& connection) {
        const bool busy = ++count == 1;
        (busy ? test::replies(429, "text/plain", "slow down", {{"Retry-After", "0"}})
              : test::replies(200, "application/json",
                              R"({"text":"heard","candidates":[{"content":{"parts":[{"text":"heard"}]},
                                  "finishReason":"STOP"}]})"))(request, connection);
      },
      30);
  EXPECT_EQ(server.hear().text, "heard");
  EXPECT_EQ(count, 2);
}

INSTANTIATE_TEST_SUITE_P(AllEngines, HearingServers, testing::ValuesIn(kKinds),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace anima::hearing
