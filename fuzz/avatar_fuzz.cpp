// Attacks the loaders of a person's file (libFuzzer; build with -DANIMA_FUZZ=ON): avatar, face and
// motion. Bytes are read as edits of a small person that is whole, eight bytes each, so that
// damage reaches what lies behind the file format's own checks, which tensor_file_fuzz attacks.
// What is accepted must move to a sound and be drawn.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#include "avatar/avatar.h"
#include "avatar/painter.h"
#include "avatar/random_scene.h"
#include "core/error.h"
#include "core/tensor_file.h"
#include "face/expression_basis.h"
#include "motion/motion_generator.h"
#include "motion/motion_model.h"

namespace {

using namespace anima;

constexpr int kWidth_px = 24, kHeight_px = 20;
constexpr int kFilmFrames = 40;

avatar::Avatar small_avatar(Random& random) {
  avatar::Avatar person;
  person.camera = {kWidth_px, kHeight_px, 60, 12, 10};
  person.head = avatar::random_layer(random, 30, avatar::kHeadModes, 4, -0.5);
  person.torso = avatar::random_layer(random, 20, avatar::kTorsoModes, 6, -0.2);
  person.background = Image(kWidth_px, kHeight_px, 3);
  person.torso_poses = {{{0, 0, 0.1}, {1, 2, 3}}};
  return person;
}

face::ExpressionBasis small_basis(Random& random) {
  face::ExpressionBasis basis;
  basis.neutral = face::Vertices::Zero(face::kLandmarks, 3);
  for (int v = 0; v < face::kLandmarks; ++v) basis.neutral.row(v) << 0.01F * v, 0.02F * (v % 7), 0;
  for (face::Vertices& mode : basis.modes) {
    mode.resize(face::kLandmarks, 3);
    for (Eigen::Index i = 0; i < mode.size(); ++i) mode.data()[i] = static_cast<float>(0.1 * random.normal());
  }
  return basis;
}

motion::MotionModel small_motion(Random& random) {
  motion::MotionModel model;
  const auto noise = [&](std::size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(0.1 * random.normal());
    return values;
  };
  motion::InputMatrix rows(2 * kFilmFrames, motion::kMouthInputs);
  for (Eigen::Index i = 0; i < rows.size(); ++i) rows.data()[i] = static_cast<float>(random.normal());
  std::vector<motion::MouthWeights> targets(kFilmFrames);
  for (int i = 0; i < kFilmFrames; ++i) {
    model.film.poses.push_back(avatar::small_pose(random, 30));
    face::Weights weights{};
    for (float& weight : weights) weight = static_cast<float>(random.normal());
    model.film.weights.push_back(weights);
    model.film.speaking.push_back(i % 3 != 0 ? 1 : 0);
    std::copy_n(weights.begin(), face::kMouthModes, targets[i].begin());
  }
  model.normaliser.scale.fill(1);
  model.importance.fill(1);
  motion::KernelRegressionOptions kernel;
  kernel.ridge = 0.1F;
  const std::vector<std::uint8_t> use(kFilmFrames, 1);
  model.kernel = motion::KernelRegression::fit(rows, targets, use, kernel);
  constexpr std::size_t kChannels = motion::kNetworkChannels;
  motion::MotionNetwork network;
  network.input_weight = noise(kChannels * motion::kMouthInputs);
  network.first_weight = noise(kChannels * kChannels * motion::kFirstTaps);
  network.input_bias = network.first_bias = noise(kChannels);
  for (auto& weight : network.dilated_weight) weight = noise(kChannels * kChannels * 3);
  for (auto& bias : network.dilated_bias) bias = noise(kChannels);
  network.mean_weight = network.log_variance_weight = noise(face::kMouthModes * kChannels);
  network.mean_bias = network.log_variance_bias = noise(face::kMouthModes);
  model.networks.push_back(std::move(network));
  return model;
}

const TensorFile& whole_person() {
  static const TensorFile file = [] {
    Random random(41);
    TensorFile result;
    small_avatar(random).save(result);
    small_basis(random).save(result);
    small_motion(random).save(result);
    return result;
  }();
  return file;
}

const Sound& short_sound() {
  static const Sound sound = [] {
    Random random(43);
    Sound noise{16000, std::vector<float>(6400)};
    for (float& sample : noise.samples) sample = static_cast<float>(0.1 * random.normal());
    return noise;
  }();
  return sound;
}

// One edit: {tensor, what, place (16 bit), value (16 bit), length (16 bit)}.
void edit(TensorFile& file, std::span<const std::uint8_t, 8> bytes) {
  if (file.tensors.empty()) return;
  const auto pick = [&](unsigned index) {
    return std::next(file.tensors.begin(), static_cast<std::ptrdiff_t>(index % file.tensors.size()));
  };
  const auto wide = [&](int at) { return static_cast<unsigned>(bytes[at] | bytes[at + 1] << 8); };
  const auto chosen = pick(bytes[0]);
  Tensor& tensor = chosen->second;
  constexpr std::array<float, 12> kHardFloats = {
      0,   -0.0F, 1,      -1,   1e30F,   -1e30F, std::numeric_limits<float>::infinity(),
      NAN, 65504, 1e-40F, 0.5F, 16777216};
  switch (bytes[1] % 8) {
    case 0:  // a byte
      if (!tensor.bytes.empty())
        tensor.bytes[wide(2) % tensor.bytes.size()] ^= static_cast<std::byte>(bytes[4]);
      break;
    case 1:  // a run of one hard float, of 16 bit where the tensor is
    case 2: {
      const std::size_t size = tensor.type == TensorType::kF16 ? 2 : 4;
      const float value = kHardFloats[bytes[4] % kHardFloats.size()];
      const auto half = static_cast<std::uint16_t>(bytes[4] | bytes[5] << 8);
      const std::size_t count = tensor.bytes.size() / size;
      for (std::size_t i = 0; count > 0 && i <= wide(6); ++i) {
        std::byte* out = tensor.bytes.data() + (wide(2) + i) % count * size;
        if (size == 2)
          std::memcpy(out, &half, 2);
        else
          std::memcpy(out, &value, 4);
      }
      break;
    }
    case 3:  // a changed size, with the bytes that it needs
      if (!tensor.shape.empty()) {
        std::int64_t& size = tensor.shape[wide(2) % tensor.shape.size()];
        const std::int64_t before = std::max<std::int64_t>(1, size);
        size = wide(4) % 64;
        tensor.bytes.resize(tensor.bytes.size() / static_cast<std::size_t>(before) *
                            static_cast<std::size_t>(size));
      }
      break;
    case 4:  // the same bytes in another order of axes
      std::ranges::reverse(tensor.shape);
      break;
    case 5:
      std::swap(tensor, pick(wide(2))->second);
      break;
    case 6:
      file.tensors.erase(chosen);
      break;
    default:
      if (!file.metadata.empty()) {
        auto entry =
            std::next(file.metadata.begin(), static_cast<std::ptrdiff_t>(wide(2) % file.metadata.size()));
        entry->second = std::string(reinterpret_cast<const char*>(&bytes[4]), 4);
      }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  TensorFile file = whole_person();
  for (std::size_t at = 0; at + 8 <= size && at < 64; at += 8) {
    edit(file, std::span<const std::uint8_t, 8>(data + at, 8));
  }
  try {
    const TensorFile read = decode_tensor_file(encode_tensor_file(file), "fuzz");
    const avatar::Avatar person = avatar::Avatar::load(read);
    const face::ExpressionBasis basis = face::ExpressionBasis::load(read);
    const motion::MotionModel model = motion::MotionModel::load(read);
    const auto frames = motion::generate_motion(model, basis, short_sound(), {}, {});
    avatar::PainterOptions options;
    options.width_px = kWidth_px;
    options.height_px = kHeight_px;
    options.threads = 1;
    avatar::FrameState state;
    state.head = frames.back().pose;
    state.weights = frames.back().weights;
    Image picture;
    avatar::Painter(person, options).paint(state, picture);
    if (picture.pixels.size() != static_cast<std::size_t>(kWidth_px) * kHeight_px * 3) std::abort();
  } catch (const Error&) {
    // Refusing is what it should do; anything else is a finding. So is a whole person that is refused:
    // nothing behind the loaders would be attacked.
    if (size < 8) std::abort();
  }
  return 0;
}
