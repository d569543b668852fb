// The program's commands about people and films, as a user types them.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "app/command_line_fixture.h"

namespace anima::app {
namespace {

TEST_F(CommandLine, HelpAndVersionNeedNothing) {
  EXPECT_NE(anima("--help").output.find("anima train"), std::string::npos);
  EXPECT_NE(anima("help").output.find("anima train"), std::string::npos);
  EXPECT_EQ(anima("version").output.find("anima "), 0U);
  EXPECT_EQ(anima("--version").status, 0);
  for (const char* command :
       {"train", "render", "check", "evaluate", "doctor", "list", "remove", "say", "hello"}) {
    const Outcome outcome = anima(std::string("help ") + command);
    EXPECT_EQ(outcome.status, 0) << command;
    EXPECT_NE(outcome.output.find("--library"), std::string::npos) << command;
  }
  EXPECT_TRUE(fs::is_empty(folder_) || !fs::exists(folder_ / "library"));
}

TEST_F(CommandLine, WrongArgumentsExitWithTwoAndSayWhereHelpIs) {
  for (const char* arguments : {"fly", "train", "render lieu", "check a b", "train --steps x film.mp4",
                                "help fly", "list --nonsense"}) {
    const Outcome outcome = anima(arguments);
    EXPECT_EQ(outcome.status, 2) << arguments << outcome.errors;
    EXPECT_NE(outcome.errors.find("anima help"), std::string::npos) << arguments;
  }
}

TEST_F(CommandLine, MistypedWordsGetTheirNearest) {
  const std::pair<const char*, const char*> cases[] = {
      {"trian film.mp4", "'train'"},           {"help rendr", "'render'"},
      {"train film.mp4 --nmae x", "'--name'"}, {"train --consnet x", "'--consent'"},
      {"voice ad ada a.wav", "'add'"},         {"say miar hi", "'mira'"},
      {"speak --voice mria hi", "'mira'"},     {"say-as lst", "'list'"}};
  for (const auto& [arguments, meant] : cases) {
    const Outcome outcome = anima(arguments);
    EXPECT_NE(outcome.status, 0) << arguments;
    EXPECT_NE(outcome.errors.find(std::string("did you mean ") + meant), std::string::npos)
        << arguments << "\n"
        << outcome.errors;
  }
}

TEST_F(CommandLine, ExplainsHowATextIsReadAndFollowsTheSayAsDictionary) {
  EXPECT_EQ(anima("say-as add SQL sequel --language en").status, 0);
  EXPECT_EQ(anima("say-as add 重做 'chong2 zuo4'").status, 0);
  EXPECT_NE(anima("say-as list").output.find("SQL  ->  sequel  (en)"), std::string::npos);
  const auto explained = nlohmann::json::parse(anima("speak --explain --json 'SQL **costs** $1.5M.'").output);
  const auto& pieces = explained.at("clauses").at(0).at("pieces");
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].at("class"), "say-as");
  EXPECT_EQ(pieces[0].at("spoken"), "sequel");
  EXPECT_EQ(pieces[2].at("class"), "money");
  EXPECT_EQ(pieces[2].at("spoken"), "one point five million dollars");
  const std::string text = anima("speak --explain 重做").output;
  EXPECT_NE(text.find("chong2 zuo4"), std::string::npos) << text;
  EXPECT_EQ(anima("say-as remove SQL").status, 0);
  EXPECT_EQ(anima("say-as remove SQL").status, 3);
  EXPECT_EQ(anima("say-as add SQL ''").status, 2);
}

TEST_F(CommandLine, BadFilmsAreRefusedClearlyAndLeaveNothing) {
  fs::create_directories(folder_ / "folder.mp4");
  write("empty.mp4", "");
  write("garbage.mp4", std::string(20000, 'x'));
  write("text.wav", "this is no sound");
  const std::pair<const char*, int> cases[] = {
      {"folder.mp4", 2}, {"none.mp4", 3}, {"empty.mp4", 5}, {"garbage.mp4", 5}, {"text.wav", 5}};
  for (const auto& [film, status] : cases) {
    const Outcome outcome = anima(std::string("check --quiet ") + film);
    EXPECT_EQ(outcome.status, status) << film << "\n" << outcome.errors;
    EXPECT_NE(outcome.errors.find(film), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("fix:"), std::string::npos) << outcome.errors;
  }
  EXPECT_EQ(anima("train --name x garbage.mp4").status, 5);
  EXPECT_FALSE(fs::exists(folder_ / "library" / "x"));
  EXPECT_EQ(anima("list").output, "nobody yet: anima train FILM --name NAME\n");
}

TEST_F(CommandLine, ErrorsAreJsonWhenAsked) {
  const Outcome outcome = anima("check none.mp4 --json");
  EXPECT_EQ(outcome.status, 3);
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json.at("error").at("code"), "not_found");
  EXPECT_EQ(json.at("error").at("exit_status"), 3);
  const Outcome wrong = anima("render --json");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(nlohmann::json::parse(wrong.output).at("error").at("code"), "invalid_argument");
}

TEST_F(CommandLine, NamesThatCouldLeaveTheLibraryAreRefused) {
  for (const char* name : {"../x", ".."}) {
    EXPECT_EQ(anima(std::string("train film.mp4 --name ") + name).status, 2) << name;
    EXPECT_NE(anima(std::string("remove --yes ") + name).status, 0) << name;
  }
  EXPECT_FALSE(fs::exists(folder_ / "x"));
}

TEST_F(CommandLine, UnknownPeopleAreNotFound) {
  EXPECT_EQ(anima("evaluate nobody").status, 3);
  EXPECT_EQ(anima("render nobody a.wav -o out.mp4").status, 3);
  fs::create_directories(folder_ / "library");
  EXPECT_EQ(anima("remove nobody --yes").status, 3);
  EXPECT_FALSE(fs::exists(folder_ / "out.mp4"));
}

TEST_F(CommandLine, KnobsOutOfRangeAreRefusedBeforeAnythingIsDone) {
  for (const char* knob : {"--mouth-amplitude 9", "--blink never", "--background transparent"}) {
    const Outcome outcome = anima(std::string("render nobody a.wav -o out.mp4 ") + knob);
    EXPECT_EQ(outcome.status, 2) << knob << outcome.errors;
  }
}

TEST_F(CommandLine, LookingMakesNoLibrary) {
  EXPECT_EQ(anima("list").status, 0);
  EXPECT_EQ(nlohmann::json::parse(anima("list --json").output).at("people").size(), 0U);
  EXPECT_EQ(nlohmann::json::parse(anima("list --jobs --json").output).at("jobs").size(), 0U);
  EXPECT_FALSE(fs::exists(folder_ / "library"));
}

TEST_F(CommandLine, WithoutTheHousePresenterItSaysWhatToDo) {
  for (const char* arguments : {"", "hello", "say mira hi", "render mira a.wav -o out.mp4"}) {
    const Outcome outcome = anima(arguments);
    EXPECT_EQ(outcome.status, 7) << arguments << outcome.errors;
    EXPECT_NE(outcome.errors.find("mira.anima"), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("ANIMA_ASSETS"), std::string::npos) << outcome.errors;
  }
  EXPECT_EQ(anima("speak --voice mira hi").status, 7);
  EXPECT_EQ(anima("voice list").status, 0);
}

TEST_F(CommandLine, TheHousePresentersNameIsKept) {
  for (const char* arguments : {"train film.mp4 --name mira", "voice add mira a.wav",
                                "voice remove mira --yes", "remove mira --yes"}) {
    const Outcome outcome = anima(arguments);
    EXPECT_EQ(outcome.status, 2) << arguments << outcome.errors;
    EXPECT_NE(outcome.errors.find("house presenter"), std::string::npos) << outcome.errors;
  }
}

TEST_F(CommandLine, MiraGreetsWhoeverStartsWithoutArguments) {
  ASSERT_TRUE(bring_mira()) << "the assets of the house presenter are not there";
  const Outcome outcome = anima("");
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_GT(fs::file_size(folder_ / "hello.mp4"), 50000U);
  std::ifstream file(folder_ / "hello.srt");
  const std::string captions{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(captions.find("I am Mira"), std::string::npos) << captions;
  EXPECT_NE(captions.find("米拉"), std::string::npos) << captions;
  for (const char* told : {"hello.mp4", "hello.srt", "flite slt", "eSpeak NG", "./run say mira",
                           "./run render mira", "./run train"}) {
    EXPECT_NE(outcome.output.find(told), std::string::npos) << told << "\n" << outcome.output;
  }
}

TEST_F(CommandLine, MiraIsListedAndSpeaks) {
  ASSERT_TRUE(bring_mira()) << "the assets of the house presenter are not there";
  EXPECT_EQ(anima("list").output.find("mira "), 0U);
  const auto people = nlohmann::json::parse(anima("list --json").output).at("people");
  ASSERT_EQ(people.size(), 1U);
  EXPECT_TRUE(people[0].at("house_presenter").get<bool>());
  const auto voices = nlohmann::json::parse(anima("voice list --json").output).at("voices");
  ASSERT_EQ(voices.size(), 1U);
  EXPECT_NE(voices[0].at("speakers").get<std::string>().find("English: flite slt"), std::string::npos);
  EXPECT_EQ(anima("speak --voice mira 'Hello there.' -o a.wav --subtitles a.srt").status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "a.wav"));
  EXPECT_EQ(anima("render mira a.wav -o a.mp4 --size 96").status, 0);
  const auto said =
      nlohmann::json::parse(anima("say mira Hi -o b.mp4 --size 96 --no-subtitles --json").output);
  EXPECT_GT(said.at("frames").get<int>(), 5);
  EXPECT_FALSE(fs::exists(folder_ / "b.srt"));
  EXPECT_FALSE(fs::exists(folder_ / "library"));
}

TEST_F(CommandLine, ADamagedAvatarIsRefused) {
  fs::create_directories(folder_ / "library" / "x");
  write("library/x/x.anima", "no avatar");
  write("speech.wav", "");
  EXPECT_NE(anima("list").output.find("x "), std::string::npos);
  const Outcome outcome = anima("evaluate x");
  EXPECT_EQ(outcome.status, 5) << outcome.errors;
}

TEST_F(CommandLine, RemovingNeedsConfirmation) {
  fs::create_directories(folder_ / "library" / "x");
  write("library/x/x.anima", "no avatar");
  EXPECT_EQ(anima("remove x").status, 2);
  EXPECT_TRUE(fs::exists(folder_ / "library" / "x"));
  EXPECT_EQ(anima("remove x --yes").status, 0);
  EXPECT_FALSE(fs::exists(folder_ / "library" / "x"));
}

TEST_F(CommandLine, DoctorReportsInBothForms) {
  const Outcome text = anima("doctor --no-speed");
  EXPECT_TRUE(text.status == 0 || text.status == 7) << text.errors;
  EXPECT_NE(text.output.find("GStreamer"), std::string::npos);
  const auto json = nlohmann::json::parse(anima("doctor --no-speed --json").output);
  EXPECT_EQ(json.at("healthy").get<bool>(), text.status == 0);
  EXPECT_NE(text.output.find("house presenter"), std::string::npos) << "missing here, which is no illness";
}

}  // namespace
}  // namespace anima::app
