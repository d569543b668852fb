#include "audio/acoustic_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "core/random.h"
#include "test_speech.h"

namespace anima::audio {
namespace {

struct Files {
  std::vector<std::byte> means, variances, mixture_weights, definition;
  AcousticModelBytes view() const { return {means, variances, mixture_weights, definition}; }
};

Files read_model_files() {
  const auto folder = default_acoustic_model_folder();
  const auto read = [&](const char* name) { return read_file(folder / name, 64U << 20U); };
  return {read("means"), read("variances"), read("sendump"), read("mdef")};
}

TEST(AcousticModel, ReadsTheEnglishModel) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const AcousticModel model = load_acoustic_model();
  EXPECT_EQ(model.densities, 128);
  EXPECT_EQ(model.senones, 5126);
  ASSERT_EQ(model.phones.size(), 42U);
  EXPECT_EQ(model.phones[0], "+NSN+");
  EXPECT_EQ(model.phones[2], "AA");
  EXPECT_EQ(model.phones.back(), "ZH");
  EXPECT_EQ(model.phones[model.silence_phone], "SIL");
  EXPECT_EQ(model.phone_index("SIL"), 32);
  EXPECT_EQ(model.phone_index("XX"), -1);
  EXPECT_EQ(model.means.size(), 42U * 3 * 128 * 13);
  EXPECT_GE(std::ranges::min(model.variances), kVarianceFloor);
  // The first 126 senones are the context-independent states, in order.
  for (int s = 0; s < kPhoneStates; ++s) {
    EXPECT_EQ(model.senone_state[s], s);
    EXPECT_EQ(model.senone_phone[s], s / 3);
  }
}

TEST(AcousticModel, MixtureWeightsSumToNearlyOne) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const AcousticModel model = load_acoustic_model();
  for (int stream = 0; stream < kStreams; ++stream) {
    for (int senone = 0; senone < model.senones; senone += 101) {
      double sum = 0;
      for (int d = 0; d < model.densities; ++d) {
        const std::size_t row = static_cast<std::size_t>(stream) * model.densities + d;
        sum += std::exp(-kMixtureWeightStep * model.mixture_weights[row * model.senones + senone]);
      }
      EXPECT_GT(sum, 0.92) << "stream " << stream << " senone " << senone;
      EXPECT_LT(sum, 1.0) << "stream " << stream << " senone " << senone;
    }
  }
}

TEST(AcousticModel, SaysWhatToInstallWhenItIsMissing) {
  try {
    load_acoustic_model("/nonexistent/model");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotReady);
    EXPECT_NE(error.fix().find("pocketsphinx-en-us"), std::string::npos);
  }
}

TEST(AcousticModel, RefusesEveryTruncation) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const Files files = read_model_files();
  for (int which = 0; which < 4; ++which) {
    for (const double part : {0.0, 1e-6, 1e-5, 1e-4, 0.01, 0.5, 0.999999}) {
      AcousticModelBytes view = files.view();
      auto& bytes = which == 0   ? view.means
                    : which == 1 ? view.variances
                    : which == 2 ? view.mixture_weights
                                 : view.definition;
      bytes = bytes.first(static_cast<std::size_t>(bytes.size() * part));
      EXPECT_THROW(parse_acoustic_model(view, "test"), Error) << "file " << which << " part " << part;
    }
  }
}

// Damaged bytes give an error or a model whose every index is in range; never a crash.
TEST(AcousticModel, SurvivesMutation) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const Files files = read_model_files();
  Random random(3);
  int refused = 0;
  for (int round = 0; round < 120; ++round) {
    Files damaged = files;
    auto& bytes = round % 4 == 0   ? damaged.means
                  : round % 4 == 1 ? damaged.variances
                  : round % 4 == 2 ? damaged.mixture_weights
                                   : damaged.definition;
    // Half of the hits in the first bytes, where the counts are.
    for (int hit = 0; hit < 4; ++hit) {
      const auto range = static_cast<std::uint32_t>(round % 2 == 0 ? std::min<std::size_t>(bytes.size(), 1400)
                                                                   : bytes.size());
      bytes[random.below(range)] = static_cast<std::byte>(random.below(256));
    }
    try {
      const AcousticModel model = parse_acoustic_model(damaged.view(), "damaged");
      EXPECT_LT(*std::ranges::max_element(model.senone_state), kPhoneStates);
      EXPECT_EQ(model.mixture_weights.size(),
                static_cast<std::size_t>(model.senones) * model.densities * kStreams);
      EXPECT_TRUE(std::ranges::all_of(model.means, [](float v) { return std::isfinite(v); }));
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::kCorruptData || error.code() == ErrorCode::kUnsupported)
          << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 10);
}

TEST(AcousticModel, RefusesCountsThatWouldAllocateTheWorld) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  Files files = read_model_files();
  const std::int32_t huge = 0x7fffffff;
  // The number of phones, after magic, version, description and the number of base phones.
  std::int32_t description = 0;
  std::memcpy(&description, files.definition.data() + 8, 4);
  std::memcpy(files.definition.data() + 12 + description + 4, &huge, 4);
  EXPECT_THROW(parse_acoustic_model(files.view(), "test"), Error);
}

}  // namespace
}  // namespace anima::audio
