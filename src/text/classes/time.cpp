// Times of day and lengths of time with colons.
#include "text/classes/classes.h"

#include "core/utf8.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

// "am", "p.m." behind blanks: said, and where it ends.
std::string day_half_at(const WrittenText& written, std::size_t& end) {
  const std::size_t at = written.skip_blanks(end);
  for (const std::string_view half : {"a.m.", "p.m.", "A.M.", "P.M.", "am", "pm", "AM", "PM", "a.m", "p.m"}) {
    if (!written.starts_with(at, half) || !written.word_ends(at + half.size())) continue;
    // "I am" behind a number is a verb: "at 9:30 am I late" is not English, "of 3 am" is.
    end = at + half.size();
    // The full stop of "a.m." at the end of a text ends the sentence too.
    if (half.ends_with('.') && written.skip_blanks(end) >= written.size()) --end;
    return half[0] == 'a' || half[0] == 'A' ? "A M" : "P M";
  }
  return {};
}

Reading time_of(std::string spoken, std::size_t end) {
  return {std::move(spoken), end, WrittenClass::kTime};
}

// "9am", "9 a.m.", "11 PM"
std::optional<Reading> read_hour(const WrittenText& written, std::size_t at) {
  const std::size_t hour_end = written.digits_end(at);
  if (hour_end > at + 2 || written.chinese()) return std::nullopt;
  const int hour = small_number(written.slice(at, hour_end));
  if (hour > 12 || written.slice(at, hour_end)[0] == '0') return std::nullopt;
  std::size_t end = hour_end;
  // "9.30 pm"
  if (written.peek(end) == '.' && written.digits_end(end + 1) == end + 3 &&
      small_number(written.slice(end + 1, end + 3)) < 60) {
    std::size_t behind = end + 3;
    const std::string half = day_half_at(written, behind);
    if (!half.empty()) {
      const std::string_view minute = written.slice(end + 1, end + 3);
      std::string text = english_cardinal(written.slice(at, hour_end));
      if (minute != "00") text += (minute[0] == '0' ? " oh " : " ") + english_cardinal(minute);
      return time_of(text + " " + half, behind);
    }
  }
  const std::string half = day_half_at(written, end);
  if (!half.empty()) return time_of(english_cardinal(written.slice(at, hour_end)) + " " + half, end);
  // The first of "10–11am"
  const char32_t dash = written.code_point(hour_end);
  if (dash == U'-' || dash == U'–') {
    const std::size_t second = hour_end + written.width(hour_end);
    std::size_t second_end = written.digits_end(second);
    if (second_end == second || second_end > second + 2) return std::nullopt;
    std::size_t behind = second_end;
    if (!day_half_at(written, behind).empty())
      return time_of(english_cardinal(written.slice(at, hour_end)), hour_end);
  }
  return std::nullopt;
}

// 下午3:30 of scores: 比分 3:1 has one digit behind the colon, 21:19 two.
bool is_score(const WrittenText& written, std::size_t at) {
  if (written.chinese()) {
    const std::string_view before = written.slice(at > 24 ? at - 24 : 0, at);
    for (const std::string_view word : {"比分", "击败", "战胜", "大胜", "险胜", "逆转", "领先", "落后",
                                        "取胜", "不敌", "力克", "比例", "配比", "打成"}) {
      if (before.find(word) != std::string_view::npos) return true;
    }
    return false;
  }
  return is_one_of(written.word_before(at),
                   {"score", "ratio", "aspect", "won", "lost", "lead", "odds", "chapter", "verse", "romans",
                    "psalm", "john", "matthew", "genesis", "luke", "mark", "acts", "psalms"});
}

}  // namespace

std::optional<Reading> read_time(const WrittenText& written, std::size_t at) {
  // "2026-11-23T14:30": behind its date.
  if (written.peek(at) == 'T' && written.digit_before(at) && written.digit_at(at + 1))
    return read_time(written, at + 1);
  if (!written.digit_at(at) || (written.digit_before(at))) return std::nullopt;
  if (auto hour = read_hour(written, at)) return hour;
  const std::size_t hour_end = written.digits_end(at);
  if (hour_end > at + 2 || written.peek(hour_end) != ':') return std::nullopt;
  const std::size_t minute_end = written.digits_end(hour_end + 1);
  if (minute_end != hour_end + 3) return std::nullopt;
  const std::string_view hour = written.slice(at, hour_end);
  const std::string_view minute = written.slice(hour_end + 1, minute_end);
  if (small_number(hour) > 24 || small_number(minute) > 59 || is_score(written, at)) return std::nullopt;
  std::size_t end = minute_end;
  std::string second;
  if (written.peek(end) == ':' && written.digits_end(end + 1) == end + 3) {
    if (!written.starts_with(end, ":00")) second = written.slice(end + 1, end + 3);
    end += 3;
    if (written.peek(end) == '.' && written.digit_at(end + 1)) end = written.digits_end(end + 1);
  }
  std::string text;
  if (written.chinese()) {
    text = chinese_count(hour) + "点";
    if (minute != "00") text += (minute[0] == '0' ? "零" : "") + chinese_cardinal(minute) + "分";
    if (!second.empty()) text += (minute == "00" ? "零分" : "") + chinese_cardinal(second) + "秒";
    if (minute == "00" && second.empty()) text += "整";
    return time_of(std::move(text), end);
  }
  text = english_cardinal(hour);
  const std::string half = day_half_at(written, end);
  if (minute == "00") {
    if (half.empty() && second.empty())
      text += small_number(hour) > 12 || hour[0] == '0' ? " hundred" : " o'clock";
    if (text == "zero hundred") text = "midnight";
  } else {
    text += minute[0] == '0' ? " oh " : " ";
    text += english_cardinal(minute);
  }
  if (!second.empty()) text += " and " + english_cardinal(second) + " seconds";
  if (!half.empty()) text += " " + half;
  if (written.peek(end) == 'Z' && written.word_ends(end + 1)) ++end;  // universal time
  return time_of(std::move(text), end);
}

}  // namespace anima::text
