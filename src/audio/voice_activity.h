// When somebody speaks, on a microphone that is never silent.
//
// The noise's spectrum is followed in 40 mel bands: it sinks fast and rises slowly, so that speech
// does not become noise, but never lies under the least that the last 1.5 to 3 s had (Martin, "Noise
// Power Spectral Density Estimation Based on Optimal Smoothing and Minimum Statistics", 2001): even
// long sentences have gaps in each band. A frame is speech where enough bands stand out of it. A beginning
// needs several such frames, an end a while without: neither a click nor a breath makes a turn. After the
// idea of Sohn, Kim and Sung, "A Statistical Model-Based Voice Activity Detection", 1999, with the likelihood
// ratio replaced by the mean excess of the bands' logarithms.
#pragma once

#include <span>
#include <vector>

#include "audio/frame_spectrum.h"
#include "audio/log_mel.h"

namespace anima::audio {

struct VoiceActivityOptions {
  double begin_after_s = 0.08;  // speech frames needed to begin
  double end_after_s = 0.50;    // frames without speech needed to end
  double lead_s = 0.20;         // a beginning is dated this much earlier, so that no consonant is lost
  float threshold_nats = 0.9F;  // mean excess over the noise; lower hears more, and more noise
  float quietest_db = -62;      // of full scale: quieter frames are never speech
};

struct VoiceActivityEvent {
  bool speech_began = false;  // else it ended
  double time_s = 0;          // from the start of the stream
};

// Streams at 16 kHz; how the sound is cut into pushes changes nothing. About a hundredth of real time.
class VoiceActivity {
 public:
  explicit VoiceActivity(const VoiceActivityOptions& options = {});
  // Appends what was found, in order.
  void push(std::span<const float> samples, std::vector<VoiceActivityEvent>& events);
  // The end of the stream ends speech too.
  void finish(std::vector<VoiceActivityEvent>& events);
  bool speaking() const { return speaking_; }

 private:
  void take(const FrameSpectrum& frame, std::vector<VoiceActivityEvent>& events);

  VoiceActivityOptions options_;
  FrameSpectrumStream spectra_;
  LogMel log_mel_;
  MelBands noise_{};
  MelBands smooth_{};
  MelBands least_{};         // of smooth_ in this window
  MelBands least_before_{};  // in the one before
  long long frames_ = 0;
  bool speaking_ = false;
  double speech_run_s_ = 0;
  double quiet_run_s_ = 0;
};

}  // namespace anima::audio
