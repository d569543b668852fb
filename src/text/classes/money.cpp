// Amounts of money: signs and codes before or behind the number, magnitudes, cents, ranges, rates.
#include <array>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

struct Currency {
  std::string_view written;
  std::string_view singular;
  std::string_view plural;
  std::string_view hundredth_singular;  // empty where there is none
  std::string_view hundredth_plural;
  std::string_view chinese;
};

// Longer signs first.
constexpr std::array<Currency, 24> kSigns = {{
    {"US$", "dollar", "dollars", "cent", "cents", "美元"},
    {"CA$", "Canadian dollar", "Canadian dollars", "cent", "cents", "加元"},
    {"AU$", "Australian dollar", "Australian dollars", "cent", "cents", "澳元"},
    {"HK$", "Hong Kong dollar", "Hong Kong dollars", "cent", "cents", "港元"},
    {"NZ$", "New Zealand dollar", "New Zealand dollars", "cent", "cents", "新西兰元"},
    {"NT$", "New Taiwan dollar", "New Taiwan dollars", "cent", "cents", "新台币"},
    {"S$", "Singapore dollar", "Singapore dollars", "cent", "cents", "新加坡元"},
    {"C$", "Canadian dollar", "Canadian dollars", "cent", "cents", "加元"},
    {"A$", "Australian dollar", "Australian dollars", "cent", "cents", "澳元"},
    {"R$", "real", "reais", "centavo", "centavos", "雷亚尔"},
    {"RMB¥", "yuan", "yuan", "", "", "元"},
    {"$", "dollar", "dollars", "cent", "cents", "美元"},
    {"€", "euro", "euros", "cent", "cents", "欧元"},
    {"£", "pound", "pounds", "penny", "pence", "英镑"},
    {"¥", "yuan", "yuan", "", "", "元"},
    {"￥", "yuan", "yuan", "", "", "元"},
    {"₩", "won", "won", "", "", "韩元"},
    {"₹", "rupee", "rupees", "paisa", "paise", "卢比"},
    {"₽", "ruble", "rubles", "kopeck", "kopecks", "卢布"},
    {"฿", "baht", "baht", "", "", "泰铢"},
    {"₫", "dong", "dong", "", "", "越南盾"},
    {"₺", "lira", "lira", "", "", "里拉"},
    {"₿", "bitcoin", "bitcoins", "", "", "比特币"},
    {"₴", "hryvnia", "hryvnias", "", "", "格里夫纳"},
}};

constexpr std::array<Currency, 26> kCodes = {{
    {"USD", "dollar", "dollars", "cent", "cents", "美元"},
    {"EUR", "euro", "euros", "cent", "cents", "欧元"},
    {"GBP", "pound", "pounds", "penny", "pence", "英镑"},
    {"JPY", "yen", "yen", "", "", "日元"},
    {"CNY", "yuan", "yuan", "", "", "元"},
    {"RMB", "yuan", "yuan", "", "", "元人民币"},
    {"HKD", "Hong Kong dollar", "Hong Kong dollars", "cent", "cents", "港元"},
    {"TWD", "New Taiwan dollar", "New Taiwan dollars", "cent", "cents", "新台币"},
    {"SGD", "Singapore dollar", "Singapore dollars", "cent", "cents", "新加坡元"},
    {"AUD", "Australian dollar", "Australian dollars", "cent", "cents", "澳元"},
    {"CAD", "Canadian dollar", "Canadian dollars", "cent", "cents", "加元"},
    {"NZD", "New Zealand dollar", "New Zealand dollars", "cent", "cents", "新西兰元"},
    {"CHF", "Swiss franc", "Swiss francs", "centime", "centimes", "瑞士法郎"},
    {"SEK", "Swedish krona", "Swedish kronor", "", "", "瑞典克朗"},
    {"NOK", "Norwegian krone", "Norwegian kroner", "", "", "挪威克朗"},
    {"DKK", "Danish krone", "Danish kroner", "", "", "丹麦克朗"},
    {"KRW", "won", "won", "", "", "韩元"},
    {"INR", "rupee", "rupees", "paisa", "paise", "卢比"},
    {"RUB", "ruble", "rubles", "kopeck", "kopecks", "卢布"},
    {"BRL", "real", "reais", "centavo", "centavos", "雷亚尔"},
    {"MXN", "peso", "pesos", "centavo", "centavos", "比索"},
    {"THB", "baht", "baht", "", "", "泰铢"},
    {"TRY", "lira", "lira", "", "", "里拉"},
    {"PLN", "zloty", "zlotys", "", "", "兹罗提"},
    {"BTC", "bitcoin", "bitcoins", "", "", "比特币"},
    {"ETH", "ether", "ether", "", "", "以太币"},
}};

const Currency* sign_at(const WrittenText& written, std::size_t at) {
  for (const Currency& currency : kSigns) {
    if (written.starts_with(at, currency.written)) {
      // "C$" at the end of a word is none.
      if (currency.written.size() > 1 && written.upper_at(at) && !written.word_begins(at)) return nullptr;
      return &currency;
    }
  }
  return nullptr;
}

const Currency* code_at(const WrittenText& written, std::size_t at) {
  for (const Currency& currency : kCodes) {
    if (written.starts_with(at, currency.written) && !written.letter_at(at + currency.written.size()))
      return &currency;
  }
  return nullptr;
}

// "/month", "/kg", "/h"
std::string rate_at(const WrittenText& written, std::size_t& end) {
  if (written.peek(end) != '/' || !(written.letter_at(end + 1) || written.han_at(end + 1))) return {};
  struct Rate {
    std::string_view written;
    std::string_view english;
    std::string_view chinese;
  };
  static constexpr std::array<Rate, 30> kRates = {
      {{"month", "month", "月"},  {"mo", "month", "月"},        {"year", "year", "年"},
       {"yr", "year", "年"},      {"hour", "hour", "小时"},     {"hr", "hour", "小时"},
       {"h", "hour", "小时"},     {"day", "day", "天"},         {"d", "day", "天"},
       {"week", "week", "周"},    {"wk", "week", "周"},         {"minute", "minute", "分钟"},
       {"min", "minute", "分钟"}, {"night", "night", "晚"},     {"person", "person", "人"},
       {"user", "user", "用户"},  {"kg", "kilogram", "公斤"},   {"lb", "pound", "磅"},
       {"g", "gram", "克"},       {"oz", "ounce", "盎司"},      {"L", "liter", "升"},
       {"gal", "gallon", "加仑"}, {"gallon", "gallon", "加仑"}, {"kWh", "kilowatt hour", "度"},
       {"sq", "square", "平方"},  {"GB", "gigabyte", "G"},      {"m²", "square meter", "平方米"},
       {"seat", "seat", "座"},    {"ea", "each", "个"},         {"unit", "unit", "件"}}};
  for (const Rate& rate : kRates) {
    const std::size_t behind = end + 1 + rate.written.size();
    if (!written.starts_with(end + 1, rate.written) || written.letter_at(behind)) continue;
    end = behind;
    return written.chinese() ? "每" + std::string(rate.chinese) : " per " + std::string(rate.english);
  }
  if (written.chinese() && written.han_at(end + 1)) {
    end += 1;
    return "每";
  }
  return {};
}

std::string say_amount(const WrittenText& written, const Currency& currency, const NumberForm& number,
                       const std::optional<Magnitude>& magnitude, bool singular) {
  if (written.chinese()) {
    return (magnitude ? say_multiplied(written, number, *magnitude) : say_number(written, number, true)) +
           std::string(currency.chinese);
  }
  if (magnitude) {
    std::string text = say_multiplied(written, number, *magnitude);
    append_spoken(text, singular ? currency.singular : currency.plural);
    return text;
  }
  if (number.decimals.size() == 2 && !currency.hundredth_plural.empty()) {
    const bool one_hundredth = number.decimals == "01";
    std::string hundredths = english_cardinal(number.decimals);
    append_spoken(hundredths, one_hundredth ? currency.hundredth_singular : currency.hundredth_plural);
    if (number.whole == "0" && number.decimals != "00") return hundredths;
    std::string text = english_cardinal(number.whole);
    append_spoken(text, number.whole == "1" || singular ? currency.singular : currency.plural);
    if (number.decimals != "00") text += " and " + hundredths;
    return text;
  }
  std::string text = say_number(written, number);
  append_spoken(text, number.is_one() || singular ? currency.singular : currency.plural);
  return text;
}

// What follows the amount and still belongs to it: "+", "/month".
Reading finish(const WrittenText& written, std::string spoken, std::size_t end) {
  spoken += rate_at(written, end);
  if (written.peek(end) == '+' && written.word_ends(end + 1)) {
    ++end;
    spoken += written.chinese() ? "以上" : " plus";
  }
  return {std::move(spoken), end, WrittenClass::kMoney};
}

// "$5", "$5-10", "$1.5–2M" behind the sign that ends at `at`.
std::optional<Reading> amount_behind(const WrittenText& written, const Currency& currency, std::size_t at,
                                     std::string_view minus) {
  const auto number = number_form_at(written, at);
  if (!number) return std::nullopt;
  auto magnitude = magnitude_at(written, number->end, true);
  std::size_t end = magnitude ? magnitude->end : number->end;
  // A hundred in "$5 hundred" is rare; "$100 million" is not.
  if (magnitude && magnitude->english == "hundred") {
    magnitude.reset();
    end = number->end;
  }
  const char32_t dash = written.code_point(end);
  if (is_range_sign(dash)) {
    const std::size_t second = end + written.width(end);
    const auto other = number_form_at(written, second);
    if (other && written.digit_at(second)) {
      const auto other_magnitude = magnitude_at(written, other->end, true);
      std::string text = magnitude ? say_multiplied(written, *number, *magnitude)
                                   : say_number(written, *number, written.chinese());
      const bool repeat =
          !magnitude && !other_magnitude && (!number->decimals.empty() || !other->decimals.empty());
      if (repeat) text = say_amount(written, currency, *number, {}, false);
      if (written.chinese()) {
        text += "到";
      } else {
        append_spoken(text, "to");
      }
      const std::string last = say_amount(written, currency, *other, other_magnitude, false);
      if (written.chinese()) {
        text += last;
      } else {
        append_spoken(text, last);
      }
      return finish(written, std::string(minus) + text, other_magnitude ? other_magnitude->end : other->end);
    }
  }
  // "$5-million project", "a $20 bill"
  const bool attached = magnitude && written.peek(number->end) == '-';
  const bool adjective =
      !written.chinese() &&
      (attached || (written.peek(end) == '-' && written.letter_at(end + 1)) ||
       is_one_of(written.word_after(end),
                 {"bill",       "note",   "coin",     "fine",  "fee",      "deal",     "budget",
                  "prize",      "reward", "discount", "check", "tip",      "ticket",   "deposit",
                  "investment", "loan",   "project",  "fund",  "increase", "donation", "million-dollar"}));
  return finish(written, std::string(minus) + say_amount(written, currency, *number, magnitude, adjective),
                end);
}

// "20 USD", "20€", "5¢", "99 p" behind the number at `at`.
std::optional<Reading> amount_before(const WrittenText& written, std::size_t at) {
  const auto number = number_form_at(written, at);
  if (!number) return std::nullopt;
  const auto magnitude = magnitude_at(written, number->end, false);
  const std::size_t number_end = magnitude ? magnitude->end : number->end;
  const std::size_t behind = written.skip_blanks(number_end);
  if (written.starts_with(behind, "¢")) {
    const Currency cents{"¢", "cent", "cents", "", "", "美分"};
    return finish(written, say_amount(written, cents, *number, magnitude, false), behind + 2);
  }
  const Currency* currency = code_at(written, behind);
  if (currency == nullptr && behind <= number_end + 1) {
    currency = sign_at(written, behind);
    // "$" between two amounts belongs to the second: "5 $10 bills".
    if (currency != nullptr && written.digit_at(written.skip_blanks(behind + currency->written.size())))
      return std::nullopt;
    if (currency != nullptr && currency->written == "$" && behind > number_end) return std::nullopt;
  }
  if (currency == nullptr) return std::nullopt;
  const std::size_t end = behind + currency->written.size();
  return finish(written, say_amount(written, *currency, *number, magnitude, false), end);
}

}  // namespace

bool is_currency_code(std::string_view code) {
  for (const Currency& currency : kCodes) {
    if (currency.written == code) return true;
  }
  return false;
}

std::optional<Reading> read_money(const WrittenText& written, std::size_t at) {
  std::size_t begin = at;
  std::string minus;
  const char32_t c = written.code_point(at);
  if ((c == U'-' || c == U'−') && written.word_begins(at)) {
    begin += written.width(at);
    minus = written.chinese() ? "负" : "minus ";
  }
  if (const Currency* sign = sign_at(written, begin)) {
    std::size_t number = begin + sign->written.size();
    if (written.peek(number) == '-' && written.digit_at(number + 1)) {
      minus = written.chinese() ? "负" : "minus ";
      ++number;
    }
    if (written.peek(number) == ' ' && written.digit_at(number + 1)) ++number;
    return amount_behind(written, *sign, number, minus);
  }
  if (!minus.empty()) return std::nullopt;
  if (written.digit_at(at) && !written.digit_before(at)) return amount_before(written, at);
  if (written.upper_at(at) && written.word_begins(at)) {
    if (const Currency* code = code_at(written, at)) {
      const std::size_t number = written.skip_blanks(at + code->written.size());
      if (written.digit_at(number)) return amount_behind(written, *code, number, "");
    }
  }
  return std::nullopt;
}

}  // namespace anima::text
