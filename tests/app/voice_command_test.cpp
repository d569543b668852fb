// `anima voice`, `speak` and `transcribe` as a user types them. flite stands in for a person.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/command_line_fixture.h"
#include "audio/resampler.h"
#include "audio/senone_scorer.h"
#include "media/film_reader.h"
#include "media/film_writer.h"
#include "media/wav_stream.h"
#include "support/loopback_server.h"
#include "text/normaliser.h"
#include "voice/measurement_sentences.h"
#include "voice/source_speaker.h"

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
      const Sound sound = speaker->speak(text::normalise_text(sentence, "en"), 1, {}).sound;
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

TEST_F(VoiceCommands, TheReferenceIsNotLabelledAsMade) {
  record("made.wav", speech(3));
  ASSERT_NE(read("made.wav").find("ai_generated"), std::string::npos);
  ASSERT_EQ(anima("voice add ada made.wav --language en --transcript x").status, 0);
  EXPECT_EQ(read("library/.voices/ada/recording.wav").find("ai_generated"), std::string::npos)
      << "a person spoke it";
}

// Plays Zhipu: it clones, speaks a tone and deletes. `deletes`: as long as it is willing to.
class PlayedZhipu {
 public:
  std::string url() const { return server_.url(); }
  int count(const std::string& path) const {
    int count = 0;
    for (const auto& request : server_.requests()) count += request.path == path ? 1 : 0;
    return count;
  }
  std::atomic<bool> deletes{true};

 private:
  void play(const test::LoopbackRequest& request, test::LoopbackConnection& connection) {
    if (request.path == "/files") {
      connection.reply(200, "application/json", R"({"id":"file-1"})");
    } else if (request.path == "/voice/clone") {
      connection.reply(200, "application/json",
                       "{\"voice\":\"voice_" + std::to_string(++clones_) + "\",\"file_id\":\"file-2\"}");
    } else if (request.path == "/audio/speech") {
      connection.reply(200, "audio/wav", test::wav_file(test::sine_pcm(24000, 0.5), 24000));
    } else if (deletes) {
      connection.reply(200, "application/json", "{}");
    } else {
      connection.reply(500, "application/json", R"({"error":{"message":"closed today"}})");
    }
  }

  std::atomic<int> clones_{0};
  test::LoopbackServer server_{[this](const test::LoopbackRequest& request,
                                      test::LoopbackConnection& connection) { play(request, connection); }};
};

TEST_F(VoiceCommands, ACloneAtAServerIsMadeOnceAndDeletedWithTheVoice) {
  PlayedZhipu zhipu;
  // In a file of another name: every command honours ANIMA_CONFIG.
  write("other.yaml",
        "voice: {order: [zhipu], engines: {zhipu: {address: '" + zhipu.url() + "', key: ZHIPU_API_KEY}}}\n");
  environment_ = "ANIMA_CONFIG=other.yaml ZHIPU_API_KEY=k-123456";
  record("ada.wav", speech());
  ASSERT_EQ(add_ada().status, 0);
  EXPECT_EQ(nlohmann::json::parse(anima("voice list --json").output).at("voices")[0].at("engines"),
            nlohmann::json({"zhipu"}));
  for (int i = 0; i < 2; ++i) {
    const Outcome spoken = anima("speak --voice ada 'Hello there.' -o a.wav");
    ASSERT_EQ(spoken.status, 0) << spoken.errors;
  }
  EXPECT_EQ(zhipu.count("/audio/speech"), 2);
  EXPECT_EQ(zhipu.count("/voice/clone"), 1) << "the second run uses the clone of the first";
  EXPECT_EQ(zhipu.count("/files"), 1);

  const Outcome replaced = anima("voice add ada ada.wav --language en --transcript 'Other.' --replace");
  ASSERT_EQ(replaced.status, 0) << replaced.errors;
  EXPECT_EQ(zhipu.count("/voice/delete"), 1) << "what was made from the voice before";
  EXPECT_EQ(zhipu.count("/files/file-1"), 1);
  ASSERT_EQ(anima("speak --voice ada 'Hello there.' -o a.wav").status, 0);
  EXPECT_EQ(zhipu.count("/voice/clone"), 2);

  zhipu.deletes = false;
  const Outcome removed = anima("voice remove ada --yes");
  EXPECT_EQ(removed.status, 0) << "it is gone here";
  EXPECT_NE(removed.errors.find("'voice_2': delete it there by hand"), std::string::npos) << removed.errors;
  EXPECT_NE(removed.errors.find("closed today"), std::string::npos) << removed.errors;
  EXPECT_EQ(removed.errors.find("k-123456"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_ / "library/.voices/ada"));
}

TEST_F(VoiceCommands, AMissingConfigurationIsNotPassedOver) {
  environment_ = "ANIMA_CONFIG=none.yaml";
  record("ada.wav", speech(3));
  for (const char* arguments : {"speak hello -o a.wav", "voice add ada ada.wav --language en", "voice list",
                                "transcribe ada.wav", "doctor --no-speed"}) {
    const Outcome outcome = anima(arguments);
    EXPECT_EQ(outcome.status, 3) << arguments << "\n" << outcome.errors;
    EXPECT_NE(outcome.errors.find("none.yaml"), std::string::npos) << outcome.errors;
  }
}

TEST_F(VoiceCommands, ListsTheEnginesThatCanUseAVoice) {
  write("anima.yaml",
        "voice:\n"
        "  order: [openai, embedded]\n"
        "  engines:\n"
        "    zhipu: {}\n"
        "    wrong: {kind: cosyvoice, options: {generation: 9}}\n"
        "    mine: {kind: command, command: [cp, '{reference}', '{output}']}\n");
  record("ada.wav", speech(3));
  ASSERT_EQ(add_ada().status, 0);
  const auto voice = nlohmann::json::parse(anima("voice list --json").output).at("voices")[0];
  EXPECT_EQ(voice.at("engines"), nlohmann::json({"embedded", "mine", "zhipu"}));
  EXPECT_NE(anima("voice list").output.find("engines: embedded, mine, zhipu"), std::string::npos);
}

TEST_F(VoiceCommands, DoctorShowsWhatEnginesNeedAndWhatAReadyOneLacks) {
  environment_ = "PATH=/nowhere";  // no espeak-ng
  const Outcome outcome = anima("doctor --no-speed --json");
  const auto findings = nlohmann::json::parse(outcome.output).at("findings");
  const auto embedded = std::find_if(findings.begin(), findings.end(),
                                     [](const auto& f) { return f.at("topic") == "voice embedded"; });
  ASSERT_NE(embedded, findings.end());
  EXPECT_FALSE(embedded->at("ok").get<bool>());
  EXPECT_NE(embedded->at("text").get<std::string>().find("needs: the package pocketsphinx-en-us"),
            std::string::npos);
  EXPECT_NE(embedded->at("fix").get<std::string>().find("espeak-ng"), std::string::npos);
  const std::string text = anima("doctor --no-speed").output;
  const std::size_t line = text.find("voice embedded");
  ASSERT_NE(line, std::string::npos);
  EXPECT_NE(text.rfind("weak", line), std::string::npos);
  EXPECT_GT(text.rfind("weak", line), text.rfind('\n', line)) << "the mark of this very line";
}

TEST_F(VoiceCommands, SpeaksWhereNothingCanBeStored) {
  if (!bring_mira()) GTEST_SKIP() << "the house presenter is not there";
  const Outcome outcome = anima("speak --voice mira '你好' --library /proc/nope -o a.wav");
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_GT(media::read_sound(folder_ / "a.wav", 24000).duration_s(), 0.3);
}

TEST_F(VoiceCommands, AWrongNameForSubtitlesIsFoundBeforeTheWork) {
  for (const char* arguments : {"transcribe none.wav --srt a.txt", "transcribe none.wav --vtt a.doc",
                                "speak --text-file none.txt --subtitles a.txt"}) {
    const Outcome outcome = anima(arguments);
    EXPECT_NE(outcome.errors.find(".srt or .vtt"), std::string::npos) << arguments << "\n" << outcome.errors;
  }
}

// Samples of `channels` interleaved channels as a WAV of 16 or 24 bits.
std::string wav_of(const Sound& sound, int channels, int bits, bool second_channel_dead) {
  std::string pcm;
  for (const float sample : sound.samples) {
    for (int channel = 0; channel < channels; ++channel) {
      const float value = channel == 1 && second_channel_dead ? 0 : std::clamp(sample, -1.0F, 1.0F);
      const auto level = static_cast<int>(value * static_cast<float>((1 << (bits - 1)) - 1));
      for (int byte = 0; byte < bits / 8; ++byte) pcm += static_cast<char>(level >> (8 * byte) & 0xFF);
    }
  }
  std::string file = test::wav_file(pcm, sound.sample_rate_hz, channels);
  const int frame_bytes = channels * bits / 8;
  file[32] = static_cast<char>(frame_bytes);
  file[34] = static_cast<char>(bits);
  const int second_bytes = sound.sample_rate_hz * frame_bytes;
  for (int byte = 0; byte < 4; ++byte) file[28 + byte] = static_cast<char>(second_bytes >> (8 * byte) & 0xFF);
  return file;
}

Sound music() {
  Sound sound{24000, {}};
  const double chords[4][3] = {
      {261.6, 329.6, 392.0}, {220.0, 261.6, 329.6}, {174.6, 220.0, 261.6}, {196.0, 246.9, 293.7}};
  for (int i = 0; i < 15 * 24000; ++i) {
    const double t = i / 24000.0;
    double sum = 0;
    for (const double f : chords[static_cast<int>(2 * t) % 4])
      sum += std::sin(2 * M_PI * f * t) + 0.5 * std::sin(4 * M_PI * f * t);
    sound.samples.push_back(static_cast<float>(0.1 * sum));
  }
  return sound;
}

TEST_F(VoiceCommands, RecordingsOfEveryKindAreTakenWarnedOfOrRefused) {
  const Sound spoken = speech();
  Sound two = spoken;
  const auto other = voice::make_flite_speaker("slt");
  for (const std::string& sentence : voice::enrolment_sentences("en").first(4)) {
    const Sound sound = other->speak(text::normalise_text(sentence, "en"), 1, {}).sound;
    ASSERT_EQ(sound.sample_rate_hz, two.sample_rate_hz);
    two.samples.insert(two.samples.end(), sound.samples.begin(), sound.samples.end());
  }
  write("24bit.wav", wav_of(spoken, 1, 24, false));
  write("dead-channel.wav", wav_of(spoken, 2, 16, true));
  write("telephone.wav", media::encode_wav(audio::resample(spoken, 8000)));
  write("two-people.wav", media::encode_wav(two));
  write("music.wav", media::encode_wav(music()));
  struct Case {
    const char* recording;
    int status;
    const char* warning;  // empty: nothing worth one
  };
  const Case cases[] = {{"24bit.wav", 0, ""},
                        {"dead-channel.wav", 0, ""},
                        {"telephone.wav", 0, "telephone"},
                        {"two-people.wav", 0, "only one person"},
                        {"music.wav", 6, ""}};
  std::size_t plain_warnings = 0;
  for (const Case& expected : cases) {
    const Outcome outcome =
        anima(std::string("voice add x --replace --language en --transcript y --json ") + expected.recording);
    ASSERT_EQ(outcome.status, expected.status) << expected.recording << "\n" << outcome.errors;
    if (expected.status != 0) continue;
    const auto entry = nlohmann::json::parse(outcome.output);
    EXPECT_NEAR(entry.at("recording_s").get<double>(),
                expected.warning == std::string("only one person") ? two.duration_s() : spoken.duration_s(),
                0.1)
        << expected.recording;
    const std::string warnings = entry.at("warnings").dump();
    EXPECT_NE(warnings.find(expected.warning), std::string::npos) << expected.recording << warnings;
    if (expected.recording == std::string("24bit.wav")) plain_warnings = entry.at("warnings").size();
    if (*expected.warning == '\0') {
      EXPECT_EQ(entry.at("warnings").size(), plain_warnings) << expected.recording << warnings;
    }
  }
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
                                               {"unknown.txt", 4}, {"control.txt", 0}, {"none.txt", 3}};
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
