// `anima voice`, `speak` and `transcribe` as a user types them. flite stands in for a person.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/command_line_fixture.h"
#include "audio/senone_scorer.h"
#include "media/film_reader.h"
#include "media/film_writer.h"
#include "voice/measurement_sentences.h"
#include "voice/source_speaker.h"
#include "voice/text_normaliser.h"

namespace anima::app {
namespace {

class VoiceCommands : public CommandLine {
 protected:
  void SetUp() override {
    if (!fs::exists(audio::default_acoustic_model_folder() / "mdef"))
      GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  }

  Sound speech(std::size_t sentences = 4) const {
    const auto speaker = voice::make_flite_speaker("rms");
    Sound all;
    for (const std::string& sentence : voice::enrolment_sentences("en").first(sentences)) {
      const Sound sound = speaker->speak(voice::normalise_text(sentence, "en"), 1, {}).sound;
      all.sample_rate_hz = sound.sample_rate_hz;
      all.samples.insert(all.samples.end(), sound.samples.begin(), sound.samples.end());
    }
    return all;
  }
  void record(const std::string& name, const Sound& sound) const {
    media::write_wav(folder_ / name, sound, "test");
  }
  Outcome add_ada() const {
    return anima(
        "voice add ada ada.wav --language en --transcript 'The judge chose.' --consent 'Ada, in writing'");
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(VoiceCommands, AVoiceIsEnrolledListedSpeaksAndIsDeletedWhole) {
  record("ada.wav", speech());
  const Outcome added = add_ada();
  ASSERT_EQ(added.status, 0) << added.errors;
  const auto voices = nlohmann::json::parse(anima("voice list --json").output).at("voices");
  ASSERT_EQ(voices.size(), 1U);
  EXPECT_EQ(voices[0].at("name"), "ada");
  EXPECT_EQ(voices[0].at("language"), "en");
  EXPECT_EQ(voices[0].at("transcript"), "The judge chose.");
  EXPECT_EQ(voices[0].at("consent").get<std::string>().find("Ada, in writing (20"), 0U);
  EXPECT_GT(voices[0].at("speech_s").get<double>(), 10);
  EXPECT_NE(anima("voice list").output.find("Ada, in writing"), std::string::npos);

  const Outcome spoken =
      anima("speak --voice ada 'Hello there. It is 9:30, 你好。' -o a.wav --subtitles a.srt --json");
  ASSERT_EQ(spoken.status, 0) << spoken.errors;
  const auto json = nlohmann::json::parse(spoken.output);
  EXPECT_TRUE(json.at("ai_generated").get<bool>());
  EXPECT_GE(json.at("words").size(), 7U);
  EXPECT_GT(json.at("phonemes").size(), 15U);
  EXPECT_NE(read("a.srt").find("It is 9:30,"), std::string::npos) << read("a.srt");
  EXPECT_NE(read("a.wav").find("ai_generated"), std::string::npos) << "the label in the file";
  const Sound sound = media::read_sound(folder_ / "a.wav", 24000);
  EXPECT_GT(sound.duration_s(), 2);
  for (const float sample : sound.samples) ASSERT_LT(std::abs(sample), 0.999F);

  EXPECT_EQ(anima("voice add ada ada.wav --language en --transcript x").status, 2) << "the name is taken";
  EXPECT_EQ(anima("voice remove ada").status, 2) << "nobody can be asked";
  EXPECT_EQ(anima("voice remove ada --yes").status, 0);
  EXPECT_FALSE(fs::exists(folder_ / "library/.voices/ada"));
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "library"))
    EXPECT_EQ(entry.path().filename().string().find("ada"), std::string::npos) << entry.path();
  EXPECT_EQ(anima("voice remove ada --yes").status, 3);
  EXPECT_EQ(anima("speak --voice ada hi").status, 3);
}

TEST_F(VoiceCommands, MissingConsentIsShown) {
  record("ada.wav", speech(3));
  ASSERT_EQ(anima("voice add ada ada.wav --language en --transcript x").status, 0);
  EXPECT_NE(anima("voice list").output.find("consent: not recorded"), std::string::npos);
}

TEST_F(VoiceCommands, ACorrectedTranscriptCounts) {
  record("ada.wav", speech(3));
  ASSERT_EQ(anima("voice add ada ada.wav --language en --transcript wrong").status, 0);
  write("library/.voices/ada/transcript.txt", "right");
  EXPECT_EQ(nlohmann::json::parse(anima("voice list --json").output).at("voices")[0].at("transcript"),
            "right");
}

TEST_F(VoiceCommands, BadRecordingsAreRefusedAndLeaveNothing) {
  record("silence.wav", {16000, std::vector<float>(16000 * 12, 0.0F)});
  Sound half = speech(1);
  half.samples.resize(8000);
  record("half.wav", half);
  write("text.wav", "this is a text\n");
  write("empty.wav", "");
  const std::pair<const char*, int> cases[] = {
      {"silence.wav", 6}, {"half.wav", 6}, {"text.wav", 5}, {"empty.wav", 5}, {"none.wav", 3}};
  for (const auto& [recording, status] : cases) {
    const Outcome outcome = anima(std::string("voice add x --language en --transcript y ") + recording);
    EXPECT_EQ(outcome.status, status) << recording << "\n" << outcome.errors;
    EXPECT_NE(outcome.errors.find("fix:"), std::string::npos) << outcome.errors;
    EXPECT_FALSE(fs::exists(folder_ / "library/.voices/x")) << recording;
  }
  EXPECT_EQ(anima("voice add ../x half.wav --transcript y").status, 2);
  EXPECT_EQ(anima("voice add x").status, 2);
  EXPECT_EQ(anima("voice list").output.find("no voice yet"), 0U);
}

TEST_F(VoiceCommands, BadTextsAreRefusedOrSpokenAsFarAsTheyGo) {
  write("invalid.txt", "caf\xE9");
  write("empty.txt", "");
  write("blank.txt", " \n\t ");
  write("control.txt", std::string("Good\x01 mor\x02ning.\0 Yes.", 20));
  write("unknown.txt", "\U00012000\U00012001 \U000E0041");
  const std::pair<const char*, int> cases[] = {{"invalid.txt", 2}, {"empty.txt", 6},   {"blank.txt", 6},
                                               {"unknown.txt", 6}, {"control.txt", 0}, {"none.txt", 3}};
  for (const auto& [text, status] : cases) {
    const Outcome outcome = anima(std::string("speak -o out.wav --text-file ") + text);
    EXPECT_EQ(outcome.status, status) << text << "\n" << outcome.errors;
    EXPECT_EQ(fs::exists(folder_ / "out.wav"), status == 0) << text;
    fs::remove(folder_ / "out.wav");
  }
  EXPECT_EQ(anima("speak").status, 2);
  EXPECT_EQ(anima("speak hello --speed 9").status, 2);
  EXPECT_EQ(anima("speak hello --engine nonsense").status, 2);
}

TEST_F(VoiceCommands, HearsWhatWasSaid) {
  record("talk.wav", speech(1));
  const Outcome outcome = anima("transcribe talk.wav --language en --srt talk.srt --json");
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const std::string text = nlohmann::json::parse(outcome.output).at("text");
  EXPECT_NE(text.find("measure the pleasure"), std::string::npos) << text;
  EXPECT_NE(read("talk.srt").find("-->"), std::string::npos);
}

TEST_F(VoiceCommands, KeysAreNeverShown) {
  write(".env", "ZHIPU_API_KEY=secret-key-that-nobody-sees\nOPENAI_API_KEY=another-secret-key\n");
  fs::permissions(folder_ / ".env", fs::perms::owner_read | fs::perms::owner_write);
  for (const char* arguments : {"doctor --no-speed", "doctor --no-speed --json"}) {
    const Outcome outcome = anima(arguments);
    EXPECT_NE(outcome.output.find("zhipu"), std::string::npos);
    for (const std::string* said : {&outcome.output, &outcome.errors})
      EXPECT_EQ(said->find("secret"), std::string::npos) << *said;
  }
}

}  // namespace
}  // namespace anima::app
