// Plain numbers.
#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

// 2 followed by one of these is 两.
bool is_measure_word(const WrittenText& written, std::size_t at) {
  constexpr std::u32string_view kWords =
      U"个位只条张本件次天年周岁种台辆名块元百千万亿点小分斤公里米倍遍杯家场支把头匹座间层部门份套双对颗粒片"
      U"句首篇杆根棵朵艘架幅扇盏滴滩堆群帮排队箱袋瓶碗盘桶罐盒包束串卷册页轮届期季代组人大项";
  const char32_t c = written.code_point(at);
  // 2月, 2日, 2号, 2楼 keep 二; 2年级, 2班, 2大队 too.
  if (written.starts_with(at, "年级") || written.starts_with(at, "点零")) return false;
  return c != 0 && kWords.find(c) != std::u32string_view::npos;
}

}  // namespace

std::optional<Reading> read_cardinal(const WrittenText& written, std::size_t at) {
  std::size_t begin = at;
  const char32_t c = written.code_point(at);
  std::string_view sign;
  if ((c == U'-' || c == U'−') && written.word_begins(at)) {
    sign = written.chinese() ? "负" : "minus";
    begin += written.width(at);
  } else if (c == U'+' && written.word_begins(at)) {
    sign = written.chinese() ? "加" : "plus";
    begin += 1;
  }
  if (begin > at && !written.digit_at(begin) && written.peek(begin) != '.') return std::nullopt;
  if (written.peek(begin) == '.' &&
      (written.digit_before(begin) || written.letter_before(begin) || written.peek(begin - 1) == '.'))
    return std::nullopt;
  const auto number = number_form_at(written, begin);
  if (!number) return std::nullopt;
  const bool ordinal = written.chinese() && written.ends_with(at, "第");
  std::string text;
  std::size_t end = number->end;
  // "5K" video, "4K" television: the letter is said, unless it multiplies a count.
  const auto magnitude = magnitude_at(written, end, false);
  const bool letter = magnitude && magnitude->written.empty() && magnitude->end <= end + 2 &&
                      !(written.peek(end) == ' ') && written.letter_at(end);
  const bool screen =
      letter && written.peek(end) == 'K' && number->decimals.empty() &&
      (number->whole == "4" || number->whole == "8" || number->whole == "2" || number->whole == "5");
  const bool single_b = letter && written.peek(end) == 'B' && number->decimals.empty() && !written.chinese();
  if (letter && !screen && !single_b) {
    text = say_multiplied(written, *number, *magnitude);
    end = magnitude->end;
    if (written.chinese() && magnitude->zeros < 4 && text.starts_with("两") &&
        !is_measure_word(written, end) && text == "两")
      text = "二";
  } else {
    text = say_number(written, *number,
                      written.chinese() && !ordinal && sign.empty() && is_measure_word(written, end));
    if (written.letter_at(end) && !letter) {
      // "3x faster", "10X": times.
      if ((written.peek(end) == 'x' || written.peek(end) == 'X') && written.word_ends(end + 1)) {
        if (written.chinese()) {
          text += "倍";
        } else {
          append_spoken(text, number->is_one() ? "time" : "times");
        }
        return Reading{std::move(text), end + 1, WrittenClass::kCardinal};
      }
    }
  }
  if (!sign.empty()) {
    if (written.chinese() && sign == "负" && written.starts_with(end, "度") &&
        !written.starts_with(end, "度数"))
      sign = "零下";
    if (written.chinese()) {
      text.insert(0, sign);
    } else {
      text = std::string(sign) + " " + text;
    }
  }
  // "100+ people"
  if (written.peek(end) == '+' &&
      (written.peek(end + 1) == ' ' || written.peek(end + 1) == '\0' || written.han_at(end + 1) ||
       written.peek(end + 1) == ',') &&
      !written.digit_at(written.skip_blanks(end + 1))) {
    if (written.chinese()) {
      text += "多";
    } else {
      text += " plus";
    }
    return Reading{std::move(text), end + 1, WrittenClass::kCardinal};
  }
  return Reading{std::move(text), end, WrittenClass::kCardinal, true};
}

}  // namespace anima::text
