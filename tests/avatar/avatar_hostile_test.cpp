// What a damaged or hostile .anima file can do: be refused, or be drawn. Nothing else.
#include <gtest/gtest.h>

#include "avatar/avatar.h"
#include "avatar/painter.h"
#include "avatar/random_scene.h"
#include "support/mutations.h"

namespace anima::avatar {
namespace {

Avatar tiny_avatar() {
  Random random(41);
  Avatar avatar;
  avatar.camera = {24, 20, 60, 12, 10};
  avatar.head = random_layer(random, 30, kHeadModes, 4, -0.5);
  avatar.torso = random_layer(random, 20, kTorsoModes, 6, -0.2);
  avatar.background = Image(24, 20, 3);
  avatar.torso_poses = {{{0, 0, 0.1}, {1, 2, 3}}};
  return avatar;
}

TEST(AvatarFile, DamageIsRefusedOrDrawnButNeverCrashes) {
  TensorFile file;
  tiny_avatar().save(file);
  const std::vector<std::byte> bytes = encode_tensor_file(file);
  const int refused =
      test::expect_survives_mutations(bytes, 1500, 17, [](std::span<const std::byte> damaged) {
        const Avatar avatar = Avatar::load(decode_tensor_file(damaged, "damaged"));
        PainterOptions options;
        options.width_px = 24;
        options.height_px = 20;
        options.threads = 1;
        FrameState state;
        state.head.translation = {0, 0, 30};
        Image picture;
        Painter(avatar, options).paint(state, picture);
      });
  EXPECT_GT(refused, 100) << "most damage to the header must be noticed";
}

TEST(AvatarFile, ExtremeButFiniteNumbersAreDrawn) {
  Avatar avatar = tiny_avatar();
  Random random(42);
  for (GaussianLayer* layer : {&avatar.head, &avatar.torso}) {
    for (float& value : layer->base) value = static_cast<float>(random.uniform(-6e4, 6e4));
    for (float& value : layer->deltas) value = static_cast<float>(random.uniform(-6e4, 6e4));
  }
  FrameState state;
  state.head.translation = {0, 0, 30};
  state.weights.fill(1e3F);
  Image picture;
  Painter(avatar, {}).paint(state, picture);
  EXPECT_EQ(picture.pixels.size(), 24U * 20U * 3U);
}

}  // namespace
}  // namespace anima::avatar
