// Fractions, and pairs with a slash that only look like them.
#include <array>

#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

struct Vulgar {
  char32_t sign;
  std::string_view above;
  std::string_view below;
};
constexpr std::array<Vulgar, 19> kVulgar = {{{U'½', "1", "2"},
                                             {U'⅓', "1", "3"},
                                             {U'⅔', "2", "3"},
                                             {U'¼', "1", "4"},
                                             {U'¾', "3", "4"},
                                             {U'⅕', "1", "5"},
                                             {U'⅖', "2", "5"},
                                             {U'⅗', "3", "5"},
                                             {U'⅘', "4", "5"},
                                             {U'⅙', "1", "6"},
                                             {U'⅚', "5", "6"},
                                             {U'⅐', "1", "7"},
                                             {U'⅛', "1", "8"},
                                             {U'⅜', "3", "8"},
                                             {U'⅝', "5", "8"},
                                             {U'⅞', "7", "8"},
                                             {U'⅑', "1", "9"},
                                             {U'⅒', "1", "10"},
                                             {U'↉', "0", "3"}}};

const Vulgar* vulgar_at(const WrittenText& written, std::size_t at) {
  const char32_t c = written.code_point(at);
  for (const Vulgar& vulgar : kVulgar) {
    if (vulgar.sign == c) return &vulgar;
  }
  return nullptr;
}

std::string say_fraction(const WrittenText& written, std::string_view above, std::string_view below,
                         bool mixed) {
  if (written.chinese()) return chinese_cardinal(below) + "分之" + chinese_cardinal(above);
  const bool one = above == "1";
  const std::string part = below == "2"   ? (one ? "half" : "halves")
                           : below == "4" ? (one ? "quarter" : "quarters")
                                          : english_ordinal(below) + (one ? "" : "s");
  if (mixed && one) return (below == "8" ? "an " : "a ") + part;
  return english_cardinal(above) + " " + part;
}

Reading fraction(std::string spoken, std::size_t end) {
  return {std::move(spoken), end, WrittenClass::kFraction};
}

std::string say_mixed(const WrittenText& written, std::string_view whole, std::string_view above,
                      std::string_view below) {
  if (written.chinese()) return chinese_cardinal(whole) + "又" + say_fraction(written, above, below, true);
  return english_cardinal(whole) + " and " + say_fraction(written, above, below, true);
}

// "24/7", "9/11", "50/50", "20/20": said as two numbers.
bool is_pair(std::string_view above, std::string_view below) {
  return (above == "24" && below == "7") || (above == "9" && below == "11") ||
         (above == "7" && below == "11") || (above == "50" && below == "50") ||
         (above == "20" && below == "20") || (above == "60" && below == "40") ||
         (above == "70" && below == "30") || (above == "80" && below == "20") ||
         (above == "90" && below == "10") || (above == "7" && below == "24") ||
         (above == "40" && below == "60");
}

}  // namespace

std::optional<Reading> read_fraction(const WrittenText& written, std::size_t at) {
  if (const Vulgar* vulgar = vulgar_at(written, at))
    return fraction(say_fraction(written, vulgar->above, vulgar->below, false), at + written.width(at));
  if (!written.digit_at(at) || written.digit_before(at)) return std::nullopt;
  const std::size_t whole_end = written.digits_end(at);
  const std::string_view whole = written.slice(at, whole_end);
  // "3½", "3 ½"
  for (const std::size_t sign : {whole_end, whole_end + 1}) {
    if (sign > whole_end && written.peek(whole_end) != ' ') break;
    if (const Vulgar* vulgar = vulgar_at(written, sign))
      return fraction(say_mixed(written, whole, vulgar->above, vulgar->below), sign + written.width(sign));
  }
  const auto parts_at = [&](std::size_t begin, std::string_view& above,
                            std::string_view& below) -> std::size_t {
    const std::size_t above_end = written.digits_end(begin);
    if (above_end == begin || written.peek(above_end) != '/' || !written.digit_at(above_end + 1)) return 0;
    const std::size_t end = written.digits_end(above_end + 1);
    above = written.slice(begin, above_end);
    below = written.slice(above_end + 1, end);
    if (written.peek(end) == '/' || (written.peek(end) == '.' && written.digit_at(end + 1))) return 0;
    return end;
  };
  std::string_view above;
  std::string_view below;
  // "1 1/2"
  if (written.peek(whole_end) == ' ' && whole.size() <= 3) {
    const std::size_t end = parts_at(whole_end + 1, above, below);
    if (end != 0 && small_number(above) < small_number(below) && small_number(below) <= 16 &&
        small_number(above) > 0)
      return fraction(say_mixed(written, whole, above, below), end);
  }
  const std::size_t end = parts_at(at, above, below);
  if (end == 0) return std::nullopt;
  if (is_pair(above, below)) {
    if (written.chinese()) {
      if (above == "9" && below == "11") return fraction("九一一", end);
      if (above == "24" || above == "7") return fraction(chinese_digits(above) + chinese_digits(below), end);
      return std::nullopt;
    }
    return fraction(english_cardinal(above) + " " + english_cardinal(below), end);
  }
  if (below.size() > 2 || below == "0" || below[0] == '0' || above[0] == '0') {
    if (below == "100" && small_number(above) <= 100) {
      if (written.chinese()) return fraction("百分之" + chinese_cardinal(above), end);
      return fraction(english_cardinal(above) + " out of one hundred", end);
    }
    return std::nullopt;
  }
  if (below == "1") return std::nullopt;
  if (!written.chinese()) {
    if (below == "10") return fraction(english_cardinal(above) + " out of ten", end);
    const bool shares = small_number(above) < small_number(below);
    if (!shares && (small_number(above) > 20 || small_number(below) > 20)) return std::nullopt;  // 120/80
    if (written.letter_at(end)) return std::nullopt;
  }
  return fraction(say_fraction(written, above, below, false), end);
}

}  // namespace anima::text
