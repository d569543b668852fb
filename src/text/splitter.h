// Text that arrives in pieces, cut into what can be spoken at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anima::text {

struct TextSplitterOptions {
  // Lengths in estimated seconds of speech. A clause mark ends a piece of at least the minimum; a
  // sentence mark always does; without any mark a piece ends between words at the maximum.
  double first_minimum_s = 0.5;  // the first piece is short, so that the first sound comes early
  double first_maximum_s = 3.0;
  double minimum_s = 1.6;
  double maximum_s = 9.0;
  // Code points of a piece, whatever they are: blanks and marks take no time to say, but every engine
  // has a limit of what it takes at once.
  int most_characters = 1000;
};

// Nothing is lost or changed: the pieces put together are the text, blanks and marks included
// (a mark ends the piece it belongs to, with the closing quotes and brackets that follow it). Never
// cuts inside a number ("3.14", "1,000", "10:30", "10：30", "2010—2015"), an abbreviation ("Dr.",
// "e.g.", "U.S."), between a colon and the number behind it ("code: 4071"), a web name or a Latin word (a
// word of over 400 bytes is no word), or behind the number of a list ("1. Apples") at the start of a line. A
// mark whose meaning hangs on what follows waits for it, and an incomplete UTF-8 sequence for its rest.
class TextSplitter {
 public:
  explicit TextSplitter(const TextSplitterOptions& options = {});
  // Appends the pieces that are complete.
  void push(std::string_view text, std::vector<std::string>& pieces);
  // Appends the rest. Ready for another text afterwards.
  void finish(std::vector<std::string>& pieces);

 private:
  std::size_t find_cut(bool final) const;
  void cut_all(bool final, std::vector<std::string>& pieces);

  TextSplitterOptions options_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of the next piece in the buffer
  bool first_ = true;
};

// How long the text takes to speak, roughly: what the splitter counts in.
double estimated_speech_s(std::string_view text);

// Runs of blanks (control characters included) as the first of them: they are not heard.
std::string without_blank_runs(std::string_view text);

// Silence that belongs after a piece that ends so: longest after a sentence, none after a bare word.
double natural_pause_s(std::string_view piece);

}  // namespace anima::text
