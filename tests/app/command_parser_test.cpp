#include "app/command_parser.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace anima::app {
namespace {

// A small program with an argument of every kind.
class CommandParser : public testing::Test {
 protected:
  Request parse(std::vector<const char*> words) const {
    words.insert(words.begin(), "tool");
    return parse_arguments(program_, static_cast<int>(words.size()), words.data());
  }

  Error error_of(std::vector<const char*> words) const {
    try {
      static_cast<void>(parse(std::move(words)));
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was refused";
    return {ErrorCode::kInternal, ""};
  }

  std::string name_;
  std::filesystem::path output_ = "out.mp4";
  int steps_ = 3;
  std::uint64_t seed_ = 1;
  double speed_ = 1.5;
  bool fresh_ = false;
  bool voice_ = true;
  bool json_ = false;
  Program program_ = {
      .name = "tool",
      .summary = "Does things.",
      .version = "1.2",
      .shared = {{"--json", &json_, "Print JSON"}},
      .commands =
          {{.name = "make",
            .summary = "Make one",
            .arguments = {{"NAME", &name_, "Whom", Presence::kRequired},
                          {"-o,--output", &output_, "Film to write", Presence::kDefaultShown},
                          {"--steps", &steps_, "How many"},
                          {"--seed", &seed_, "Start", Presence::kDefaultShown},
                          {"--speed", &speed_, "0.5 to 2"},
                          {"--fresh", &fresh_, "Start over"},
                          {"--no-voice", &voice_, "Without voice"}},
            .notes = "Example: tool make ada",
            .run = [](CommandContext&) { return 4; }},
           {.name = "group",
            .summary = "Several",
            .notes = "Notes of the group",
            .commands = {{.name = "add",
                          .summary = "Add one",
                          .arguments = {{"NAME", &name_, "Whom", Presence::kRequired}},
                          .run = [](CommandContext&) { return 5; }},
                         {.name = "list", .summary = "All", .run = [](CommandContext&) { return 6; }}}}},
      .notes = "Notes of the program"};
};

TEST_F(CommandParser, ReadsValuesIntoTheirStorage) {
  const Request request = parse({"make", "张三", "--steps", "-7", "--seed", "18446744073709551615",
                                 "--speed=0.5", "-o", "a b.mp4", "--fresh", "--no-voice", "--json"});
  ASSERT_EQ(request.command, &program_.commands[0]);
  CommandContext context;
  EXPECT_EQ(request.command->run(context), 4);
  EXPECT_EQ(name_, "张三");
  EXPECT_EQ(steps_, -7);
  EXPECT_EQ(seed_, 18446744073709551615U);
  EXPECT_EQ(speed_, 0.5);
  EXPECT_EQ(output_, "a b.mp4");
  EXPECT_TRUE(fresh_);
  EXPECT_FALSE(voice_);
  EXPECT_TRUE(json_);
}

TEST_F(CommandParser, LeavesWhatIsNotNamed) {
  parse({"make", "ada"});
  EXPECT_EQ(output_, "out.mp4");
  EXPECT_EQ(steps_, 3);
  EXPECT_FALSE(fresh_);
  EXPECT_TRUE(voice_);
  EXPECT_FALSE(json_);
}

TEST_F(CommandParser, FindsCommandsOfCommandsWithTheSharedArgumentsAnywhere) {
  EXPECT_EQ(parse({"group", "add", "ada", "--json"}).command, &program_.commands[1].commands[0]);
  EXPECT_TRUE(json_);
  json_ = false;
  EXPECT_EQ(parse({"group", "--json", "list"}).command, &program_.commands[1].commands[1]);
  EXPECT_TRUE(json_);
}

TEST_F(CommandParser, NothingAsksForNothing) {
  const Request request = parse({});
  EXPECT_EQ(request.command, nullptr);
  EXPECT_EQ(request.text, "");
}

TEST_F(CommandParser, TellsWhatThereIs) {
  const std::string all = parse({"--help"}).text;
  for (const char* told : {"Does things.", "tool [OPTIONS] [SUBCOMMAND]", "make ", "Make one", "group ",
                           "help ", "version ", "Notes of the program"})
    EXPECT_NE(all.find(told), std::string::npos) << told << "\n" << all;
  EXPECT_EQ(parse({"help"}).text, all);
  const std::string make = parse({"make", "--help"}).text;
  for (const char* told :
       {"tool make [OPTIONS] NAME", "NAME TEXT REQUIRED", "-o,--output TEXT=", "out.mp4", "--steps INT",
        "--seed UINT=1", "--no-voice  ", "--json", "Example: tool make ada"})
    EXPECT_NE(make.find(told), std::string::npos) << told << "\n" << make;
  EXPECT_EQ(parse({"help", "make"}).text, make);
  EXPECT_EQ(make.find("Notes of the program"), std::string::npos);
  const std::string add = parse({"help", "group", "add"}).text;
  EXPECT_EQ(parse({"group", "add", "--help"}).text, add);
  for (const char* told : {"tool group add", "--json", "Notes of the group"})
    EXPECT_NE(add.find(told), std::string::npos) << told << "\n" << add;
}

TEST_F(CommandParser, TellsTheVersion) {
  EXPECT_EQ(parse({"version"}).text, "tool 1.2\n");
  EXPECT_EQ(parse({"--version"}).text, "tool 1.2\n");
}

TEST_F(CommandParser, NamesTheNearestOfWhatIsMistyped) {
  const struct {
    std::vector<const char*> words;
    const char* message;
    const char* fix;
  } cases[] = {
      {{"maek"}, "there is no command 'maek'", "did you mean 'make'?"},
      {{"fly"}, "there is no command 'fly'", "see: tool help"},
      {{"group", "lsit"}, "there is no command 'lsit' of 'tool group'", "did you mean 'list'?"},
      {{"group", "fly"}, "there is no command 'fly' of 'tool group'", "see: tool help group"},
      {{"help", "mkae"}, "there is no command 'mkae'", "did you mean 'make'?"},
      {{"help", "group", "ad"}, "there is no command 'ad' of 'tool group'", "did you mean 'add'?"},
      {{"make", "ada", "--sped", "1"}, "'tool make' has no option '--sped'", "did you mean '--speed'?"},
      {{"make", "--otuput=x"}, "'tool make' has no option '--otuput'", "did you mean '--output'?"},
      {{"group", "add", "x", "--jsno"}, "'tool group add' has no option '--jsno'", "did you mean '--json'?"},
      {{"make", "ada", "--nothing"}, "'tool make' has no option '--nothing'", "see: tool help make"},
      {{"make", "ada", "lovelace"},
       "'tool make' does not know what to do with 'lovelace'",
       "see: tool help make; a text or a name with blanks goes in quotes"},
      {{"--versoin"}, "there is no option '--versoin'", "did you mean '--version'?"},
  };
  for (const auto& [words, message, fix] : cases) {
    const Error error = error_of(words);
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(error.message(), message);
    EXPECT_EQ(error.fix(), fix);
  }
}

TEST_F(CommandParser, SaysWhatIsMissingOrNoNumber) {
  EXPECT_NE(error_of({"make"}).message().find("NAME"), std::string::npos);
  EXPECT_EQ(error_of({"make"}).fix(), "see: tool help make");
  EXPECT_EQ(error_of({"group", "add"}).fix(), "see: tool help group add");
  EXPECT_NE(error_of({"make", "ada", "--output"}).message().find("--output"), std::string::npos);
  const std::pair<const char*, const char*> numbers[] = {
      {"--steps=x", "--steps: 'x' is not a whole number"},
      {"--steps=1.5", "--steps: '1.5' is not a whole number"},
      {"--steps=0x10", "--steps: '0x10' is not a whole number"},
      {"--steps=99999999999", "--steps: '99999999999' is too large"},
      {"--seed=-1", "--seed: '-1' is not a whole number from 0"},
      {"--seed=18446744073709551616", "--seed: '18446744073709551616' is too large"},
      {"--speed=nan", "--speed: 'nan' is not a number"},
      {"--speed=1e999", "--speed: '1e999' is too large"},
      {"--speed=fast", "--speed: 'fast' is not a number"}};
  for (const auto& [word, message] : numbers) EXPECT_EQ(error_of({"make", "ada", word}).message(), message);
}

TEST_F(CommandParser, ReadsNumbersAsTheyAreWritten) {
  parse({"make", "ada", "--steps=010", "--speed", "1e-2"});
  EXPECT_EQ(steps_, 10);
  EXPECT_EQ(speed_, 0.01);
}

}  // namespace
}  // namespace anima::app
