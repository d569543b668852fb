// What kind of thing is written, as text normalisers class it.
#pragma once

#include <string_view>

namespace anima::text {

enum class WrittenClass {
  kWord,
  kLetters,  // capitals that are spelled
  kCardinal,
  kOrdinal,
  kDigits,  // one by one: codes, rooms, post codes
  kTelephone,
  kMoney,
  kMeasure,
  kDate,
  kTime,
  kFraction,
  kRange,  // the sign between its ends
  kRoman,
  kAddress,
  kElectronic,  // web and mail addresses, files, names of accounts
  kScore,
  kVersion,
  kCode,  // letters and digits: flights, models, number plates
  kMathematics,
  kAbbreviation,
  kSymbol,
  kEmoji,
  kSayAs  // as the user's own dictionary says
};

// Lower case, one word: "cardinal", "say-as".
std::string_view name_of(WrittenClass written);

}  // namespace anima::text
