#include "studio/server_voices.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "core/files.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class ServerVoicesOfARecording : public testing::Test {
 protected:
  ServerVoicesOfARecording() { write_file_atomically(recording_, std::string("first recording")); }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "server_voices.json";
  std::filesystem::path recording_ = folder_.path() / "recording.wav";
};

TEST_F(ServerVoicesOfARecording, AreReadBack) {
  EXPECT_THAT(ServerVoices(file_).all(), IsEmpty());
  ServerVoices(file_).keep({.engine = "zhipu", .id = "voice_1", .files = {"file_1", "file_2"}}, recording_);
  ServerVoices(file_).keep({.engine = "studio", .id = "\"quoted\" 好"}, recording_);
  const ServerVoices kept(file_);
  ASSERT_EQ(kept.all().size(), 2U);
  EXPECT_THAT(kept.all()[0].voice.files, ElementsAre("file_1", "file_2"));
  EXPECT_THAT(kept.made_from(recording_),
              ElementsAre(Pair("studio", "\"quoted\" 好"), Pair("zhipu", "voice_1")));
}

TEST_F(ServerVoicesOfARecording, OfAnotherRecordingAreKeptButNotUsed) {
  ServerVoices(file_).keep({.engine = "zhipu", .id = "voice_1"}, recording_);
  write_file_atomically(recording_, std::string("second recording"));
  ServerVoices voices(file_);
  EXPECT_THAT(voices.made_from(recording_), IsEmpty());
  voices.keep({.engine = "zhipu", .id = "voice_2"}, recording_);
  EXPECT_THAT(voices.made_from(recording_), ElementsAre(Pair("zhipu", "voice_2")));
  EXPECT_EQ(voices.all().size(), 2U) << "the first one still lies there";
  voices.forget({.engine = "zhipu", .id = "voice_1"});
  EXPECT_EQ(ServerVoices(file_).all().size(), 1U);
}

TEST_F(ServerVoicesOfARecording, ADamagedFileIsNotTakenForNone) {
  for (const std::string text : {"", "{", "[]", R"({"voices":[{"engine":"zhipu"}]})", R"({"voices":[1]})"}) {
    write_file_atomically(file_, text);
    EXPECT_THROW(ServerVoices{file_}, Error) << text;
  }
}

}  // namespace
}  // namespace anima::studio
