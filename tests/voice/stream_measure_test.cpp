#include "voice/stream_measure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"

namespace anima::voice {
namespace {

// Speaks a constant for each clause: the joiner's fades are all that keeps it from clicking.
class ConstantEngine : public VoiceEngine {
 public:
  explicit ConstantEngine(float level) : level_(level) {}
  std::string name() const override { return "constant"; }
  EngineCapabilities capabilities() const override {
    EngineCapabilities capabilities;
    capabilities.word_timings = true;
    return capabilities;
  }
  EngineReadiness readiness() const override { return {true, {}, {}}; }
  void synthesize(const SpeechRequest& /*request*/, const SpeechSink& sink,
                  const WorkContext& context) override {
    ++requests;
    for (int part = 0; part < 10; ++part) {
      context.cancellation.throw_if_requested("speaking");
      SpeechPiece piece;
      piece.sound = {24000, std::vector<float>(4800, level_)};
      if (part == 0) piece.words = {{"constant", 0, 2}};
      sink(piece);
    }
  }
  int requests = 0;

 private:
  float level_;
};

class FailingEngine : public ConstantEngine {
 public:
  FailingEngine() : ConstantEngine(0) {}
  void synthesize(const SpeechRequest& /*request*/, const SpeechSink& /*sink*/,
                  const WorkContext& /*context*/) override {
    throw Error(ErrorCode::kExternal, "it does not speak");
  }
};

constexpr const char* kText = "The first sentence is here. The second one follows. And the third one ends.";

TEST(StreamMeasure, CountsJoinsAndFindsNoClickWhereTheyAreFaded) {
  ConstantEngine engine(0.5F);
  const StreamMeasurement measured = measure_stream(engine, {}, kText, {});
  EXPECT_EQ(measured.joins, 2);
  EXPECT_EQ(measured.clicks, 0);
  EXPECT_GT(measured.greatest_join_step, 0);
  EXPECT_LT(measured.greatest_join_step, kClickStep);
  EXPECT_EQ(measured.clipped_samples, 0);
  EXPECT_GE(engine.requests, 3 + 5);
}

TEST(StreamMeasure, CountsClippedSamples) {
  ConstantEngine engine(1.0F);
  EXPECT_GT(measure_stream(engine, {}, kText, {}).clipped_samples, 1000);
}

TEST(StreamMeasure, HearsAtMostOnePartAfterAStop) {
  ConstantEngine engine(0.5F);
  EXPECT_LE(measure_stream(engine, {}, kText, {}).sound_after_cancel_s, 0.05);
}

TEST(StreamMeasure, PassesOnWhyAnEngineFails) {
  FailingEngine engine;
  EXPECT_THROW(measure_stream(engine, {}, kText, {}), Error);
}

}  // namespace
}  // namespace anima::voice
