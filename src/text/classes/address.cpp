// Postal addresses: kinds of streets, directions, states, post codes, numbers of houses.
#include <array>

#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

struct Short {
  std::string_view written;
  std::string_view spoken;
  bool sure = true;  // means nothing else: "Blvd"; "Dr", "Ct", "Pl" need a number of a house before them
};
constexpr std::array<Short, 19> kStreets = {{{"St", "street"},
                                             {"Ave", "avenue"},
                                             {"Av", "avenue"},
                                             {"Blvd", "boulevard"},
                                             {"Rd", "road"},
                                             {"Hwy", "highway"},
                                             {"Pkwy", "parkway"},
                                             {"Expy", "expressway"},
                                             {"Dr", "drive", false},
                                             {"Ct", "court", false},
                                             {"Pl", "place", false},
                                             {"Ln", "lane", false},
                                             {"Sq", "square", false},
                                             {"Ter", "terrace", false},
                                             {"Cir", "circle", false},
                                             {"Plz", "plaza", false},
                                             {"Trl", "trail", false},
                                             {"Fwy", "freeway"},
                                             {"Tpke", "turnpike"}}};

struct State {
  std::string_view code;
  std::string_view name;
  bool word = false;  // a word too: only before a post code
};
constexpr std::array<State, 51> kStates = {{{"AL", "Alabama"},
                                            {"AK", "Alaska"},
                                            {"AZ", "Arizona"},
                                            {"AR", "Arkansas"},
                                            {"CA", "California"},
                                            {"CO", "Colorado"},
                                            {"CT", "Connecticut"},
                                            {"DE", "Delaware"},
                                            {"DC", "D C"},
                                            {"FL", "Florida"},
                                            {"GA", "Georgia"},
                                            {"HI", "Hawaii", true},
                                            {"ID", "Idaho", true},
                                            {"IL", "Illinois"},
                                            {"IN", "Indiana", true},
                                            {"IA", "Iowa"},
                                            {"KS", "Kansas"},
                                            {"KY", "Kentucky"},
                                            {"LA", "Louisiana"},
                                            {"ME", "Maine", true},
                                            {"MD", "Maryland", true},
                                            {"MA", "Massachusetts", true},
                                            {"MI", "Michigan"},
                                            {"MN", "Minnesota"},
                                            {"MS", "Mississippi"},
                                            {"MO", "Missouri"},
                                            {"MT", "Montana"},
                                            {"NE", "Nebraska"},
                                            {"NV", "Nevada"},
                                            {"NH", "New Hampshire"},
                                            {"NJ", "New Jersey"},
                                            {"NM", "New Mexico"},
                                            {"NY", "New York"},
                                            {"NC", "North Carolina"},
                                            {"ND", "North Dakota"},
                                            {"OH", "Ohio", true},
                                            {"OK", "Oklahoma", true},
                                            {"OR", "Oregon", true},
                                            {"PA", "Pennsylvania", true},
                                            {"RI", "Rhode Island"},
                                            {"SC", "South Carolina"},
                                            {"SD", "South Dakota"},
                                            {"TN", "Tennessee"},
                                            {"TX", "Texas"},
                                            {"UT", "Utah"},
                                            {"VT", "Vermont"},
                                            {"VA", "Virginia"},
                                            {"WA", "Washington"},
                                            {"WV", "West Virginia"},
                                            {"WI", "Wisconsin"},
                                            {"WY", "Wyoming"}}};

Reading address(std::string spoken, std::size_t end) {
  return {std::move(spoken), end, WrittenClass::kAddress};
}

// The number of a house one to four words before `at`: "10 Downing", "1600 Pennsylvania".
bool house_before(const WrittenText& written, std::size_t at) {
  std::size_t begin = at;
  for (int words = 0; words < 4; ++words) {
    const std::size_t next = written.word_before_begin(begin);
    if (next == begin) break;
    begin = next;
    const std::size_t before = written.skip_blanks_back(begin);
    if (before < begin && written.digit_before(before)) return true;
  }
  // "5th Ave", "E. 42nd St."
  const std::size_t before = written.skip_blanks_back(at);
  return before >= 2 && before < at && !written.digit_before(before) &&
         is_one_of(written.slice(before - 2, before), {"st", "nd", "rd", "th"}) && before >= 3 &&
         written.digit_before(before - 2);
}

bool ordinal_before(const WrittenText& written, std::size_t at) {
  const std::size_t before = written.skip_blanks_back(at);
  return before >= 3 && before < at &&
         is_one_of(written.slice(before - 2, before), {"st", "nd", "rd", "th"}) &&
         written.digit_before(before - 2);
}

std::optional<Reading> read_street(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.letters_end(at);
  const std::string_view word = written.slice(at, end);
  for (const Short& street : kStreets) {
    if (street.written != word) continue;
    if (at == 0 || written.peek(at - 1) != ' ') return std::nullopt;
    const std::string_view before =
        written.slice(written.word_before_begin(at), written.skip_blanks_back(at));
    const bool direct = is_capitalised(before) && before.find_first_of(".,:#") == std::string_view::npos;
    const bool ordinal = ordinal_before(written, at);
    if (!direct && !ordinal) {
      if (word == "Hwy" || word == "Blvd" || word == "Pkwy") return address(std::string(street.spoken), end);
      return std::nullopt;
    }
    const bool house = house_before(written, at);
    const bool stop = written.peek(end) == '.';
    const std::size_t next = written.skip_blanks(stop ? end + 1 : end);
    // A doctor has a name behind: "Elm Dr." at the end is a drive.
    const bool drive = word == "Dr" && stop && !written.letter_at(next);
    if (!street.sure && !house && !drive) return std::nullopt;
    if (word == "Dr" && written.upper_at(next) && !written.starts_with(next, "N") && !house)
      return std::nullopt;
    // "the apostle St. Paul", "on St. Louis": a saint has a name behind and no street before.
    if (word == "St" && !house && !ordinal && written.upper_at(next) && stop) return std::nullopt;
    if (word == "St" &&
        is_one_of(before, {"The", "In", "At", "On", "Near", "From", "Of", "Port", "Mount", "And"}))
      return std::nullopt;
    const bool last = next >= written.size() || written.peek(next) == '\n';
    return address(std::string(street.spoken), stop && !last ? end + 1 : end);
  }
  return std::nullopt;
}

// "N Main St", "123 N. Main", "NW": between a number and a name.
std::optional<Reading> read_direction(const WrittenText& written, std::size_t at) {
  struct Direction {
    std::string_view written;
    std::string_view spoken;
  };
  static constexpr std::array<Direction, 8> kDirections = {{{"N", "north"},
                                                            {"S", "south"},
                                                            {"E", "east"},
                                                            {"W", "west"},
                                                            {"NE", "northeast"},
                                                            {"NW", "northwest"},
                                                            {"SE", "southeast"},
                                                            {"SW", "southwest"}}};
  const std::size_t end = written.letters_end(at);
  for (const Direction& direction : kDirections) {
    if (written.slice(at, end) != direction.written) continue;
    const std::size_t before = written.skip_blanks_back(at);
    const bool number = before < at && written.digit_before(before);
    const std::size_t behind = written.peek(end) == '.' ? end + 1 : end;
    const std::size_t next = written.skip_blanks(behind);
    // In front of a street's name that ends in a kind of street.
    bool street = false;
    std::size_t word = next;
    for (int words = 0; words < 4 && !street; ++words) {
      std::size_t word_end = written.letters_end(word);
      if (word_end == word) {  // "42nd"
        word_end = written.letters_end(written.digits_end(word));
        if (word_end == word) break;
      }
      const std::string_view name = written.slice(word, word_end);
      street = words > 0 && is_one_of(name, {"st", "ave", "blvd", "rd", "dr", "ln", "street", "avenue",
                                             "road", "drive", "lane", "boulevard", "ct", "pl"});
      word = written.skip_blanks(word_end);
      if (word == word_end) break;
    }
    // Behind a street: "Pennsylvania Ave NW".
    const bool behind_street =
        is_one_of(written.word_before(at), {"st", "ave", "blvd", "rd", "dr", "street", "avenue", "road"});
    if ((street && (number || written.upper_at(next) || written.digit_at(next))) ||
        (number && written.upper_at(next) && street) || behind_street)
      return address(std::string(direction.spoken), behind);
    return std::nullopt;
  }
  return std::nullopt;
}

// "NY 10001", "CA 94105-1234"; "Austin, TX".
std::optional<Reading> read_state(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.letters_end(at);
  if (end != at + 2) return std::nullopt;
  for (const State& state : kStates) {
    if (written.slice(at, end) != state.code) continue;
    const std::size_t zip = written.skip_blanks(end);
    const std::size_t zip_end = written.digits_end(zip);
    if (zip > end && zip_end == zip + 5 && !written.letter_at(zip_end)) {
      std::string spoken = std::string(state.name) + " " + english_digits(written.slice(zip, zip_end));
      std::size_t last = zip_end;
      if (written.peek(last) == '-' && written.digits_end(last + 1) == last + 5) {
        spoken += " dash " + english_digits(written.slice(last + 1, last + 5));
        last += 5;
      }
      return address(std::move(spoken), last);
    }
    const std::size_t before = written.skip_blanks_back(at);
    const bool city = before >= 2 && before < at && written.peek(before - 1) == ',' &&
                      is_capitalised(written.word_before(at));
    if (city && !state.word && !written.letter_at(zip) && state.code != "DC")
      return address(std::string(state.name), end);
    if (city && !state.word && state.code != "DC" && written.lower_at(zip))
      return address(std::string(state.name), end);
    return std::nullopt;
  }
  return std::nullopt;
}

// "P.O. Box 123"
std::optional<Reading> read_post_box(const WrittenText& written, std::size_t at) {
  for (const std::string_view sign : {"P.O. Box", "P.O.Box", "PO Box", "P. O. Box", "P.O. box", "PO box"}) {
    if (!written.starts_with(at, sign)) continue;
    const std::size_t end = at + sign.size();
    const std::size_t number = written.skip_blanks(end);
    const std::size_t number_end = written.digits_end(number);
    if (number_end == number) return address("P O box", end);
    const std::string_view digits = written.slice(number, number_end);
    return address("P O box " + (digits.size() <= 2 ? english_cardinal(digits) : english_digits(digits)),
                   number_end);
  }
  return std::nullopt;
}

// "1600 Pennsylvania Avenue", "221B Baker Street": said in pairs.
std::optional<Reading> read_house_number(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.digits_end(at);
  std::size_t behind = end;
  const bool letter = written.upper_at(end) && written.word_ends(end + 1);
  if (letter) ++behind;
  if (written.peek(behind) != ' ' || end - at < 3 || end - at > 5) {
    if (!letter || written.peek(behind) != ' ') return std::nullopt;
  }
  std::size_t word = written.skip_blanks(behind);
  bool street = false;
  for (int words = 0; words < 5; ++words) {
    std::size_t word_end = written.letters_end(word);
    if (word_end == word) {
      word_end = written.letters_end(written.digits_end(word));
      if (word_end == word) break;
    }
    const std::string_view name = written.slice(word, word_end);
    if (!is_capitalised(name) && !(name[0] >= '0' && name[0] <= '9')) break;
    if (words > 0 &&
        is_one_of(name,
                  {"st",    "street",  "ave",  "avenue",  "blvd",   "boulevard", "rd",    "road",    "dr",
                   "drive", "ln",      "lane", "way",     "court",  "ct",        "place", "pl",      "square",
                   "sq",    "parkway", "pkwy", "terrace", "circle", "highway",   "hwy",   "broadway"})) {
      street = true;
      break;
    }
    word = written.peek(word_end) == '.' ? written.skip_blanks(word_end + 1) : written.skip_blanks(word_end);
  }
  if (!street && is_one_of(written.word_after(behind), {"broadway"})) street = true;
  if (!street) return std::nullopt;
  std::string spoken = say_pairs(written.slice(at, end));
  if (letter) append_spoken(spoken, small_letters(written.slice(end, behind)));
  return address(std::move(spoken), behind);
}

}  // namespace

std::optional<Reading> read_address(const WrittenText& written, std::size_t at) {
  if (written.chinese() || !written.word_begins(at)) return std::nullopt;
  if (written.digit_at(at)) return read_house_number(written, at);
  if (!written.upper_at(at)) return std::nullopt;
  if (auto box = read_post_box(written, at)) return box;
  if (auto state = read_state(written, at)) return state;
  if (auto street = read_street(written, at)) return street;
  return read_direction(written, at);
}

}  // namespace anima::text
