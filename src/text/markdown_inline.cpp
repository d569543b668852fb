#include "text/markdown_inline.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/utf8.h"
#include "text/html_entities.h"

namespace anima::text {
namespace {

constexpr std::size_t kRecentBytes = 256;
constexpr std::size_t kLongestWord = 256;
constexpr std::size_t kLongestRun = 64;        // of marks of emphasis
constexpr std::size_t kLongestLinkText = 512;  // bytes that a '[' is waited for
constexpr std::size_t kLongestGap = 16;
constexpr std::size_t kMostReferences = 1000;
constexpr int kDeepestHtml = 1000;

// Bytes that may begin something else than plain text.
constexpr std::array<bool, 256> special_bytes() {
  std::array<bool, 256> special{};
  for (const char c : std::string_view("\n\r*_~=`[]!<&\\$|#")) special[static_cast<unsigned char>(c)] = true;
  return special;
}
constexpr std::array<bool, 256> kSpecial = special_bytes();

bool ends_word(char c) {
  constexpr std::string_view kEnds = "([<>\"'|";
  return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x80 ||
         kEnds.find(c) != std::string_view::npos;
}

// The character at `at`; false where its bytes are not all known. 0 at the end of a line.
bool character_at(Ahead ahead, std::size_t at, char32_t& c) {
  c = 0;
  if (!ahead.has(at)) return ahead.complete;
  const auto byte = static_cast<unsigned char>(ahead[at]);
  const std::size_t length = byte < 0xC0 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
  for (std::size_t i = 1; i < length && !ahead.complete; ++i) {
    if (!ahead.has(at + i)) return false;
    if ((static_cast<unsigned char>(ahead[at + i]) & 0xC0U) != 0x80) break;
  }
  std::size_t behind = at;
  c = next_code_point(ahead.text, behind);
  return true;
}

// "[链接](…) **重点**": two marked pieces with nothing but a blank between are two things; in Chinese no
// blank says so.
Recognised recognise_gap(Ahead whole) {
  const Ahead ahead = whole.within(kLongestGap);
  const std::size_t blanks = ahead.skip(" ", 0);
  const std::size_t marks = ahead.skip("*_[`~=", blanks);
  char32_t c = 0;
  if (!character_at(ahead, marks, c)) return {Verdict::kUnknown, 0};
  return marks > blanks && is_han(c) ? Recognised{Verdict::kYes, blanks} : Recognised{};
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789, ") == std::string_view::npos;
}

// Where "\(" and "\[" might as well be brackets that Markdown was kept from.
bool looks_like_formula(char open, std::string_view content) {
  if (content.size() <= 2) return open == '(' && !content.empty() && is_ascii_letter(content[0]);
  return content.find_first_of("\\^_=+{}<>*/") != std::string_view::npos ||
         content.find(" - ") != std::string_view::npos;
}

std::string decoded(std::string_view written) {
  std::string text;
  for (std::size_t at = 0; at < written.size();) {
    if (written[at] == '&') {
      const Entity entity = recognise_entity({written.substr(at), true});
      if (entity.found.verdict == Verdict::kYes) {
        text += entity.text;
        at += entity.found.length;
        continue;
      }
    }
    text += is_ascii_space(written[at]) ? ' ' : written[at];
    ++at;
  }
  return text;
}

}  // namespace

// --- bookkeeping ---------------------------------------------------------------------------------

std::size_t InlineReader::pass(Ahead ahead, std::size_t count) {
  const std::string_view passed = ahead.text.substr(0, count);
  for (const char c : passed) {
    if (ends_word(c)) {
      word_.clear();
    } else if (word_.size() < kLongestWord) {
      word_ += c;
    }
  }
  recent_ += passed.substr(passed.size() - std::min(passed.size(), kRecentBytes));
  if (recent_.size() > 4 * kRecentBytes) recent_.erase(0, recent_.size() - kRecentBytes);
  read_ += passed.size();
  return passed.size();
}

std::size_t InlineReader::say(Ahead ahead, std::size_t count, std::string_view spoken, PlainWriter& writer) {
  writer.text(spoken);
  line_has_text_ = true;
  return pass(ahead, count);
}

std::string_view InlineReader::since(std::size_t begin) const {
  const std::size_t count = read_ - begin;
  return count <= kRecentBytes && count <= recent_.size()
             ? std::string_view(recent_).substr(recent_.size() - count)
             : std::string_view{};
}

bool InlineReader::in_address() const {
  return word_.starts_with("www.") || word_.find("://") != std::string::npos;
}

bool InlineReader::behind_blank() const {
  return is_ascii_space(last_byte());
}

void InlineReader::begin_line() {
  line_has_text_ = false;
}

void InlineReader::end_line(PlainWriter& writer) {
  emphasis_.blank(writer);
  pass({"\n", true}, 1);
}

void InlineReader::end_block(PlainWriter& writer) {
  emphasis_.end(writer);
  for (const Bracket& bracket : brackets_) writer.keep(bracket.id, bracket.picture ? "![" : "[");
  brackets_.clear();
}

void InlineReader::define(std::string reference) {
  if (references_.size() < kMostReferences) references_.insert(std::move(reference));
}

void InlineReader::settle(PlainWriter& writer) {
  emphasis_.settle(writer);
  while (!brackets_.empty() && writer.position() - brackets_.front().position > kLongestLinkText) {
    writer.keep(brackets_.front().id, brackets_.front().picture ? "![" : "[");
    brackets_.pop_front();
  }
}

// --- one piece -----------------------------------------------------------------------------------

std::size_t InlineReader::read(Ahead ahead, bool in_row, PlainWriter& writer) {
  std::size_t count = 0;
  switch (ahead[0]) {
    case '*':
    case '_':
    case '~':
    case '=':
      count = read_emphasis(ahead, writer);
      break;
    case '`': {
      const CodeSpan code = recognise_code_span(ahead, in_row);
      if (code.span.found.verdict == Verdict::kUnknown) return 0;
      count = code.span.found.verdict == Verdict::kYes
                  ? say(ahead, code.span.found.length, code.span.text, writer)
                  : say(ahead, code.run, ahead.text.substr(0, code.run), writer);
      break;
    }
    case '!':
      if (!ahead.has(1) && !ahead.complete) return 0;
      count = ahead[1] == '[' ? read_bracket(ahead, true, writer) : say(ahead, 1, "!", writer);
      break;
    case '[':
      count = read_bracket(ahead, false, writer);
      break;
    case ']':
      count = read_bracket_end(ahead, writer);
      break;
    case '<':
      count = read_angle(ahead, writer);
      break;
    case '&': {
      const Entity entity = recognise_entity(ahead);
      if (entity.found.verdict == Verdict::kUnknown) return 0;
      count = entity.found.verdict == Verdict::kYes ? say(ahead, entity.found.length, entity.text, writer)
                                                    : say(ahead, 1, "&", writer);
      break;
    }
    case '\\':
      count = read_escape(ahead, writer);
      break;
    case '$': {
      const Recognised formula = recognise_formula(ahead);
      if (formula.verdict == Verdict::kUnknown) return 0;
      const std::size_t length = formula.verdict == Verdict::kYes ? formula.length : 1;
      count = say(ahead, length, ahead.text.substr(0, length), writer);
      break;
    }
    case ' ': {
      const Recognised gap = span_ended_ && writer.last_is_han() ? recognise_gap(ahead) : Recognised{};
      if (gap.verdict == Verdict::kUnknown) return 0;
      if (gap.verdict == Verdict::kYes) writer.comma();
      count = gap.verdict == Verdict::kYes ? pass(ahead, gap.length) : read_plain(ahead, writer);
      break;
    }
    default:
      count = read_plain(ahead, writer);
  }
  settle(writer);
  if (count > 0) span_ended_ = std::exchange(span_ends_, false);
  return count;
}

std::size_t InlineReader::read_plain(Ahead ahead, PlainWriter& writer) {
  std::size_t end = 1;
  while (end < ahead.text.size() && !kSpecial[static_cast<unsigned char>(ahead[end])]) ++end;
  const std::string_view plain = ahead.text.substr(0, end);
  writer.text(plain);
  const bool blanks = plain.find_first_not_of(" \t") == std::string_view::npos;
  if (plain.find_first_of(" \t") != std::string_view::npos) emphasis_.blank(writer);
  line_has_text_ = line_has_text_ || !blanks;
  return pass(ahead, end);
}

std::size_t InlineReader::read_emphasis(Ahead ahead, PlainWriter& writer) {
  const char mark = ahead[0];
  std::size_t length = 1;
  while (ahead[length] == mark && length < kLongestRun) ++length;
  char32_t after = 0;
  if (!character_at(ahead, length, after)) return 0;
  if (after == U'\n' || after == U'\r') after = 0;
  const char32_t before = last_code_point(recent_);
  constexpr std::u32string_view kBehindAddress = U".,;:!?)<\"'";
  const bool address_goes_on = in_address() && after > 0x20 && after < 0x80 &&
                               after != static_cast<unsigned char>(mark) &&
                               kBehindAddress.find(after) == std::u32string_view::npos;
  if (length == kLongestRun || address_goes_on)
    return say(ahead, length, ahead.text.substr(0, length), writer);
  span_ends_ = emphasis_.run(writer, mark, length, before == U'\n' ? 0 : before, after);
  line_has_text_ = true;
  pass(ahead, length);
  word_.clear();
  return length;
}

std::size_t InlineReader::read_escape(Ahead ahead, PlainWriter& writer) {
  if (!ahead.has(1)) return ahead.complete ? say(ahead, 1, "\\", writer) : 0;
  const char next = ahead[1];
  if (next == '(' || next == '[') {
    const Recognised formula = recognise_formula(ahead);
    if (formula.verdict == Verdict::kUnknown) return 0;
    if (formula.verdict == Verdict::kYes &&
        looks_like_formula(next, ahead.text.substr(2, formula.length - 4)))
      return say(ahead, formula.length, ahead.text.substr(0, formula.length), writer);
  }
  if (next == '\n' || next == '\r') return pass(ahead, 1);
  if (is_ascii_punctuation(next)) return say(ahead, 2, ahead.text.substr(1, 1), writer);
  return say(ahead, 1, "\\", writer);
}

// --- links and pictures --------------------------------------------------------------------------

std::size_t InlineReader::read_bracket(Ahead ahead, bool picture, PlainWriter& writer) {
  if (!picture) {
    const Recognised footnote = recognise_footnote_mark(ahead);
    if (footnote.verdict == Verdict::kUnknown) return 0;
    if (footnote.verdict == Verdict::kYes) return pass(ahead, footnote.length);
  }
  const std::string_view written = picture ? "![" : "[";
  Bracket bracket;
  bracket.picture = picture;
  bracket.before = last_byte();
  bracket.id = writer.mark(written);
  bracket.position = writer.position();
  bracket.text_begin = read_ + written.size();
  brackets_.push_back(bracket);
  line_has_text_ = true;
  return pass(ahead, written.size());
}

bool InlineReader::is_link(const Link& link, const Bracket& bracket, std::string_view text) const {
  if (link.kind == LinkTail::kAddress) return true;
  const std::string own = normalised_reference(text);
  if (references_.contains(link.reference.empty() ? own : link.reference)) return true;
  // The definition may still come. Indices and numbers of sources stand like this, too: "a[i][j]", "[1][2]".
  const bool index = is_ascii_alphanumeric(bracket.before) || bracket.before == ']' || bracket.before == ')';
  return !index && !is_number(own);
}

std::size_t InlineReader::read_bracket_end(Ahead ahead, PlainWriter& writer) {
  const Link link = recognise_link_tail(ahead.behind(1));
  if (link.found.verdict == Verdict::kUnknown) return 0;
  const bool linked = link.found.verdict == Verdict::kYes;
  if (brackets_.empty()) {
    // The text of this link was too long to wait for; its address is none the better to hear.
    const bool tail = linked && link.kind == LinkTail::kAddress &&
                      ahead.text.substr(0, link.found.length + 1).find("://") != std::string_view::npos;
    if (!tail) return say(ahead, 1, "]", writer);
    if (link.unfinished) skip_ = Skip::kAddress;
    return pass(ahead, link.found.length + 1);
  }
  const Bracket bracket = brackets_.back();
  brackets_.pop_back();
  const std::string_view text = since(bracket.text_begin);
  if (linked && is_link(link, bracket, text)) {
    writer.drop(bracket.id);
    span_ends_ = true;
    if (link.unfinished) skip_ = Skip::kAddress;
    return pass(ahead, link.found.length + 1);
  }
  if (!linked && references_.contains(normalised_reference(text))) {
    writer.drop(bracket.id);
    return pass(ahead, 1);
  }
  writer.keep(bracket.id, bracket.picture ? "![" : "[");
  return say(ahead, 1, "]", writer);
}

// --- HTML ----------------------------------------------------------------------------------------

std::size_t InlineReader::read_angle(Ahead ahead, PlainWriter& writer) {
  if (!ahead.has(1)) return ahead.complete ? say(ahead, 1, "<", writer) : 0;
  const char next = ahead[1];
  if (next == '!' || next == '?') return read_comment(ahead, writer);
  if (!is_ascii_alphanumeric(next) && next != '/') return say(ahead, 1, "<", writer);
  const Tag tag = recognise_tag(ahead);
  if (tag.found.verdict == Verdict::kYes) return read_tag(ahead, tag, writer);
  const Span address = recognise_autolink(ahead);
  if (address.found.verdict == Verdict::kYes) return say(ahead, address.found.length, address.text, writer);
  if (tag.found.verdict == Verdict::kUnknown || address.found.verdict == Verdict::kUnknown) return 0;
  return say(ahead, 1, "<", writer);
}

std::size_t InlineReader::read_comment(Ahead ahead, PlainWriter& writer) {
  constexpr std::string_view kBegin = "<!--";
  if (ahead.text.starts_with(kBegin)) {
    const Ahead near = ahead.within(kLongestTag);
    const std::size_t end = near.text.find("-->", kBegin.size());
    if (end != std::string_view::npos) return pass(ahead, end + 3);
    if (!near.complete) return 0;
    if (line_has_text_ && last_byte() != '>') return say(ahead, 1, "<", writer);
    skip_ = Skip::kComment;
    return pass(ahead, kBegin.size());
  }
  if (kBegin.starts_with(ahead.text) && !ahead.complete) return 0;
  const Recognised declaration = recognise_declaration(ahead);
  if (declaration.verdict == Verdict::kUnknown) return 0;
  if (declaration.verdict == Verdict::kYes) return pass(ahead, declaration.length);
  return say(ahead, 1, "<", writer);
}

// Whether the element whose tag was read is one, or only spoken of ("the <script> tag").
Verdict InlineReader::holds_element(Ahead behind, const Tag& tag) const {
  if (tag.has_attributes) return Verdict::kYes;
  if (!behind.has(1) && !behind.complete) return Verdict::kUnknown;
  const bool in_prose = behind[0] == ' ' && is_ascii_letter(behind[1]);
  if ((!line_has_text_ || last_byte() == '>') && !in_prose) return Verdict::kYes;
  return find_closing_tag(behind.within(kLongestTag), tag.name).verdict;
}

void InlineReader::begin_or_end_block(const Tag& tag, PlainWriter& writer) {
  end_block(writer);
  if (tag.name == "dd" && !tag.closing) {
    writer.comma();  // between a term and what it means
  } else {
    writer.end_sentence();
    writer.new_line();
  }
  if (tag.stands_alone) return;
  html_depth_ = std::clamp(html_depth_ + (tag.closing ? -1 : 1), 0, kDeepestHtml);
  html_flow_ = html_depth_ > 0 && (html_flow_ || !tag.closing);
  if (html_flow_) writer.hold_blanks(true);  // they are not text at the end of an element
}

void InlineReader::describe_picture(std::string_view description, PlainWriter& writer) {
  const std::string text = decoded(description);
  if (text.find_first_not_of(' ') == std::string::npos) return;
  if (text_before_picture_) writer.text(" ");
  writer.text(text);
}

std::size_t InlineReader::read_tag(Ahead ahead, const Tag& tag, PlainWriter& writer) {
  text_before_picture_ = line_has_text_ && !behind_blank();
  if (tag.oversized) {
    skip_ = Skip::kLongTag;
    long_tag_ = LongTag();
    if (tag.role == TagRole::kBlock) begin_or_end_block(tag, writer);
    return pass(ahead, 1);
  }
  const Ahead behind = ahead.behind(tag.found.length);
  const bool opens = !tag.closing && !tag.stands_alone;
  switch (tag.role) {
    case TagRole::kInline:
      break;
    case TagRole::kLine:
      writer.comma();
      break;
    case TagRole::kCell:
      end_block(writer);
      writer.comma();
      break;
    case TagRole::kBlock:
      begin_or_end_block(tag, writer);
      break;
    case TagRole::kReading:
      if (opens) skip_ = Skip::kToNextTag;
      break;
    case TagRole::kSilent:
    case TagRole::kCode: {
      if (!opens) break;
      const Verdict element = holds_element(behind, tag);
      if (element == Verdict::kUnknown) return 0;
      if (element == Verdict::kNo)
        return say(ahead, tag.found.length, ahead.text.substr(0, tag.found.length), writer);
      skip_ = Skip::kElement;
      element_ = tag.name;
      if (tag.role == TagRole::kCode) {
        end_block(writer);
        writer.end_sentence();
        writer.new_line();
        writer.code();
        writer.new_line();
      }
      break;
    }
    case TagRole::kRaised: {
      if (!opens) break;
      const Raised raised = recognise_raised(behind, std::string_view(recent_));
      if (raised.found.verdict == Verdict::kUnknown) return 0;
      if (raised.found.verdict == Verdict::kYes)
        return say(ahead, tag.found.length + raised.found.length, raised.text, writer);
      break;
    }
    case TagRole::kPicture:
      describe_picture(tag.description, writer);
      break;
  }
  return pass(ahead, tag.found.length);
}

std::size_t InlineReader::skip(Ahead ahead, PlainWriter& writer) {
  const std::string_view text = ahead.text;
  std::size_t count = text.size();
  // What may be the beginning of the end stays where it is, as long as more may come.
  const auto keep_back = [&](std::size_t bytes) { count -= ahead.complete ? 0 : std::min(count, bytes); };
  switch (skip_) {
    case Skip::kNothing:
      return 0;
    case Skip::kElement: {
      const Recognised closing = find_closing_tag(ahead, element_);
      if (closing.verdict == Verdict::kYes) {
        count = closing.length + 1;
        skip_ = Skip::kLongTag;
        long_tag_ = LongTag();
      } else {
        keep_back(element_.size() + 2);
      }
      break;
    }
    case Skip::kToNextTag:
      if (text.find('<') != std::string_view::npos) skip_ = Skip::kNothing;
      count = std::min(text.find('<'), count);
      break;
    case Skip::kComment: {
      const std::size_t end = text.find("-->");
      if (end != std::string_view::npos) {
        count = end + 3;
        skip_ = Skip::kNothing;
      } else {
        keep_back(2);
      }
      break;
    }
    case Skip::kAddress: {
      const std::size_t end = text.find_first_of(") \t\r\n");
      if (end == std::string_view::npos) break;
      skip_ = Skip::kNothing;
      count = text[end] == ')' ? end + 1 : end;
      break;
    }
    case Skip::kLongTag:
      count = long_tag_.read(text);
      if (long_tag_.ended()) {
        skip_ = Skip::kNothing;
        describe_picture(long_tag_.description(), writer);
      }
      break;
  }
  return pass(ahead, count);
}

}  // namespace anima::text
