// Plain text in the making: marks whose meaning is not known yet, pauses where a block ends, and what was
// said.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace anima::text {

// Everything behind the first mark that is still undecided waits in here; release() hands out the rest.
class PlainWriter {
 public:
  using MarkId = std::size_t;

  void text(std::string_view text);  // words, blanks and line ends, as they are

  // A mark that is text or nothing.
  MarkId mark(std::string_view written);
  void keep(MarkId id, std::string_view written);  // it is text
  void drop(MarkId id);                            // it is nothing
  // Bytes written so far, undecided marks included: how far back a mark lies.
  std::size_t position() const { return position_; }

  // Blanks at the end of a block that gets a full stop are not text: they wait for a word.
  void hold_blanks(bool hold);
  // What was said since the last pause ends like a sentence: a full stop where no mark stands. Marks must
  // have been decided.
  void end_sentence();
  // What comes now does not go on with what was said.
  void begin_unit();
  // A pause before the next word, if there is one.
  void comma();
  // The next word begins a line. Blanks and line ends before it are not text.
  void new_line();
  // A block of code stands here: "code", or "代码" in Chinese text. Not again where nothing was said between.
  void code();

  bool last_is_han() const { return last_han_; }  // the last letter said

  // Appends what is certain; all where `final`, which also makes ready for another text.
  void release(std::string& plain, bool final);

 private:
  struct Piece {
    std::string text;
    bool undecided = false;
  };

  void append(std::string_view text);
  void begin_word();  // what waits for a word
  void note(std::string_view text);
  void note_character(char32_t c);
  void settle();
  void name_code(bool chinese);

  std::string ready_;
  std::deque<Piece> pieces_;     // behind ready_; the first of them is undecided
  std::size_t first_piece_ = 0;  // its id
  std::size_t position_ = 0;

  bool line_begins_ = false;  // the last that was written is the end of a line

  bool hold_blanks_ = false;
  std::string blanks_;  // held
  bool comma_ = false;
  bool line_ = false;
  bool swallowed_line_ = false;  // a line end was among the blanks that a pause swallowed

  std::string undecoded_;  // the beginning of a character
  bool said_ = false;      // a visible character since the last end of a sentence
  bool ever_said_ = false;
  bool marked_ = true;       // the last of them is a mark that makes a pause
  bool last_han_ = false;    // the last letter is a Han character (or Kana)
  int chinese_ = 0;          // above 0: the text so far is Chinese
  bool letters_ = false;     // there was a letter at all
  bool code_said_ = false;   // and nothing else since
  bool code_waits_ = false;  // "code" waits for the first letter of the text, which tells its language
  int waited_ = 0;           // characters since then
  MarkId code_id_ = 0;
};

}  // namespace anima::text
