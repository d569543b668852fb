#include "voice/engine_registry.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "support/speech_fixtures.h"

namespace anima::voice {
namespace {

using test::error_of;
using testing::HasSubstr;
using testing::IsSupersetOf;

TEST(EngineRegistry, KnowsItsKinds) {
  EngineRegistry registry{Environment()};
  EXPECT_THAT(registry.kinds(),
              IsSupersetOf({"openai", "zhipu", "cosyvoice", "gpt_sovits", "chatterbox", "command"}));
  for (const std::string& kind : registry.kinds()) {
    EXPECT_EQ(registry.make(test::engine_at(kind, "http://127.0.0.1:1"))->name(), kind);
  }
  const Error error = error_of([&] { registry.make(test::engine_at("vits", "")); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.what(), HasSubstr("cosyvoice"));
}

TEST(EngineRegistry, NamesTheNearestKindOrConfiguredEngine) {
  const EngineRegistry registry{Environment()};
  EXPECT_EQ(error_of([&] { registry.make(test::engine_at("zihpu", "")); }).fix(), "did you mean 'zhipu'?");
  const Configuration configuration = parse_configuration(
      "voice: {order: [studoi], engines: {studio: {kind: command, command: ['true']}}}", "x");
  EXPECT_EQ(error_of([&] { registry.make_ordered(configuration.voice, [](const std::string&) {}); }).fix(),
            "did you mean 'studio'?");
}

TEST(EngineRegistry, ListsWhatIsReadyAndWhatToDo) {
  EngineRegistry registry{Environment()};
  const Configuration configuration = parse_configuration(
      "voice:\n"
      "  order: [mine]\n"
      "  engines:\n"
      "    mine: {kind: command, command: ['true']}\n"
      "    wrong: {kind: cosyvoice, address: 'http://127.0.0.1:1', options: {generation: 9}}\n"
      "    cosyvoice: {address: 'http://127.0.0.1:1'}\n"
      "    gpt_sovits: {address: 'http://127.0.0.1:1'}\n"
      "    chatterbox: {address: 'http://127.0.0.1:1'}\n",
      "x");
  const auto list = registry.list(configuration.voice);
  const auto find = [&](const std::string& name) {
    return *std::find_if(list.begin(), list.end(), [&](const auto& listed) { return listed.name == name; });
  };
  EXPECT_EQ(list.front().name, "mine");
  EXPECT_TRUE(find("mine").in_order);
  EXPECT_TRUE(find("mine").readiness.ready);
  EXPECT_FALSE(find("wrong").readiness.ready);
  EXPECT_THAT(find("wrong").readiness.what_to_do, HasSubstr("generation"));
  EXPECT_THAT(find("zhipu").readiness.what_to_do, HasSubstr("ZHIPU_API_KEY"));
  EXPECT_FALSE(find("zhipu").in_order);
}

TEST(EngineRegistry, MakesTheOrderedOnesWithFallback) {
  const TemporaryFolder folder;
  const std::string wav = (folder.path() / "made.wav").string();
  write_file_atomically(wav, test::wav_file(test::sine_pcm(16000, 0.5), 16000));
  const std::string dead = "http://127.0.0.1:" + std::to_string(test::closed_port());
  const Configuration configuration =
      parse_configuration("voice: {order: [openai, mine], engines: {openai: {address: '" + dead +
                              "'}, mine: {kind: command, command: [cp, '" + wav + "', '{output}']}}}",
                          "x");
  std::vector<std::string> warnings;
  EngineRegistry registry{Environment()};
  const auto engine = registry.make_ordered(configuration.voice,
                                            [&](const std::string& warning) { warnings.push_back(warning); });
  EXPECT_EQ(test::speak(*engine, "hello").sound.samples.size(), 8000U);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("no server answers"));
}

}  // namespace
}  // namespace anima::voice
