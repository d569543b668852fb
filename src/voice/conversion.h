// Speech of a source speaker in the voice of an enrolled person.
//
// Two predictions of the target's spectral envelope are mixed: a ridge regression from phonetic
// features, learnt on the person's recording alone (clear, a little dull), and the mean of the k
// nearest moments of that recording, near both in phonetic features and to the regression's answer
// (retrieval: the person's own timbre). Where the person was recorded long enough and in the
// language that is spoken, the mix is then drawn towards the moments of the recording that are nearest to the
// mix itself, so that it lies among the sounds that this person makes. The variance, which averaging has
// shrunk, is restored; ln F0 is mapped by median and spread; voicing and rhythm stay the source's.
// (Retrieval-based conversion in the manner of Baas, van Niekerk and Kamper, "Voice Conversion With Just
// Nearest Neighbors", 2023; the second retrieval is locally linear projection of the simplest kind, as in
// Roweis and Saul, 2000; variance: Toda, Black and Tokuda, "Voice Conversion Based on Maximum-Likelihood
// Estimation of Spectral Parameter Trajectory", 2007.)
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/progress.h"
#include "core/sound.h"
#include "voice/source_speaker.h"
#include "voice/voice_profile.h"

namespace anima::voice {

// What conversion needs to know of a source speaker: the same for all enrolled voices.
struct SourceStatistics {
  std::string name;
  std::string language;  // of the enrolment sentences
  PhoneticNormalisation normalisation;
  PitchStatistics pitch;
  float level_mean = 0;  // c[0] of the envelope over speech
  float level_deviation = 1;
  // Phonetic features of the enrolment sentences, speech only, stacked: to learn how conversion
  // of this speaker shrinks the variance.
  RowMatrix sample;  // [frame][kPhoneticStack]
};

// Speaks the speaker's ten enrolment sentences and measures: about a second of work.
SourceStatistics measure_source(const SourceSpeaker& speaker, std::span<const std::string> sentences,
                                std::shared_ptr<const audio::SenoneScorer> scorer,
                                const WorkContext& context);
void save_source_statistics(const SourceStatistics& statistics, const std::filesystem::path& path);
SourceStatistics load_source_statistics(const std::filesystem::path& path);

struct ConversionOptions {
  int neighbours = 4;
  // Of the regression in the mix; the rest is the neighbours' mean. Sounds that a short recording, or one
  // in another language, does not hold are left to the regression: retrieval would take wrong ones. Words
  // lost by 10 s references, of 548: 20 with 0.7, 13 with 1.
  float regression_share = 0.5F;
  float short_regression_share = 1;
  float foreign_regression_share = 0.6F;
  // How far the mix is drawn towards the mean of the moments nearest to it; not at all in those cases.
  float person_share = 0.5F;
  int person_neighbours = 16;
  float variance_power = 0.7F;  // 1 restores the target's spread, 0 leaves the mix as it is
  float mean_share = 0.5F;      // how much of the mix's offset from the target's mean is taken out
  float level_share = 0.5F;     // c[0]: predicted; the rest follows the source's loudness
  std::uint64_t seed = 1;
};

// One source speaker to one voice. Built once (about 50 ms); `convert` is safe from several
// threads at once.
class VoiceConversion {
 public:
  VoiceConversion(std::shared_ptr<const VoiceProfile> profile, SourceStatistics source,
                  std::shared_ptr<const audio::SenoneScorer> scorer, const ConversionOptions& options = {});

  const VoiceProfile& profile() const { return *profile_; }
  const ConversionOptions& options() const { return options_; }

  // Pieces of up to kPiece_s at audio::kVocoderRateHz, in order, as soon as they are known; as loud as
  // speech is wanted (audio::kSpeechLufs), no sample at full scale.
  using Sink = std::function<void(std::span<const float> samples)>;
  static constexpr double kPiece_s = 0.2;

  // Converts [begin_s, end_s) of `speech`; what lies outside serves as context. A stop is seen
  // before each piece.
  void convert(const Sound& speech, double begin_s, double end_s, const Sink& sink,
               const WorkContext& context) const;
  Sound convert(const Sound& speech, const WorkContext& context) const;

 private:
  RowMatrix predict(const RowMatrix& stacked) const;
  RowMatrix nearest_mean(const RowMatrix& wanted, int neighbours) const;

  std::shared_ptr<const VoiceProfile> profile_;
  SourceStatistics source_;
  std::shared_ptr<const audio::SenoneScorer> scorer_;
  ConversionOptions options_;
  float regression_share_ = 1;
  float person_share_ = 0;
  float gain_ = 1;
  audio::EnvelopeCepstrum cepstrum_;
  Eigen::VectorXf index_norms_;
  RowMatrix joint_projection_;  // stacked features and 1 -> [principal components, envelope]
  RowVector mix_mean_;
  RowVector mix_gain_;
  RowVector mix_target_;
};

}  // namespace anima::voice
