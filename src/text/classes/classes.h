// The classes of written things. Each function reads what of its class begins at byte `at`, which is
// never inside a run of digits or of letters, and gives nothing where something else stands there.
// One file a class, with its table; the reader (normaliser.cpp) asks them in its own order.
#pragma once

#include <optional>

#include "text/written_text.h"

namespace anima::text {

// "https://example.com/docs", "name@example.com", "@name", "report.pdf", "/usr/bin", "my_name",
// "192.168.1.1".
std::optional<Reading> read_electronic(const WrittenText& written, std::size_t at);
// "2026-11-23", "March 5, 2024", "5 March", "'90s", "90后", "2024年", "2010—2015".
std::optional<Reading> read_date(const WrittenText& written, std::size_t at);
// Of four digits that no other class has claimed: "1984", and before BC and AD of fewer.
std::optional<Reading> read_year(const WrittenText& written, std::size_t at);
// "9:30", "9am", "14:05:10".
std::optional<Reading> read_time(const WrittenText& written, std::size_t at);
// "+1 (415) 555-0132", "1-800-FLOWERS", "138 0013 8000", "911" behind "dial".
std::optional<Reading> read_telephone(const WrittenText& written, std::size_t at);
// "2.10.3", "v2.0", "Python 3.10".
std::optional<Reading> read_version(const WrittenText& written, std::size_t at);
// "$1.5M", "USD 20", "5¢", "$5-10", "20 €".
std::optional<Reading> read_money(const WrittenText& written, std::size_t at);
// "3-1" behind "won", "3:1" behind 比分.
std::optional<Reading> read_score(const WrittenText& written, std::size_t at);
// "3/4", "1 1/2", "½", "24/7".
std::optional<Reading> read_fraction(const WrittenText& written, std::size_t at);
// "VIII" behind "Henry", "IV" behind "chapter", "XX" before 世纪.
std::optional<Reading> read_roman(const WrittenText& written, std::size_t at);
// "Blvd", "St." behind a name, "NY 10001", "P.O. Box", the number of a house.
std::optional<Reading> read_address(const WrittenText& written, std::size_t at);
// "Lt. Col.", "e.g.", "w/o".
std::optional<Reading> read_abbreviation(const WrittenText& written, std::size_t at);
// "PIN 4071", "邮编100080", "802房间", and numbers that count nothing: "007", ten digits and more.
std::optional<Reading> read_digits(const WrittenText& written, std::size_t at);
// "BA117", "4B", "COVID-19", "京A·12345".
std::optional<Reading> read_code(const WrittenText& written, std::size_t at);
// "5 km", "5'10\"", "-5 °C", "10 %", "m³", "60 mg/dL".
std::optional<Reading> read_measure(const WrittenText& written, std::size_t at);
// "21st", "No. 5", "第3" is a cardinal.
std::optional<Reading> read_ordinal(const WrittenText& written, std::size_t at);
// "10^6", "1e-3", "x²", "√2", "5 * 6", "x < y", "~50".
std::optional<Reading> read_mathematics(const WrittenText& written, std::size_t at);
// "1,234.5", "-3", ".5", "3.5k".
std::optional<Reading> read_cardinal(const WrittenText& written, std::size_t at);
// The sign between `before` and what follows: "5-10", "9:30 – 11:00", "3x4", "3:1", 周一-周五.
std::optional<Reading> read_range_sign(const WrittenText& written, const Reading& before);

// What other classes and the splitter ask of a class's table.
bool is_abbreviation(std::string_view with_full_stop);  // "Dr.", "e.g.", "Inc."
bool is_month_name(std::string_view word);              // "March", "Mar"
bool is_unit(std::string_view unit);                    // "km/h"
bool is_currency_code(std::string_view code);           // "USD"

}  // namespace anima::text
