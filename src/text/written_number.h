// Numbers as people write them (dates, times, money, units, telephone numbers ...) and how each is
// read, in English or Chinese.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace anima::text {

// What is written from where the reading began up to byte `end`.
struct NumberReading {
  std::string spoken;
  std::size_t end = 0;
  bool plain = false;  // a count, which may be multiplied or divided
};

// `text` must outlive it; its digits and signs are ASCII.
class WrittenNumbers {
 public:
  WrittenNumbers(std::string_view text, bool chinese) : text_(text), chinese_(chinese) {}

  // Whether a number begins at byte `at`: a digit, or a minus or a currency with a digit behind it.
  bool begin_at(std::size_t at) const;
  // The number that begins there.
  NumberReading read(std::size_t at) const;
  // The sign between the number `before` and the next one: "5-10", "25%~30%", "3x4", "3:1".
  std::optional<NumberReading> read_between(const NumberReading& before) const;

 private:
  char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  char32_t code_point(std::size_t at) const;
  bool letter_at(std::size_t at) const;
  bool digit_at(std::size_t at) const { return peek(at) >= '0' && peek(at) <= '9'; }
  std::size_t digits_end(std::size_t at) const;
  std::size_t skip_blanks(std::size_t at) const;
  std::string_view slice(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }

  std::string cardinal(std::string_view digits) const;
  std::string spelled_digits(std::string_view digits) const;
  std::string telephone(std::string_view digits) const;
  std::string join(std::string a, std::string_view b) const;
  std::string number(std::string_view whole, std::string_view decimals, bool counted = false) const;

  // Each gives nothing where the number is of another kind.
  std::optional<NumberReading> read_date(std::size_t at) const;
  std::optional<NumberReading> read_time(std::size_t at) const;
  std::optional<NumberReading> read_telephone(std::size_t at) const;
  std::optional<NumberReading> read_dotted(std::size_t at) const;
  std::optional<NumberReading> read_special_whole(const std::string& whole, std::size_t end) const;
  std::optional<NumberReading> read_fraction(const std::string& whole, std::size_t end) const;
  NumberReading read_money(std::string_view sign, const std::string& whole, const std::string& decimals,
                           std::size_t end) const;
  NumberReading read_amount(std::size_t at) const;
  bool is_measured(std::size_t end) const;
  bool year_word_at(std::size_t at) const;
  bool is_year_range(std::size_t end) const;

  std::string_view text_;
  bool chinese_;
};

}  // namespace anima::text
