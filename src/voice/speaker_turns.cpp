#include "voice/speaker_turns.h"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace anima::voice {
namespace {

constexpr Eigen::Index kWindow = 100;  // frames: a second of speech holds most of a language's sounds
constexpr Eigen::Index kFewestWindows = 6;
constexpr Eigen::Index kFewestOfAVoice = 2;
constexpr Eigen::Index kStarts = 12;
constexpr int kMostRounds = 20;

struct Normal {
  Eigen::RowVectorXd mean;
  Eigen::MatrixXd inverse;
  double log_determinant = 0;

  explicit Normal(const Eigen::MatrixXd& rows) : mean(rows.colwise().mean()) {
    const Eigen::MatrixXd centred = rows.rowwise() - mean;
    Eigen::MatrixXd covariance = centred.transpose() * centred / static_cast<double>(rows.rows());
    covariance.diagonal().array() += 1e-6;
    inverse = covariance.inverse();
    log_determinant = std::log(covariance.determinant());
  }
  // Negative logarithm of the likelihood of the rows, without the constant both voices share.
  double cost(const Eigen::MatrixXd& rows) const {
    const Eigen::MatrixXd centred = rows.rowwise() - mean;
    return 0.5 * static_cast<double>(rows.rows()) * log_determinant +
           0.5 * (centred * inverse).cwiseProduct(centred).sum();
  }
};

using Voices = std::vector<int>;  // 0 or 1, of each window

Eigen::MatrixXd rows_of(const Eigen::MatrixXd& cepstra, const Voices& voices, int voice) {
  const auto count = std::count(voices.begin(), voices.end(), voice);
  Eigen::MatrixXd rows(count * kWindow, cepstra.cols());
  Eigen::Index next = 0;
  for (std::size_t w = 0; w < voices.size(); ++w) {
    if (voices[w] != voice) continue;
    rows.middleRows(next, kWindow) = cepstra.middleRows(static_cast<Eigen::Index>(w) * kWindow, kWindow);
    next += kWindow;
  }
  return rows;
}

// The half of the windows whose mean is nearest to that of window `seed`.
Voices start_at(const Eigen::MatrixXd& means, const Eigen::RowVectorXd& deviation, Eigen::Index seed) {
  std::vector<double> distance(static_cast<std::size_t>(means.rows()));
  for (Eigen::Index w = 0; w < means.rows(); ++w)
    distance[static_cast<std::size_t>(w)] =
        ((means.row(w) - means.row(seed)).array() / deviation.array()).square().sum();
  std::vector<double> sorted = distance;
  std::nth_element(sorted.begin(), sorted.begin() + means.rows() / 2, sorted.end());
  Voices voices;
  for (const double d : distance)
    voices.push_back(d <= sorted[static_cast<std::size_t>(means.rows() / 2)] ? 0 : 1);
  return voices;
}

// Gives each window to the voice that fits it until nothing changes; the gain over one voice, 0 where one of
// them vanishes.
double settle(const Eigen::MatrixXd& cepstra, double one_voice, Voices& voices) {
  double gain = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    const auto second = std::count(voices.begin(), voices.end(), 1);
    if (second < kFewestOfAVoice || static_cast<Eigen::Index>(voices.size()) - second < kFewestOfAVoice)
      return 0;
    const std::array<Normal, 2> normals = {Normal(rows_of(cepstra, voices, 0)),
                                           Normal(rows_of(cepstra, voices, 1))};
    const double first_rows = static_cast<double>(static_cast<Eigen::Index>(voices.size()) - second);
    const double two_voices =
        static_cast<double>(kWindow) *
        (first_rows * normals[0].log_determinant + static_cast<double>(second) * normals[1].log_determinant);
    gain = 0.5 * (one_voice - two_voices) / static_cast<double>(cepstra.rows());
    bool changed = false;
    for (std::size_t w = 0; w < voices.size(); ++w) {
      const auto rows = cepstra.middleRows(static_cast<Eigen::Index>(w) * kWindow, kWindow);
      const int better = normals[0].cost(rows) <= normals[1].cost(rows) ? 0 : 1;
      changed = changed || better != voices[w];
      voices[w] = better;
    }
    if (!changed) break;
  }
  return gain;
}

}  // namespace

SpeakerTurns find_speaker_turns(const Eigen::MatrixXd& cepstra) {
  SpeakerTurns turns;
  const Eigen::Index windows = cepstra.rows() / kWindow;
  if (windows < kFewestWindows) return turns;
  const Eigen::MatrixXd speech = cepstra.topRows(windows * kWindow);
  const double one_voice = static_cast<double>(speech.rows()) * Normal(speech).log_determinant;
  Eigen::MatrixXd means(windows, speech.cols());
  for (Eigen::Index w = 0; w < windows; ++w)
    means.row(w) = speech.middleRows(w * kWindow, kWindow).colwise().mean();
  const Eigen::RowVectorXd deviation =
      ((speech.rowwise() - speech.colwise().mean()).array().square().colwise().mean()).sqrt() + 1e-9;
  Voices best;
  const Eigen::Index step = std::max<Eigen::Index>(1, windows / kStarts);
  for (Eigen::Index seed = 0; seed < windows; seed += step) {
    Voices voices = start_at(means, deviation, seed);
    const double gain = settle(speech, one_voice, voices);
    if (gain <= turns.gain) continue;
    turns.gain = gain;
    best = voices;
  }
  if (best.empty()) return turns;
  const auto second =
      static_cast<double>(std::count(best.begin(), best.end(), 1)) / static_cast<double>(windows);
  turns.second_share = std::min(second, 1 - second);
  const auto change =
      std::find_if(best.begin(), best.end(), [&](int voice) { return voice != best.front(); });
  turns.first_change_s = static_cast<double>((change - best.begin()) * kWindow) * 0.01;
  return turns;
}

}  // namespace anima::voice
