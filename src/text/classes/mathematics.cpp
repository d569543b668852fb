// Powers, roots and operators between operands.
#include <array>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

Reading mathematics(std::string spoken, std::size_t end) {
  return {std::move(spoken), end, WrittenClass::kMathematics};
}

int superscript_digit(char32_t c) {
  switch (c) {
    case U'⁰':
      return 0;
    case U'¹':
      return 1;
    case U'²':
      return 2;
    case U'³':
      return 3;
    default:
      return c >= U'⁴' && c <= U'⁹' ? static_cast<int>(c - U'⁴') + 4 : -1;
  }
}

struct Exponent {
  bool negative = false;
  std::string digits;  // or the name of a variable
  bool letter = false;
  std::size_t end = 0;
};

// "^6", "^-3", "^{10}", "^n", "²", "⁻³" at `at`.
std::optional<Exponent> exponent_at(const WrittenText& written, std::size_t at) {
  Exponent exponent;
  if (written.peek(at) == '^' ||
      (written.starts_with(at, "**") && (written.digit_at(at + 2) || written.peek(at + 2) == '-') &&
       written.word_begins(at) == false)) {
    std::size_t next = at + (written.peek(at) == '^' ? 1 : 2);
    const bool brace = written.peek(next) == '{' || written.peek(next) == '(';
    if (brace) ++next;
    if (written.peek(next) == '-' || written.starts_with(next, "−")) {
      exponent.negative = true;
      next += written.width(next);
    }
    std::size_t end = written.digits_end(next);
    if (end == next && written.letter_at(next) && !written.letter_at(next + 1)) {
      exponent.letter = true;
      end = next + written.width(next);
    }
    if (end == next) return std::nullopt;
    exponent.digits = written.slice(next, end);
    if (brace) {
      if (written.peek(end) != '}' && written.peek(end) != ')') return std::nullopt;
      ++end;
    }
    exponent.end = end;
    return exponent;
  }
  std::size_t next = at;
  if (written.starts_with(next, "⁻")) {
    exponent.negative = true;
    next += written.width(next);
  }
  while (superscript_digit(written.code_point(next)) >= 0) {
    exponent.digits += static_cast<char>('0' + superscript_digit(written.code_point(next)));
    next += written.width(next);
  }
  if (exponent.digits.empty()) return std::nullopt;
  exponent.end = next;
  return exponent;
}

// Behind what is raised. `variable`: a letter, whose square is 平方 with nothing more.
std::string say_power(const WrittenText& written, const Exponent& exponent, bool variable) {
  if (written.chinese()) {
    if (!exponent.negative && exponent.digits == "2") return variable ? " 平方" : "的平方";
    if (!exponent.negative && exponent.digits == "3") return variable ? " 立方" : "的立方";
    if (exponent.letter) return "的 " + exponent.digits + " 次方";
    return std::string(variable ? " " : "") + "的" + (exponent.negative ? "负" : "") +
           chinese_cardinal(exponent.digits) + "次方";
  }
  if (exponent.letter) return " to the " + std::string(exponent.negative ? "minus " : "") + exponent.digits;
  if (exponent.negative) return " to the minus " + english_cardinal(exponent.digits);
  if (exponent.digits == "2") return " squared";
  if (exponent.digits == "3") return " cubed";
  return " to the " + english_ordinal(exponent.digits);
}

// "1e-3", "6.02E23"
std::optional<Reading> read_scientific(const WrittenText& written, std::size_t at, const NumberForm& number) {
  const std::size_t letter = number.end;
  if (written.peek(letter) != 'e' && written.peek(letter) != 'E') return std::nullopt;
  std::size_t next = letter + 1;
  const bool signed_exponent = written.peek(next) == '-' || written.peek(next) == '+';
  Exponent exponent;
  exponent.negative = written.peek(next) == '-';
  if (signed_exponent) ++next;
  const std::size_t end = written.digits_end(next);
  if (end == next || end > next + 3 || !written.word_ends(end)) return std::nullopt;
  // "4E2" may be a code.
  if (!signed_exponent && number.decimals.empty() && written.peek(letter) == 'E') return std::nullopt;
  exponent.digits = written.slice(next, end);
  while (exponent.digits.size() > 1 && exponent.digits[0] == '0') exponent.digits.erase(0, 1);
  static_cast<void>(at);
  if (written.chinese())
    return mathematics(say_number(written, number) + "乘以十的" + (exponent.negative ? "负" : "") +
                           chinese_cardinal(exponent.digits) + "次方",
                       end);
  return mathematics(say_number(written, number) + " times ten to the " +
                         (exponent.negative ? "minus " + english_cardinal(exponent.digits)
                                            : english_ordinal(exponent.digits)),
                     end);
}

// "10^6", "10⁶", "x²", "(a+b)^2" by its closing bracket.
std::optional<Reading> read_power(const WrittenText& written, std::size_t at) {
  if (written.digit_at(at) && !written.digit_before(at)) {
    const auto number = number_form_at(written, at);
    if (!number) return std::nullopt;
    if (auto reading = read_scientific(written, at, *number)) return reading;
    const auto exponent = exponent_at(written, number->end);
    // "5²" is a power; "note¹" a footnote. A number and ¹ is rare.
    if (!exponent || exponent->digits == "1") return std::nullopt;
    return mathematics(say_number(written, *number) + say_power(written, *exponent, false), exponent->end);
  }
  if (written.letter_at(at) && written.word_begins(at)) {
    const std::size_t end = written.letters_end(at);
    const auto exponent = exponent_at(written, end);
    if (!exponent || end - at > 3) return std::nullopt;
    // A footnote: "end²" of a word. Units have been read before.
    if (end - at > 1 && written.peek(end) != '^') return std::nullopt;
    if (exponent->digits == "1" && written.peek(end) != '^') return std::nullopt;
    return mathematics(std::string(written.slice(at, end)) + say_power(written, *exponent, true),
                       exponent->end);
  }
  if (written.peek(at) == ')') {
    const auto exponent = exponent_at(written, at + 1);
    if (!exponent) return std::nullopt;
    std::string power = say_power(written, *exponent, false);
    if (power.starts_with(' ')) power.erase(0, 1);
    return mathematics(std::move(power), exponent->end);
  }
  return std::nullopt;
}

// √2, ∛27, √(x): the sign; √x with its letter too.
std::optional<Reading> read_root(const WrittenText& written, std::size_t at) {
  const char32_t c = written.code_point(at);
  if (c != U'√' && c != U'∛') return std::nullopt;
  const bool cube = c == U'∛';
  return mathematics(
      written.chinese() ? (cube ? "三次根号" : "根号") : (cube ? "cube root of" : "square root of"),
      at + written.width(at));
}

bool is_greek(char32_t c) {
  return c >= 0x391 && c <= 0x3C9;
}

// Whether an operand ends before `at` (blanks between allowed), and begins at `at`.
bool operand_before(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.skip_blanks_back(at);
  if (end == 0) return false;
  const char32_t c = written.code_point_before(end);
  if (is_digit(c) || c == U')' || c == U']' || c == U'%' || superscript_digit(c) >= 0 || is_greek(c) ||
      c == U'°' || c == U'∞' || c == U'½')
    return true;
  if (!is_latin_letter(c)) return false;
  // A single letter, or a name of a few: "x", "dx", "sin", "max".
  std::size_t begin = end;
  while (begin > 0 && (written.letter_before(begin) || written.digit_before(begin))) --begin;
  return end - begin <= 1;
}
bool operand_at(const WrittenText& written, std::size_t at) {
  std::size_t begin = written.skip_blanks(at);
  if (written.peek(begin) == '-' || written.starts_with(begin, "−")) begin += written.width(begin);
  const char32_t c = written.code_point(begin);
  if (is_digit(c) || c == U'(' || c == U'√' || c == U'∛' || is_greek(c) || c == U'∞' ||
      (c == U'.' && written.digit_at(begin + 1)) || c == U'$')
    return true;
  if (!is_latin_letter(c)) return false;
  std::size_t end = begin;
  while (written.letter_at(end) || written.digit_at(end)) end += written.width(end);
  return end - begin <= 2 || written.peek(end) == '(';
}

// Whether the text around is an equation: then a dash is a minus.
bool in_equation(const WrittenText& written, std::size_t at) {
  constexpr std::size_t kReach = 40;
  const std::string_view around = written.slice(at > kReach ? at - kReach : 0, at + kReach);
  return around.find_first_of("=<>^") != std::string_view::npos ||
         around.find("×") != std::string_view::npos || around.find("÷") != std::string_view::npos ||
         around.find("≈") != std::string_view::npos || around.find(" + ") != std::string_view::npos ||
         around.find("√") != std::string_view::npos || around.find(" * ") != std::string_view::npos;
}

struct Operator {
  std::string_view sign;
  std::string_view english;
  std::string_view chinese;
  bool lone = false;  // said without an operand before it too
};
constexpr std::array<Operator, 27> kOperators = {{{"<=>", "if and only if", "等价于"},
                                                  {"!=", "is not equal to", "不等于"},
                                                  {"==", "equals", "等于"},
                                                  {"<=", "is less than or equal to", "小于等于"},
                                                  {">=", "is greater than or equal to", "大于等于"},
                                                  {"+/-", "plus or minus", "正负", true},
                                                  {"≠", "is not equal to", "不等于"},
                                                  {"≤", "is less than or equal to", "小于等于"},
                                                  {"≥", "is greater than or equal to", "大于等于"},
                                                  {"≈", "is about", "约等于"},
                                                  {"±", "plus or minus", "正负", true},
                                                  {"×", "times", "乘以"},
                                                  {"÷", "divided by", "除以"},
                                                  {"∞", "infinity", "无穷大", true},
                                                  {"∑", "the sum of", "求和", true},
                                                  {"∫", "the integral of", "积分", true},
                                                  {"∂", "partial", "偏", true},
                                                  {"∈", "is in", "属于"},
                                                  {"∪", "union", "并"},
                                                  {"∩", "intersection", "交"},
                                                  {"<", "is less than", "小于"},
                                                  {">", "is greater than", "大于"},
                                                  {"=", "equals", "等于"},
                                                  {"*", "times", "乘以"},
                                                  {"·", "times", "乘以"},
                                                  {"/", "divided by", "除以"},
                                                  {"+", "plus", "加"}}};

// Before a number and behind nothing: "~50", "<5", "≥ 18", "> 100".
std::optional<Reading> read_prefix(const WrittenText& written, std::size_t at) {
  if (at > 0 && !is_blank(written.code_point_before(at)) && !is_han(written.code_point_before(at)) &&
      std::u32string_view(U"(，、：（").find(written.code_point_before(at)) == std::u32string_view::npos)
    return std::nullopt;
  struct Prefix {
    std::string_view sign;
    std::string_view english;
    std::string_view chinese;
  };
  static constexpr std::array<Prefix, 10> kPrefixes = {{{"<=", "at most", "小于等于"},
                                                        {">=", "at least", "大于等于"},
                                                        {"≤", "at most", "小于等于"},
                                                        {"≥", "at least", "大于等于"},
                                                        {"~", "about", "约"},
                                                        {"～", "about", "约"},
                                                        {"≈", "about", "约"},
                                                        {"<", "less than", "小于"},
                                                        {">", "more than", "大于"},
                                                        {"±", "plus or minus", "正负"}}};
  for (const Prefix& prefix : kPrefixes) {
    if (!written.starts_with(at, prefix.sign)) continue;
    std::size_t end = at + prefix.sign.size();
    const std::size_t number = written.skip_blanks(end);
    const char32_t c = written.code_point(number);
    const bool amount =
        is_digit(c) || ((c == U'$' || c == U'€' || c == U'¥' || c == U'£' || c == U'.' || c == U'-') &&
                        written.digit_at(number + written.width(number)));
    if (!amount) return std::nullopt;
    return mathematics(std::string(written.chinese() ? prefix.chinese : prefix.english), end);
  }
  return std::nullopt;
}

// "f(x)", "P(A)"
std::optional<Reading> read_function(const WrittenText& written, std::size_t at) {
  if (!written.letter_at(at) || !written.word_begins(at) || written.peek(at + 1) != '(' ||
      !written.letter_at(at + 2) || written.peek(at + 3) != ')')
    return std::nullopt;
  if (written.chinese())
    return mathematics(
        std::string(written.slice(at, at + 1)) + " " + std::string(written.slice(at + 2, at + 3)), at + 4);
  return mathematics(
      std::string(written.slice(at, at + 1)) + " of " + std::string(written.slice(at + 2, at + 3)), at + 4);
}

std::optional<Reading> read_operator(const WrittenText& written, std::size_t at) {
  for (const Operator& op : kOperators) {
    if (!written.starts_with(at, op.sign)) continue;
    const std::size_t end = at + op.sign.size();
    const auto say = [&] {
      return mathematics(std::string(written.chinese() ? op.chinese : op.english), end);
    };
    if (op.lone) return say();
    if (!operand_before(written, at) || !operand_at(written, end)) return std::nullopt;
    const bool blank_before = at > 0 && written.peek(at - 1) == ' ';
    const bool blank_behind = written.peek(end) == ' ';
    if (op.sign == "/" && !(blank_before && blank_behind)) return std::nullopt;
    if (op.sign == "·" && !(written.digit_before(written.skip_blanks_back(at)))) return std::nullopt;
    // "a * b" between blanks, or a digit on one side: "2*x".
    if ((op.sign == "<" || op.sign == ">" || op.sign == "*") && blank_before != blank_behind)
      return std::nullopt;
    return say();
  }
  // The dash between blanks, or between letters and digits of an equation.
  const char32_t c = written.code_point(at);
  if (c == U'-' || c == U'−') {
    const std::size_t end = at + written.width(at);
    if (!operand_before(written, at) || !operand_at(written, end)) return std::nullopt;
    const bool blanks = written.peek(end) == ' ' && at > 0 && written.peek(at - 1) == ' ';
    if (c == U'−' || (blanks && in_equation(written, at)) ||
        (!blanks && in_equation(written, at) && written.peek(end) != ' '))
      return mathematics(written.chinese() ? "减" : "minus", end);
  }
  if ((c == U'x' || c == U'X') && at > 0 && written.peek(at - 1) == ' ' && written.peek(at + 1) == ' ' &&
      written.digit_before(written.skip_blanks_back(at)) && written.digit_at(at + 2) &&
      in_equation(written, at))
    return mathematics(written.chinese() ? "乘以" : "times", at + 1);
  return std::nullopt;
}

}  // namespace

std::optional<Reading> read_mathematics(const WrittenText& written, std::size_t at) {
  const char32_t c = written.code_point(at);
  if (is_han(c)) return std::nullopt;
  if (auto power = read_power(written, at)) return power;
  if (auto root = read_root(written, at)) return root;
  if (auto function = read_function(written, at)) return function;
  if (is_digit(c)) return std::nullopt;
  if (auto reading = read_operator(written, at)) return reading;
  if (is_latin_letter(c)) return std::nullopt;
  return read_prefix(written, at);
}

}  // namespace anima::text
