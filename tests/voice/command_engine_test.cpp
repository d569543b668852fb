#include "voice/command_engine.h"

#include <gmock/gmock.h>

#include "support/speech_fixtures.h"

namespace anima::voice {
namespace {

using test::error_of;
using test::speak;
using testing::HasSubstr;

EngineConfiguration command(std::vector<std::string> arguments) {
  EngineConfiguration configuration;
  configuration.name = "rvc";
  configuration.kind = "command";
  configuration.command = std::move(arguments);
  return configuration;
}

// The contract `--ref R --text-file T --out O`, played by a shell script that gives the recording back.
std::vector<std::string> echo_program(const std::string& log) {
  return {"sh",
          "-c",
          "cp \"$1\" \"$3\" && printf '%s\\n' \"$@\" > " + log + " && cat \"$2\" >> " + log,
          "rvc-app",
          "{reference}",
          "{text_file}",
          "{output}",
          "--ref-text={reference_text}",
          "{text}",
          "{language}",
          "{\"json\": 1}"};
}

TEST(CommandEngine, HandsFilesAndTextOverAsArguments) {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "log").string();
  SpeechRequest request;
  request.text = "it's; $(touch /tmp/x) \"今天\"";
  request.voice = test::voice_with_recording(folder, 2, "`id`");
  const auto engine = make_command_engine(command(echo_program(log)));
  EXPECT_TRUE(engine->capabilities().clones);
  EXPECT_TRUE(engine->readiness().ready);
  const test::Spoken spoken = speak(*engine, request);
  EXPECT_EQ(spoken.sound.sample_rate_hz, 24000);
  EXPECT_NEAR(spoken.sound.duration_s(), 2, 0.01);
  const std::string seen = read_text_file(log, 10000);
  EXPECT_THAT(seen, HasSubstr("--ref-text=`id`\nit's; $(touch /tmp/x) \"今天\"\nzh\n{\"json\": 1}\nit's;"));
  const std::string output = seen.substr(seen.find("/text.txt\n") + 10);
  EXPECT_FALSE(std::filesystem::exists(output.substr(0, output.find('\n')))) << "files were left behind";
}

TEST(CommandEngine, NamesFaults) {
  SpeechRequest request;
  request.text = "hello";
  const auto error_from = [&](const std::vector<std::string>& arguments, double timeout_s = 0) {
    EngineConfiguration configuration = command(arguments);
    configuration.timeout_s = timeout_s;
    return error_of([&] { speak(*make_command_engine(configuration), request); });
  };
  EXPECT_EQ(error_from({}).code(), ErrorCode::kNotReady);
  EXPECT_EQ(error_from({"anima-no-such-program"}).code(), ErrorCode::kNotReady);
  EXPECT_THAT(error_from({"true"}).what(), HasSubstr("wrote no sound"));
  EXPECT_THAT(error_from({"sh", "-c", "echo no GPU >&2; exit 1"}).what(), HasSubstr("no GPU"));
  EXPECT_EQ(error_from({"sleep", "20"}, 0.1).code(), ErrorCode::kTimeout);
  EXPECT_EQ(error_from({"sh", "-c", "echo this is not sound > \"$0\"", "{output}"}).code(),
            ErrorCode::kCorruptData);
  const Error unknown = error_of([] { make_command_engine(command({"x", "{refrence}"})); });
  EXPECT_EQ(unknown.code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.what(), HasSubstr("{refrence}"));
}

TEST(CommandEngine, NeedsAVoiceOnlyWhereTheCommandDoes) {
  const TemporaryFolder folder;
  const std::string wav = (folder.path() / "made.wav").string();
  write_file_atomically(wav, test::wav_file(test::sine_pcm(16000, 0.5), 16000));
  const auto engine = make_command_engine(command({"cp", wav, "{output}"}));
  EXPECT_FALSE(engine->capabilities().clones);
  EXPECT_EQ(speak(*engine, "hello").sound.samples.size(), 8000U);
  const auto cloning = make_command_engine(command({"cp", "{reference}", "{output}"}));
  EXPECT_EQ(error_of([&] { speak(*cloning, "hello"); }).code(), ErrorCode::kUnsupported);
  EXPECT_TRUE(cloning->capabilities().ignores_speed);
  EXPECT_FALSE(make_command_engine(command({"say", "--rate={speed}"}))->capabilities().ignores_speed);
}

}  // namespace
}  // namespace anima::voice
