#include "core/nearest_match.h"

#include <algorithm>

#include "core/utf8.h"

namespace anima {
namespace {

constexpr std::size_t kLongest = 100;

std::u32string folded(std::string_view text) {
  std::u32string characters;
  for (std::size_t at = 0; at < text.size() && characters.size() < kLongest;) {
    const char32_t c = next_code_point(text, at);
    characters += c >= U'A' && c <= U'Z' ? c - U'A' + U'a' : c;
  }
  return characters;
}

int distance(const std::u32string& a, const std::u32string& b) {
  const std::size_t columns = b.size() + 1;
  std::vector<int> before_last(columns);
  std::vector<int> last(columns);
  std::vector<int> row(columns);
  for (std::size_t j = 0; j < columns; ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j < columns; ++j) {
      const int cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::size_t common_beginning(const std::u32string& a, const std::u32string& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  return distance(folded(a), folded(b));
}

std::string nearest_match(std::string_view word, const std::vector<std::string>& candidates) {
  const std::u32string wanted = folded(word);
  if (wanted.empty()) return {};
  const int allowed = wanted.size() <= 4 ? 1 : wanted.size() <= 8 ? 2 : 3;
  std::string best;
  int best_distance = allowed + 1;
  std::size_t best_beginning = 0;
  for (const std::string& candidate : candidates) {
    if (candidate == word) continue;
    const std::u32string known = folded(candidate);
    int found = distance(wanted, known);
    // A word that shares nothing is not near, however short both are: "b" is not "x".
    if (found >= static_cast<int>(std::max(wanted.size(), known.size()))) continue;
    if (wanted.size() >= 3 && known.starts_with(wanted)) found = std::min(found, 1);
    const std::size_t beginning = common_beginning(wanted, known);
    if (found < best_distance || (found == best_distance && found <= allowed && beginning > best_beginning)) {
      best = candidate;
      best_distance = found;
      best_beginning = beginning;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         const std::string& otherwise) {
  const std::string nearest = nearest_match(word, candidates);
  return nearest.empty() ? otherwise : "did you mean '" + nearest + "'?";
}

}  // namespace anima
