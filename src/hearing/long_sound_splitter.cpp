#include "hearing/long_sound_splitter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace anima::hearing {
namespace {

constexpr double kFrame_s = 0.01;
constexpr double kSilence_db = -65;  // of full scale: nobody speaks that softly
constexpr double kMargin_s = 0.2;    // kept around the speech of a piece
constexpr double kWidest_db = 50;    // digital silence must not pull the threshold below the room's noise

// Mean level of each 10 ms, smoothed over 70 ms so that a stop consonant is no pause.
std::vector<double> smoothed_levels_db(const Sound& sound) {
  const auto frame = static_cast<std::size_t>(std::max(1.0, sound.sample_rate_hz * kFrame_s));
  std::vector<double> power;
  for (std::size_t start = 0; start < sound.samples.size(); start += frame) {
    const std::size_t end = std::min(start + frame, sound.samples.size());
    double sum = 0;
    for (std::size_t i = start; i < end; ++i) sum += static_cast<double>(sound.samples[i]) * sound.samples[i];
    power.push_back(sum / static_cast<double>(end - start));
  }
  constexpr int kReach = 3;
  std::vector<double> levels(power.size());
  const int count = static_cast<int>(power.size());
  for (int i = 0; i < count; ++i) {
    double sum = 0;
    int used = 0;
    for (int j = std::max(0, i - kReach); j <= std::min(count - 1, i + kReach); ++j, ++used) {
      sum += power[static_cast<std::size_t>(j)];
    }
    levels[static_cast<std::size_t>(i)] = 10 * std::log10(sum / used + 1e-12);
  }
  return levels;
}

// Between the noise and the speech of this very recording: a quarter of the way up from the 5th to
// the 95th percentile of the levels.
double speech_threshold_db(std::vector<double> levels) {
  std::sort(levels.begin(), levels.end());
  const double high = levels[levels.size() * 95 / 100];
  const double low = std::max(levels[levels.size() / 20], high - kWidest_db);
  // A steady level has no pauses to find: then all of it counts as speech, unless it is silence.
  return std::max(kSilence_db, high - low < 6 ? low - 1 : low + 0.25 * (high - low));
}

struct Span {
  std::size_t begin;
  std::size_t end;
};

}  // namespace

std::vector<SoundPiece> split_at_pauses(const Sound& sound, const SplitOptions& options) {
  std::vector<SoundPiece> pieces;
  if (sound.samples.empty() || sound.sample_rate_hz <= 0) return pieces;
  const std::vector<double> levels = smoothed_levels_db(sound);
  const double threshold_db = speech_threshold_db(levels);

  // Stretches of speech, apart by pauses of at least the given length.
  const auto shortest_pause = static_cast<std::size_t>(options.shortest_pause_s / kFrame_s);
  std::vector<Span> speech;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] <= threshold_db) continue;
    if (!speech.empty() && i - speech.back().end < shortest_pause) {
      speech.back().end = i + 1;
    } else {
      speech.push_back({i, i + 1});
    }
  }

  const auto margin = static_cast<std::size_t>(kMargin_s / kFrame_s);
  const auto longest = static_cast<std::size_t>(options.longest_s / kFrame_s) - 2 * margin;
  const double duration_s = sound.duration_s();
  Span piece{0, 0};
  bool cut_open = false;  // the piece begins where speech was cut, not in a pause: no margin there
  const auto begin_of = [&](const Span& span) {
    return cut_open ? span.begin : span.begin - std::min(span.begin, margin);
  };
  const auto add = [&](const Span& span) {
    pieces.push_back({begin_of(span) * kFrame_s, std::min((span.end + margin) * kFrame_s, duration_s)});
  };
  for (const Span& stretch : speech) {
    if (piece.end > piece.begin && stretch.end - piece.begin <= longest) {
      piece.end = stretch.end;
      continue;
    }
    if (piece.end > piece.begin) add(piece);
    piece = stretch;
    cut_open = false;
    while (piece.end - piece.begin > longest) {  // no pause: the quietest moment will have to do
      const auto from = levels.begin() + static_cast<std::ptrdiff_t>(piece.begin + longest / 2);
      const auto to = levels.begin() + static_cast<std::ptrdiff_t>(piece.begin + longest);
      const auto cut = static_cast<std::size_t>(std::min_element(from, to) - levels.begin());
      pieces.push_back({begin_of(piece) * kFrame_s, cut * kFrame_s});
      piece.begin = cut;
      cut_open = true;
    }
  }
  if (piece.end > piece.begin) add(piece);
  // Margins of neighbours must not overlap: a word would be heard twice.
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].start_s < pieces[i - 1].end_s) {
      const double middle_s = (pieces[i].start_s + pieces[i - 1].end_s) / 2;
      pieces[i].start_s = middle_s;
      pieces[i - 1].end_s = middle_s;
    }
  }
  return pieces;
}

Sound cut_out(const Sound& sound, const SoundPiece& piece) {
  const auto index = [&](double time_s) {
    const auto sample = static_cast<std::ptrdiff_t>(std::llround(time_s * sound.sample_rate_hz));
    return std::clamp<std::ptrdiff_t>(sample, 0, static_cast<std::ptrdiff_t>(sound.samples.size()));
  };
  Sound cut{sound.sample_rate_hz, {}};
  cut.samples.assign(sound.samples.begin() + index(piece.start_s),
                     sound.samples.begin() + index(piece.end_s));
  return cut;
}

Transcript transcribe_pieces(const Sound& sound, const SplitOptions& options,
                             const std::function<Transcript(const Sound& piece)>& hear,
                             const WorkContext& context) {
  const std::vector<SoundPiece> pieces = split_at_pauses(sound, options);
  StageProgress progress(context, "listening");
  Transcript whole;
  for (const SoundPiece& piece : pieces) {
    progress.update(piece.start_s, sound.duration_s());
    append_transcript(whole, hear(cut_out(sound, piece)), piece.start_s);
  }
  progress.update(1, 1);
  return whole;
}

}  // namespace anima::hearing
