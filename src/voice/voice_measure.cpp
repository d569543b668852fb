#include "voice/voice_measure.h"

#include <ctime>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "audio/join.h"
#include "audio/resampler.h"
#include "audio/vocoder_pitch.h"
#include "core/error.h"
#include "core/temporary_folder.h"
#include "text/normaliser.h"
#include "voice/batch_recogniser.h"
#include "voice/conversion.h"
#include "voice/embedded_engine.h"
#include "voice/enrolment.h"
#include "voice/measurement_sentences.h"
#include "voice/source_speaker.h"
#include "voice/word_errors.h"

namespace anima::voice {
namespace {

constexpr double kMinimumHeldOut_s = 5;
constexpr double kShortReference_s = 10;

// Of this thread: other programs on the machine do not count. What flite and the conversion do
// runs on it; eSpeak NG does not (15 ms a sentence).
double processor_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Sound joined(std::span<const Sound> sounds) {
  Sound all;
  for (const Sound& sound : sounds) {
    if (all.sample_rate_hz == 0) all.sample_rate_hz = sound.sample_rate_hz;
    const Sound same =
        sound.sample_rate_hz == all.sample_rate_hz ? sound : audio::resample(sound, all.sample_rate_hz);
    all.samples.insert(all.samples.end(), same.samples.begin(), same.samples.end());
  }
  return all;
}

// Many voices that are nobody's: what the person must stand out from.
std::vector<Sound> synthetic_voices(const WorkContext& context) {
  std::vector<Sound> voices;
  const auto speak = [&](const SourceSpeaker& speaker, const std::string& language) {
    if (!speaker.readiness().ready) return;
    std::vector<Sound> sentences;
    for (const std::string& sentence : enrolment_sentences(language)) {
      sentences.push_back(speaker.speak(text::normalise_text(sentence, language), 1, context).sound);
    }
    voices.push_back(joined(sentences));
  };
  speak(*make_flite_speaker("rms"), "en");
  speak(*make_flite_speaker("slt"), "en");
  for (const char* voice : {"en-us", "en-gb+f3", "en+m3", "en-us+f5", "en-gb+m7"})
    speak(*make_espeak_speaker(voice), "en");
  for (const char* voice : {"cmn-latn-pinyin", "cmn-latn-pinyin+f2"})
    speak(*make_espeak_speaker(voice), "zh");
  return voices;
}

// The recording again and again, until it is long enough.
Sound repeated(const Sound& recording, double duration_s) {
  Sound result{recording.sample_rate_hz, {}};
  const auto wanted = static_cast<std::size_t>(duration_s * recording.sample_rate_hz);
  while (result.samples.size() < wanted && !recording.samples.empty()) {
    const auto part = std::min(recording.samples.size(), wanted - result.samples.size());
    result.samples.insert(result.samples.end(), recording.samples.begin(),
                          recording.samples.begin() + static_cast<std::ptrdiff_t>(part));
  }
  return result;
}

// The engine as users have it, with the measured voice in a folder of its own.
StreamMeasurement measure_embedded_stream(const VoiceProfile& profile, const std::string& language,
                                          const WorkContext& context) {
  const TemporaryFolder folder;
  Voice voice;
  voice.name = profile.name;
  voice.profile = folder.path() / "measured.voice";
  save_voice_profile(profile, voice.profile);
  EmbeddedEngine engine;
  engine.prepare(voice, language, {.progress = {}, .cancellation = context.cancellation});
  std::string text;
  for (const std::string& sentence : test_sentences(language).first(3)) text += sentence + " ";
  return measure_stream(engine, voice, text, context);
}

double overlap(const PhoneticFrames& a, const PhoneticFrames& b) {
  const std::vector<bool> speech = speech_frames(a);
  const auto count = std::min(a.rows.rows(), b.rows.rows());
  double sum = 0;
  int frames = 0;
  for (Eigen::Index t = 0; t < count; ++t) {
    if (!speech[static_cast<std::size_t>(t)]) continue;
    sum += a.rows.row(t).head(audio::kPhoneStates).dot(b.rows.row(t).head(audio::kPhoneStates));
    ++frames;
  }
  return frames > 0 ? sum / frames : 0;
}

// What is heard of the sentences when only 10 s were enrolled; nothing where those hold too little speech.
std::vector<std::string> recognise_short_reference(EnrolmentRequest request,
                                                   const SourceStatistics& statistics,
                                                   std::span<const Sound> sources,
                                                   const WorkContext& context) {
  auto& samples = request.recording.samples;
  samples.resize(std::min(samples.size(), static_cast<std::size_t>(kShortReference_s) *
                                              static_cast<std::size_t>(request.recording.sample_rate_hz)));
  const WorkContext quiet{.progress = {}, .cancellation = context.cancellation};
  std::shared_ptr<const VoiceProfile> profile;
  try {
    profile = std::make_shared<const VoiceProfile>(enrol_voice(request, quiet));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnusableInput) throw;
    return {};
  }
  const VoiceConversion conversion(profile, statistics, audio::shared_senone_scorer());
  std::vector<Sound> sounds;
  for (const Sound& source : sources) sounds.push_back(conversion.convert(source, context));
  return recognise_batch(sounds, context);
}

}  // namespace

VoiceMeasurement measure_voice(const Sound& recording, const VoiceMeasureOptions& options,
                               const WorkContext& context) {
  VoiceMeasurement result;
  result.language = options.language;
  result.reference_s = options.reference_s > 0 ? options.reference_s : 0.55 * recording.duration_s();
  result.held_out_s = recording.duration_s() - result.reference_s;
  if (result.held_out_s < kMinimumHeldOut_s) {
    throw Error(ErrorCode::kUnusableInput,
                "only " + std::to_string(result.held_out_s) + " s of the recording are left to compare with",
                "measure with a recording of 20 s or more, or enrol less of it");
  }
  const auto cut = static_cast<std::ptrdiff_t>(result.reference_s * recording.sample_rate_hz);
  EnrolmentRequest request;
  request.name = "measured";
  request.language = options.recording_language;
  request.recording = {recording.sample_rate_hz,
                       {recording.samples.begin(), recording.samples.begin() + cut}};
  result.held_out = {recording.sample_rate_hz, {recording.samples.begin() + cut, recording.samples.end()}};

  const auto scorer = audio::shared_senone_scorer();
  double started_s = processor_s();
  const auto profile = std::make_shared<const VoiceProfile>(enrol_voice(request, context));
  result.enrolment_s = processor_s() - started_s;
  {
    EnrolmentRequest minute = request;
    minute.recording = repeated(recording, 60);
    const WorkContext quiet{.progress = {}, .cancellation = context.cancellation};
    started_s = processor_s();
    enrol_voice(minute, quiet);
    result.enrolment_60_s = processor_s() - started_s;
  }
  result.person_pitch_hz = profile->quality.median_pitch_hz;

  const auto speaker = make_source_speaker(options.language, result.person_pitch_hz);
  SourceStatistics statistics =
      measure_source(*speaker, enrolment_sentences(options.language), scorer, context);
  statistics.language = options.language;
  const VoiceConversion conversion(profile, statistics, scorer);
  StageProgress progress(context, "speaking the test sentences");
  // What single sentences report would only flicker.
  const WorkContext quiet{.progress = {}, .cancellation = context.cancellation};
  const auto sentences = test_sentences(options.language);
  std::vector<Sound> sources;
  std::vector<double> first_s;
  std::vector<float> pitch_hz;
  double worked_s = 0;
  double sound_s = 0;
  for (const std::string& sentence : sentences) {
    started_s = processor_s();
    const SourceSpeech source = speaker->speak(text::normalise_text(sentence, {}), 1, quiet);
    Sound sound;
    sound.sample_rate_hz = audio::kVocoderRateHz;
    audio::SoundJoiner joiner(sound.sample_rate_hz);
    double first = -1;
    conversion.convert(
        source.sound, 0, source.sound.duration_s(),
        [&](std::span<const float> samples) {
          if (first < 0) first = processor_s() - started_s;
          joiner.add(samples, sound.samples);
        },
        quiet);
    joiner.end_piece(0.1, sound.samples);
    worked_s += processor_s() - started_s;
    sound_s += sound.duration_s();
    first_s.push_back(first);
    const std::vector<float> track = audio::track_vocoder_pitch(sound).f0_hz;
    pitch_hz.insert(pitch_hz.end(), track.begin(), track.end());
    for (const float sample : sound.samples) result.clipped_samples += std::abs(sample) >= kFullScale ? 1 : 0;
    result.greatest_step = std::max<double>(result.greatest_step, audio::greatest_step(sound.samples));
    PhoneticNormalisation ignored;
    result.phones_kept +=
        overlap(phonetic_frames(audio::resample(source.sound, audio::kSpeechRateHz), scorer, ignored, quiet),
                phonetic_frames(audio::resample(sound, audio::kSpeechRateHz), scorer, ignored, quiet)) /
        static_cast<double>(sentences.size());
    result.said.push_back(sentence);
    result.sounds.push_back(std::move(sound));
    sources.push_back(source.sound);
    progress.update(static_cast<double>(sources.size()), static_cast<double>(sentences.size()));
  }
  std::sort(first_s.begin(), first_s.end());
  result.first_sound_work_s = first_s[first_s.size() / 2];
  result.speed = sound_s / std::max(worked_s, 1e-6);
  result.clone_pitch_hz = audio::median_pitch_hz(pitch_hz);

  context.report({.stage = "speaking as a stream", .fraction = -1, .remaining_s = -1, .figures = {}});
  result.stream = measure_embedded_stream(*profile, options.language, context);

  context.report({.stage = "comparing the voices", .fraction = -1, .remaining_s = -1, .figures = {}});
  std::vector<Sound> others = synthetic_voices(context);
  others.insert(others.end(), options.other_voices.begin(), options.other_voices.end());
  context.cancellation.throw_if_requested("measuring");
  const SpeakerLikeness likeness(result.held_out, others);
  result.person = likeness.judge(request.recording);
  result.clone = likeness.judge(joined(result.sounds));
  result.source = likeness.judge(joined(sources));

  if (options.recognise && options.language == "en" && batch_recogniser_readiness().ready) {
    context.report({.stage = "recognising the words", .fraction = -1, .remaining_s = -1, .figures = {}});
    result.heard = recognise_batch(result.sounds, context);
    const std::vector<std::string> source_heard = recognise_batch(sources, context);
    const std::vector<std::string> short_heard =
        recognise_short_reference(request, statistics, sources, context);
    result.words = result.clone_word_errors = result.source_word_errors = 0;
    result.short_reference_word_errors = short_heard.empty() ? -1 : 0;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      const std::vector<std::string> said = words_for_comparison(sentences[i]);
      result.words += static_cast<int>(said.size());
      result.clone_word_errors += count_word_errors(said, words_for_comparison(result.heard[i]));
      result.source_word_errors += count_word_errors(said, words_for_comparison(source_heard[i]));
      if (short_heard.empty()) continue;
      result.short_reference_word_errors += count_word_errors(said, words_for_comparison(short_heard[i]));
    }
  }
  return result;
}

}  // namespace anima::voice
