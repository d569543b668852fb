#include "presenter/performance/mira_voice.h"

#include <algorithm>

#include "core/error.h"
#include "text/normaliser.h"
#include "voice/enrolment.h"
#include "voice/source_speaker.h"

namespace anima::presenter {
namespace {

// Rows in even distances.
voice::RowMatrix thinned(const voice::RowMatrix& rows, Eigen::Index count) {
  voice::RowMatrix kept(count, rows.cols());
  for (Eigen::Index i = 0; i < count; ++i) kept.row(i) = rows.row(i * rows.rows() / count);
  return kept;
}

}  // namespace

Sound record_slt(std::span<const std::string> sentences, const WorkContext& context) {
  const auto speaker = voice::make_flite_speaker("slt");
  Sound all;
  for (const std::string& sentence : sentences) {
    const Sound spoken = speaker->speak(text::normalise_text(sentence, "en"), 1, context).sound;
    all.sample_rate_hz = spoken.sample_rate_hz;
    all.samples.insert(all.samples.end(), spoken.samples.begin(), spoken.samples.end());
  }
  if (all.samples.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "there is nothing to record", "give sentences, one a line");
  }
  return all;
}

voice::VoiceProfile make_mira_voice(std::span<const std::string> sentences, int moments,
                                    const WorkContext& context) {
  const voice::EnrolmentRequest request = {
      .name = "mira",
      .language = "en",
      .transcript = {},
      .consent = "nobody's voice: flite slt (Carnegie Mellon University, free to use)",
      .recording = record_slt(sentences, context),
      .limit_s = 3600};
  voice::VoiceProfile profile = voice::enrol_voice(request, context);
  profile.native = {{"en", "flite-slt"}};
  const auto kept = std::min<Eigen::Index>(moments, profile.index.rows());
  profile.index = thinned(profile.index, kept);
  profile.envelopes = thinned(profile.envelopes, kept);
  return profile;
}

}  // namespace anima::presenter
