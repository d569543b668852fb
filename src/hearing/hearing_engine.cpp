#include "hearing/hearing_engine.h"

#include "core/error.h"

namespace anima::hearing {
namespace {

class CollectingStream final : public HearingStream {
 public:
  CollectingStream(HearingEngine& engine, HearingRequest request)
      : engine_(engine), request_(std::move(request)) {
    sound_.sample_rate_hz = kHearingRate_hz;
  }

  void push(std::span<const float> samples, const WorkContext& context) override {
    context.cancellation.throw_if_requested("listening");
    require_bounded(sound_.samples.size() + samples.size());
    sound_.samples.insert(sound_.samples.end(), samples.begin(), samples.end());
  }

  std::string partial() const override { return {}; }

  Transcript finish(const WorkContext& context) override {
    return engine_.transcribe(sound_, request_, context);
  }

 private:
  HearingEngine& engine_;
  HearingRequest request_;
  Sound sound_;
};

}  // namespace

void require_bounded(std::size_t utterance_samples) {
  if (utterance_samples <= std::size_t{3600} * kHearingRate_hz) return;
  throw Error(ErrorCode::kInvalidArgument, "more than an hour of speech without an end",
              "end the utterance at a pause and start another");
}

std::unique_ptr<HearingStream> HearingEngine::open_stream(const HearingRequest& request) {
  return std::make_unique<CollectingStream>(*this, request);
}

}  // namespace anima::hearing
