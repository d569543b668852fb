#include "avatar/avatar.h"

#include <gtest/gtest.h>

#include "avatar/painter.h"
#include "avatar/random_scene.h"
#include "core/error.h"

namespace anima::avatar {
namespace {

Avatar small_avatar() {
  Random random(31);
  Avatar avatar;
  avatar.camera = {48, 40, 120, 25, 19};
  avatar.head = random_layer(random, 60, kHeadModes, 4, -0.5);
  avatar.torso = random_layer(random, 40, kTorsoModes, 6, -0.2);
  for (int i = 0; i < avatar.torso.count; ++i) avatar.torso.plane(kPositionZ)[i] += 45;
  avatar.background = Image(48, 40, 3);
  for (auto& p : avatar.background.pixels) p = static_cast<std::uint8_t>(random.below(256));
  avatar.torso_poses = {{{0, 0, 0.1}, {1, 2, 3}}, {{0.2, 0, 0}, {0, 0, 0}}};
  avatar.drivers.mean = {1, 2, 3, 4, 5, 6};
  avatar.metadata["consent"] = "not recorded";
  return avatar;
}

FrameState some_state() {
  FrameState state;
  state.head = {{0.05, -0.1, 0.02}, {0.2, -0.3, 40}};
  state.weights[0] = 0.6F;
  return state;
}

TEST(Avatar, RoundTripsThroughItsFile) {
  const Avatar avatar = small_avatar();
  TensorFile file;
  avatar.save(file);
  const Avatar back = Avatar::load(decode_tensor_file(encode_tensor_file(file), "test"));
  EXPECT_EQ(back.background.pixels, avatar.background.pixels);
  EXPECT_EQ(back.metadata.at("consent"), "not recorded");
  EXPECT_EQ(back.drivers.mean, avatar.drivers.mean);
  ASSERT_EQ(back.torso_poses.size(), 2U);
  EXPECT_NEAR(back.torso_poses[0].translation.y(), 2, 1e-6);
  Image before, after;
  Painter(avatar, {}).paint(some_state(), before);
  Painter(back, {}).paint(some_state(), after);
  double difference = 0;
  for (std::size_t i = 0; i < before.pixels.size(); ++i) {
    difference += std::abs(static_cast<int>(before.pixels[i]) - after.pixels[i]);
  }
  EXPECT_LT(difference / static_cast<double>(before.pixels.size()), 0.7) << "half precision shows";
}

TEST(Avatar, RefusesANewerFormatAndForeignFiles) {
  TensorFile file;
  small_avatar().save(file);
  file.metadata["anima.avatar_format"] = "2";
  try {
    Avatar::load(file);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnsupported);
    EXPECT_NE(e.message().find('2'), std::string::npos);
  }
  EXPECT_THROW(Avatar::load(TensorFile{}), Error);
}

TEST(Avatar, RefusesABackgroundOfAnotherSizeThanTheCamera) {
  TensorFile file;
  small_avatar().save(file);
  file.put("avatar.background", {2, 2, 3}, std::vector<std::uint8_t>(12));
  EXPECT_THROW(Avatar::load(file), Error);
}

TEST(Painter, BackdropsShowWhereThePersonDoesNot) {
  const Avatar avatar = small_avatar();
  FrameState away = some_state();
  away.head.translation.z() = -50;  // behind the camera
  away.torso.translation.z() = -200;
  Image picture;
  PainterOptions colour;
  colour.backdrop = Backdrop::kColour;
  colour.colour = {10, 20, 30};
  Painter(avatar, colour).paint(away, picture);
  EXPECT_EQ(picture.pixels[0], 10);
  EXPECT_EQ(picture.pixels[picture.pixels.size() - 1], 30);
  PainterOptions transparent;
  transparent.backdrop = Backdrop::kTransparent;
  Painter(avatar, transparent).paint(away, picture);
  EXPECT_EQ(picture.channels, 4);
  EXPECT_EQ(picture.pixels[3], 0);
  Painter(avatar, transparent).paint(some_state(), picture);
  EXPECT_GT(*std::max_element(picture.pixels.begin(), picture.pixels.end()), 200);
}

TEST(Painter, ManyAtOnceAreTheSameAsOneByOne) {
  const Avatar avatar = small_avatar();
  std::vector<FrameState> states(5, some_state());
  for (int i = 0; i < 5; ++i) states[i].weights[0] = 0.3F * static_cast<float>(i);
  PainterOptions options;
  options.threads = 3;
  Painter painter(avatar, options);
  std::vector<Image> together;
  painter.paint(states, together);
  ASSERT_EQ(together.size(), 5U);
  for (int i = 0; i < 5; ++i) {
    Image alone;
    painter.paint(states[i], alone);
    EXPECT_EQ(alone.pixels, together[i].pixels) << i;
  }
  EXPECT_NE(together[0].pixels, together[4].pixels);
}

TEST(Painter, RefusesSizesThatMakeNoPicture) {
  const Avatar avatar = small_avatar();
  PainterOptions tiny;
  tiny.width_px = tiny.height_px = 8;
  EXPECT_THROW(Painter(avatar, tiny), Error);
  PainterOptions empty_picture;
  empty_picture.backdrop = Backdrop::kPicture;
  EXPECT_THROW(Painter(avatar, empty_picture), Error);
}

}  // namespace
}  // namespace anima::avatar
