#include "text/html_tags.h"

#include <algorithm>
#include <array>
#include <optional>

namespace anima::text {
namespace {

constexpr std::size_t kLongestName = 16;
constexpr std::size_t kLongestDescription = 1000;
constexpr std::size_t kLongestRaised = 300;

struct Element {
  std::string_view name;
  TagRole role;
};

// Sorted by name.
constexpr auto kElements = std::to_array<Element>({
    {"a", TagRole::kInline},          {"abbr", TagRole::kInline},       {"acronym", TagRole::kInline},
    {"address", TagRole::kBlock},     {"annotation", TagRole::kSilent}, {"applet", TagRole::kInline},
    {"area", TagRole::kInline},       {"article", TagRole::kBlock},     {"aside", TagRole::kBlock},
    {"audio", TagRole::kSilent},      {"b", TagRole::kInline},          {"base", TagRole::kInline},
    {"basefont", TagRole::kInline},   {"bdi", TagRole::kInline},        {"bdo", TagRole::kInline},
    {"bgsound", TagRole::kInline},    {"big", TagRole::kInline},        {"blink", TagRole::kInline},
    {"blockquote", TagRole::kBlock},  {"body", TagRole::kBlock},        {"br", TagRole::kLine},
    {"button", TagRole::kInline},     {"canvas", TagRole::kSilent},     {"caption", TagRole::kBlock},
    {"center", TagRole::kBlock},      {"cite", TagRole::kInline},       {"code", TagRole::kInline},
    {"col", TagRole::kBlock},         {"colgroup", TagRole::kBlock},    {"data", TagRole::kInline},
    {"datalist", TagRole::kSilent},   {"dd", TagRole::kBlock},          {"del", TagRole::kInline},
    {"details", TagRole::kBlock},     {"dfn", TagRole::kInline},        {"dialog", TagRole::kBlock},
    {"dir", TagRole::kBlock},         {"div", TagRole::kBlock},         {"dl", TagRole::kBlock},
    {"dt", TagRole::kCell},           {"em", TagRole::kInline},         {"embed", TagRole::kInline},
    {"fieldset", TagRole::kBlock},    {"figcaption", TagRole::kBlock},  {"figure", TagRole::kBlock},
    {"font", TagRole::kInline},       {"footer", TagRole::kBlock},      {"form", TagRole::kBlock},
    {"frame", TagRole::kInline},      {"frameset", TagRole::kBlock},    {"h1", TagRole::kBlock},
    {"h2", TagRole::kBlock},          {"h3", TagRole::kBlock},          {"h4", TagRole::kBlock},
    {"h5", TagRole::kBlock},          {"h6", TagRole::kBlock},          {"head", TagRole::kSilent},
    {"header", TagRole::kBlock},      {"hgroup", TagRole::kBlock},      {"hr", TagRole::kBlock},
    {"html", TagRole::kBlock},        {"i", TagRole::kInline},          {"iframe", TagRole::kSilent},
    {"image", TagRole::kPicture},     {"img", TagRole::kPicture},       {"input", TagRole::kInline},
    {"ins", TagRole::kInline},        {"kbd", TagRole::kInline},        {"keygen", TagRole::kInline},
    {"label", TagRole::kInline},      {"legend", TagRole::kBlock},      {"li", TagRole::kBlock},
    {"link", TagRole::kInline},       {"listing", TagRole::kCode},      {"main", TagRole::kBlock},
    {"map", TagRole::kSilent},        {"mark", TagRole::kInline},       {"marquee", TagRole::kInline},
    {"math", TagRole::kInline},       {"menclose", TagRole::kInline},   {"menu", TagRole::kBlock},
    {"meta", TagRole::kInline},       {"meter", TagRole::kInline},      {"mfenced", TagRole::kInline},
    {"mfrac", TagRole::kInline},      {"mi", TagRole::kInline},         {"mn", TagRole::kInline},
    {"mo", TagRole::kInline},         {"mover", TagRole::kInline},      {"mpadded", TagRole::kInline},
    {"mphantom", TagRole::kInline},   {"mroot", TagRole::kInline},      {"mrow", TagRole::kInline},
    {"ms", TagRole::kInline},         {"mspace", TagRole::kInline},     {"msqrt", TagRole::kInline},
    {"mstyle", TagRole::kInline},     {"msub", TagRole::kInline},       {"msubsup", TagRole::kInline},
    {"msup", TagRole::kInline},       {"mtable", TagRole::kInline},     {"mtd", TagRole::kInline},
    {"mtext", TagRole::kInline},      {"mtr", TagRole::kInline},        {"munder", TagRole::kInline},
    {"munderover", TagRole::kInline}, {"nav", TagRole::kBlock},         {"nobr", TagRole::kInline},
    {"noembed", TagRole::kSilent},    {"noframes", TagRole::kSilent},   {"noscript", TagRole::kSilent},
    {"object", TagRole::kSilent},     {"ol", TagRole::kBlock},          {"optgroup", TagRole::kBlock},
    {"option", TagRole::kBlock},      {"output", TagRole::kInline},     {"p", TagRole::kBlock},
    {"param", TagRole::kInline},      {"picture", TagRole::kInline},    {"plaintext", TagRole::kInline},
    {"pre", TagRole::kCode},          {"progress", TagRole::kInline},   {"q", TagRole::kInline},
    {"rb", TagRole::kInline},         {"rp", TagRole::kReading},        {"rt", TagRole::kReading},
    {"rtc", TagRole::kInline},        {"ruby", TagRole::kInline},       {"s", TagRole::kInline},
    {"samp", TagRole::kInline},       {"script", TagRole::kSilent},     {"search", TagRole::kBlock},
    {"section", TagRole::kBlock},     {"select", TagRole::kSilent},     {"semantics", TagRole::kInline},
    {"small", TagRole::kInline},      {"source", TagRole::kInline},     {"span", TagRole::kInline},
    {"strike", TagRole::kInline},     {"strong", TagRole::kInline},     {"style", TagRole::kSilent},
    {"sub", TagRole::kInline},        {"summary", TagRole::kBlock},     {"sup", TagRole::kRaised},
    {"svg", TagRole::kSilent},        {"table", TagRole::kBlock},       {"tbody", TagRole::kBlock},
    {"td", TagRole::kCell},           {"template", TagRole::kSilent},   {"textarea", TagRole::kSilent},
    {"tfoot", TagRole::kBlock},       {"th", TagRole::kCell},           {"thead", TagRole::kBlock},
    {"time", TagRole::kInline},       {"title", TagRole::kSilent},      {"tr", TagRole::kBlock},
    {"track", TagRole::kInline},      {"tt", TagRole::kInline},         {"u", TagRole::kInline},
    {"ul", TagRole::kBlock},          {"var", TagRole::kInline},        {"video", TagRole::kSilent},
    {"wbr", TagRole::kInline},        {"xmp", TagRole::kCode},
});

static_assert(std::ranges::is_sorted(kElements, {}, &Element::name));

// Names between blanks, so that one search finds a name.
constexpr std::string_view kVoids =
    " area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr ";
// Without an attribute these do nothing on a page; "convert <input> <output>" is text.
constexpr std::string_view kNeedAttributes =
    " a area base data embed frame iframe image img input link map meta object output param source track ";
// Attributes that HTML knows without a value.
constexpr std::string_view kBareAttributes =
    " allowfullscreen async autofocus autoplay border checked compact controls default defer disabled "
    "download "
    "hidden inert ismap itemscope loop multiple muted nomodule noshade novalidate nowrap open playsinline "
    "readonly "
    "required reversed selected ";

bool names(std::string_view list, std::string_view name) {
  std::string wanted(1, ' ');
  wanted += name;
  wanted += ' ';
  return list.find(wanted) != std::string_view::npos;
}

std::optional<TagRole> role_of(std::string_view name) {
  const auto found =
      std::lower_bound(kElements.begin(), kElements.end(), name,
                       [](const Element& element, std::string_view wanted) { return element.name < wanted; });
  if (found == kElements.end() || found->name != name) return std::nullopt;
  return found->role;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

bool is_attribute_name(char c) {
  return is_ascii_alphanumeric(c) || c == '_' || c == ':' || c == '.' || c == '-' || c == '@' || c == '#';
}

// One attribute at `at`, which moves behind it.
Verdict read_attribute(Ahead ahead, std::size_t& at, Tag& tag) {
  const std::size_t begin = at;
  while (is_attribute_name(ahead[at])) ++at;
  if (!ahead.has(at)) return ahead.at_end();
  if (at == begin || is_ascii_digit(ahead[begin])) return Verdict::kNo;
  const std::string name = lowered(ahead.text.substr(begin, at - begin));
  const std::size_t equals = ahead.skip(" \t\r\n\f", at);
  if (!ahead.has(equals)) return ahead.at_end();
  if (ahead[equals] != '=') {
    const bool known = names(kBareAttributes, name) || name.starts_with("data-");
    return known ? Verdict::kYes : Verdict::kNo;
  }
  at = ahead.skip(" \t\r\n\f", equals + 1);
  if (!ahead.has(at)) return ahead.at_end();
  const char quote = ahead[at];
  std::string_view value;
  if (quote == '"' || quote == '\'') {
    const std::size_t end = ahead.text.find(quote, at + 1);
    if (end == std::string_view::npos) return ahead.at_end();
    value = ahead.text.substr(at + 1, end - at - 1);
    at = end + 1;
  } else {
    const std::size_t end = ahead.text.find_first_of(" \t\r\n\f\"'=<>`", at);
    if (end == std::string_view::npos) return ahead.at_end();
    if (end == at) return Verdict::kNo;
    value = ahead.text.substr(at, end - at);
    at = end;
  }
  if (name == "alt") tag.description = std::string(value.substr(0, kLongestDescription));
  return Verdict::kYes;
}

Verdict read_attributes(Ahead ahead, std::size_t at, Tag& tag) {
  for (;;) {
    const std::size_t next = ahead.skip(" \t\r\n\f", at);
    if (!ahead.has(next)) return ahead.at_end();
    const bool apart = next > at;
    at = next;
    if (ahead[at] == '>') {
      tag.found.length = at + 1;
      return Verdict::kYes;
    }
    if (ahead[at] == '/') {
      if (!ahead.has(at + 1)) return ahead.at_end();
      if (ahead[at + 1] != '>') return Verdict::kNo;
      tag.stands_alone = true;
      tag.found.length = at + 2;
      return Verdict::kYes;
    }
    if (!apart || tag.closing) return Verdict::kNo;
    const Verdict attribute = read_attribute(ahead, at, tag);
    if (attribute != Verdict::kYes) return attribute;
    tag.has_attributes = true;
  }
}

// Letters at the end of the text before an exponent: "km" of "5 km".
std::size_t letters_at_end(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_ascii_letter(text[text.size() - 1 - count])) ++count;
  return count;
}

std::string without_tags(std::string_view text) {
  std::string result;
  bool inside = false;
  for (const char c : text) {
    if (c == '<') inside = true;
    if (!inside) result += c;
    if (c == '>') inside = false;
  }
  return result;
}

// A picture or a list of addresses has few blanks and no foreign letters: a quote that was never closed has
// words.
bool is_prose(std::string_view text) {
  std::size_t blanks = 0;
  std::size_t foreign = 0;
  for (const char c : text) {
    blanks += is_ascii_space(c) ? 1 : 0;
    foreign += static_cast<unsigned char>(c) >= 0x80 ? 1 : 0;
  }
  return blanks > text.size() / 16 || foreign > text.size() / 16;
}

}  // namespace

Tag recognise_tag(Ahead whole) {
  const Ahead ahead = whole.within(kLongestTag);
  Tag tag;
  std::size_t at = 1;
  tag.closing = ahead[at] == '/';
  if (tag.closing) ++at;
  const std::size_t begin = at;
  while (is_ascii_alphanumeric(ahead[at]) && at - begin <= kLongestName) ++at;
  if (!ahead.has(at)) {
    tag.found.verdict = ahead.at_end();
    return tag;
  }
  tag.name = lowered(ahead.text.substr(begin, at - begin));
  const auto role = role_of(tag.name);
  if (!role || !is_ascii_letter(tag.name[0])) return tag;
  tag.role = *role;
  tag.found.verdict = read_attributes(ahead, at, tag);
  tag.stands_alone = tag.stands_alone || names(kVoids, tag.name);
  if (tag.found.verdict == Verdict::kYes && !tag.has_attributes && !tag.closing &&
      names(kNeedAttributes, tag.name)) {
    tag.found.verdict = Verdict::kNo;
    return tag;
  }
  // All of the longest tag was read and nothing in it spoke against one.
  if (tag.found.verdict == Verdict::kNo && ahead.complete && whole.text.size() >= kLongestTag) {
    Tag unfinished = tag;
    if (read_attributes({ahead.text, false}, at, unfinished) == Verdict::kUnknown && !is_prose(ahead.text)) {
      tag.oversized = true;
      tag.found = {Verdict::kYes, 0};
    }
  }
  return tag;
}

std::size_t LongTag::read(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote_ != 0) {
      if (c == quote_) {
        quote_ = 0;
        attribute_.clear();
      } else if (attribute_ == "alt" && description_.size() < kLongestDescription) {
        description_ += c;
      }
    } else if (c == '>') {
      ended_ = true;
      return at + 1;
    } else if ((c == '"' || c == '\'') && before_ == '=') {
      quote_ = c;
    } else if (is_attribute_name(c)) {
      if (!is_attribute_name(before_)) attribute_.clear();
      if (attribute_.size() < kLongestName) attribute_ += lower(c);
    }
    if (!is_ascii_space(c) || before_ != '=') before_ = c;
  }
  return text.size();
}

Recognised recognise_declaration(Ahead whole) {
  const Ahead ahead = whole.within(kLongestTag);
  constexpr std::string_view kCharacterData = "<![CDATA[";
  if (ahead.text.substr(0, kCharacterData.size()) == kCharacterData.substr(0, ahead.text.size())) {
    if (ahead.text.size() >= kCharacterData.size()) return {Verdict::kYes, kCharacterData.size()};
    return {ahead.at_end(), 0};
  }
  const bool instruction = ahead[1] == '?';
  if (!ahead.has(2)) return {ahead.at_end(), 0};
  if (!is_ascii_letter(ahead[2])) return {};
  const std::size_t end = ahead.text.find(instruction ? "?>" : ">", 2);
  if (end == std::string_view::npos) return {ahead.at_end(), 0};
  return {Verdict::kYes, end + (instruction ? 2 : 1)};
}

Recognised find_closing_tag(Ahead ahead, std::string_view name) {
  for (std::size_t at = ahead.text.find("</"); at != std::string_view::npos;
       at = ahead.text.find("</", at + 1)) {
    std::size_t matched = 0;
    while (matched < name.size() && ahead.has(at + 2 + matched) &&
           lower(ahead[at + 2 + matched]) == name[matched])
      ++matched;
    const std::size_t behind = at + 2 + matched;
    if (!ahead.has(behind)) return {ahead.at_end(), 0};
    if (matched == name.size() && !is_ascii_alphanumeric(ahead[behind])) return {Verdict::kYes, at};
  }
  return {ahead.at_end(), 0};
}

Raised recognise_raised(Ahead whole, std::string_view before) {
  const Ahead ahead = whole.within(kLongestRaised);
  const Recognised closing = find_closing_tag(ahead, "sup");
  if (closing.verdict != Verdict::kYes) return {closing, ""};
  const std::size_t end = ahead.text.find('>', closing.length);
  if (end == std::string_view::npos) return {{ahead.at_end(), 0}, ""};
  const Recognised all{Verdict::kYes, end + 1};
  const std::string_view written = ahead.text.substr(0, closing.length);
  const std::string content = without_tags(written);
  const bool linked = written.find("<a") != std::string_view::npos;
  if (content.empty() || linked || content[0] == '[' || content[0] == '*') return {all, ""};
  const bool sign = content[0] == '-' || content[0] == '+';
  bool number = content.size() > (sign ? 1U : 0U) && content.size() <= 4;
  for (std::size_t i = sign ? 1 : 0; i < content.size(); ++i) number = number && is_ascii_digit(content[i]);
  if (!number) return {};
  const std::size_t letters = letters_at_end(before);
  const char last = before.empty() ? ' ' : before.back();
  const std::string_view small = content == "2" ? "²" : content == "3" ? "³" : "";
  // "x", "10" and ")" take any exponent; units are short and have two; a longer word has a footnote.
  const bool unit = letters <= 3 && !small.empty() && !is_ascii_space(last);
  if (letters == 1 || is_ascii_digit(last) || last == ')')
    return {all, !small.empty() ? std::string(small) : "^" + content};
  return {all, unit ? std::string(small) : ""};
}

}  // namespace anima::text
