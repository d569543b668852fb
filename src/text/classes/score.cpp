// Scores of games: two numbers that a dash or a colon sets against each other.
#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"

namespace anima::text {

std::optional<Reading> read_score(const WrittenText& written, std::size_t at) {
  if (!written.digit_at(at) || written.digit_before(at)) return std::nullopt;
  const std::size_t first_end = written.digits_end(at);
  const char32_t sign = written.code_point(first_end);
  if (sign != U'-' && sign != U':' && sign != U'–' && sign != U'∶' && sign != U'：') return std::nullopt;
  const std::size_t second = first_end + written.width(first_end);
  const std::size_t end = written.digits_end(second);
  if (first_end > at + 3 || end == second || end > second + 3) return std::nullopt;
  if (written.letter_at(end) || (written.peek(end) == '.' && written.digit_at(end + 1))) return std::nullopt;
  const bool three = (written.code_point(end) == sign) && written.digit_at(end + written.width(end));
  const std::string_view a = written.slice(at, first_end);
  const std::string_view b = written.slice(second, end);
  if (written.chinese()) {
    const std::size_t begin = at > 36 ? at - 36 : 0;
    const std::string_view before = written.slice(begin, at);
    bool scored = false;
    for (const std::string_view word :
         {"比分", "击败", "战胜", "大胜", "险胜", "逆转", "领先", "落后", "取胜", "不敌", "力克",
          "打成", "战平", "完胜", "总分", "横扫", "惜败", "战绩", "胜",   "负于", "赢",   "输"})
      scored = scored || before.find(word) != std::string_view::npos;
    for (const std::string_view word :
         {"击败", "战胜", "大胜", "险胜", "逆转", "领先", "落后", "取胜", "不敌", "力克", "战平", "完胜",
          "赢", "输", "平局", "获胜", "惜败", "横扫"})
      scored = scored || written.starts_with(written.skip_blanks(end), word);
    if (!scored) return std::nullopt;
    std::string text = say_cardinal(written, a) + "比" + say_cardinal(written, b);
    std::size_t last = end;
    if (three) {
      last = written.digits_end(end + written.width(end));
      text += "比" + say_cardinal(written, written.slice(end + written.width(end), last));
    }
    return Reading{std::move(text), last, WrittenClass::kScore};
  }
  if (three || a.size() > 3) return std::nullopt;
  bool scored = is_one_of(written.word_after(end), {"win", "victory", "defeat", "draw", "loss", "lead",
                                                    "record", "tie", "vote", "decision"});
  std::size_t word = at;
  for (int i = 0; i < 5 && !scored; ++i) {
    const std::size_t next = written.word_before_begin(word);
    if (next == word) break;
    scored = is_one_of(
        written.slice(next, written.letters_end(next)),
        {"won",      "win",   "wins",    "lost",     "lose",     "beat",     "beats", "led",     "lead",
         "leads",    "score", "scored",  "draw",     "drew",     "tied",     "final", "victory", "defeat",
         "defeated", "ahead", "trailed", "trailing", "halftime", "finished", "ended", "set",     "sets",
         "game",     "match", "voted",   "vote",     "ruled",    "record",   "up",    "down",    "went"});
    word = next;
  }
  if (!scored) return std::nullopt;
  return Reading{say_cardinal(written, a) + " to " + say_cardinal(written, b), end, WrittenClass::kScore};
}

}  // namespace anima::text
