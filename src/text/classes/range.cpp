// What stands between two numbers, times, days: "to", "by", "over".
#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/number_form.h"

namespace anima::text {
namespace {

// A number, a minus or a currency with a digit behind it.
bool number_begins(const WrittenText& written, std::size_t at) {
  if (written.digit_at(at)) return true;
  const char32_t c = written.code_point(at);
  const std::size_t next = at + written.width(at);
  if (c == U'-' || c == U'−' || (c == U'.' && written.digit_at(next))) return written.digit_at(next);
  constexpr std::u32string_view kSigns = U"$€£¥￥₩₹₽";
  return kSigns.find(c) != std::u32string_view::npos && written.digit_at(next);
}

// "Mon-Fri", "Jan–Mar", "A–Z", "March–May": the words on both sides.
bool joins_words(const WrittenText& written, std::size_t sign, std::size_t behind) {
  const std::string_view after = written.slice(behind, written.letters_end(behind));
  if (is_month_name(after)) return true;
  if (is_one_of(after, {"mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "monday", "tuesday",
                        "wednesday", "thursday", "friday", "saturday", "sunday"}))
    return is_capitalised(after);
  // "A-Z", "a–z"
  if (after.size() == 1 && sign >= 1 && is_one_of(after, {"z"}))
    return written.letter_before(sign) && (sign == 1 || !written.letter_before(sign - 1));
  return false;
}

}  // namespace

std::optional<Reading> read_range_sign(const WrittenText& written, const Reading& before) {
  const std::size_t at = before.end;
  if (at >= written.size()) return std::nullopt;
  const auto say = [&](std::string_view english, std::string_view chinese, std::size_t end) {
    return Reading{std::string(written.chinese() ? chinese : english), end, WrittenClass::kRange};
  };
  std::size_t next = at + written.width(at);
  char32_t c = written.code_point(at);
  std::size_t number = next;
  if (c == U' ') {  // "9:30 – 11:00"; "5 - 3" is a subtraction
    c = written.code_point(next);
    if (!is_range_sign(c) || (c == U'-' && before.plain)) return std::nullopt;
    next += written.width(next);
    number = next;
    if (written.peek(number) != ' ') return std::nullopt;
    number = written.skip_blanks(number);
  }
  const bool worded = before.written == WrittenClass::kDate || before.written == WrittenClass::kWord;
  if (is_range_sign(c)) {
    if (worded && joins_words(written, at, number)) return say("to", "到", next);
    if (before.written == WrittenClass::kWord) return std::nullopt;
    // "-5~-3", but not the second dash of "5--3".
    if (!number_begins(written, number) || (c == U'-' && written.peek(number) == '-')) return std::nullopt;
    return say("to", "到", next);
  }
  if (!before.plain || !written.digit_at(next)) return std::nullopt;
  if (c == U'x' || c == U'X' || c == U'×') return say("by", "乘", next);
  if (c == U'*') return say("times", "乘以", next);
  if (c == U'/') return say("over", "比", next);
  if (c == U':' || c == U'∶') return say("to", "比", next);
  return std::nullopt;
}

}  // namespace anima::text
