#include "text/markdown_blocks.h"

#include <array>

#include "text/markdown_spans.h"

namespace anima::text {
namespace {

constexpr std::size_t kWidestIndent = 1000;
constexpr std::size_t kLongestInfo = 300;  // of a fence
constexpr std::size_t kLongestRule = 400;
constexpr std::size_t kLongestDefinition = 1000;
constexpr std::size_t kLongestReference = 100;
constexpr std::size_t kLongestAlert = 40;
constexpr std::size_t kLongestCodeLine = 300;
constexpr std::size_t kLongestNumberLine = 60;
constexpr std::size_t kLongestTableLine = 2000;
constexpr std::size_t kLongestOpenTableLine = 250;  // of one that does not begin with '|'
constexpr std::size_t kWidestQuoteIndent = 12;
constexpr std::size_t kMostListDigits = 3;  // "2024. " begins a sentence
constexpr std::size_t kCodeIndent = 4;

Line unknown() {
  Line line;
  line.verdict = Verdict::kUnknown;
  return line;
}

Line known(LineKind kind, std::size_t length) {
  Line line;
  line.verdict = Verdict::kYes;
  line.kind = kind;
  line.length = length;
  return line;
}

std::size_t columns_of(std::string_view blanks) {
  std::size_t columns = 0;
  for (const char c : blanks) columns = c == '\t' ? columns / 4 * 4 + 4 : columns + 1;
  return columns;
}

// The line without its end. False where its end is not known.
bool rest_of_line(Ahead ahead, std::string_view& line) {
  const std::size_t end = ahead.text.find('\n');
  if (end == std::string_view::npos && !ahead.complete) return false;
  line = ahead.text.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

// Nothing but `mark` and blanks, `least` marks or more. Blanks between the marks where `apart`.
Recognised recognise_rule(Ahead whole, char mark, std::size_t least, bool apart) {
  const Ahead ahead = whole.within(kLongestRule);
  std::size_t count = 0;
  bool blank = false;
  std::size_t at = 0;
  for (; ahead.has(at) && ahead[at] != '\n' && ahead[at] != '\r'; ++at) {
    if (ahead[at] == mark) {
      if (blank && !apart) return {};
      ++count;
    } else if (ahead[at] == ' ' || ahead[at] == '\t') {
      blank = true;
    } else {
      return {};
    }
  }
  if (ahead[at] == '\r' && ahead[at + 1] != '\n' && (ahead.has(at + 1) || ahead.complete)) return {};
  if ((!ahead.has(at) || !ahead.has(at + (ahead[at] == '\r' ? 1 : 0))) && !ahead.complete)
    return {Verdict::kUnknown, 0};
  return count >= least ? Recognised{Verdict::kYes, at} : Recognised{};
}

Line classify_fence(Ahead whole, std::size_t at) {
  const char mark = whole[at];
  std::size_t length = 0;
  const Ahead ahead = whole.within(kLongestInfo);
  while (ahead[at + length] == mark) ++length;
  if (!ahead.has(at + length) && !ahead.complete) return unknown();
  if (length < 3) return known(LineKind::kText, at);
  const Ahead info = ahead.behind(at + length);
  const std::size_t end = info.text.find('\n');
  if (mark == '`' && info.text.substr(0, end).find('`') != std::string_view::npos)
    return known(LineKind::kText, at);
  if (end == std::string_view::npos && (!ahead.complete || whole.text.size() >= kLongestInfo))
    return ahead.complete ? known(LineKind::kText, at) : unknown();
  Line line = known(LineKind::kFence, at + length + (end == std::string_view::npos ? info.text.size() : end));
  if (end != std::string_view::npos && ahead[line.length - 1] == '\r') --line.length;
  line.fence = mark;
  line.fence_length = length;
  return line;
}

// A number and nothing else: "- 5" is minus five as soon as an item.
bool is_number(std::string_view content) {
  return !content.empty() && content.find_first_not_of("0123456789.,% \t") == std::string_view::npos &&
         content.find_first_of("0123456789") != std::string_view::npos;
}

Line classify_bullet(Ahead ahead, std::size_t at, const LineContext& context) {
  const char mark = ahead[at];
  if (!ahead.has(at + 1)) return ahead.complete ? known(LineKind::kText, at) : unknown();
  if (ahead[at + 1] != ' ' && ahead[at + 1] != '\t') {
    const bool empty = context.in_list && (ahead[at + 1] == '\n' || ahead[at + 1] == '\r');
    return empty ? known(LineKind::kItem, at + 1) : known(LineKind::kText, at);
  }
  const Ahead near = ahead.within(at + kWidestIndent);
  std::size_t content = near.skip(" \t", at + 1);
  if (!near.has(content)) return near.complete ? known(LineKind::kText, at) : unknown();
  if (ahead[content] == '\n' && !context.in_list) return known(LineKind::kText, at);
  if (is_ascii_digit(ahead[content]) && !context.in_list) {
    const Ahead number = ahead.behind(content).within(kLongestNumberLine);
    std::size_t end = number.skip("0123456789.,% \t", 0);
    if (!number.has(end) && !number.complete) return unknown();
    if (!number.has(end) || number[end] == '\n' || number[end] == '\r') {
      std::string_view line;
      if (!rest_of_line(number, line)) return unknown();
      const Ahead next = ahead.behind(content + line.size());
      if (is_number(line)) {
        // Only a list has more of its kind.
        std::size_t begin = next.skip("\r\n", 0);
        begin = next.skip(" \t", begin);
        if (next[begin] != mark && (next.has(begin) || next.complete)) return known(LineKind::kText, at);
        if (!next.has(begin + 1)) return next.complete ? known(LineKind::kText, at) : unknown();
        if (next[begin + 1] != ' ') return known(LineKind::kText, at);
      }
    }
  }
  if (ahead[content] == '[') {
    if (!ahead.has(content + 3) && !ahead.complete) return unknown();
    const char box = ahead[content + 1];
    if ((box == ' ' || box == 'x' || box == 'X') && ahead[content + 2] == ']' &&
        is_ascii_space(ahead[content + 3]))
      content = ahead[content + 3] == '\n' || ahead[content + 3] == '\r' ? content + 3 : content + 4;
  }
  return known(LineKind::kItem, content);
}

Line classify_number(Ahead ahead, std::size_t at, const LineContext& context) {
  std::size_t end = at;
  while (is_ascii_digit(ahead[end]) && end - at <= kMostListDigits) ++end;
  if (!ahead.has(end)) return ahead.complete ? known(LineKind::kText, at) : unknown();
  if (end - at > kMostListDigits || (ahead[end] != '.' && ahead[end] != ')'))
    return known(LineKind::kText, at);
  if (!ahead.has(end + 1)) return ahead.complete ? known(LineKind::kText, at) : unknown();
  if (ahead[end + 1] != ' ' && ahead[end + 1] != '\t') return known(LineKind::kText, at);
  const bool first = ahead.text.substr(at, end - at) == "1";
  if (context.paragraph && !context.in_list && !first) return known(LineKind::kText, at);
  const Ahead near = ahead.within(at + kWidestIndent);
  const std::size_t content = near.skip(" \t", end + 1);
  if (!near.has(content)) return near.complete ? known(LineKind::kText, at) : unknown();
  if (ahead[content] == '\n') return known(LineKind::kText, at);
  Line line = known(LineKind::kItem, content);
  line.kept = std::string(ahead.text.substr(at, content - at));
  return line;
}

// Names of speakers and notes look alike ("[Bob]: hello"): only what must be an address is one.
bool looks_like_address(std::string_view written) {
  if (written.starts_with('<') && written.ends_with('>')) return true;
  for (const std::string_view begin : {"#", "/", "./", "../", "mailto:"}) {
    if (written.starts_with(begin)) return true;
  }
  if (written.find("://") != std::string_view::npos) return true;
  const std::size_t dot = written.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < written.size() &&
         is_ascii_alphanumeric(written[dot - 1]) && is_ascii_letter(written[dot + 1]);
}

// "[!NOTE]": its word is read.
Line classify_alert(Ahead ahead, std::size_t at) {
  const Ahead alert = ahead.behind(at).within(kLongestAlert);
  std::size_t end = 2;
  while (alert[end] >= 'A' && alert[end] <= 'Z') ++end;
  if (!alert.has(end)) return alert.complete ? known(LineKind::kText, at) : unknown();
  if (end == 2 || alert[end] != ']') return known(LineKind::kText, at);
  const std::size_t behind = alert.skip(" \t\r", end + 1);
  if (!alert.has(behind) && !alert.complete) return unknown();
  if (alert.has(behind) && alert[behind] != '\n') return known(LineKind::kText, at);
  Line line = known(LineKind::kAlert, at + end + 1);
  line.name = std::string(alert.text.substr(2, end - 2));
  for (std::size_t i = 1; i < line.name.size(); ++i)
    line.name[i] = static_cast<char>(line.name[i] - 'A' + 'a');
  return line;
}

Line classify_bracket(Ahead ahead, std::size_t at, const LineContext& context) {
  const Ahead id = ahead.behind(at).within(kLongestReference);
  if (!id.has(1)) return id.complete ? known(LineKind::kText, at) : unknown();
  if (id[1] == '!' && context.quoted) return classify_alert(ahead, at);
  if (id[1] == '^') {
    const Recognised footnote = recognise_footnote_mark(id);
    if (footnote.verdict == Verdict::kUnknown) return unknown();
    if (footnote.verdict == Verdict::kNo) return known(LineKind::kText, at);
    if (!id.has(footnote.length)) return id.complete ? known(LineKind::kText, at) : unknown();
    const bool note = id[footnote.length] == ':';
    return known(note ? LineKind::kFootnote : LineKind::kText, note ? at + footnote.length + 1 : at);
  }
  const std::size_t close = id.text.find_first_of("[]\n", 1);
  if (close == std::string_view::npos) return id.complete ? known(LineKind::kText, at) : unknown();
  if (id[close] != ']') return known(LineKind::kText, at);
  if (!id.has(close + 1)) return id.complete ? known(LineKind::kText, at) : unknown();
  if (id[close + 1] != ':') return known(LineKind::kText, at);
  const Ahead rest = ahead.behind(at + close + 2).within(kLongestDefinition);
  const std::size_t begin = rest.skip(" \t", 0);
  const std::size_t end = std::min(rest.text.find_first_of(" \t\r\n", begin), rest.text.size());
  if (!rest.has(end) && !rest.complete) return unknown();
  // The speaker's words need not wait for the end of the line.
  if (!looks_like_address(rest.text.substr(begin, end - begin))) return known(LineKind::kText, at);
  std::string_view content;
  if (!rest_of_line(rest, content)) return unknown();
  const std::size_t title = std::min(content.find_first_not_of(" \t", end), content.size());
  const bool titled =
      title == content.size() || content[title] == '"' || content[title] == '\'' || content[title] == '(';
  if (!titled) return known(LineKind::kText, at);
  Line line = known(LineKind::kDefinition, at + close + 2 + content.size());
  line.name = normalised_reference(id.text.substr(1, close - 1));
  return line;
}

bool looks_like_code(std::string_view line) {
  constexpr std::array<std::string_view, 10> kTokens = {"()",  "==",  "->", "::", "=>",
                                                        " = ", "(\"", "('", "+=", "&&"};
  constexpr std::array<std::string_view, 19> kBeginnings = {
      "$ ",      "#include", "#!", "def ",   "class ", "import ", "return ", "var ",  "let ", "const ",
      "public ", "//",       "/*", "print(", "sudo ",  "npm ",    "pip ",    "git c", "cd "};
  while (!line.empty() && is_ascii_space(line.back())) line.remove_suffix(1);
  if (line.empty() || line.front() == '<') return false;
  for (const std::string_view sentence : {".", "!", "?", "。", "！", "？", "”"}) {
    if (line.ends_with(sentence)) return false;
  }
  if (line.back() == ';' || line.back() == '{' || line.back() == '}') return true;
  for (const std::string_view token : kTokens) {
    if (line.find(token) != std::string_view::npos) return true;
  }
  for (const std::string_view beginning : kBeginnings) {
    if (line.starts_with(beginning)) return true;
  }
  return false;
}

Line classify_heading(Ahead ahead, std::size_t at) {
  std::size_t end = at;
  while (ahead[end] == '#' && end - at <= 6) ++end;
  if (!ahead.has(end) && !ahead.complete) return unknown();
  if (end - at > 6) return known(LineKind::kText, at);
  if (!ahead.has(end)) return known(LineKind::kText, at);
  if (!is_ascii_space(ahead[end])) {
    // "##标题" is written more often than "## 标题" where no blanks are; a hashtag has one '#'.
    const bool letter = is_ascii_letter(ahead[end]) || static_cast<unsigned char>(ahead[end]) >= 0x80;
    return end - at >= 2 && letter ? known(LineKind::kHeading, end) : known(LineKind::kText, at);
  }
  const Ahead near = ahead.within(at + kWidestIndent);
  const std::size_t content = near.skip(" \t", end);
  if (!near.has(content) && !near.complete) return unknown();
  return known(LineKind::kHeading, content);
}

}  // namespace

Line classify_line(Ahead ahead, const LineContext& context) {
  const std::size_t at = ahead.within(kWidestIndent).skip(" \t", 0);
  if (at >= kWidestIndent) return known(LineKind::kText, at);
  if (!ahead.has(at)) return ahead.complete ? known(LineKind::kBlank, at) : unknown();
  const Recognised end = recognise_line_end(ahead.behind(at));
  if (end.verdict == Verdict::kUnknown) return unknown();
  if (end.verdict == Verdict::kYes) return known(LineKind::kBlank, at);
  const char c = ahead[at];
  const bool deep = columns_of(ahead.text.substr(0, at)) >= kCodeIndent;
  if (deep && context.blank_above && !context.in_list && !context.in_html) {
    const Ahead near = ahead.behind(at).within(kLongestCodeLine);
    std::string_view line;
    if (!rest_of_line(near, line)) return unknown();
    if (looks_like_code(line)) return known(LineKind::kIndentedCode, at + line.size());
  }
  if (c == '`' || c == '~') return classify_fence(ahead, at);
  if (c == '[' && !deep) return classify_bracket(ahead, at, context);
  if (c == '#' && (!deep || context.in_list)) return classify_heading(ahead, at);
  if ((c == '=' || c == '-') && context.paragraph && !deep) {
    const Recognised underline = recognise_rule(ahead.behind(at), c, 2, false);
    if (underline.verdict == Verdict::kUnknown) return unknown();
    if (underline.verdict == Verdict::kYes) return known(LineKind::kUnderline, at + underline.length);
  }
  if (c == '-' || c == '*' || c == '_') {
    const Recognised rule = recognise_rule(ahead.behind(at), c, 3, true);
    if (rule.verdict == Verdict::kUnknown) return unknown();
    if (rule.verdict == Verdict::kYes) return known(LineKind::kRule, at + rule.length);
  }
  if (c == '-' || c == '*' || c == '+') return classify_bullet(ahead, at, context);
  if (is_ascii_digit(c)) return classify_number(ahead, at, context);
  return known(LineKind::kText, at);
}

Recognised recognise_quote_mark(Ahead ahead) {
  const std::size_t at = ahead.within(kWidestQuoteIndent).skip(" ", 0);
  if (at >= kWidestQuoteIndent) return {};
  if (!ahead.has(at)) return {ahead.at_end(), 0};
  if (ahead[at] != '>') return {};
  if (!ahead.has(at + 1)) return {ahead.at_end(), 0};
  const char next = ahead[at + 1];
  if (next == ' ' || next == '\t') return {Verdict::kYes, at + 2};
  constexpr std::string_view kBeginsText = ">\n\r*#[`\"'";
  const bool text = is_ascii_letter(next) || static_cast<unsigned char>(next) >= 0x80 ||
                    kBeginsText.find(next) != std::string_view::npos;
  return text ? Recognised{Verdict::kYes, at + 1} : Recognised{};
}

Recognised recognise_fence_end(Ahead whole, char fence, std::size_t length) {
  const Ahead ahead = whole.within(length + kLongestInfo);
  const std::size_t begin = ahead.skip(" \t", 0);
  std::size_t at = begin;
  while (ahead[at] == fence) ++at;
  if (!ahead.has(at) && !ahead.complete) return {Verdict::kUnknown, 0};
  if (at - begin < length) return {};
  at = ahead.skip(" \t", at);
  if (!ahead.has(at)) return {ahead.complete ? Verdict::kYes : Verdict::kUnknown, at};
  const Recognised end = recognise_line_end(ahead.behind(at));
  return {end.verdict, at};
}

Recognised recognise_table_rule(Ahead whole) {
  const Ahead ahead = whole.within(kLongestTableLine);
  bool pipe = false;
  bool rule = false;
  bool colon_behind = false;  // the cell has its closing colon, or a blank: nothing more may follow
  bool dash = false;          // the cell has a dash
  std::size_t at = 0;
  for (; ahead.has(at) && ahead[at] != '\n' && ahead[at] != '\r'; ++at) {
    const char c = ahead[at];
    if (c == '|') {
      pipe = true;
      dash = colon_behind = false;
    } else if (c == '-') {
      if (colon_behind) return {};
      dash = rule = true;
    } else if (c == ':') {
      if (colon_behind) return {};
      colon_behind = dash;
    } else if (c == ' ' || c == '\t') {
      colon_behind = dash;
    } else {
      return {};
    }
  }
  if (!ahead.has(at) && !ahead.complete) return {Verdict::kUnknown, 0};
  return pipe && rule ? Recognised{Verdict::kYes, at} : Recognised{};
}

Verdict heads_a_table(Ahead whole, bool begins_line) {
  const Ahead line = whole.within(begins_line ? kLongestTableLine : kLongestOpenTableLine);
  const std::size_t end = line.text.find('\n');
  if (end == std::string_view::npos) return line.at_end();
  Ahead next = whole.behind(end + 1).within(kLongestTableLine);
  for (;;) {
    const Recognised quote = recognise_quote_mark(next);
    if (quote.verdict == Verdict::kUnknown) return Verdict::kUnknown;
    if (quote.verdict == Verdict::kNo) break;
    next = next.behind(quote.length);
  }
  return recognise_table_rule(next).verdict;
}

Verdict ends_paragraph(Ahead ahead) {
  for (;;) {
    const Recognised quote = recognise_quote_mark(ahead);
    if (quote.verdict == Verdict::kUnknown) return Verdict::kUnknown;
    if (quote.verdict == Verdict::kNo) break;
    ahead = ahead.behind(quote.length);
  }
  const Line line = classify_line(ahead, {.paragraph = false, .in_list = false, .blank_above = false});
  if (line.verdict == Verdict::kUnknown) return Verdict::kUnknown;
  return line.kind == LineKind::kText ? Verdict::kNo : Verdict::kYes;
}

Recognised recognise_line_end(Ahead ahead) {
  if (ahead[0] == '\n') return {Verdict::kYes, 1};
  if (ahead[0] != '\r') return {};
  if (!ahead.has(1)) return {ahead.at_end(), 0};
  return ahead[1] == '\n' ? Recognised{Verdict::kYes, 2} : Recognised{};
}

}  // namespace anima::text
