#include "hearing/forced_alignment.h"

#include <algorithm>

#include "audio/acoustic_model.h"
#include "audio/phone_alignment.h"
#include "audio/resampler.h"
#include "audio/speech_features.h"
#include "core/error.h"
#include "core/utf8.h"
#include "hearing/hearing_engine.h"
#include "hearing/long_sound_splitter.h"
#include "hearing/pronunciation.h"

namespace anima::hearing {
namespace {

// Measured (mean_match): English by eSpeak NG -1.9, other English texts on it -3.0 and -3.1; Mandarin by
// eSpeak NG -2.3, others -2.75 and -2.9; a real Mandarin speaker -2.4, another text of the same length -2.6,
// which is let pass.
constexpr double kLowestMatch = -2.7;
constexpr float kSilenceBelowSpeech_db = 45;

// Their order is that of the posteriors. Loaded once.
const std::vector<std::string>& model_phones() {
  static const std::vector<std::string> phones = audio::load_acoustic_model().phones;
  return phones;
}

// What is far softer than the speech is silence, whatever its spectrum: the model was trained on the silence
// of rooms, and takes digital silence and faint noise for all kinds of sounds.
void mark_silence(const std::vector<audio::SpeechFrame>& frames,
                  std::vector<audio::PhonePosteriors>& posteriors) {
  std::vector<float> levels_db;
  for (const audio::SpeechFrame& frame : frames) levels_db.push_back(frame.energy_db);
  if (levels_db.empty()) return;
  std::sort(levels_db.begin(), levels_db.end());
  const float loud_db = levels_db[levels_db.size() * 95 / 100];
  const auto silence =
      std::find(model_phones().begin(), model_phones().end(), "SIL") - model_phones().begin();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].energy_db > loud_db - kSilenceBelowSpeech_db) continue;
    posteriors[i].fill(0);
    for (int state = 0; state < audio::kStatesPerPhone; ++state) {
      posteriors[i][static_cast<std::size_t>(silence * audio::kStatesPerPhone + state)] =
          1.0F / audio::kStatesPerPhone;
    }
  }
}

// Throws where the text cannot be aligned.
Transcript align(const std::string& text, const std::string& language, const Sound& sound,
                 const WorkContext& context) {
  Transcript transcript{.text = text, .language = language, .words = {}, .times = TimeSource::kAligned};
  const std::vector<std::string> words = words_to_show(text);
  const Sound heard =
      sound.sample_rate_hz == kHearingRate_hz ? sound : audio::resample(sound, kHearingRate_hz);
  const std::shared_ptr<const audio::SenoneScorer> scorer = audio::shared_senone_scorer();
  audio::SpeechFeatureOptions options;
  options.pitch = false;
  const std::vector<audio::SpeechFrame> frames = audio::speech_features(heard, scorer, options, context);
  std::vector<audio::PhonePosteriors> posteriors(frames.size());
  std::transform(frames.begin(), frames.end(), posteriors.begin(),
                 [](const audio::SpeechFrame& frame) { return frame.posteriors; });
  mark_silence(frames, posteriors);
  const std::vector<audio::AlignmentWord> pronounced =
      pronounce(words, *shared_pronunciation_dictionary(), context);
  const audio::PhoneAlignment alignment =
      audio::align_phones(pronounced, posteriors, model_phones(), context);
  if (alignment.mean_match < kLowestMatch) {
    throw Error(ErrorCode::kUnusableInput, "the text is not that of the sound", "check the transcript");
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const double end_s =
        std::min(alignment.words[i].end_s, sound.duration_s());  // the last frame may reach beyond
    transcript.words.push_back({words[i], std::min(alignment.words[i].start_s, end_s), end_s});
  }
  return transcript;
}

}  // namespace

Transcript estimate_word_times(const std::string& text, const std::string& language, const Sound& sound) {
  Transcript transcript{.text = text, .language = language, .words = {}, .times = TimeSource::kEstimated};
  const std::vector<std::string> words = words_to_show(text);
  std::vector<SoundPiece> voiced = split_at_pauses(sound, {.longest_s = 5});
  if (voiced.empty()) voiced = {{0, sound.duration_s()}};
  double voiced_s = 0;
  for (const SoundPiece& piece : voiced) voiced_s += piece.end_s - piece.start_s;
  double total = 0;
  for (const std::string& word : words) total += static_cast<double>(count_code_points(word));

  // From time of speech, pauses left out, to time of the sound.
  const auto real_s = [&](double speech_s) {
    for (const SoundPiece& piece : voiced) {
      const double length_s = piece.end_s - piece.start_s;
      if (speech_s <= length_s) return piece.start_s + speech_s;
      speech_s -= length_s;
    }
    return voiced.back().end_s;
  };
  double done = 0;
  for (const std::string& word : words) {
    const double next = done + static_cast<double>(count_code_points(word));
    transcript.words.push_back({word, real_s(voiced_s * done / total), real_s(voiced_s * next / total)});
    done = next;
  }
  return transcript;
}

Transcript align_text(const std::string& text, const std::string& language, const Sound& sound,
                      const WorkContext& context) {
  if (words_to_show(text).empty())
    return {.text = text, .language = language, .words = {}, .times = TimeSource::kNone};
  try {
    return align(text, language, sound, context);
  } catch (const Error& error) {
    const bool mismatch = error.code() == ErrorCode::kUnusableInput || error.code() == ErrorCode::kNotReady ||
                          error.code() == ErrorCode::kResourceExhausted ||
                          error.code() == ErrorCode::kExternal;
    if (!mismatch) throw;
    return estimate_word_times(text, language, sound);  // and `times` says so
  }
}

void add_word_times(Transcript& transcript, const Sound& sound, const WorkContext& context) {
  if (transcript.times == TimeSource::kRecogniser || transcript.times == TimeSource::kAligned) return;
  Transcript aligned = align_text(transcript.text, transcript.language, sound, context);
  if (transcript.times == TimeSource::kEstimated && aligned.times == TimeSource::kEstimated) return;
  transcript.words = std::move(aligned.words);
  transcript.times = aligned.times;
}

}  // namespace anima::hearing
