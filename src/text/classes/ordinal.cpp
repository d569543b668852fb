// Places in an order: "21st", "No. 5", "#1", 第.
#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

// "No.1", "No. 5", "Nos. 3", "№ 5", "NO.1"
std::optional<Reading> read_number_sign(const WrittenText& written, std::size_t at) {
  std::size_t end = at;
  if (written.starts_with(at, "№")) {
    end = at + 3;
  } else {
    if (!written.word_begins(at)) return std::nullopt;
    for (const std::string_view sign : {"Nos.", "nos.", "No.", "NO.", "no.", "Nr."}) {
      if (written.starts_with(at, sign)) {
        end = at + sign.size();
        break;
      }
    }
  }
  if (end == at) return std::nullopt;
  const std::size_t number = written.skip_blanks(end);
  if (!written.digit_at(number)) return std::nullopt;
  const std::size_t number_end = written.digits_end(number);
  if (!written.chinese()) return Reading{"number", end, WrittenClass::kOrdinal};
  return Reading{"第" + chinese_cardinal(written.slice(number, number_end)), number_end,
                 WrittenClass::kOrdinal};
}

}  // namespace

std::optional<Reading> read_ordinal(const WrittenText& written, std::size_t at) {
  if (auto number = read_number_sign(written, at)) return number;
  if (written.peek(at) == '#' && written.digit_at(at + 1) && written.word_begins(at)) {
    const std::size_t end = written.digits_end(at + 1);
    if (written.letter_at(end)) return std::nullopt;
    if (!written.chinese()) return Reading{"number", at + 1, WrittenClass::kOrdinal};
    return Reading{chinese_cardinal(written.slice(at + 1, end)) + "号", end, WrittenClass::kOrdinal};
  }
  if (!written.digit_at(at) || written.digit_before(at) || written.letter_before(at)) return std::nullopt;
  std::size_t end = written.digits_end(at);
  std::string digits(written.slice(at, end));
  while (written.peek(end) == ',' && written.digits_end(end + 1) == end + 4) {
    digits += written.slice(end + 1, end + 4);
    end += 4;
  }
  for (const std::string_view suffix : {"st", "nd", "rd", "th", "ST", "ND", "RD", "TH"}) {
    if (!written.starts_with(end, suffix) || !written.word_ends(end + 2)) continue;
    if (written.chinese()) return Reading{"第" + chinese_cardinal(digits), end + 2, WrittenClass::kOrdinal};
    return Reading{english_ordinal(digits), end + 2, WrittenClass::kOrdinal};
  }
  return std::nullopt;
}

}  // namespace anima::text
