#include "text/markdown_spans.h"

#include "text/markdown_blocks.h"

namespace anima::text {
namespace {

constexpr std::size_t kLongestCode = 500;
constexpr std::size_t kLongestRun = 64;
constexpr std::size_t kLongestAddress = 2048;
constexpr std::size_t kLongestReference = 100;
constexpr std::size_t kLongestFootnote = 64;
constexpr std::size_t kLongestScheme = 32;
constexpr std::size_t kLongestMailName = 64;
constexpr std::size_t kLongestFormula = 400;
constexpr std::size_t kLongestDisplay = 2000;
constexpr int kDeepestBrackets = 32;

// Blanks with at most one line end, behind which `at` moves.
Verdict skip_blanks(Ahead ahead, std::size_t& at) {
  bool line = false;
  while (is_ascii_space(ahead[at])) {
    if (ahead[at] == '\n') {
      if (line) return Verdict::kNo;
      line = true;
    }
    ++at;
  }
  return ahead.has(at) ? Verdict::kYes : ahead.at_end();
}

std::string one_line(std::string_view written, bool in_table) {
  std::string text;
  for (std::size_t at = 0; at < written.size(); ++at) {
    if (written[at] == '\r' && at + 1 < written.size() && written[at + 1] == '\n') continue;
    if (in_table && written[at] == '\\' && at + 1 < written.size() && written[at + 1] == '|') continue;
    text += written[at] == '\n' ? ' ' : written[at];
  }
  const bool padded = text.size() >= 2 && text.front() == ' ' && text.back() == ' ' &&
                      text.find_first_not_of(' ') != std::string::npos;
  return padded ? text.substr(1, text.size() - 2) : text;
}

// A word in Chinese behind brackets explains; an address holds at least one of an address's marks.
bool may_be_address(std::string_view written) {
  bool ascii = true;
  for (const char c : written) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  return ascii || written.find_first_of("/.#:?=%&") != std::string_view::npos;
}

// The address of a link at `at`, which moves behind it.
Verdict read_address(Ahead ahead, std::size_t& at) {
  const std::size_t begin = at;
  if (ahead[at] == '<') {
    for (++at; ahead.has(at); ++at) {
      if (ahead[at] == '\n' || ahead[at] == '<') return Verdict::kNo;
      if (ahead[at] == '>') {
        ++at;
        return Verdict::kYes;
      }
    }
    return ahead.at_end();
  }
  int depth = 0;
  for (; ahead.has(at); ++at) {
    const char c = ahead[at];
    if (static_cast<unsigned char>(c) <= 0x20) break;
    if (c == '\\' && is_ascii_punctuation(ahead[at + 1])) ++at;
    if (c == '(' && ++depth > kDeepestBrackets) return Verdict::kNo;
    if (c == ')' && --depth < 0) break;
  }
  if (!ahead.has(at)) return ahead.at_end();
  return at > begin && depth <= 0 && may_be_address(ahead.text.substr(begin, at - begin)) ? Verdict::kYes
                                                                                          : Verdict::kNo;
}

Verdict read_title(Ahead ahead, std::size_t& at) {
  const char open = ahead[at];
  if (open != '"' && open != '\'' && open != '(') return Verdict::kNo;
  const char close = open == '(' ? ')' : open;
  for (++at; ahead.has(at); ++at) {
    const char c = ahead[at];
    if (c == '\\') {
      ++at;
    } else if (c == close) {
      ++at;
      return Verdict::kYes;
    } else if (c == '\n' && ahead[at + 1] == '\n') {
      return Verdict::kNo;
    }
  }
  return ahead.at_end();
}

Verdict read_tail(Ahead ahead, std::size_t& at) {
  Verdict verdict = skip_blanks(ahead, at);
  if (verdict != Verdict::kYes) return verdict;
  if (ahead[at] != ')') {
    verdict = read_address(ahead, at);
    if (verdict != Verdict::kYes) return verdict;
    const std::size_t behind = at;
    verdict = skip_blanks(ahead, at);
    if (verdict != Verdict::kYes) return verdict;
    if (ahead[at] != ')') {
      if (at == behind) return Verdict::kNo;
      verdict = read_title(ahead, at);
      if (verdict != Verdict::kYes) return verdict;
      verdict = skip_blanks(ahead, at);
      if (verdict != Verdict::kYes) return verdict;
    }
  }
  if (ahead[at] != ')') return Verdict::kNo;
  ++at;
  return Verdict::kYes;
}

Link address_tail(Ahead whole) {
  const Ahead ahead = whole.within(kLongestAddress);
  Link link;
  std::size_t at = 1;
  link.found.verdict = read_tail(ahead, at);
  link.found.length = at;
  std::size_t end = 1;
  if (link.found.verdict == Verdict::kNo && ahead.complete &&
      read_tail({ahead.text, false}, end) == Verdict::kUnknown &&
      ahead.text.find_first_of(" \t\r\n") == std::string_view::npos) {
    // Cut off by the end of the text, or a picture in its own address: nobody wants to hear it.
    if (ahead.text.size() == kLongestAddress || ahead.text.find("://") != std::string_view::npos) {
      link.found = {Verdict::kYes, ahead.text.size()};
      link.unfinished = true;
    }
  }
  return link;
}

// Ordinary prose between the marks: a word of four letters or more that no command or brace holds.
bool is_prose_word(std::string_view text, std::size_t begin, std::size_t end, int depth) {
  return depth == 0 && end - begin >= 4 && begin > 0 && text[begin - 1] == ' ';
}

// The first byte of U+3000 to U+9FFF: Chinese and Japanese, and their marks.
bool is_wide_lead(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0xE3 && byte <= 0xE9;
}

// "$5", "$1.5M" and what follows them as money, not as the beginning of a formula.
bool is_money(Ahead ahead, std::size_t& at) {
  while (is_ascii_digit(ahead[at]) ||
         ((ahead[at] == '.' || ahead[at] == ',') && is_ascii_digit(ahead[at + 1])))
    ++at;
  if ((ahead[at] == '.' || ahead[at] == ',') && !ahead.has(at + 1) && !ahead.complete) return false;
  constexpr std::string_view kGoesOn = "^\\_{=$+";
  if (ahead.has(at) && kGoesOn.find(ahead[at]) != std::string_view::npos) return false;
  if (ahead[at] == ' ') {
    constexpr std::string_view kOperators = "+-*/=\\<>";
    return ahead.has(at + 1) && kOperators.find(ahead[at + 1]) == std::string_view::npos;
  }
  const bool variable = ahead[at] >= 'a' && ahead[at] <= 'z' && !is_ascii_letter(ahead[at + 1]);
  return ahead.has(at) && !(variable && (ahead.has(at + 1) || !ahead.complete));
}

Recognised dollar_formula(Ahead whole) {
  if (!whole.has(1)) return {whole.at_end(), 0};
  if (whole[1] == '$') {
    const Ahead ahead = whole.within(kLongestDisplay);
    const std::size_t end = ahead.text.find("$$", 2);
    const std::size_t gap = std::min(ahead.text.find("\n\n"), ahead.text.find("\n\r\n"));
    if (gap < end && gap != std::string_view::npos) return {};
    if (end == std::string_view::npos) return {ahead.at_end(), 0};
    return end == 2 ? Recognised{} : Recognised{Verdict::kYes, end + 2};
  }
  const Ahead ahead = whole.within(kLongestFormula);
  if (is_ascii_space(ahead[1])) return {};
  std::size_t at = 1;
  if (is_ascii_digit(ahead[1]) && is_money(ahead, at)) return {};
  int depth = 0;
  std::size_t word = 0;  // where the letters before `at` begin
  for (at = 1; ahead.has(at); ++at) {
    const char c = ahead[at];
    if (c == '\n' || (depth == 0 && is_wide_lead(c))) return {};
    if (is_ascii_letter(c)) {
      if (word == 0) word = at;
      continue;
    }
    if (word != 0 && is_prose_word(ahead.text, word, at, depth)) return {};
    word = 0;
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if (c == '\\') {
      ++at;
      while (is_ascii_letter(ahead[at + 1])) ++at;
    } else if (c == '$') {
      if (!ahead.has(at + 1) && !ahead.complete) return {Verdict::kUnknown, 0};
      const bool closes = !is_ascii_space(ahead[at - 1]) && !is_ascii_digit(ahead[at + 1]);
      return closes ? Recognised{Verdict::kYes, at + 1} : Recognised{};
    }
  }
  return {ahead.at_end(), 0};
}

}  // namespace

CodeSpan recognise_code_span(Ahead whole, bool in_table) {
  CodeSpan code;
  while (whole[code.run] == '`' && code.run < kLongestRun) ++code.run;
  const Ahead ahead = whole.within(kLongestCode);
  if (!ahead.has(code.run)) {
    code.span.found.verdict = ahead.at_end();
    return code;
  }
  if (code.run == kLongestRun) return code;
  for (std::size_t at = code.run; ahead.has(at); ++at) {
    const char c = ahead[at];
    if (c == '\n') {
      const Verdict ends = ends_paragraph(ahead.behind(at + 1));
      if (ends == Verdict::kYes) return code;
      if (ends == Verdict::kUnknown) {
        code.span.found.verdict = Verdict::kUnknown;
        return code;
      }
    } else if (c == '|' && in_table && ahead[at - 1] != '\\') {
      return code;
    } else if (c == '`') {
      const std::size_t begin = at;
      while (ahead[at] == '`') ++at;
      if (!ahead.has(at) && !ahead.complete) break;
      if (at - begin == code.run) {
        code.span.found = {Verdict::kYes, at};
        code.span.text = one_line(ahead.text.substr(code.run, begin - code.run), in_table);
        return code;
      }
      --at;
    }
  }
  code.span.found.verdict = ahead.at_end();
  return code;
}

Link recognise_link_tail(Ahead whole) {
  Link link;
  if (!whole.has(0)) {
    link.found.verdict = whole.at_end();
    return link;
  }
  if (whole[0] == '(') return address_tail(whole);
  if (whole[0] != '[') return link;
  const Ahead ahead = whole.within(kLongestReference);
  link.kind = LinkTail::kReference;
  const std::size_t end = ahead.text.find_first_of("[]\n", 1);
  if (end == std::string_view::npos) {
    link.found.verdict = ahead.at_end();
    return link;
  }
  if (ahead[end] != ']' || ahead[1] == '^') return link;
  link.found = {Verdict::kYes, end + 1};
  link.reference = normalised_reference(ahead.text.substr(1, end - 1));
  return link;
}

Span recognise_autolink(Ahead whole) {
  const Ahead ahead = whole.within(kLongestAddress);
  if (!ahead.has(1)) return {{ahead.at_end(), 0}, ""};
  if (!is_ascii_alphanumeric(ahead[1])) return {};
  std::size_t at = 1;
  constexpr std::string_view kMailMarks = ".!#$%&'*+/=?^_{}~-";
  while (at <= kLongestMailName && (is_ascii_alphanumeric(ahead[at]) ||
                                    (ahead.has(at) && kMailMarks.find(ahead[at]) != std::string_view::npos)))
    ++at;
  if (!ahead.has(at)) return {{ahead.at_end(), 0}, ""};
  const bool mail = ahead[at] == '@';
  if (!mail && (ahead[at] != ':' || at < 3 || at > kLongestScheme + 1 || !is_ascii_letter(ahead[1])))
    return {};
  const std::size_t begin = at + 1;
  bool dotted = false;
  for (at = begin; ahead.has(at); ++at) {
    const char c = ahead[at];
    if (c == '>') break;
    if (static_cast<unsigned char>(c) <= 0x20 || c == '<') return {};
    if (mail && !is_ascii_alphanumeric(c) && c != '.' && c != '-') return {};
    dotted = dotted || c == '.';
  }
  if (!ahead.has(at)) return {{ahead.at_end(), 0}, ""};
  if (at == begin || (mail && !dotted)) return {};
  std::string_view address = ahead.text.substr(1, at - 1);
  for (const std::string_view scheme : {"mailto:", "tel:", "sms:"}) {
    if (address.starts_with(scheme)) address.remove_prefix(scheme.size());
  }
  return {{Verdict::kYes, at + 1}, std::string(address)};
}

Recognised recognise_footnote_mark(Ahead ahead) {
  if (ahead[1] != '^') return ahead.has(1) ? Recognised{} : Recognised{ahead.at_end(), 0};
  std::size_t at = 2;
  while (at < kLongestFootnote && (is_ascii_alphanumeric(ahead[at]) || ahead[at] == '_' || ahead[at] == '-'))
    ++at;
  if (!ahead.has(at)) return {ahead.at_end(), 0};
  return ahead[at] == ']' && at > 2 ? Recognised{Verdict::kYes, at + 1} : Recognised{};
}

Recognised recognise_formula(Ahead whole) {
  if (whole[0] == '$') return dollar_formula(whole);
  if (!whole.has(1)) return {whole.at_end(), 0};
  const char open = whole[1];
  const char close = open == '(' ? ')' : ']';
  const Ahead ahead = whole.within(open == '(' ? kLongestFormula : kLongestDisplay);
  for (std::size_t at = 2; ahead.has(at); ++at) {
    if (ahead[at] == '\n' && (ahead[at + 1] == '\n' || (ahead[at + 1] == '\r' && ahead[at + 2] == '\n')))
      return {};
    if (ahead[at] != '\\') continue;
    ++at;
    if (ahead[at] == open) return {};
    if (ahead[at] == close) return {Verdict::kYes, at + 1};
  }
  return {ahead.at_end(), 0};
}

std::string normalised_reference(std::string_view id) {
  std::string result;
  for (const char c : id) {
    if (!is_ascii_space(c)) {
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

}  // namespace anima::text
