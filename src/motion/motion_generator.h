// Sound in, motion out, 25 frames a second, while the sound is still being heard.
//
//   MotionGenerator generator(model, basis, {});
//   generator.push(samples_at_16_khz);         // any number, any time
//   MotionFrame frame;
//   while (generator.pull(frame)) show(frame); // in order
//   generator.finish();                        // at the end of the sound; then pull the rest
#pragma once

#include <deque>
#include <optional>
#include <span>

#include "audio/speech_features.h"
#include "face/expression_basis.h"
#include "motion/head_motion.h"
#include "motion/motion_model.h"
#include "motion/silence_gate.h"

namespace anima::motion {

struct MotionOptions {
  float mouth_amplitude = 1;  // 0 to 3: how far the mouth moves from rest, relative to the prediction
  BlinkMode blink = BlinkMode::kNatural;
  double blink_period_s = 4;  // of BlinkMode::kPeriodic
  HeadMotionOptions head;     // its seed is not used: `seed` is
  float lle_fraction = 0.5F;  // 0 to 1: how far mouths are drawn to those of the film
  float temperature = 0;      // 0 to 2: noise, smooth in time, of the predicted standard deviation times this
  float silence = 1;          // 0 to 1: how far the mouth goes to rest where nobody speaks
  std::uint64_t seed = 1;
  // Of the whole sound, where it is known (audio::cepstral_mean_of): a little better than the
  // running mean that a live stream must use.
  std::optional<audio::Cepstra> cepstral_mean;
};

struct MotionFrame {
  long long index = 0;  // frame i belongs to samples 640 i to 640 (i + 1) of the 16 kHz sound
  face::HeadPose pose;
  face::Weights weights{};
  float confidence = 0;  // 0 to 1: how sure the mouth is
  float speaking = 0;    // 0 in silence, 1 in speech
  FilmPosition film;     // where pose, brows and gaze come from: the torso can follow it
};

// One person's motion for one sound. Not safe for concurrent use. The same model, options and
// sound give the same frames, however the sound is cut into pushes. A frame comes out once the
// sound up to 386 ms after its start was pushed; n samples give ceil(n / 640) frames. Memory does
// not grow with the sound as long as frames are pulled.
class MotionGenerator {
 public:
  static constexpr double kLookAhead_s = 0.386;

  // `model` and `basis` must outlive this. Throws Error: kInvalidArgument for an option out of
  // range, kNotReady without the acoustic model.
  MotionGenerator(const MotionModel& model, const face::ExpressionBasis& basis, const MotionOptions& options);

  void push(std::span<const float> samples);
  void finish();
  bool pull(MotionFrame& frame);

 private:
  void listen();
  bool mouth_of_next(MouthPrediction& prediction, float& speaking);
  MouthWeights noise();
  void keep_lips_apart(face::Weights& weights) const;
  void move_eyes(const FilmPosition& at, face::Weights& weights);

  const MotionModel& model_;
  const face::ExpressionBasis& basis_;
  MotionOptions options_;
  audio::SpeechFeatureStream features_;
  SilenceGate gate_;
  MouthManifold manifold_;
  HeadMotion head_;
  // A still head has living eyes: theirs come from the film, less what they did to make up for
  // the turns of the head there.
  std::optional<HeadMotion> eyes_;
  Eigen::Matrix2d gaze_by_turn_ = Eigen::Matrix2d::Zero();
  BlinkGenerator blinks_;
  float neutral_gap_ = 0;        // lip gap of the neutral face, head units; negative would be overlap
  float rest_gap_ = 0;           // and of the mouth at rest
  MouthWeights gap_gradient_{};  // of the gap by the mouth weights
  MouthWeights gap_step_{};      // the smallest movement of the lips that widens the gap by 1
  Random noise_random_;
  MouthWeights noise_slow_{}, noise_fast_{};

  std::optional<audio::SpeechFrame> odd_frame_;  // the first of a pair that is not complete
  std::deque<MouthInput> rows_;                  // normalised, from `first_row_` on
  long long first_row_ = 0;
  std::deque<float> gate_values_;  // four per frame, from the next frame on
  float last_gate_ = 0;
  long long samples_ = 0;
  long long next_ = 0;
  bool finished_ = false;
};

// The motion of a whole sound at 16 kHz, with its own cepstral mean. Throws as above, and
// Error(kInvalidArgument) for another rate, kCancelled.
std::vector<MotionFrame> generate_motion(const MotionModel& model, const face::ExpressionBasis& basis,
                                         const Sound& sound, MotionOptions options,
                                         const WorkContext& context);

}  // namespace anima::motion
