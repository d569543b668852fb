// The mouth's drivers against the exact truth of a film that was computed: the house presenter's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "audio/cepstral_mean.h"
#include "motion/kernel_regression.h"
#include "motion/mouth_input.h"
#include "motion/silence_gate.h"
#include "motion/test_film.h"
#include "support/presenter_clip.h"

namespace anima::motion {
namespace {

constexpr double kSpeaking_px = 4;  // of 256: lips as wide apart as speech alone parts them

struct HeardClip {
  std::vector<audio::SpeechFrame> speech;  // 100 a second
  std::vector<double> lip_opening_px;      // 25 a second
};

HeardClip heard_clip() {
  const Sound sound = media::read_sound(test::presenter_clip(), audio::kSpeechRateHz);
  audio::SpeechFeatureOptions options;
  options.pitch = false;
  options.posteriors.cepstral_mean = audio::cepstral_mean_of(sound);
  return {audio::speech_features(sound, audio::shared_senone_scorer(), options, {}),
          test::presenter_truth(test::kClipSide_px).lip_opening_px};
}

TEST(PresenterClipMotion, TheGateIsOpenWhileSheSpeaksAndShutBefore) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const HeardClip clip = heard_clip();
  SilenceGate gate(audio::load_acoustic_model().silence_phone);
  for (const audio::SpeechFrame& frame : clip.speech) gate.push(frame);
  gate.finish();
  std::vector<float> values;
  for (float value = 0; gate.pull(value);) values.push_back(value);
  ASSERT_GE(values.size(), 4U * (test::kClipFrames - 2));
  for (int i = 0; i < 8; ++i) EXPECT_EQ(values[4 * i + 2], 0) << "film frame " << i;  // she waits 0.7 s
  int speaking = 0;
  for (int i = 0; i < test::kClipFrames - 2; ++i) {
    if (clip.lip_opening_px[i] < kSpeaking_px) continue;
    ++speaking;
    EXPECT_GT(values[4 * i + 2], 0.5F) << "film frame " << i;
  }
  EXPECT_GT(speaking, 50);
}

// Five seconds are little to learn from; that lips open where they truly do must show all the same.
TEST(PresenterClipMotion, LipsAreLearnedFromTheirTruth) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const HeardClip clip = heard_clip();
  const std::vector<MouthInput> inputs = mouth_inputs(clip.speech, test::kClipFrames);
  const InputNormaliser normaliser = InputNormaliser::learn(inputs);
  InputMatrix rows(static_cast<Eigen::Index>(inputs.size()), kMouthInputs);
  for (std::size_t u = 0; u < inputs.size(); ++u) {
    const MouthInput row = normaliser.apply(inputs[u]);
    rows.row(static_cast<Eigen::Index>(u)) = Eigen::Map<const Eigen::RowVectorXf>(row.data(), kMouthInputs);
  }
  std::vector<MouthWeights> targets(test::kClipFrames);
  for (int i = 0; i < test::kClipFrames; ++i) targets[i][0] = static_cast<float>(clip.lip_opening_px[i]);
  // Each fifth of the film is predicted from the others, nine frames apart from them.
  Eigen::ArrayXd predicted(test::kClipFrames), truth(test::kClipFrames);
  for (int fold = 0; fold < 5; ++fold) {
    const int from = test::kClipFrames * fold / 5, to = test::kClipFrames * (fold + 1) / 5;
    std::vector<std::uint8_t> use(test::kClipFrames, 1);
    std::fill(use.begin() + std::max(0, from - 9), use.begin() + std::min(test::kClipFrames, to + 9),
              std::uint8_t{0});
    const KernelRegression model = KernelRegression::fit(rows, targets, use);
    for (int i = from; i < to; ++i) {
      predicted[i] = model.predict(window_at(rows, i))[0];
      truth[i] = clip.lip_opening_px[i];
    }
  }
  const Eigen::ArrayXd p = predicted - predicted.mean(), t = truth - truth.mean();
  const double correlation = (p * t).sum() / std::sqrt(p.square().sum() * t.square().sum());
  RecordProperty("correlation", std::to_string(correlation));
  EXPECT_GT(correlation, 0.7);
}

}  // namespace
}  // namespace anima::motion
