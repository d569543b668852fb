#include "text/reading_tables.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace anima::text {

std::optional<UnitReading> unit_reading(std::string_view unit) {
  static const std::map<std::string_view, UnitReading> table = {
      {"%", {"percent", "percent", "百分之", true}},
      {"‰", {"per mille", "per mille", "千分之", true}},
      {"°C", {"degree Celsius", "degrees Celsius", "摄氏度"}},
      {"℃", {"degree Celsius", "degrees Celsius", "摄氏度"}},
      {"°F", {"degree Fahrenheit", "degrees Fahrenheit", "华氏度"}},
      {"℉", {"degree Fahrenheit", "degrees Fahrenheit", "华氏度"}},
      {"°", {"degree", "degrees", "度"}},
      {"km", {"kilometer", "kilometers", "公里"}},
      {"m", {"meter", "meters", "米"}},
      {"cm", {"centimeter", "centimeters", "厘米"}},
      {"mm", {"millimeter", "millimeters", "毫米"}},
      {"nm", {"nanometer", "nanometers", "纳米"}},
      {"µm", {"micrometer", "micrometers", "微米"}},
      {"μm", {"micrometer", "micrometers", "微米"}},
      {"km²", {"square kilometer", "square kilometers", "平方公里"}},
      {"m²", {"square meter", "square meters", "平方米"}},
      {"m³", {"cubic meter", "cubic meters", "立方米"}},
      {"ft", {"foot", "feet", "英尺"}},
      {"kg", {"kilogram", "kilograms", "公斤"}},
      {"g", {"gram", "grams", "克"}},
      {"mg", {"milligram", "milligrams", "毫克"}},
      {"lb", {"pound", "pounds", "磅"}},
      {"oz", {"ounce", "ounces", "盎司"}},
      {"L", {"liter", "liters", "升"}},
      {"ml", {"milliliter", "milliliters", "毫升"}},
      {"mL", {"milliliter", "milliliters", "毫升"}},
      {"km/h", {"kilometer per hour", "kilometers per hour", "公里每小时"}},
      {"m/s", {"meter per second", "meters per second", "米每秒"}},
      {"mph", {"mile per hour", "miles per hour", "英里每小时"}},
      {"s", {"second", "seconds", "秒"}},
      {"ms", {"millisecond", "milliseconds", "毫秒"}},
      {"min", {"minute", "minutes", "分钟"}},
      {"h", {"hour", "hours", "小时"}},
      {"Hz", {"hertz", "hertz", "赫兹"}},
      {"kHz", {"kilohertz", "kilohertz", "千赫"}},
      {"MHz", {"megahertz", "megahertz", "兆赫"}},
      {"GHz", {"gigahertz", "gigahertz", "吉赫"}},
      {"kB", {"kilobyte", "kilobytes", "千字节"}},
      {"KB", {"kilobyte", "kilobytes", "千字节"}},
      {"MB", {"megabyte", "megabytes", "兆"}},
      {"GB", {"gigabyte", "gigabytes", "G"}},
      {"TB", {"terabyte", "terabytes", "T"}},
      {"Mbps", {"megabit per second", "megabits per second", "兆比特每秒"}},
      {"W", {"watt", "watts", "瓦"}},
      {"kW", {"kilowatt", "kilowatts", "千瓦"}},
      {"kWh", {"kilowatt hour", "kilowatt hours", "千瓦时"}},
      {"V", {"volt", "volts", "伏"}},
      {"mAh", {"milliamp hour", "milliamp hours", "毫安时"}},
      {"dB", {"decibel", "decibels", "分贝"}},
      {"fps", {"frame per second", "frames per second", "帧每秒"}},
      {"px", {"pixel", "pixels", "像素"}},
  };
  const auto entry = table.find(unit);
  if (entry == table.end()) return std::nullopt;
  return entry->second;
}

std::optional<CurrencyReading> currency_reading(std::string_view sign) {
  if (sign == "$") return CurrencyReading{"dollar", "dollars", "cent", "cents", "美元"};
  if (sign == "€") return CurrencyReading{"euro", "euros", "cent", "cents", "欧元"};
  if (sign == "£") return CurrencyReading{"pound", "pounds", "penny", "pence", "英镑"};
  if (sign == "¥" || sign == "￥") return CurrencyReading{"yuan", "yuan", "", "", "元"};
  if (sign == "₩") return CurrencyReading{"won", "won", "", "", "韩元"};
  if (sign == "₹") return CurrencyReading{"rupee", "rupees", "", "", "卢比"};
  return std::nullopt;
}

namespace {

const std::map<std::string_view, std::string_view>& abbreviations() {
  // An empty reading is an abbreviation that is said as it is written.
  static const std::map<std::string_view, std::string_view> table = {
      {"mr.", "mister"},
      {"mrs.", "missus"},
      {"ms.", "miz"},
      {"dr.", "doctor"},
      {"prof.", "professor"},
      {"st.", "saint"},
      {"jr.", "junior"},
      {"sr.", "senior"},
      {"vs.", "versus"},
      {"etc.", "et cetera"},
      {"e.g.", "for example"},
      {"i.e.", "that is"},
      {"approx.", "approximately"},
      {"dept.", "department"},
      {"est.", "established"},
      {"fig.", "figure"},
      {"no.", "number"},
      {"vol.", "volume"},
      {"p.", "page"},
      {"pp.", "pages"},
      {"jan.", "January"},
      {"feb.", "February"},
      {"mar.", "March"},
      {"apr.", "April"},
      {"jun.", "June"},
      {"jul.", "July"},
      {"aug.", "August"},
      {"sep.", "September"},
      {"sept.", "September"},
      {"oct.", "October"},
      {"nov.", "November"},
      {"dec.", "December"},
      {"inc.", "incorporated"},
      {"ltd.", "limited"},
      {"co.", "company"},
      {"corp.", "corporation"},
      {"a.m.", "A M"},
      {"p.m.", "P M"},
      {"u.s.", "U S"},
      {"u.k.", "U K"},
      {"u.s.a.", "U S A"},
      {"ph.d.", "P H D"},
      {"b.c.", "B C"},
      {"a.d.", "A D"},
      {"gen.", "general"},
      {"gov.", "governor"},
      {"sen.", "senator"},
      {"rep.", "representative"},
      {"mt.", "mount"},
      {"ave.", "avenue"},
      {"blvd.", "boulevard"},
      {"min.", "minutes"},
  };
  return table;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return result;
}

}  // namespace

std::string_view abbreviation_reading(std::string_view written) {
  const auto entry = abbreviations().find(lower(written));
  return entry == abbreviations().end() ? std::string_view{} : entry->second;
}

bool is_abbreviation(std::string_view written) {
  return abbreviations().contains(lower(written));
}

bool is_spoken_acronym(std::string_view capitals) {
  static constexpr std::array<std::string_view, 34> kWords = {
      "NASA", "NATO", "UNESCO", "UNICEF", "OPEC", "LASER", "RADAR", "SCUBA", "AIDS",  "RAM",   "ROM", "PIN",
      "SIM",  "JPEG", "GIF",    "OK",     "LAN",  "WAN",   "BIOS",  "ASAP",  "COVID", "ASEAN", "CAD", "SOS",
      "NO",   "YES",  "STOP",   "GO",     "THE",  "AND",   "NOT",   "ALL",   "NOW",   "NEW"};
  // "OK" and "SOS" are said as letters by flite's own lexicon or as one: leave them to it.
  return std::find(kWords.begin(), kWords.end(), capitals) != kWords.end();
}

std::string_view english_month(int month) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  return month >= 1 && month <= 12 ? kMonths[static_cast<std::size_t>(month - 1)] : std::string_view{};
}

std::string_view symbol_reading(char32_t symbol, bool chinese) {
  switch (symbol) {
    case U'&':
      return chinese ? "和" : "and";
    case U'+':
      return chinese ? "加" : "plus";
    case U'=':
    case U'＝':
      return chinese ? "等于" : "equals";
    case U'×':
      return chinese ? "乘以" : "times";
    case U'÷':
      return chinese ? "除以" : "divided by";
    case U'≈':
      return chinese ? "约等于" : "is about";
    case U'≤':
      return chinese ? "小于等于" : "is at most";
    case U'≥':
      return chinese ? "大于等于" : "is at least";
    case U'<':
      return chinese ? "小于" : "is less than";
    case U'>':
      return chinese ? "大于" : "is greater than";
    case U'@':
      return chinese ? "艾特" : "at";
    case U'#':
      return chinese ? "井号" : "number";
    case U'§':
      return chinese ? "节" : "section";
    case U'©':
      return chinese ? "版权所有" : "copyright";
    case U'→':
      return chinese ? "到" : "to";
    case U'±':
      return chinese ? "正负" : "plus or minus";
    default:
      return {};
  }
}

std::string_view greek_letter_reading(char32_t letter, bool chinese) {
  struct Name {
    std::string_view english;
    std::string_view chinese;
  };
  // From alpha to omega, as Unicode orders them; the final sigma has the place behind rho.
  static constexpr std::array<Name, 25> kNames = {{
      {"alpha", "阿尔法"}, {"beta", "贝塔"},        {"gamma", "伽马"},
      {"delta", "德尔塔"}, {"epsilon", "艾普西龙"}, {"zeta", "泽塔"},
      {"eta", "伊塔"},     {"theta", "西塔"},       {"iota", "约塔"},
      {"kappa", "卡帕"},   {"lambda", "兰姆达"},    {"mu", "缪"},
      {"nu", "纽"},        {"xi", "克西"},          {"omicron", "奥密克戎"},
      {"pi", "派"},        {"rho", "柔"},           {"sigma", "西格玛"},
      {"sigma", "西格玛"}, {"tau", "陶"},           {"upsilon", "宇普西龙"},
      {"phi", "斐"},       {"chi", "希"},           {"psi", "普西"},
      {"omega", "欧米伽"},
  }};
  const char32_t first = letter >= U'α' ? U'α' : U'Α';
  if (letter < first || letter >= first + kNames.size()) return {};
  const Name& name = kNames[letter - first];
  return chinese ? name.chinese : name.english;
}

std::string_view emoji_reading(char32_t emoji, bool chinese) {
  struct Name {
    char32_t emoji;
    std::string_view english;
    std::string_view chinese;
  };
  static constexpr std::array<Name, 24> kNames = {{
      {U'👍', "thumbs up", "点赞"}, {U'👎', "thumbs down", "不赞成"},
      {U'❤', "love", "爱心"},      {U'😀', "a smile", "微笑"},
      {U'😂', "laughing", "大笑"},  {U'😊', "a smile", "微笑"},
      {U'😍', "love", "喜爱"},      {U'😢', "sad", "难过"},
      {U'😭', "crying", "大哭"},    {U'😡', "angry", "生气"},
      {U'🙏', "please", "拜托"},    {U'👏', "applause", "鼓掌"},
      {U'🎉', "hooray", "庆祝"},    {U'🔥', "fire", "火"},
      {U'✅', "yes", "对"},         {U'❌', "no", "错"},
      {U'⚠', "careful", "注意"},   {U'👋', "hello", "你好"},
      {U'🤔', "hmm", "思考"},    {U'😅', "phew", "尴尬"},
      {U'🚀', "rocket", "火箭"},    {U'⭐', "star", "星"},
      {U'💪', "strong", "加油"},    {U'☀', "sun", "太阳"},
  }};
  for (const Name& name : kNames) {
    if (name.emoji == emoji) return chinese ? name.chinese : name.english;
  }
  return {};
}

}  // namespace anima::text
