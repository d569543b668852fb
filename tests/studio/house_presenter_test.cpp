#include "studio/house_presenter.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>

#include "core/error.h"
#include "core/tensor_file.h"
#include "studio/temporary_folder.h"
#include "studio/train_workflow.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

// ANIMA_ASSETS for the time of a test.
class HousePresenter : public testing::Test {
 protected:
  HousePresenter() {
    if (const char* before = std::getenv("ANIMA_ASSETS")) before_ = before;
    fs::create_directories(assets());
    ::setenv("ANIMA_ASSETS", assets().c_str(), 1);
  }
  ~HousePresenter() override {
    before_.empty() ? ::unsetenv("ANIMA_ASSETS") : ::setenv("ANIMA_ASSETS", before_.c_str(), 1);
  }
  fs::path assets() const { return folder_.path() / "assets"; }
  fs::path root() const { return folder_.path() / "library"; }

  // A profile as small as can be.
  static voice::VoiceProfile profile(const std::string& name) {
    voice::VoiceProfile made;
    made.name = name;
    made.language = "en";
    made.quality.median_pitch_hz = 170;
    made.quality.verdict = "good";
    made.envelope_mean = made.envelope_deviation = made.floor =
        voice::RowVector::Zero(audio::kEnvelopeCepstra);
    made.regression = voice::RowMatrix::Zero(voice::kPhoneticStack + 1, audio::kEnvelopeCepstra);
    made.projection_mean = voice::RowVector::Zero(voice::kPhoneticStack);
    made.projection = voice::RowMatrix::Zero(voice::kPhoneticStack, voice::kIndexProjection);
    made.index = voice::RowMatrix::Zero(2, voice::kIndexWidth);
    made.envelopes = voice::RowMatrix::Zero(2, audio::kEnvelopeCepstra);
    return made;
  }

  static Error error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error was thrown";
    return Error(ErrorCode::kInternal, "none");
  }

  TemporaryFolder folder_;
  std::string before_;
};

TEST_F(HousePresenter, SaysWhatToDoWhereHerFilesAreMissing) {
  EXPECT_FALSE(has_house_avatar());
  EXPECT_FALSE(has_house_voice());
  for (const auto& act :
       {std::function<void()>([] { static_cast<void>(house_avatar()); }),
        std::function<void()>([] { static_cast<void>(house_person()); }),
        std::function<void()>([] { static_cast<void>(house_voice()); }),
        std::function<void()>([&] { static_cast<void>(find_avatar(root(), "mira")); }),
        std::function<void()>([&] { static_cast<void>(find_voice(root(), "mira")); }),
        std::function<void()>([&] { static_cast<void>(voice_of_person(root(), "mira")); })}) {
    const Error error = error_of(act);
    EXPECT_EQ(error.code(), ErrorCode::kNotReady);
    EXPECT_NE(error.message().find(assets().string()), std::string::npos) << error.message();
    EXPECT_NE(error.fix().find("ANIMA_ASSETS"), std::string::npos) << error.fix();
  }
}

TEST_F(HousePresenter, IsThereWithoutAnyLibrary) {
  std::ofstream(assets() / "mira.anima") << "an avatar";
  voice::VoiceProfile mira = profile("mira");
  mira.native = {{"en", "flite-slt"}};
  voice::save_voice_profile(mira, assets() / "mira.voice");
  EXPECT_EQ(find_avatar(root(), "mira"), assets() / "mira.anima");
  EXPECT_EQ(house_person().avatar_bytes, 9U);
  const VoiceEntry entry = find_voice(root(), "mira");
  EXPECT_EQ(entry.voice.profile, assets() / "mira.voice");
  EXPECT_NE(entry.speakers.find("flite slt"), std::string::npos) << entry.speakers;
  EXPECT_EQ(voice_of_person(root(), "mira").profile, assets() / "mira.voice");
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(HousePresenter, HerNameIsNobodyElses) {
  EXPECT_NO_THROW(require_free_name("miranda", "train somebody"));
  EXPECT_EQ(error_of([] { require_free_name("mira", "train somebody"); }).code(),
            ErrorCode::kInvalidArgument);
  TrainOptions options;
  options.film = "film.mp4";
  options.name = "mira";
  EXPECT_EQ(error_of([&] { options.validate(); }).code(), ErrorCode::kInvalidArgument);
  VoiceLibrary voices(root());
  EXPECT_EQ(error_of([&] { voices.add({.name = "mira", .recording = "none.wav"}, {}); }).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(fs::exists(root()));
}

TEST_F(HousePresenter, OthersSpeakInTheirOwnVoiceOrSayHowToGetOne) {
  Library library(root(), true);
  library.put("ada", "film.mp4", kConsentNotRecorded);
  TensorFile avatar;
  write_tensor_file(library.avatar_path("ada"), avatar);
  const Error none = error_of([&] { static_cast<void>(voice_of_person(root(), "ada")); });
  EXPECT_EQ(none.code(), ErrorCode::kNotFound);
  EXPECT_NE(none.fix().find("voice add ada --from-avatar ada"), std::string::npos) << none.fix();
  // A voice inside of the avatar, and over it an enrolled one.
  voice::put_voice_profile(profile("ada"), avatar);
  write_tensor_file(library.avatar_path("ada"), avatar);
  EXPECT_EQ(voice_of_person(root(), "ada").profile, library.avatar_path("ada"));
  const fs::path enrolled = VoiceLibrary(root()).folder("ada");
  fs::create_directories(enrolled);
  voice::save_voice_profile(profile("ada"), enrolled / "ada.voice");
  EXPECT_EQ(voice_of_person(root(), "ada").profile, enrolled / "ada.voice");
  EXPECT_EQ(error_of([&] { static_cast<void>(voice_of_person(root(), "nobody")); }).code(),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace anima::studio
