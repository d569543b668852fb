// Films of the house presenter, as they come out; and what a damaged or hostile avatar file does.
#include "studio/render_workflow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "avatar/painter.h"
#include "core/error.h"
#include "core/files.h"
#include "core/tensor_file.h"
#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/film_writer.h"
#include "motion/motion_generator.h"
#include "studio/person_file.h"
#include "studio/picture_file.h"
#include "studio/temporary_folder.h"
#include "support/alpha_frames.h"
#include "support/mutations.h"
#include "support/presenter_clip.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

const fs::path& presenter() {
  static const fs::path path = fs::path(ANIMA_SOURCE_DIR) / "assets" / "mira.anima";
  return path;
}

std::vector<Image> frames_of(const fs::path& film) {
  media::FrameReader reader(film, {});
  std::vector<Image> frames;
  Image frame;
  double time_s = 0;
  while (reader.next(frame, time_s)) frames.push_back(frame);
  return frames;
}

double mean_difference(const std::vector<Image>& a, const std::vector<Image>& b) {
  double sum = 0;
  double count = 0;
  for (std::size_t f = 0; f < std::min(a.size(), b.size()); ++f) {
    for (std::size_t i = 0; i < a[f].pixels.size(); ++i, ++count)
      sum += std::abs(static_cast<double>(a[f].pixels[i]) - b[f].pixels[i]);
  }
  return count > 0 ? sum / count : NAN;
}

class RenderedFilm : public testing::Test {
 protected:
  void SetUp() override {
    Sound sound = media::read_sound(test::presenter_clip(), 16000);
    sound.samples.resize(16000);
    media::write_wav(folder_.path() / "second.wav", sound);
  }
  RenderOptions options(const std::string& output) const {
    RenderOptions options;
    options.person = "mira";
    options.sound = folder_.path() / "second.wav";
    options.output = folder_.path() / output;
    options.size_px = 128;
    return options;
  }
  std::vector<Image> render_frames(const RenderOptions& options) const {
    const RenderResult result = render(presenter(), options, {});
    EXPECT_EQ(result.frames, 25);
    EXPECT_TRUE(media::probe_film(options.output).ai_generated);
    return frames_of(options.output);
  }

  TemporaryFolder folder_;
};

TEST_F(RenderedFilm, IsTheSameForTheSameSeed) {
  RenderOptions wanted = options("one.mp4");
  wanted.temperature = 1;
  wanted.seed = 7;
  const std::vector<Image> one = render_frames(wanted);
  wanted.output = folder_.path() / "two.mp4";
  wanted.threads = 1;
  const std::vector<Image> two = render_frames(wanted);
  ASSERT_EQ(one.size(), 25U);
  ASSERT_EQ(two.size(), 25U);
  for (std::size_t f = 0; f < one.size(); ++f) EXPECT_TRUE(one[f].pixels == two[f].pixels) << "frame " << f;
  wanted.output = folder_.path() / "three.mp4";
  wanted.seed = 8;
  EXPECT_GT(mean_difference(one, render_frames(wanted)), 0.1);
}

TEST_F(RenderedFilm, IsTransparentAroundThePerson) {
  RenderOptions wanted = options("clear.webm");
  wanted.background = BackgroundMode::kTransparent;
  render(presenter(), wanted, {});
  EXPECT_TRUE(media::probe_film(wanted.output).ai_generated);
  const std::vector<Image> frames = test::frames_with_alpha(wanted.output);
  ASSERT_EQ(frames.size(), 25U);
  for (const Image& frame : frames) {
    EXPECT_LT(frame.row(4)[4 * 4 + 3], 20) << "the upper left corner is background";
    EXPECT_GT(frame.row(64)[4 * 64 + 3], 235) << "the middle is her face";
  }
}

TEST_F(RenderedFilm, StandsBeforeAnyPictureOrColour) {
  Image green(300, 200, 3);
  for (std::size_t i = 0; i < green.pixels.size(); ++i) green.pixels[i] = i % 3 == 1 ? 200 : 20;
  write_png(folder_.path() / "green.png", green);
  for (const std::string& background : {(folder_.path() / "green.png").string(), std::string("#14c814")}) {
    RenderOptions wanted = options("green.mp4");
    set_background(wanted, background);
    for (const Image& frame : render_frames(wanted)) {
      const std::uint8_t* corner = frame.row(4) + 3 * 4;
      EXPECT_NEAR(corner[0], 20, 8) << background;
      EXPECT_NEAR(corner[1], 200, 8) << background;
      EXPECT_NEAR(corner[2], 20, 8) << background;
    }
  }
  RenderOptions wanted = options("none.mp4");
  set_background(wanted, (folder_.path() / "none.png").string());
  EXPECT_THROW(render(presenter(), wanted, {}), Error);
  EXPECT_FALSE(fs::exists(wanted.output));
}

TEST_F(RenderedFilm, MovesAsTheAskedPartOfTheFilmDoes) {
  RenderOptions wanted = options("part.mp4");
  set_pose(wanted, "10-14");
  const std::vector<Image> early = render_frames(wanted);
  set_pose(wanted, "40-44");
  EXPECT_GT(mean_difference(early, render_frames(wanted)), 0.5);
  set_pose(wanted, "10-4000");
  try {
    render(presenter(), wanted, {});
    FAIL() << "took a part that the film does not have";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(error.message().find("beyond"), std::string::npos) << error.what();
  }
}

// ---- avatar files from anywhere

// Loads all of it, makes a second of motion and draws its end.
void speak_and_draw(const PersonFile& person) {
  static const Sound sound = [] {
    Sound second = media::read_sound(test::presenter_clip(), 16000);
    second.samples.resize(16000);
    return second;
  }();
  const auto motion = motion::generate_motion(person.motion, person.basis, sound, {}, {});
  ASSERT_EQ(motion.size(), 25U);
  avatar::PainterOptions options;
  options.width_px = options.height_px = 32;
  options.threads = 1;
  avatar::FrameState state;
  state.head = motion.back().pose;
  state.weights = motion.back().weights;
  Image picture;
  avatar::Painter(person.avatar, options).paint(state, picture);
  EXPECT_EQ(picture.pixels.size(), 32U * 32U * 3U);
}

PersonFile person_of(std::span<const std::byte> bytes) {
  const TensorFile file = decode_tensor_file(bytes, "damaged");
  return {avatar::Avatar::load(file), face::ExpressionBasis::load(file), motion::MotionModel::load(file)};
}

TEST(HostileAvatar, DamageIsRefusedOrDrawnButNeverCrashes) {
  const std::vector<std::byte> bytes = read_file(presenter(), 64 << 20);
  const int refused = test::expect_survives_mutations(
      bytes, 40, 23, [](std::span<const std::byte> damaged) { speak_and_draw(person_of(damaged)); });
  EXPECT_GT(refused, 5);
}

// Random bytes in one tensor after the other: of the networks of the motion only the first.
TEST(HostileAvatar, NoTensorHasToBeBelieved) {
  const TensorFile good = read_tensor_file(presenter());
  Random random(29);
  for (const auto& [name, tensor] : good.tensors) {
    if (name.starts_with("motion.network") && !name.starts_with("motion.network0")) continue;
    TensorFile bad = good;
    for (std::byte& byte : bad.tensors.at(name).bytes) byte = static_cast<std::byte>(random.below(256));
    try {
      const PersonFile person{avatar::Avatar::load(bad), face::ExpressionBasis::load(bad),
                              motion::MotionModel::load(bad)};
      SCOPED_TRACE(name);
      speak_and_draw(person);
    } catch (const Error& error) {
      EXPECT_FALSE(error.message().empty()) << name;
    }
  }
}

TEST_F(RenderedFilm, OfAFileThatIsNoAvatarIsRefusedAndNotWritten) {
  const auto refusal = [&](const fs::path& avatar) {
    const RenderOptions wanted = options("out.mp4");
    try {
      render(avatar, wanted, {});
    } catch (const Error& error) {
      EXPECT_FALSE(fs::exists(wanted.output));
      EXPECT_FALSE(error.fix().empty()) << error.what();
      return error.code();
    }
    ADD_FAILURE() << "was drawn";
    return ErrorCode::kInternal;
  };
  const fs::path path = folder_.path() / "bad.anima";
  const TensorFile good = read_tensor_file(presenter());
  TensorFile newer = good;
  newer.metadata["anima.avatar_format"] = "2";
  write_tensor_file(path, newer);
  EXPECT_EQ(refusal(path), ErrorCode::kUnsupported);
  TensorFile without = good;
  std::erase_if(without.tensors, [](const auto& entry) { return entry.first.starts_with("motion."); });
  write_tensor_file(path, without);
  EXPECT_EQ(refusal(path), ErrorCode::kCorruptData);
  fs::copy_file(presenter(), path, fs::copy_options::overwrite_existing);
  fs::resize_file(path, fs::file_size(path) / 2);
  EXPECT_EQ(refusal(path), ErrorCode::kCorruptData);
  write_file_atomically(path, std::string());
  EXPECT_EQ(refusal(path), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal(test::presenter_clip()), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal(folder_.path()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal(folder_.path() / "none.anima"), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace anima::studio
