#include "studio/voice_library.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "studio/process_identity.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {
namespace fs = std::filesystem;

TEST(VoiceLibrary, ClearsAwayWhatAnInterruptedProcessLeft) {
  const TemporaryFolder folder;
  const fs::path root = folder.path() / ".voices";
  const fs::path left[] = {root / ".removed-ada 999999 1 no-such-boot", root / ".adding-ada-17"};
  const fs::path at_work = root / (".adding-ada " + this_process());
  const auto leave = [&] {
    for (const fs::path& path : left) {
      fs::create_directories(path);
      write_file_atomically(path / "recording.wav", std::string("somebody's voice"));
    }
    fs::create_directories(at_work);
  };
  const auto expect_cleared = [&](const char* by) {
    for (const fs::path& path : left) EXPECT_FALSE(fs::exists(path)) << path << " after " << by;
    EXPECT_TRUE(fs::exists(at_work)) << "its process still runs";
  };
  VoiceLibrary voices(folder.path());
  leave();
  EXPECT_TRUE(voices.list().empty());
  expect_cleared("list");

  leave();
  fs::create_directories(voices.folder("bob"));
  voices.remove("bob");
  EXPECT_FALSE(fs::exists(voices.folder("bob")));
  expect_cleared("remove");

  leave();
  AddVoiceRequest request;
  request.name = "eve";
  request.recording = folder.path() / "none.wav";
  EXPECT_THROW(voices.add(request, {}), Error);
  expect_cleared("add");
}

}  // namespace
}  // namespace anima::studio
