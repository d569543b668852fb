// Numbers as words, in English and in Chinese.
#pragma once

#include <string>
#include <string_view>

namespace anima::text {

// `digits` are ASCII digits, any count. Beyond 18 digits they are read one by one.
std::string english_cardinal(std::string_view digits);  // "1234" -> "one thousand two hundred thirty four"
std::string english_ordinal(std::string_view digits);   // "21" -> "twenty first"
std::string english_year(
    std::string_view digits);  // "1984" -> "nineteen eighty four", "2005" -> "two thousand five"
std::string english_digits(std::string_view digits);  // "407" -> "four zero seven"

std::string chinese_cardinal(std::string_view digits);  // "1020" -> "一千零二十"
std::string chinese_digits(std::string_view digits);    // "2024" -> "二零二四"
// Before a measure word two is 两: "2" -> "两", "12" -> "十二", "200" -> "二百", "2000" -> "两千".
std::string chinese_count(std::string_view digits);

}  // namespace anima::text
