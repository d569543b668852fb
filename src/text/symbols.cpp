#include "text/symbols.h"

#include <array>

namespace anima::text {

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
