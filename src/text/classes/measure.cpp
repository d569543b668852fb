// Quantities with a unit.
#include <algorithm>
#include <array>
#include <map>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

struct Unit {
  std::string_view singular;
  std::string_view plural;
  std::string_view chinese;
  bool chinese_before = false;  // 百分之五: said before the number
};
constexpr std::size_t kLongestUnitBytes = 9;

// Case matters: mW is not MW.
const std::map<std::string_view, Unit>& units() {
  static const std::map<std::string_view, Unit> table = {
      {"%", {"percent", "percent", "百分之", true}},
      {"‰", {"per mille", "per mille", "千分之", true}},
      {"°C", {"degree Celsius", "degrees Celsius", "摄氏度"}},
      {"℃", {"degree Celsius", "degrees Celsius", "摄氏度"}},
      {"ºC", {"degree Celsius", "degrees Celsius", "摄氏度"}},
      {"°F", {"degree Fahrenheit", "degrees Fahrenheit", "华氏度"}},
      {"℉", {"degree Fahrenheit", "degrees Fahrenheit", "华氏度"}},
      {"°", {"degree", "degrees", "度"}},
      {"K", {"kelvin", "kelvins", "开尔文"}},
      {"km", {"kilometer", "kilometers", "公里"}},
      {"KM", {"kilometer", "kilometers", "公里"}},
      {"m", {"meter", "meters", "米"}},
      {"cm", {"centimeter", "centimeters", "厘米"}},
      {"mm", {"millimeter", "millimeters", "毫米"}},
      {"nm", {"nanometer", "nanometers", "纳米"}},
      {"µm", {"micrometer", "micrometers", "微米"}},
      {"μm", {"micrometer", "micrometers", "微米"}},
      {"㎡", {"square meter", "square meters", "平方米"}},
      {"km²", {"square kilometer", "square kilometers", "平方公里"}},
      {"m²", {"square meter", "square meters", "平方米"}},
      {"cm²", {"square centimeter", "square centimeters", "平方厘米"}},
      {"mm²", {"square millimeter", "square millimeters", "平方毫米"}},
      {"m³", {"cubic meter", "cubic meters", "立方米"}},
      {"cm³", {"cubic centimeter", "cubic centimeters", "立方厘米"}},
      {"km2", {"square kilometer", "square kilometers", "平方公里"}},
      {"m2", {"square meter", "square meters", "平方米"}},
      {"m3", {"cubic meter", "cubic meters", "立方米"}},
      {"cc", {"c c", "c c", "毫升"}},
      {"in", {"inch", "inches", "英寸"}},
      {"ft", {"foot", "feet", "英尺"}},
      {"yd", {"yard", "yards", "码"}},
      {"mi", {"mile", "miles", "英里"}},
      {"sq ft", {"square foot", "square feet", "平方英尺"}},
      {"sq mi", {"square mile", "square miles", "平方英里"}},
      {"sq. ft.", {"square foot", "square feet", "平方英尺"}},
      {"ft²", {"square foot", "square feet", "平方英尺"}},
      {"ha", {"hectare", "hectares", "公顷"}},
      {"kg", {"kilogram", "kilograms", "公斤"}},
      {"KG", {"kilogram", "kilograms", "公斤"}},
      {"g", {"gram", "grams", "克"}},
      {"mg", {"milligram", "milligrams", "毫克"}},
      {"µg", {"microgram", "micrograms", "微克"}},
      {"μg", {"microgram", "micrograms", "微克"}},
      {"mcg", {"microgram", "micrograms", "微克"}},
      {"t", {"ton", "tons", "吨"}},
      {"lb", {"pound", "pounds", "磅"}},
      {"lbs", {"pound", "pounds", "磅"}},
      {"oz", {"ounce", "ounces", "盎司"}},
      {"fl oz", {"fluid ounce", "fluid ounces", "液盎司"}},
      {"tsp", {"teaspoon", "teaspoons", "茶匙"}},
      {"tbsp", {"tablespoon", "tablespoons", "汤匙"}},
      {"gal", {"gallon", "gallons", "加仑"}},
      {"L", {"liter", "liters", "升"}},
      {"l", {"liter", "liters", "升"}},
      {"dL", {"deciliter", "deciliters", "分升"}},
      {"cl", {"centiliter", "centiliters", "厘升"}},
      {"ml", {"milliliter", "milliliters", "毫升"}},
      {"mL", {"milliliter", "milliliters", "毫升"}},
      {"µL", {"microliter", "microliters", "微升"}},
      {"μL", {"microliter", "microliters", "微升"}},
      {"km/h", {"kilometer per hour", "kilometers per hour", "公里每小时"}},
      {"m/s²", {"meter per second squared", "meters per second squared", "米每二次方秒"}},
      {"m/s", {"meter per second", "meters per second", "米每秒"}},
      {"kph", {"kilometer per hour", "kilometers per hour", "公里每小时"}},
      {"mph", {"mile per hour", "miles per hour", "英里每小时"}},
      {"mpg", {"mile per gallon", "miles per gallon", "英里每加仑"}},
      {"rpm", {"revolution per minute", "revolutions per minute", "转每分钟"}},
      {"RPM", {"revolution per minute", "revolutions per minute", "转每分钟"}},
      {"bpm", {"beat per minute", "beats per minute", "拍每分钟"}},
      {"ppm", {"part per million", "parts per million", "ppm"}},
      {"s", {"second", "seconds", "秒"}},
      {"sec", {"second", "seconds", "秒"}},
      {"ms", {"millisecond", "milliseconds", "毫秒"}},
      {"ns", {"nanosecond", "nanoseconds", "纳秒"}},
      {"µs", {"microsecond", "microseconds", "微秒"}},
      {"μs", {"microsecond", "microseconds", "微秒"}},
      {"min", {"minute", "minutes", "分钟"}},
      {"mins", {"minute", "minutes", "分钟"}},
      {"h", {"hour", "hours", "小时"}},
      {"hr", {"hour", "hours", "小时"}},
      {"hrs", {"hour", "hours", "小时"}},
      {"yr", {"year", "years", "年"}},
      {"yrs", {"year", "years", "年"}},
      {"Hz", {"hertz", "hertz", "赫兹"}},
      {"kHz", {"kilohertz", "kilohertz", "千赫"}},
      {"MHz", {"megahertz", "megahertz", "兆赫"}},
      {"GHz", {"gigahertz", "gigahertz", "吉赫"}},
      {"kB", {"kilobyte", "kilobytes", "千字节"}},
      {"KB", {"kilobyte", "kilobytes", "千字节"}},
      {"MB", {"megabyte", "megabytes", "兆"}},
      {"GB", {"gigabyte", "gigabytes", "G"}},
      {"TB", {"terabyte", "terabytes", "T"}},
      {"PB", {"petabyte", "petabytes", "P"}},
      {"kbps", {"kilobit per second", "kilobits per second", "千比特每秒"}},
      {"Mbps", {"megabit per second", "megabits per second", "兆比特每秒"}},
      {"Gbps", {"gigabit per second", "gigabits per second", "吉比特每秒"}},
      {"W", {"watt", "watts", "瓦"}},
      {"mW", {"milliwatt", "milliwatts", "毫瓦"}},
      {"kW", {"kilowatt", "kilowatts", "千瓦"}},
      {"MW", {"megawatt", "megawatts", "兆瓦"}},
      {"GW", {"gigawatt", "gigawatts", "吉瓦"}},
      {"kWh", {"kilowatt hour", "kilowatt hours", "千瓦时"}},
      {"hp", {"horsepower", "horsepower", "马力"}},
      {"V", {"volt", "volts", "伏"}},
      {"mV", {"millivolt", "millivolts", "毫伏"}},
      {"kV", {"kilovolt", "kilovolts", "千伏"}},
      {"mA", {"milliamp", "milliamps", "毫安"}},
      {"A", {"amp", "amps", "安"}},
      {"mAh", {"milliamp hour", "milliamp hours", "毫安时"}},
      {"Ω", {"ohm", "ohms", "欧姆"}},
      {"kΩ", {"kilohm", "kilohms", "千欧"}},
      {"N", {"newton", "newtons", "牛"}},
      {"Pa", {"pascal", "pascals", "帕"}},
      {"hPa", {"hectopascal", "hectopascals", "百帕"}},
      {"kPa", {"kilopascal", "kilopascals", "千帕"}},
      {"MPa", {"megapascal", "megapascals", "兆帕"}},
      {"psi", {"pound per square inch", "pounds per square inch", "磅每平方英寸"}},
      {"bar", {"bar", "bars", "巴"}},
      {"J", {"joule", "joules", "焦"}},
      {"kJ", {"kilojoule", "kilojoules", "千焦"}},
      {"cal", {"calorie", "calories", "卡"}},
      {"kcal", {"kilocalorie", "kilocalories", "千卡"}},
      {"mol", {"mole", "moles", "摩尔"}},
      {"mmol", {"millimole", "millimoles", "毫摩尔"}},
      {"mmHg", {"millimeter of mercury", "millimeters of mercury", "毫米汞柱"}},
      {"dB", {"decibel", "decibels", "分贝"}},
      {"fps", {"frame per second", "frames per second", "帧每秒"}},
      {"px", {"pixel", "pixels", "像素"}},
      {"dpi", {"dot per inch", "dots per inch", "dpi"}},
      {"MP", {"megapixel", "megapixels", "百万像素"}},
      {"lm", {"lumen", "lumens", "流明"}},
      {"d", {"day", "days", "天"}},
  };
  return table;
}

const Unit* find_unit(std::string_view written) {
  const auto entry = units().find(written);
  return entry == units().end() ? nullptr : &entry->second;
}

struct UnitAt {
  std::string singular;
  std::string plural;
  std::string chinese;
  bool chinese_before = false;
  std::size_t end = 0;
};

// The longest unit that begins at `start` and is a whole word there.
const Unit* longest_unit(const WrittenText& written, std::size_t start, std::size_t& end) {
  for (std::size_t length = std::min(kLongestUnitBytes, written.size() - std::min(start, written.size()));
       length > 0; --length) {
    const Unit* unit = find_unit(written.slice(start, start + length));
    if (unit == nullptr) continue;
    const std::size_t behind = start + length;
    const char32_t after = written.code_point(behind);
    if (is_latin_letter(after) || is_digit(after) || after == U'²' || after == U'³') continue;
    end = behind;
    return unit;
  }
  return nullptr;
}

// The unit behind a number that ends at `number_end`, with or without a blank before it, and what it
// is divided by: "mg/dL", "m/s²", "W/(m²)" is too much.
std::optional<UnitAt> unit_at(const WrittenText& written, std::size_t number_end) {
  for (const std::size_t start : {number_end, number_end + 1}) {
    if (start > number_end && written.peek(number_end) != ' ' && written.peek(number_end) != '-') break;
    if (written.starts_with(start, "in.") && !written.letter_at(start + 3) &&
        is_one_of(written.word_after(start + 3), {"wide", "tall", "long", "high", "deep", "thick"}))
      return UnitAt{"inch", "inches", "英寸", false, start + 3};
    const bool hyphen = start > number_end && written.peek(number_end) == '-';
    std::size_t end = start;
    const Unit* unit = longest_unit(written, start, end);
    if (unit == nullptr) continue;
    const std::string_view sign = written.slice(start, end);
    const bool one_letter = sign.size() == 1;
    // "5 m" is meters, "5 a" is not a unit; single letters need no blank before them, except those
    // that hardly mean anything else. "10 in the morning", "5 min", "2 d": words stay words.
    if (start > number_end && one_letter && !is_one_of(sign, {"m", "g", "%", "l", "v", "w"})) continue;
    if (hyphen && (one_letter || sign == "%" || sign == "in")) {
      if (sign != "m" && sign != "g") continue;
    }
    if (sign == "in" && start > number_end) {
      // "5 in the box" against "10 in wide"
      if (!is_one_of(written.word_after(end),
                     {"wide", "tall", "long", "high", "deep", "thick", "diameter", "x"}))
        continue;
    }
    if ((sign == "K" || sign == "A" || sign == "N" || sign == "J" || sign == "d" || sign == "t" ||
         sign == "T") &&
        start > number_end && sign != "K")
      continue;
    if (is_one_of(sign, {"bar", "cal", "mol"}) && start > number_end &&
        written.letter_at(written.skip_blanks(end)) && sign == "bar")
      continue;
    // "5A", "2N", "3J", "4d", "6t" are codes as often as quantities.
    if (start == number_end && is_one_of(sign, {"a", "n", "j", "d", "t", "k"}) && sign != "t") continue;
    UnitAt found{std::string(unit->singular), std::string(unit->plural), std::string(unit->chinese),
                 unit->chinese_before, end};
    if (written.peek(end) == '/' && !unit->chinese_before) {
      std::size_t below_end = end + 1;
      const Unit* below = longest_unit(written, end + 1, below_end);
      if (below != nullptr && !below->chinese_before && written.slice(end + 1, below_end) != "in") {
        found.singular += " per " + std::string(below->singular);
        found.plural += " per " + std::string(below->singular);
        found.chinese += "每" + std::string(below->chinese);
        found.end = below_end;
      }
    }
    return found;
  }
  return std::nullopt;
}

Reading measure(std::string spoken, std::size_t end) {
  return {std::move(spoken), end, WrittenClass::kMeasure};
}

// 5'10", 6', 12", 5′10″: feet and inches. Typographic quotes close quotations, so straight ones and
// primes only.
std::optional<Reading> read_feet(const WrittenText& written, std::size_t at, const NumberForm& number) {
  const auto foot_at = [&](std::size_t i) -> std::size_t {
    if (written.peek(i) == '\'') return 1;
    return written.starts_with(i, "′") ? 3 : 0;
  };
  const auto inch_at = [&](std::size_t i) -> std::size_t {
    if (written.peek(i) == '"') return 1;
    if (written.starts_with(i, "''")) return 2;
    return written.starts_with(i, "″") ? 3 : written.starts_with(i, "′′") ? 6 : 0;
  };
  // Whether a mark like this was opened before and may be closed here; one behind a digit opens nothing.
  const auto is_open = [&](char mark) {
    int open = 0;
    constexpr std::size_t kReach = 500;
    for (std::size_t i = at > kReach ? at - kReach : 0; i < at; ++i) {
      if (written.peek(i) == mark && !written.digit_before(i) &&
          !(mark == '\'' && written.letter_before(i) && written.letter_at(i + 1)))
        ++open;
    }
    return open % 2 == 1;
  };
  const std::string first = say_number(written, number, true);
  if (const std::size_t inch = inch_at(number.end); inch != 0) {
    // A closing quotation mark: one was opened before.
    if (written.peek(number.end) == '"' && is_open('"')) return std::nullopt;
    if (written.chinese()) return measure(first + "英寸", number.end + inch);
    const bool adjective =
        is_one_of(written.word_after(number.end + inch),
                  {"screen", "display", "monitor", "tv", "pizza", "pipe", "laptop", "disk", "floppy"});
    return measure(first + (number.is_one() || adjective ? " inch" : " inches"), number.end + inch);
  }
  const std::size_t foot = foot_at(number.end);
  if (foot == 0) return std::nullopt;
  std::size_t second = number.end + foot;
  if (written.peek(second) == ' ' && written.digit_at(second + 1)) {  // 3' 6"
    const auto inches = number_form_at(written, second + 1);
    if (inches && small_number(inches->whole) <= 11 && inch_at(inches->end) != 0) ++second;
  }
  if (written.digit_at(second)) {
    const auto inches = number_form_at(written, second);
    if (!inches || small_number(inches->whole) > 11) return std::nullopt;
    const std::size_t end = inches->end + inch_at(inches->end);
    if (written.letter_at(end)) return std::nullopt;
    if (written.chinese()) return measure(first + "英尺" + say_number(written, *inches) + "英寸", end);
    return measure(first + " foot " + say_number(written, *inches), end);
  }
  // 6' tall; the apostrophe of a quotation or a genitive is none.
  if (written.letter_at(second)) return std::nullopt;
  if (written.peek(number.end) == '\'' && is_open('\'')) return std::nullopt;
  if (written.chinese()) return measure(first + "英尺", second);
  return measure(first + (number.is_one() ? " foot" : " feet"), second);
}

// "m³", "km²" without a number, and 气温℃ no.
std::optional<Reading> read_lone_unit(const WrittenText& written, std::size_t at) {
  if (!written.word_begins(at)) return std::nullopt;
  for (const std::string_view sign : {"km²", "cm²", "mm²", "m²", "cm³", "m³", "ft²"}) {
    if (!written.starts_with(at, sign) || !written.word_ends(at + sign.size())) continue;
    const Unit& unit = *find_unit(sign);
    return measure(std::string(written.chinese() ? unit.chinese : unit.plural), at + sign.size());
  }
  return std::nullopt;
}

// "10–20 %", 10-20%: the percent belongs to both ends in Chinese.
bool percent_follows_range(const WrittenText& written, std::size_t end) {
  if (!written.chinese() || !is_range_sign(written.code_point(end))) return false;
  const std::size_t second = end + written.width(end);
  const auto other = number_form_at(written, second);
  return other && written.digit_at(second) && written.peek(written.skip_blanks(other->end)) == '%';
}

}  // namespace

bool is_unit(std::string_view unit) {
  return find_unit(unit) != nullptr;
}

std::optional<Reading> read_measure(const WrittenText& written, std::size_t at) {
  if (written.letter_at(at)) return read_lone_unit(written, at);
  std::size_t begin = at;
  const char32_t c = written.code_point(at);
  const bool negative = (c == U'-' || c == U'−') && written.word_begins(at);
  if (negative) begin += written.width(at);
  if (written.digit_before(begin)) return std::nullopt;
  const auto number = number_form_at(written, begin);
  if (!number) return std::nullopt;
  if (!negative && !number->grouped) {
    if (auto feet = read_feet(written, begin, *number)) return feet;
  }
  if (percent_follows_range(written, number->end))
    return measure("百分之" + say_number(written, *number), number->end);
  // "5 million km", 3万公里, 5k米
  const auto magnitude = magnitude_at(written, number->end, false);
  const bool magnitude_word = magnitude && (magnitude->end > number->end + 2 || !magnitude->written.empty());
  const std::size_t number_end = magnitude_word ? magnitude->end : number->end;
  const auto unit = unit_at(written, number_end);
  if (!unit) return std::nullopt;
  const std::string said = magnitude_word
                               ? say_multiplied(written, *number, *magnitude)
                               : say_number(written, *number, written.chinese() && !unit->chinese_before);
  if (written.chinese()) {
    const bool cold = negative && unit->chinese.ends_with("度");
    return measure(unit->chinese_before
                       ? (negative ? "负" : "") + unit->chinese + said
                       : (cold ? "零下" : (negative ? "负" : "")) + said +
                             (is_latin_letter(first_code_point(unit->chinese)) ? " " : "") + unit->chinese,
                   unit->end);
  }
  const bool hyphen = written.peek(number_end) == '-';
  const bool fraction_below_one =
      number->whole == "0" && number->bare_point && unit->plural != unit->singular;
  const bool turned = written.ends_with(unit->end, "°") &&
                      is_one_of(written.word_after(unit->end),
                                {"turn", "angle", "view", "rotation", "corner", "bend", "video"});
  const bool singular = (number->is_one() && !magnitude_word) || hyphen || turned;
  std::string text = negative ? "minus " : "";
  text += said;
  append_spoken(text, singular && !fraction_below_one ? unit->singular : unit->plural);
  return measure(std::move(text), unit->end);
}

}  // namespace anima::text
