#include "core/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "core/error.h"

namespace anima {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              (std::string("anima-files-") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

template <typename Call>
ErrorCode code_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

TEST_F(Files, WritesAndReadsWhole) {
  const fs::path path = folder_ / "file";
  const std::string text("with a zero \0 inside", 20);
  write_file_atomically(path, text);
  EXPECT_EQ(read_text_file(path, 100), text);
  write_file_atomically(path, std::string());
  EXPECT_TRUE(read_file(path, 0).empty());
  EXPECT_EQ(count(), 1U);
}

TEST_F(Files, KeepsTheOldFileWhenTheNewOneCannotBeWritten) {
  const fs::path path = folder_ / "file";
  write_file_atomically(path, std::string("old"));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{1000, before.rlim_max};  // stands for a full disk
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  EXPECT_THROW(write_file_atomically(path, std::string(5000, 'x')), Error);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(read_text_file(path, 100), "old");
  EXPECT_EQ(count(), 1U);  // no half of a file beside it
}

TEST_F(Files, RefusesWhatIsNoFile) {
  EXPECT_EQ(code_of([&] { read_file(folder_ / "nothing", 10); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { read_file(folder_, 10); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([&] { read_file("/dev/zero", 10); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of([&] { write_file_atomically(folder_ / "no" / "file", std::string("x")); }),
            ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { write_file_atomically(folder_, std::string("x")); }), ErrorCode::kInvalidArgument);
  write_file_atomically(folder_ / "long", std::string(11, 'x'));
  EXPECT_EQ(code_of([&] { read_file(folder_ / "long", 10); }), ErrorCode::kCorruptData);
}

TEST_F(Files, KnowsHowMuchSpaceIsLeft) {
  EXPECT_NO_THROW(require_free_space(folder_ / "not" / "there" / "yet", 1));
  try {
    require_free_space(folder_, std::uint64_t{1} << 62U);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kResourceExhausted);
    EXPECT_NE(std::string(error.what()).find("MB free"), std::string::npos);
  }
}

}  // namespace
}  // namespace anima
