// Telephone numbers: every digit is said, groups only help the eye.
#include <array>

#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"

namespace anima::text {
namespace {

constexpr std::size_t kFewestDigits = 7;
constexpr std::size_t kMostDigits = 15;  // of an international number (ITU-T E.164)

struct Groups {
  std::string digits;
  std::string lengths;  // of the groups, a digit each
  bool parentheses = false;
  std::size_t end = 0;
};

// Groups of digits with `separators` between; "(415)" is a group.
Groups groups_at(const WrittenText& written, std::size_t at, std::string_view separators) {
  Groups groups;
  std::size_t next = at;
  while (groups.digits.size() <= kMostDigits) {
    const bool open = written.peek(next) == '(';
    const std::size_t begin = next + (open ? 1 : 0);
    const std::size_t end = written.digits_end(begin);
    if (end == begin || (open && written.peek(end) != ')') ||
        (open && separators.find('(') == std::string_view::npos))
      break;
    groups.digits += written.slice(begin, end);
    groups.lengths += std::to_string(std::min<std::size_t>(end - begin, 9));
    groups.parentheses = groups.parentheses || open;
    groups.end = end + (open ? 1 : 0);
    next = groups.end;
    if (open && written.peek(next) == ' ') ++next;
    if (!open && written.peek(next) != '\0' &&
        separators.find(written.peek(next)) != std::string_view::npos) {
      if (written.peek(next) != '(') ++next;
      if (written.peek(next) == ' ' && separators.find(' ') == std::string_view::npos) break;
    } else if (!open) {
      break;
    }
  }
  return groups;
}

bool calls(const WrittenText& written, std::size_t at) {
  if (!written.chinese()) {
    const std::string_view word = written.word_before(at);
    if (is_one_of(word, {"call", "dial", "phone", "tel", "telephone", "fax", "ring", "text", "hotline",
                         "mobile", "cell", "whatsapp", "helpline"}))
      return true;
    // "my number is 555-0199"
    const std::size_t begin = written.word_before_begin(at);
    const std::string_view earlier = begin < at ? written.word_before(begin) : std::string_view{};
    return is_one_of(word, {"at", "is", "on", "or", "number", "to"}) &&
           is_one_of(earlier,
                     {"call", "dial", "phone", "number", "reach", "ring", "text", "me", "us", "telephone"});
  }
  std::size_t before = written.skip_blanks_back(at);
  for (const std::string_view mark : {"：", ":", "是", "为", "号码"}) {
    if (written.ends_with(before, mark)) before = written.skip_blanks_back(before - mark.size());
  }
  for (const std::string_view word :
       {"电话", "手机", "手机号", "座机",     "传真", "热线",   "拨打", "致电",   "拨", "请打", "拨通", "打",
        "客服", "来电", "报警",   "联系方式", "固话", "电话号", "短信", "发送到", "按", "转",   "分机"}) {
    if (written.ends_with(before, word)) return true;
  }
  return false;
}

std::string say_groups(const WrittenText& written, std::string_view digits, std::string_view lengths) {
  if (written.chinese()) return say_code_digits(written, digits);
  std::string spoken;
  std::size_t at = 0;
  for (std::size_t group = 0; group < lengths.size(); ++group) {
    const auto length = static_cast<std::size_t>(lengths[group] - '0');
    const std::string_view part = digits.substr(at, length);
    at += length;
    // 800, 900: "eight hundred".
    const bool hundred = length == 3 && part.substr(1) == "00" && part[0] != '0' && group <= 1;
    append_spoken(spoken, hundred ? say_cardinal(written, part) : say_digits(written, part));
  }
  if (at < digits.size()) append_spoken(spoken, say_digits(written, digits.substr(at)));
  return spoken;
}

// "ext. 42", "x42", 转8001, 分机8001
void add_extension(const WrittenText& written, Reading& reading) {
  std::size_t at = written.skip_blanks(reading.end);
  if (written.peek(at) == ',') at = written.skip_blanks(at + 1);
  if (written.chinese()) {
    for (const std::string_view word : {"转", "分机号", "分机"}) {
      if (!written.starts_with(at, word)) continue;
      const std::size_t digits = written.skip_blanks(at + word.size());
      const std::size_t end = written.digits_end(digits);
      if (end == digits || end > digits + 6) continue;
      reading.spoken += std::string(word) + say_code_digits(written, written.slice(digits, end));
      reading.end = end;
      return;
    }
    if (written.peek(at) == '-' && written.digit_at(at + 1)) {
      const std::size_t end = written.digits_end(at + 1);
      if (end <= at + 6) {
        reading.spoken += "转" + say_code_digits(written, written.slice(at + 1, end));
        reading.end = end;
      }
    }
    return;
  }
  for (const std::string_view word : {"extension", "ext.", "ext", "x"}) {
    if (!written.starts_with(at, word)) continue;
    const std::size_t digits = written.skip_blanks(at + word.size());
    const std::size_t end = written.digits_end(digits);
    if (end == digits || end > digits + 6) continue;
    reading.spoken += " extension " + say_digits(written, written.slice(digits, end));
    reading.end = end;
    return;
  }
}

Reading whole(const WrittenText& written, std::string spoken, std::size_t end) {
  Reading reading{std::move(spoken), end, WrittenClass::kTelephone};
  add_extension(written, reading);
  return reading;
}

// "+1 (415) 555-0132", "+86 138 0013 8000", "+49-30-901820"
std::optional<Reading> read_international(const WrittenText& written, std::size_t at) {
  if (written.peek(at) != '+' || !written.digit_at(at + 1) || !written.word_begins(at)) return std::nullopt;
  const Groups groups = groups_at(written, at + 1, " -.(");
  if (groups.digits.size() < kFewestDigits + 1 || groups.digits.size() > kMostDigits) return std::nullopt;
  // A sum of grouped or long numbers is no telephone number: "+10000000".
  if (groups.lengths.size() < 2 && groups.digits.size() < 10) return std::nullopt;
  const std::string spoken = written.chinese() ? "加" : "plus ";
  return whole(written, spoken + say_groups(written, groups.digits, groups.lengths), groups.end);
}

// "1-800-FLOWERS"
std::optional<Reading> read_lettered(const WrittenText& written, std::size_t at) {
  if (!written.starts_with(at, "1-8") && !written.starts_with(at, "1-9")) return std::nullopt;
  const std::size_t area = written.digits_end(at + 2);
  if (area != at + 5 || written.peek(area) != '-' || !written.upper_at(area + 1)) return std::nullopt;
  std::size_t end = area + 1;
  std::string spoken = say_groups(written, "1" + std::string(written.slice(at + 2, area)), "13");
  while (written.upper_at(end) || written.digit_at(end) ||
         (written.peek(end) == '-' && (written.upper_at(end + 1) || written.digit_at(end + 1)))) {
    std::size_t next = end + 1;
    if (written.upper_at(end)) {
      while (written.upper_at(next)) ++next;
      append_spoken(spoken, small_letters(written.slice(end, next)));
    } else if (written.digit_at(end)) {
      next = written.digits_end(end);
      append_spoken(spoken, say_digits(written, written.slice(end, next)));
    }
    end = next;
  }
  return whole(written, std::move(spoken), end);
}

bool is_short_number(std::string_view digits) {
  return is_one_of(
      digits, {"911",   "112",   "999",   "988",   "411",   "511",   "311",   "211",   "811",   "101",
               "111",   "000",   "110",   "119",   "120",   "122",   "114",   "12306", "12315", "12345",
               "10086", "10010", "10000", "95588", "95533", "12333", "12366", "96110", "12110", "95555"});
}

}  // namespace

std::optional<Reading> read_telephone(const WrittenText& written, std::size_t at) {
  if (auto number = read_international(written, at)) return number;
  if (written.peek(at) == '(' && written.digit_at(at + 1)) {
    const Groups groups = groups_at(written, at, " -.(");
    if (groups.parentheses && groups.lengths.size() >= 2 && groups.digits.size() >= kFewestDigits &&
        groups.digits.size() <= kMostDigits)
      return whole(written, say_groups(written, groups.digits, groups.lengths), groups.end);
    return std::nullopt;
  }
  if (!written.digit_at(at) || written.digit_before(at)) return std::nullopt;
  if (auto number = read_lettered(written, at)) return number;
  Groups groups = groups_at(written, at, "-");
  const auto said = [&] {
    return whole(written, say_groups(written, groups.digits, groups.lengths), groups.end);
  };
  const bool area_code =
      groups.lengths == "37" || groups.lengths == "38" || groups.lengths == "47" || groups.lengths == "48";
  const bool fits = groups.digits.size() >= kFewestDigits && groups.digits.size() <= kMostDigits;
  // 2026-11-23-...: dates come before telephones in the reader's order.
  if (fits && (groups.lengths.size() >= 3 || (area_code && groups.digits[0] == '0'))) {
    // 010-12345678-801: the last group is an extension.
    if (written.chinese() && groups.digits[0] == '0' && groups.lengths.size() == 3 &&
        groups.lengths[2] <= '5' && (groups.lengths[1] == '7' || groups.lengths[1] == '8')) {
      const auto last = static_cast<std::size_t>(groups.lengths[2] - '0');
      std::string spoken =
          say_code_digits(written, std::string_view(groups.digits).substr(0, groups.digits.size() - last)) +
          "转" +
          say_code_digits(written, std::string_view(groups.digits).substr(groups.digits.size() - last));
      return Reading{std::move(spoken), groups.end, WrittenClass::kTelephone};
    }
    return said();
  }
  const bool called = calls(written, at);
  if (groups.lengths == "34" && (called || groups.digits.starts_with("555"))) return said();  // "555-0199"
  groups = groups_at(written, at, ".");
  if (groups.lengths == "334") return said();
  groups = groups_at(written, at, " ");
  if (groups.lengths == "344" && groups.digits[0] == '1') return said();
  if (called && fits && groups.lengths.size() >= 2 && groups.digits.size() >= kFewestDigits &&
      groups.digits.size() <= kMostDigits)
    return said();
  if (written.chinese() && (groups.lengths == "334" || groups.lengths == "343") &&
      groups.digits.starts_with("400"))
    return said();
  const std::size_t end = written.digits_end(at);
  const std::string_view digits = written.slice(at, end);
  if (written.letter_at(end) || (written.peek(end) == '.' && written.digit_at(end + 1))) return std::nullopt;
  const bool mobile = digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
  if (written.chinese() && mobile) return whole(written, say_code_digits(written, digits), end);
  if (called && written.chinese() && digits.size() >= 3 &&
      (written.ends_with(written.skip_blanks_back(at), "转") ||
       written.ends_with(written.skip_blanks_back(at), "分机")))
    return whole(written, say_code_digits(written, digits), end);
  if (called && (is_short_number(digits) || (digits.size() >= kFewestDigits && digits.size() <= kMostDigits)))
    return whole(written, say_code_digits(written, digits), end);
  if (written.chinese() && called && digits.size() >= 5 && !written.han_at(end))
    return whole(written, say_code_digits(written, digits), end);
  if (written.chinese() && is_short_number(digits)) {
    for (const std::string_view word :
         {"热线", "客服", "电话", "报警", "急救", "火警", "平台", "救护车", "匪警"}) {
      if (written.starts_with(end, word)) return whole(written, say_code_digits(written, digits), end);
    }
  }
  return std::nullopt;
}

}  // namespace anima::text
