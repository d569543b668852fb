// How good a clone is, in numbers: `anima voice measure`.
//
// The recording is cut: the first part is enrolled, the rest, which enrolment never sees, is what
// the clone is compared with. Ten test sentences are spoken.
#pragma once

#include <string>
#include <vector>

#include "core/progress.h"
#include "core/sound.h"
#include "voice/speaker_likeness.h"
#include "voice/stream_measure.h"
#include "voice/voice_engine.h"

namespace anima::voice {

struct VoiceMeasureOptions {
  std::string language = "en";      // of the test sentences: "en" or "zh"
  std::string recording_language;   // primary tag of BCP 47; empty: unknown
  double reference_s = 0;           // enrolled; 0: 55 % of the recording
  bool recognise = true;            // count words lost (English only; needs the package pocketsphinx)
  std::vector<Sound> other_voices;  // of other people, beside the synthetic ones, for the likeness
};

struct VoiceMeasurement {
  std::string language;
  double reference_s = 0;
  double held_out_s = 0;
  // Intelligibility. -1 where it was not measured.
  int words = -1;
  int source_word_errors = -1;  // of the source speaker, unconverted
  int clone_word_errors = -1;
  double word_error_rate() const { return words > 0 ? static_cast<double>(clone_word_errors) / words : -1; }
  // Share of phone identity that survives conversion, 0 to 1 (overlap of the phone posteriors of the
  // source and the clone over speech): serves where no recogniser knows the language.
  double phones_kept = 0;
  // Likeness on held-out speech: the person's own enrolled part, the clone, the source speaker.
  Likeness person;
  Likeness clone;
  Likeness source;
  double likeness_share() const {
    return person.channel_normalised > 0 ? clone.channel_normalised / person.channel_normalised : 0;
  }
  double person_pitch_hz = 0;
  double clone_pitch_hz = 0;
  double enrolment_s = 0;         // seconds of work
  double enrolment_60_s = 0;      // of a recording of 60 s (this one, repeated)
  double speed = 0;               // seconds of sound per second of work, all steps, one thread
  double first_sound_work_s = 0;  // seconds of work to the first sound, median over the sentences
  double greatest_step = 0;       // between neighbouring samples
  int clipped_samples = 0;        // at full scale
  StreamMeasurement stream;       // the same as a conversation hears it
  // With the first 10 s of the recording only. -1 where it was not measured.
  int short_reference_word_errors = -1;
  double short_reference_word_error_rate() const {
    return words > 0 && short_reference_word_errors >= 0
               ? static_cast<double>(short_reference_word_errors) / words
               : -1;
  }
  std::vector<std::string> said;
  std::vector<std::string> heard;
  std::vector<Sound> sounds;  // of the clone, one for each sentence
  Sound held_out;             // to look at beside them
};

// Takes one to two minutes. Throws as `enrol_voice` does, and Error(kUnusableInput)
// where the rest is under 5 s.
VoiceMeasurement measure_voice(const Sound& recording, const VoiceMeasureOptions& options,
                               const WorkContext& context);

}  // namespace anima::voice
