#include "hearing/subtitle_cues.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <span>

#include "core/utf8.h"

namespace anima::hearing {
namespace {

using Words = std::span<const TranscribedWord>;

// Weights of a break between two cues, in letters by which they are unequally full.
constexpr double kClauseGain = 40;
constexpr double kPauseGain_per_s = 80;
constexpr double kExtraCueCost = 20;
constexpr std::size_t kLookAhead_words = 60;

int width_of(const std::string& text) {
  int width = 0;
  for (const char32_t c : decode_utf8(text, "the transcript")) width += is_wide(c) ? 2 : 1;
  return width;
}

std::string joined(Words words) {
  std::string text;
  for (const TranscribedWord& word : words) text = join_texts(text, word.word);
  return text;
}

bool ends_with_any(const std::string& word, std::u32string_view marks) {
  std::u32string text = decode_utf8(word, "the transcript");
  while (!text.empty() &&
         std::u32string_view(U"\"')]”’」』）】").find(text.back()) != std::u32string_view::npos) {
    text.pop_back();
  }
  return !text.empty() && marks.find(text.back()) != std::u32string_view::npos;
}

bool ends_sentence(const std::string& word) {
  return ends_with_any(word, U".!?…。！？");
}
bool ends_clause(const std::string& word) {
  return ends_with_any(word, U",;:，；：、—");
}

// Greedy lines: as many words as fit into each. The number of lines is the least there can be.
int lines_needed(Words words, int line_width) {
  int lines = 1;
  std::string line;
  for (const TranscribedWord& word : words) {
    const std::string longer = join_texts(line, word.word);
    if (!line.empty() && width_of(longer) > line_width) {
      ++lines;
      line = word.word;
    } else {
      line = longer;
    }
  }
  return lines;
}

bool fits(Words words, const CueOptions& options) {
  return words.size() <= 1 || (lines_needed(words, options.line_width) <= options.lines &&
                               words.back().end_s - words.front().start_s <= options.longest_s);
}

// As many words as fit into each cue.
int cues_needed(Words words, const CueOptions& options) {
  int cues = 0;
  while (!words.empty()) {
    std::size_t count = 1;
    while (count < words.size() && fits(words.first(count + 1), options)) ++count;
    words = words.subspan(count);
    ++cues;
  }
  return cues;
}

// How many words of a sentence go into its next cue: so that the cues are about equally full, and break
// after a comma or at a pause where there is one not far off.
std::size_t next_cue_length(Words sentence, const CueOptions& options) {
  if (fits(sentence, options)) return sentence.size();
  const Words window = sentence.first(std::min(sentence.size(), kLookAhead_words));
  const int needed = cues_needed(window, options);
  const int share = width_of(joined(window)) / needed;
  std::size_t best = 1;
  double best_cost = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < window.size() && fits(window.first(i), options); ++i) {
    const double pause_s = window[i].start_s - window[i - 1].end_s;
    double cost = std::abs(width_of(joined(window.first(i))) - share);
    cost += kExtraCueCost * (1 + cues_needed(window.subspan(i), options) - needed);
    cost -= ends_clause(window[i - 1].word) ? kClauseGain : std::min(kClauseGain, kPauseGain_per_s * pause_s);
    if (cost < best_cost) {
      best_cost = cost;
      best = i;
    }
  }
  return best;
}

// Breaks into the least number of lines, each as even as can be; after a comma where that costs little.
std::vector<std::string> break_lines(Words words, const CueOptions& options) {
  const int needed = lines_needed(words, options.line_width);
  if (needed == 1) return {joined(words)};
  std::size_t best = 1;
  int best_cost = std::numeric_limits<int>::max();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const int first = width_of(joined(words.first(i)));
    if (first > options.line_width && i > 1) break;
    const int rest_lines = lines_needed(words.subspan(i), options.line_width);
    if (rest_lines > needed - 1) continue;
    const int share = width_of(joined(words)) / needed;
    const int cost = std::abs(first - share) - (ends_clause(words[i - 1].word) ? 8 : 0);
    if (cost < best_cost) {
      best_cost = cost;
      best = i;
    }
  }
  std::vector<std::string> lines = {joined(words.first(best))};
  for (std::string& line : break_lines(words.subspan(best), options)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace

std::vector<media::Cue> make_cues(const Transcript& transcript, const CueOptions& options) {
  std::vector<media::Cue> cues;
  const auto add_sentence = [&](Words sentence) {
    while (!sentence.empty()) {
      const Words cue = sentence.first(next_cue_length(sentence, options));
      std::string text;
      for (const std::string& line : break_lines(cue, options)) text += (text.empty() ? "" : "\n") + line;
      cues.push_back({cue.front().start_s, cue.back().end_s, text});
      sentence = sentence.subspan(cue.size());
    }
  };
  const Words words = transcript.words;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool last = i + 1 == words.size();
    const bool pause = !last && words[i + 1].start_s - words[i].end_s > options.pause_s;
    if (last || pause || ends_sentence(words[i].word)) {
      add_sentence(words.subspan(begin, i + 1 - begin));
      begin = i + 1;
    }
  }
  for (std::size_t i = 0; i < cues.size(); ++i) {
    const double limit_s =
        i + 1 < cues.size() ? cues[i + 1].start_s : std::numeric_limits<double>::infinity();
    cues[i].end_s = std::min(std::max(cues[i].end_s, cues[i].start_s + options.shortest_s), limit_s);
    cues[i].end_s = std::max(cues[i].end_s, cues[i].start_s);
  }
  if (!cues.empty() && !doubt_of(transcript).empty())
    cues.front().text = "[uncertain: it may be another language]\n" + cues.front().text;
  return cues;
}

}  // namespace anima::hearing
