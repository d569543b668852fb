#include "studio/picture_file.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "media/content_label.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(PictureFile, PngKeepsEveryPixelAndTheOrderOfColours) {
  const TemporaryFolder folder;
  Image picture(5, 3, 3);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i)
    picture.pixels[i] = static_cast<std::uint8_t>(i * 5);
  write_png(folder.path() / "p.png", picture);
  const Image read = read_picture(folder.path() / "p.png");
  EXPECT_EQ(read.width, 5);
  EXPECT_EQ(read.height, 3);
  EXPECT_EQ(read.pixels, picture.pixels);
}

TEST(PictureFile, APictureOfAnAvatarIsLabelled) {
  const TemporaryFolder folder;
  const Image picture(5, 3, 3);
  write_png(folder.path() / "plain.png", picture);
  write_png(folder.path() / "avatar.png", picture, Origin::kAvatar);
  const auto text = [&](const char* name) { return read_text_file(folder.path() / name, 1 << 20); };
  EXPECT_EQ(text("plain.png").find("ai_generated"), std::string::npos);
  // Each as a whole chunk: length, name, keyword.
  const std::string png = text("avatar.png");
  const std::string comment = media::content_label_json();
  const std::string length = {0, 0, 0, static_cast<char>(comment.size() + 12)};
  EXPECT_NE(png.find(length + std::string("iTXtComment\0\0\0\0\0", 16) + comment), std::string::npos);
  EXPECT_NE(png.find("XML:com.adobe.xmp"), std::string::npos);
  EXPECT_NE(png.find("trainedAlgorithmicMedia"), std::string::npos);
  EXPECT_EQ(read_picture(folder.path() / "avatar.png").pixels, picture.pixels);
}

TEST(PictureFile, RefusesWhatIsNoPicture) {
  const TemporaryFolder folder;
  const auto code = [&](const std::filesystem::path& path) {
    try {
      static_cast<void>(read_picture(path));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  write_file_atomically(folder.path() / "empty.png", std::string());
  write_file_atomically(folder.path() / "text.png", std::string("hello"));
  // A PNG header that claims 2^30 x 2^30 pixels.
  write_file_atomically(
      folder.path() / "huge.png",
      std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x40\0\0\0\x40\0\0\0\x08\x02\0\0\0\0\0\0\0", 33));
  for (const char* name : {"empty.png", "text.png", "huge.png"})
    EXPECT_EQ(code(folder.path() / name), ErrorCode::kCorruptData) << name;
  EXPECT_EQ(code(folder.path()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(folder.path() / "none.png"), ErrorCode::kNotFound);
}

TEST(PictureFile, CoverFillsTheFrameFromTheMiddle) {
  Image wide(300, 100, 3);
  for (int y = 0; y < 100; ++y) {
    for (int x = 100; x < 200; ++x) wide.row(y)[3 * x] = 255;  // red middle third
  }
  const Image square = cover(wide, 50, 50);
  EXPECT_EQ(square.width, 50);
  EXPECT_EQ(square.height, 50);
  EXPECT_EQ(square.row(25)[0], 255);
  EXPECT_EQ(square.row(25)[3 * 49], 255);
}

}  // namespace
}  // namespace anima::studio
