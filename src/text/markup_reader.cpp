#include "text/markup_reader.h"

namespace anima::text {
namespace {

// Moving the rest of the buffer to its front costs its length: not for every piece.
constexpr std::size_t kMostReadBytes = 16384;
constexpr std::size_t kWidestIndent = 1000;
constexpr std::size_t kLongestClosing = 256;

bool is_indented(std::string_view blanks) {
  return blanks.size() >= 2 || blanks.find('\t') != std::string_view::npos;
}

}  // namespace

void MarkupReader::push(std::string_view text, std::string& plain) {
  buffer_ += text;
  read();
  writer_.release(plain, false);
}

void MarkupReader::finish(std::string& plain) {
  complete_ = true;
  read();
  end_block();
  writer_.text(line_end_);
  writer_.release(plain, true);
  *this = MarkupReader();
}

void MarkupReader::read() {
  while (at_ < buffer_.size() && step()) {
  }
  if (at_ == buffer_.size() || at_ > kMostReadBytes) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
}

Ahead MarkupReader::ahead() const {
  return {std::string_view(buffer_).substr(at_), complete_};
}

// Reads one piece. False where more text must be known first.
bool MarkupReader::step() {
  if (inline_.skipping()) {
    const std::size_t count = inline_.skip(ahead(), writer_);
    at_ += count;
    return count > 0 || !inline_.skipping();
  }
  if (drops_line_) return drop_line();
  if (line_begins_) return begin_line();
  const Recognised end = recognise_line_end(ahead());
  if (end.verdict == Verdict::kUnknown) return false;
  if (end.verdict == Verdict::kYes) {
    end_line(end.length);
    return true;
  }
  if (ahead()[0] == '|' && (block_ == Block::kParagraph || block_ == Block::kRow)) return read_pipe();
  if (ahead()[0] == '#' && block_ == Block::kHeading && inline_.behind_blank()) {
    bool closes = false;
    if (!read_closing_hashes(closes)) return false;
    if (closes) return true;
  }
  const std::size_t count = inline_.read(ahead(), block_ == Block::kRow, writer_);
  at_ += count;
  return count > 0;
}

// --- lines ---------------------------------------------------------------------------------------

void MarkupReader::write_line_end() {
  writer_.text(line_end_);
  line_end_.clear();
}

void MarkupReader::end_line(std::size_t length) {
  const std::string_view written = std::string_view(buffer_).substr(at_, length);
  inline_.end_line(writer_);
  if (inline_.in_html_flow()) {
    line_end_ = " ";
  } else {
    if (block_ == Block::kHeading || block_ == Block::kRow) end_block();
    line_end_ = written;
    // Only what may go on in the next line has to wait for it.
    if (block_ == Block::kNone) write_line_end();
  }
  at_ += length;
  line_begins_ = true;
  behind_marker_ = quoted_ = false;
}

void MarkupReader::end_block() {
  inline_.end_block(writer_);
  if (block_ != Block::kNone && block_ != Block::kParagraph) writer_.end_sentence();
  writer_.hold_blanks(false);
  block_ = Block::kNone;
}

bool MarkupReader::begin_line() {
  if (fence_ != 0) return read_fence();
  if (rule_follows_) {
    const Recognised quote = recognise_quote_mark(ahead());
    if (quote.verdict == Verdict::kUnknown) return false;
    if (quote.verdict == Verdict::kYes) {
      at_ += quote.length;
      return true;
    }
    rule_follows_ = false;
    drops_line_ = drops_end_ = true;
    return true;
  }
  const bool flow = inline_.in_html_flow();
  if (!flow && !indented_code_ && !in_note_) {
    const Recognised quote = recognise_quote_mark(ahead());
    if (quote.verdict == Verdict::kUnknown) return false;
    if (quote.verdict == Verdict::kYes) {
      at_ += quote.length;
      quoted_ = true;
      return true;
    }
  }
  if (indented_code_) return read_indented_code();
  if (in_note_) return read_note();
  LineContext context;
  context.paragraph = block_ == Block::kParagraph && !behind_marker_;
  context.item = block_ == Block::kItem;
  context.in_list = in_list_;
  context.blank_above = blank_above_ && !behind_marker_;
  context.in_html = inline_.in_html();
  context.quoted = quoted_;
  Line line = classify_line(ahead(), context);
  if (line.verdict == Verdict::kUnknown) return false;
  if (flow && line.kind != LineKind::kBlank) {
    line.kind = LineKind::kText;
    line.length = ahead().skip(" \t", 0);
  }
  return begin_block(line);
}

bool MarkupReader::begin_block(const Line& line) {
  if (line.kind == LineKind::kText) {
    begin_text(line);
    return true;
  }
  if (!behind_marker_) end_block();
  if (line.kind == LineKind::kUnderline) {
    writer_.end_sentence();
    drops_line_ = drops_end_ = true;
    at_ += line.length;
    blank_above_ = false;
    return true;
  }
  if (line.kind == LineKind::kBlank && line_end_ == " ") line_end_ = "\n";  // it was a blank within HTML only
  if (line.kind != LineKind::kRule && line.kind != LineKind::kDefinition &&
      line.kind != LineKind::kFootnote) {
    write_line_end();
  }
  blank_above_ = line.kind == LineKind::kBlank;
  if (line.kind != LineKind::kItem && line.kind != LineKind::kBlank && line.length > 0 &&
      !is_ascii_space(ahead()[0]) && !behind_marker_)
    in_list_ = false;
  in_table_ = false;
  switch (line.kind) {
    case LineKind::kText:
    case LineKind::kUnderline:
      break;
    case LineKind::kBlank:
      inline_.leave_html_flow();
      writer_.text(ahead().text.substr(0, line.length));
      line_begins_ = false;
      break;
    case LineKind::kFence:
      fence_ = line.fence;
      fence_length_ = line.fence_length;
      fence_quoted_ = quoted_;
      writer_.code();
      drops_line_ = drops_end_ = true;
      break;
    case LineKind::kIndentedCode:
      indented_code_ = true;
      writer_.code();
      drops_line_ = true;
      drops_end_ = false;
      break;
    case LineKind::kHeading:
      block_ = Block::kHeading;
      writer_.hold_blanks(true);
      line_begins_ = false;
      break;
    case LineKind::kRule:
      drops_line_ = drops_end_ = true;
      break;
    case LineKind::kDefinition:
      inline_.define(line.name);
      drops_line_ = drops_end_ = true;
      break;
    case LineKind::kAlert:
      writer_.text(line.name);
      writer_.end_sentence();
      drops_line_ = true;
      drops_end_ = false;
      break;
    case LineKind::kFootnote:
      in_note_ = true;
      drops_line_ = drops_end_ = true;
      break;
    case LineKind::kItem:
      block_ = Block::kItem;
      in_list_ = true;
      writer_.hold_blanks(true);
      writer_.text(line.kept);
      behind_marker_ = true;
      break;
  }
  at_ += line.length;
  inline_.begin_line();
  return true;
}

void MarkupReader::begin_text(const Line& line) {
  const std::string_view indent = ahead().text.substr(0, line.length);
  const char first = ahead()[line.length];
  const bool row = in_table_ && (!table_piped_ || first == '|');
  if (row) {
    end_block();
    block_ = Block::kRow;
    writer_.hold_blanks(true);
    write_line_end();
  } else if (inline_.in_html_flow()) {
    writer_.hold_blanks(true);
    write_line_end();
    if (block_ == Block::kNone) block_ = Block::kParagraph;
  } else if (!behind_marker_) {
    // CommonMark lets an item go on in a line that is not indented; people begin a new sentence there.
    const bool goes_on = is_indented(indent) || (first >= 'a' && first <= 'z');
    if (block_ == Block::kItem && goes_on) {
      write_line_end();
    } else if (block_ == Block::kNone && in_list_ && is_indented(indent)) {
      block_ = Block::kItem;
      writer_.hold_blanks(true);
    } else {
      if (block_ == Block::kItem) end_block();
      in_list_ = false;
      block_ = Block::kParagraph;
      write_line_end();
      writer_.text(indent);
      writer_.hold_blanks(inline_.in_html());
    }
  }
  if (!row) in_table_ = false;
  at_ += line.length;
  line_begins_ = blank_above_ = behind_marker_ = false;
  inline_.begin_line();
}

bool MarkupReader::drop_line() {
  const std::size_t end = buffer_.find('\n', at_);
  if (end == std::string::npos) {
    at_ = buffer_.size();
    return true;
  }
  drops_line_ = false;
  line_begins_ = true;
  behind_marker_ = quoted_ = false;
  at_ = end + (drops_end_ ? 1 : 0);
  if (!drops_end_) line_begins_ = false;
  return true;
}

// --- code, footnotes, tables, headings -----------------------------------------------------------

bool MarkupReader::read_fence() {
  if (fence_quoted_ && !quoted_) {
    const Recognised quote = recognise_quote_mark(ahead());
    if (quote.verdict == Verdict::kUnknown) return false;
    if (quote.verdict == Verdict::kNo) {
      fence_ = 0;  // the quote ends, and the code with it
      line_end_ = "\n";
      return true;
    }
    quoted_ = true;
    at_ += quote.length;
    return true;
  }
  const Recognised end = recognise_fence_end(ahead(), fence_, fence_length_);
  if (end.verdict == Verdict::kUnknown) return false;
  if (end.verdict == Verdict::kYes) {
    fence_ = 0;
    at_ += end.length;
    line_begins_ = false;  // its end is the end of "code"
    return true;
  }
  drops_line_ = drops_end_ = true;
  return true;
}

bool MarkupReader::read_indented_code() {
  const std::size_t begin = ahead().within(kWidestIndent).skip(" \t", 0);
  if (!ahead().has(begin) && !complete_) return false;
  const bool blank = ahead()[begin] == '\n' || ahead()[begin] == '\r' || !ahead().has(begin);
  if (!blank && begin < 4 && ahead().text.substr(0, begin).find('\t') == std::string_view::npos) {
    indented_code_ = false;
    return true;
  }
  drops_line_ = drops_end_ = true;
  if (blank) {
    drops_end_ = false;
    blank_above_ = true;
  }
  return true;
}

bool MarkupReader::read_note() {
  const std::size_t begin = ahead().within(kWidestIndent).skip(" \t", 0);
  if (!ahead().has(begin) && !complete_) return false;
  if (!is_indented(ahead().text.substr(0, begin)) || ahead()[begin] == '\n') {
    in_note_ = false;
    return true;
  }
  drops_line_ = drops_end_ = true;
  return true;
}

bool MarkupReader::read_pipe() {
  if (block_ == Block::kParagraph) {
    const Verdict heads = heads_a_table(ahead(), !inline_.line_has_text());
    if (heads == Verdict::kUnknown) return false;
    if (heads == Verdict::kNo) {
      at_ += inline_.read(ahead(), false, writer_);
      return true;
    }
    block_ = Block::kRow;
    writer_.hold_blanks(true);
    in_table_ = rule_follows_ = true;
    table_piped_ = !inline_.line_has_text();
    if (table_piped_) writer_.begin_unit();
  }
  inline_.end_block(writer_);
  inline_.end_line(writer_);
  writer_.comma();
  ++at_;
  return true;
}

// "## Heading ##": what closes it.
bool MarkupReader::read_closing_hashes(bool& closes) {
  const Ahead near = ahead().within(kLongestClosing);
  const std::size_t end = near.skip(" \t", near.skip("#", 0));
  if (!near.has(end) && !near.complete) return false;
  closes = !near.has(end) || near[end] == '\n' || near[end] == '\r';
  if (closes) at_ += end;
  return true;
}

std::string without_markup(std::string_view text) {
  MarkupReader reader;
  std::string plain;
  reader.push(text, plain);
  reader.finish(plain);
  return plain;
}

}  // namespace anima::text
