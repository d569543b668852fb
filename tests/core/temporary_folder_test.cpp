#include "core/temporary_folder.h"

#include <gtest/gtest.h>

#include <fstream>

namespace anima {
namespace {

TEST(TemporaryFolder, IsPrivateAndGoesAwayWithItsContent) {
  std::filesystem::path path;
  {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    path = folder.path();
    EXPECT_NE(path, other.path());
    EXPECT_TRUE(std::filesystem::is_directory(path));
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
    std::filesystem::create_directory(path / "inner");
    std::ofstream(path / "inner" / "file") << "x";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace anima
