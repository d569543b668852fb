#include "voice/stream_measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "voice/speech_stream.h"

namespace anima::voice {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kRuns = 5;
constexpr double kAroundJoin_s = 0.005;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void measure_joins(VoiceEngine& engine, const SpeechRequest& request, const std::string& text,
                   const WorkContext& context, StreamMeasurement& result) {
  std::vector<float> samples;
  std::vector<std::size_t> joins;
  int rate_hz = 0;
  SpeechStreamOptions options;
  options.cancellation = context.cancellation;
  SpeechStream stream(
      engine, request,
      [&](const StreamedSpeech& piece) {
        rate_hz = piece.sound.sample_rate_hz;
        if (!piece.text.empty() && !samples.empty()) joins.push_back(samples.size());
        samples.insert(samples.end(), piece.sound.samples.begin(), piece.sound.samples.end());
      },
      options);
  stream.push(text);
  stream.finish();
  for (const float sample : samples) result.clipped_samples += std::abs(sample) >= kFullScale ? 1 : 0;
  result.joins = static_cast<int>(joins.size());
  // A pause follows a clause: its end is where the last sound was, its join with the next one is here.
  const auto around = static_cast<std::size_t>(kAroundJoin_s * rate_hz);
  const auto step_around = [&](std::size_t at) {
    double greatest = 0;
    for (std::size_t i = at > around ? at - around : 1; i < std::min(at + around, samples.size()); ++i) {
      greatest = std::max<double>(greatest, std::abs(samples[i] - samples[i - 1]));
    }
    return greatest;
  };
  for (const std::size_t join : joins) {
    std::size_t end_of_sound = join;
    while (end_of_sound > 0 && samples[end_of_sound - 1] == 0) --end_of_sound;
    // The fade ends where the samples become zero: a step there would be the click.
    const double step = std::max(step_around(join), step_around(end_of_sound));
    result.greatest_join_step = std::max(result.greatest_join_step, step);
    result.clicks += step > kClickStep ? 1 : 0;
  }
}

// Speaks until `parts` parts of sound were heard, then asks to stop; what comes after that is counted.
void measure_start_and_stop(VoiceEngine& engine, const SpeechRequest& request, const std::string& text,
                            int parts, StreamMeasurement& result, std::vector<double>& first_s) {
  int heard = 0;
  double sound_after_s = 0;
  Clock::time_point stop{};
  SpeechStreamOptions options;
  const Clock::time_point begin = Clock::now();
  SpeechStream stream(
      engine, request,
      [&](const StreamedSpeech& piece) {
        if (heard == 0) first_s.push_back(seconds_since(begin));
        if (heard >= parts) sound_after_s += piece.sound.duration_s();
        if (++heard == parts) {
          stop = Clock::now();
          options.cancellation.request();
        }
      },
      options);
  stream.push(text);
  try {
    stream.finish();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) throw;
  }
  result.cancel_s = std::max(result.cancel_s, seconds_since(stop));
  result.sound_after_cancel_s = std::max(result.sound_after_cancel_s, sound_after_s);
}

}  // namespace

StreamMeasurement measure_stream(VoiceEngine& engine, const Voice& voice, const std::string& text,
                                 const WorkContext& context) {
  StreamMeasurement result;
  SpeechRequest request;
  request.voice = voice;
  measure_joins(engine, request, text, context, result);
  std::vector<double> first_s;
  for (int run = 0; run < kRuns; ++run) {
    context.cancellation.throw_if_requested("measuring");
    measure_start_and_stop(engine, request, text, 1 + 4 * run, result, first_s);
  }
  std::sort(first_s.begin(), first_s.end());
  result.first_sound_s = first_s[first_s.size() / 2];
  return result;
}

}  // namespace anima::voice
