#include "core/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "core/random.h"
#include "core/temporary_folder.h"

namespace anima {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kExample[] = R"(
library: /srv/anima
voice:
  order: [studio-clone, embedded]
  engines:
    studio-clone:
      kind: cosyvoice
      address: http://192.168.1.20:50000
      sample_rate_hz: 22050
      timeout_s: 12.5
      options: {generation: 3}
    rvc:
      kind: command
      command: ["docker", "run", "--rm", "-v", "{folder}:/io", "rvc-app", "--out", "/io/out.wav"]
hearing:
  order: [zhipu, pocketsphinx]
  engines:
    zhipu: {key: MY_ZHIPU_KEY}
)";

std::string message_of(const std::string& yaml) {
  try {
    validate(parse_configuration(yaml, "anima.yaml"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    return error.what();
  }
  ADD_FAILURE() << yaml << " was taken";
  return {};
}

TEST(Configuration, ReadsAFile) {
  const Configuration configuration = parse_configuration(kExample, "anima.yaml");
  EXPECT_EQ(configuration.library, "/srv/anima");
  const auto voices = configuration.voice.ordered();
  ASSERT_EQ(voices.size(), 2U);
  EXPECT_EQ(voices[0].kind, "cosyvoice");
  EXPECT_EQ(voices[0].sample_rate_hz, 22050);
  EXPECT_EQ(voices[0].timeout_s, 12.5);
  EXPECT_EQ(voices[0].options.at("generation"), "3");
  EXPECT_EQ(voices[1].name, "embedded");
  EXPECT_EQ(voices[1].kind, "embedded");
  EXPECT_EQ(configuration.voice.engine("rvc").command.at(4), "{folder}:/io");
  EXPECT_EQ(configuration.hearing.engine("zhipu").kind, "zhipu");
  EXPECT_EQ(configuration.hearing.engine("zhipu").key, "MY_ZHIPU_KEY");
  EXPECT_THAT(configuration.dialogue.order, ElementsAre("persona"));
}

TEST(Configuration, WritesWhatItReads) {
  const Configuration configuration = parse_configuration(kExample, "anima.yaml");
  const std::string written = to_string(configuration);
  EXPECT_EQ(to_string(parse_configuration(written, "again")), written);
  EXPECT_THAT(written, HasSubstr("studio-clone"));
}

TEST(Configuration, NeedsNoFile) {
  const Configuration configuration = load_configuration("/no/such/anima.yaml", Environment());
  EXPECT_THAT(configuration.voice.order, ElementsAre("embedded"));
  EXPECT_EQ(configuration.library, "library");
  validate(parse_configuration("", "empty"));
}

TEST(Configuration, EnvironmentGoesOverTheFile) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "anima.yaml", std::string(kExample));
  const Environment environment({{"ANIMA_LIBRARY", "/data"},
                                 {"ANIMA_VOICE_ORDER", "openai, studio-clone"},
                                 {"ANIMA_VOICE_OPENAI_ADDRESS", "http://127.0.0.1:8880/v1"},
                                 {"ANIMA_VOICE_STUDIO_CLONE_SAMPLE_RATE_HZ", "24000"}});
  const Configuration configuration = load_configuration(folder.path() / "anima.yaml", environment);
  EXPECT_EQ(configuration.library, "/data");
  EXPECT_THAT(configuration.voice.order, ElementsAre("openai", "studio-clone"));
  EXPECT_EQ(configuration.voice.engine("openai").address, "http://127.0.0.1:8880/v1");
  EXPECT_EQ(configuration.voice.engine("studio-clone").sample_rate_hz, 24000);
}

TEST(Configuration, NamesWhatIsWrong) {
  EXPECT_THAT(message_of("voices: {}"), HasSubstr("voices: is not known"));
  EXPECT_THAT(message_of("voice: {engine: {}}"), HasSubstr("voice.engine: is not known"));
  EXPECT_THAT(message_of("voice: {engines: {a: {adress: x}}}"), HasSubstr("voice.engines.a.adress"));
  EXPECT_THAT(message_of("voice: {engines: {a: {adress: x}}}"), HasSubstr("did you mean 'address'?"));
  EXPECT_THAT(message_of("voice: {ordre: [a]}"), HasSubstr("did you mean 'order'?"));
  EXPECT_THAT(message_of("haering: {}"), HasSubstr("did you mean 'hearing'?"));
  EXPECT_THAT(message_of("voice: {order: embedded}"), HasSubstr("is not a list"));
  EXPECT_THAT(message_of("voice: {order: []}"), HasSubstr("names no engine"));
  EXPECT_THAT(message_of("voice: {order: [a, a]}"), HasSubstr("'a' twice"));
  EXPECT_THAT(message_of("voice: {engines: {a: {sample_rate_hz: many}}}"),
              HasSubstr("'many' is not a number"));
  EXPECT_THAT(message_of("voice: {engines: {a: {timeout_s: -1}}}"), HasSubstr("timeout_s"));
  EXPECT_THAT(message_of("voice: {engines: {a: {timeout_s: .nan}}}"), HasSubstr("timeout_s"));
  EXPECT_THAT(message_of("voice: {engines: {a: {address: localhost}}}"), HasSubstr("address"));
  EXPECT_THAT(message_of("library: ''"), HasSubstr("library: is empty"));
  EXPECT_THAT(message_of("voice:\n  order: [a\n"), HasSubstr("anima.yaml, line"));
  EXPECT_THAT(message_of("- just\n- a list"), HasSubstr("is not a set of fields"));
}

TEST(Configuration, RefusesAKeyInTheFileWithoutShowingIt) {
  const std::string message = message_of("voice: {engines: {openai: {key: sk-hidden-word}}}");
  EXPECT_THAT(message, HasSubstr("voice.engines.openai.key"));
  EXPECT_THAT(message, Not(HasSubstr("hidden-word")));
  EXPECT_THAT(message_of("voice: {engines: {a: {address: 'http://u:hidden-word@h/'}}}"),
              Not(HasSubstr("hidden-word")));
}

TEST(Configuration, SurvivesRandomChanges) {
  Random random(4);
  for (int round = 0; round < 300; ++round) {
    std::string yaml = kExample;
    for (int i = 0; i < 4; ++i)
      yaml[random.below(static_cast<std::uint32_t>(yaml.size()))] = "[]{}:-,\"'&*\n x"[random.below(14)];
    try {
      validate(parse_configuration(yaml, "x"));
    } catch (const Error&) {
    }
  }
  EXPECT_THROW(parse_configuration(std::string(200000, '['), "x"), Error);
}

}  // namespace
}  // namespace anima
