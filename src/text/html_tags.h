// Tags, comments and declarations of HTML, and what each means to someone who listens.
#pragma once

#include <string>
#include <string_view>

#include "text/lookahead.h"

namespace anima::text {

enum class TagRole {
  kInline,   // vanishes: <b>, <a>, <span>
  kLine,     // a short pause: <br>
  kCell,     // a short pause before it: <td>, <dt>
  kBlock,    // ends like a sentence: <p>, <li>, <h1>, <tr>
  kSilent,   // vanishes with all that it holds: <script>, <style>, <head>, <svg>
  kReading,  // vanishes with the text up to the next tag: <rt>, which says again how a character is read
  kCode,     // a block of code: <pre>
  kRaised,   // <sup>: an exponent, the mark of a footnote, or the end of an ordinal
  kPicture   // <img>: read as its description
};

struct Tag {
  Recognised found;
  // Longer than what a tag is waited for (a picture may be written into its own address): go on with LongTag.
  bool oversized = false;
  TagRole role = TagRole::kInline;
  std::string name;  // in lower case
  bool closing = false;
  bool stands_alone = false;  // void, or closed by "/>"
  bool has_attributes = false;
  std::string description;  // of a kPicture: its `alt`, as written
};

// Bytes after which a tag or comment is waited for no longer.
inline constexpr std::size_t kLongestTag = 4096;

// At a '<'. Only names that HTML, SVG or MathML know are tags, and attributes without a value only where HTML
// has such: "x <y>", "i<3" and "a<b and c>d" are text.
Tag recognise_tag(Ahead ahead);

// The rest of a tag of any length, in bounded memory.
class LongTag {
 public:
  // Bytes of `text` that belong to the tag; ended() once its '>' was among them.
  std::size_t read(std::string_view text);
  bool ended() const { return ended_; }
  const std::string& description() const { return description_; }

 private:
  char quote_ = 0;
  char before_ = 0;
  bool ended_ = false;
  std::string attribute_;
  std::string description_;
};

// "<!DOCTYPE html>", "<?xml ?>", and the brackets (not the text between) of "<![CDATA[".
Recognised recognise_declaration(Ahead ahead);

// Where "</name" begins: the bytes before it.
Recognised find_closing_tag(Ahead ahead, std::string_view name);

struct Raised {
  Recognised found;  // the content and the closing tag; kNo where the content is to be read as it stands
  std::string text;  // "²", "^10", or nothing for the mark of a footnote
};
// At the text behind <sup>; `before` is the end of the text before the tag.
Raised recognise_raised(Ahead ahead, std::string_view before);

}  // namespace anima::text
