#include "media/frame_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>
#include <thread>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "support/mutations.h"

namespace anima::media {
namespace {

namespace fs = std::filesystem;

class FrameStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static Image frame_of(int index, int width, int height, int channels) {
    Image frame(width, height, channels);
    for (std::size_t i = 0; i < frame.pixels.size(); ++i) {
      frame.pixels[i] = static_cast<std::uint8_t>(i * 7 + static_cast<std::size_t>(index) * 31);
    }
    return frame;
  }
  fs::path make_store(int frames, int width = 5, int height = 3, int channels = 3) {
    const fs::path path = folder_ / "frames";
    FrameStoreWriter writer(path, width, height, channels);
    for (int i = 0; i < frames; ++i) writer.append(frame_of(i, width, height, channels));
    EXPECT_EQ(writer.finish(), frames);
    return path;
  }

  fs::path folder_;
};

TEST_F(FrameStoreTest, GivesBackEveryFrameInAnyOrder) {
  for (const int channels : {1, 3, 4}) {
    const FrameStore store(make_store(9, 5, 3, channels));
    ASSERT_EQ(store.count(), 9);
    EXPECT_EQ(store.width(), 5);
    EXPECT_EQ(store.height(), 3);
    EXPECT_EQ(store.channels(), channels);
    Image frame;
    for (const int index : {8, 0, 4, 4, 1}) {
      store.read(index, frame);
      EXPECT_EQ(frame.width, 5);
      EXPECT_EQ(frame.channels, channels);
      EXPECT_EQ(frame.pixels, frame_of(index, 5, 3, channels).pixels);
    }
  }
}

TEST_F(FrameStoreTest, ReadsFromSeveralThreads) {
  const FrameStore store(make_store(64, 33, 17));
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&, worker] {
      Image frame;
      for (int i = 0; i < 64; ++i) {
        const int index = (i * 13 + worker * 7) % 64;
        store.read(index, frame);
        wrong[static_cast<std::size_t>(worker)] += frame.pixels != frame_of(index, 33, 17, 3).pixels;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::accumulate(wrong.begin(), wrong.end(), 0), 0);
}

TEST_F(FrameStoreTest, AnUnfinishedStoreDoesNotExist) {
  {
    FrameStoreWriter writer(folder_ / "frames", 5, 3);
    writer.append(frame_of(0, 5, 3, 3));
    EXPECT_FALSE(fs::exists(folder_ / "frames"));
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(FrameStoreTest, RefusesWrongFramesAndIndices) {
  FrameStoreWriter writer(folder_ / "other", 5, 3);
  EXPECT_THROW(writer.append(frame_of(0, 3, 5, 3)), Error);
  EXPECT_THROW(writer.append(frame_of(0, 5, 3, 4)), Error);
  EXPECT_THROW(FrameStoreWriter(folder_ / "x", 0, 3), Error);
  EXPECT_THROW(FrameStoreWriter(folder_ / "x", 5, 3, 2), Error);
  EXPECT_THROW(FrameStoreWriter(folder_ / "no" / "folder", 5, 3), Error);
  const FrameStore store(make_store(2));
  Image frame;
  EXPECT_THROW(store.read(-1, frame), Error);
  EXPECT_THROW(store.read(2, frame), Error);
}

TEST_F(FrameStoreTest, RefusesWhatIsNotAStore) {
  const auto code_of = [](const fs::path& path) {
    try {
      const FrameStore store(path);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of(folder_ / "nothing"), ErrorCode::kNotFound);
  EXPECT_EQ(code_of(folder_), ErrorCode::kInvalidArgument);
  write_file_atomically(folder_ / "empty", std::string());
  EXPECT_EQ(code_of(folder_ / "empty"), ErrorCode::kCorruptData);
  write_file_atomically(folder_ / "text", std::string(5000, 'x'));
  EXPECT_EQ(code_of(folder_ / "text"), ErrorCode::kCorruptData);
  const fs::path path = make_store(3);
  fs::resize_file(path, fs::file_size(path) - 1);
  EXPECT_EQ(code_of(path), ErrorCode::kCorruptData);
}

TEST_F(FrameStoreTest, SurvivesDamagedHeaders) {
  const std::vector<std::byte> good = read_file(make_store(2), 1 << 20);
  const std::span<const std::byte> header(good.data(), 64);
  const int refused = test::expect_survives_mutations(header, 200, 3, [&](std::span<const std::byte> bytes) {
    std::vector<std::byte> damaged(bytes.begin(), bytes.end());
    damaged.insert(damaged.end(), good.begin() + 64, good.end());
    write_file_atomically(folder_ / "damaged", damaged);
    const FrameStore store(folder_ / "damaged");
    Image frame;
    for (int i = 0; i < store.count(); ++i) store.read(i, frame);
  });
  EXPECT_GT(refused, 40);
}

}  // namespace
}  // namespace anima::media
