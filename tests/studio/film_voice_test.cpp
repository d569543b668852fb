#include "studio/film_voice.h"

#include <gtest/gtest.h>

#include "core/files.h"
#include "media/film_writer.h"
#include "studio/house_presenter.h"
#include "studio/temporary_folder.h"
#include "studio/voice_library.h"

namespace anima::studio {
namespace {

// The house presenter says the sentences of enrolment.
class FilmVoiceTest : public testing::Test {
 protected:
  FilmVoiceTest() {
    library_.put("阿达", "", "Ada Lovelace, in writing");
    warn_ = [this](const std::string& warning) { warnings_.push_back(warning); };
  }

  TemporaryFolder folder_;
  Library library_{folder_.path() / "library", true};
  std::vector<std::string> warnings_;
  WarningSink warn_;
};

TEST_F(FilmVoiceTest, IsEnrolledUnderThePersonsConsentSoThatTheyCanSpeak) {
  const auto film = folder_.path() / "film.wav";
  media::write_wav(film, house_recording({}), {});
  EXPECT_EQ(enrol_film_voice(library_, "阿达", film, warn_, {}), FilmVoice::kEnrolled);
  const VoiceEntry entry = VoiceLibrary(library_.root()).get("阿达");
  EXPECT_EQ(entry.consent.find("Ada Lovelace, in writing"), 0U) << entry.consent;
  EXPECT_EQ(entry.voice.language, "en");
  EXPECT_EQ(voice_of_person(library_.root(), "阿达").name, "阿达");
  // A second training keeps it, whatever its film.
  EXPECT_EQ(enrol_film_voice(library_, "阿达", folder_.path() / "none.wav", warn_, {}), FilmVoice::kKept);
}

TEST_F(FilmVoiceTest, ThatCannotBeUsedIsAWarningAndNoFailure) {
  const auto film = folder_.path() / "silence.wav";
  media::write_wav(film, Sound{16000, std::vector<float>(16000 * 5, 0.0F)}, {});
  EXPECT_EQ(enrol_film_voice(library_, "阿达", film, warn_, {}), FilmVoice::kUnusable);
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("anima voice add \"阿达\" RECORDING"), std::string::npos) << warnings_[0];
  EXPECT_FALSE(VoiceLibrary(library_.root()).has("阿达"));
}

}  // namespace
}  // namespace anima::studio
