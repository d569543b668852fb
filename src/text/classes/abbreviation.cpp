// Abbreviations: those with a full stop, and the few that are written without one.
#include <array>
#include <map>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"

namespace anima::text {
namespace {

// With the full stop, in lower case. An empty reading is an abbreviation that is said as it is written.
const std::map<std::string_view, std::string_view>& stopped() {
  static const std::map<std::string_view, std::string_view> table = {
      {"mr.", "mister"},
      {"mrs.", "missus"},
      {"ms.", "miz"},
      {"dr.", "doctor"},
      {"drs.", "doctors"},
      {"prof.", "professor"},
      {"st.", "saint"},
      {"jr.", "junior"},
      {"sr.", "senior"},
      {"vs.", "versus"},
      {"v.s.", "versus"},
      {"etc.", "et cetera"},
      {"e.g.", "for example"},
      {"i.e.", "that is"},
      {"cf.", "compare"},
      {"approx.", "approximately"},
      {"dept.", "department"},
      {"est.", "established"},
      {"fig.", "figure"},
      {"figs.", "figures"},
      {"eq.", "equation"},
      {"no.", "number"},
      {"nos.", "numbers"},
      {"vol.", "volume"},
      {"p.", "page"},
      {"pp.", "pages"},
      {"ch.", "chapter"},
      {"sec.", "section"},
      {"ed.", "edition"},
      {"jan.", "January"},
      {"feb.", "February"},
      {"mar.", "March"},
      {"apr.", "April"},
      {"jun.", "June"},
      {"jul.", "July"},
      {"aug.", "August"},
      {"sep.", "September"},
      {"sept.", "September"},
      {"oct.", "October"},
      {"nov.", "November"},
      {"dec.", "December"},
      {"inc.", "incorporated"},
      {"ltd.", "limited"},
      {"co.", "company"},
      {"corp.", "corporation"},
      {"bros.", "brothers"},
      {"a.m.", "A M"},
      {"p.m.", "P M"},
      {"u.s.", "U S"},
      {"u.k.", "U K"},
      {"u.n.", "U N"},
      {"e.u.", "E U"},
      {"u.s.a.", "U S A"},
      {"d.c.", "D C"},
      {"l.a.", "L A"},
      {"ph.d.", "P H D"},
      {"m.d.", "M D"},
      {"b.a.", "B A"},
      {"m.a.", "M A"},
      {"b.s.", "B S"},
      {"m.s.", "M S"},
      {"b.c.", "B C"},
      {"a.d.", "A D"},
      {"b.c.e.", "B C E"},
      {"c.e.", "C E"},
      {"a.k.a.", "A K A"},
      {"r.s.v.p.", "R S V P"},
      {"r.i.p.", "R I P"},
      {"p.s.", "P S"},
      {"gen.", "general"},
      {"gov.", "governor"},
      {"sen.", "senator"},
      {"rep.", "representative"},
      {"pres.", "president"},
      {"lt.", "lieutenant"},
      {"col.", "colonel"},
      {"sgt.", "sergeant"},
      {"capt.", "captain"},
      {"cpl.", "corporal"},
      {"pvt.", "private"},
      {"maj.", "major"},
      {"cmdr.", "commander"},
      {"adm.", "admiral"},
      {"rev.", "reverend"},
      {"hon.", "honorable"},
      {"fr.", "father"},
      {"mt.", "mount"},
      {"ft.", "fort"},
      {"ave.", "avenue"},
      {"blvd.", "boulevard"},
      {"rd.", "road"},
      {"min.", "minutes"},
      {"max.", "maximum"},
      {"hr.", "hour"},
      {"hrs.", "hours"},
      {"wk.", "week"},
      {"yr.", "year"},
      {"yrs.", "years"},
      {"lbs.", "pounds"},
      {"oz.", "ounces"},
      {"assn.", "association"},
      {"assoc.", "associate"},
      {"asst.", "assistant"},
      {"univ.", "university"},
      {"dist.", "district"},
      {"tel.", "telephone"},
      {"ext.", "extension"},
      {"apt.", "apartment"},
      {"misc.", "miscellaneous"},
      {"temp.", "temperature"},
      {"avg.", "average"},
      {"incl.", "including"},
      {"excl.", "excluding"},
      {"govt.", "government"},
      {"intl.", "international"},
      {"natl.", "national"},
      {"mfg.", "manufacturing"},
      {"esq.", "esquire"},
      {"messrs.", "messieurs"},
      {"et al.", "and others"},
      {"tbsp.", "tablespoons"},
      {"tsp.", "teaspoons"},
      {"ca.", "circa"},
      {"n.b.", "N B"},
      {"sq.", "square"},
      {"hwy.", "highway"},
      {"supt.", "superintendent"},
      {"sec'y.", "secretary"},
      {"treas.", "treasurer"},
      {"viz.", "namely"},
      {"op.", "opus"},
      {"w.r.t.", "with respect to"},
  };
  return table;
}

// Before a name only: "Gen. Lee", but "the next gen." ends a sentence.
bool needs_name(std::string_view small) {
  return is_one_of(small, {"gen.",  "gov.", "sen.", "rep.", "pres.", "col.", "maj.",  "adm.",
                           "rev.",  "hon.", "fr.",  "mt.",  "ft.",   "sec.", "mar.",  "sgt.",
                           "capt.", "pvt.", "cpl.", "lt.",  "op.",   "dr.",  "prof.", "cmdr."});
}
// Before a number only: "p. 5", "ch. 3"; words otherwise.
bool needs_number(std::string_view small) {
  return is_one_of(small, {"no.", "nos.", "p.", "pp.", "ch.", "sec.", "eq.", "op.", "fig.", "figs.", "vol.",
                           "ext.", "apt.", "ed."});
}
// Words of their own that end sentences too.
bool is_word_too(std::string_view small) {
  return is_one_of(small, {"sun.", "sat.", "fig.", "max.", "temp.", "ed.", "ca.", "op.", "min.", "co.",
                           "mar.", "apt.", "dist."});
}

struct Unstopped {
  std::string_view written;
  std::string_view spoken;
};

// Exactly as written, without a full stop; a name or a word must follow those that end in a blank.
constexpr std::array<Unstopped, 30> kUnstopped = {{
    {"Mr ", "mister"},      {"Mrs ", "missus"},          {"Dr ", "doctor"},       {"Prof ", "professor"},
    {"Lt ", "lieutenant"},  {"Col ", "colonel"},         {"Sgt ", "sergeant"},    {"Capt ", "captain"},
    {"Gen ", "general"},    {"Maj ", "major"},           {"Rev ", "reverend"},    {"Cpl ", "corporal"},
    {"vs", "versus"},       {"approx", "approximately"}, {"etc", "et cetera"},    {"dept", "department"},
    {"Dept", "department"}, {"govt", "government"},      {"Govt", "government"},  {"Jr", "junior"},
    {"Sr", "senior"},       {"Ltd", "limited"},          {"Inc", "incorporated"}, {"Corp", "corporation"},
    {"Blvd", "boulevard"},  {"Hwy", "highway"},          {"Pkwy", "parkway"},     {"Mt ", "mount"},
    {"eg", "for example"},  {"misc", "miscellaneous"},
}};

struct Slashed {
  std::string_view written;
  std::string_view spoken;
};
// Longer ones first.
constexpr std::array<Slashed, 16> kSlashed = {{{"w/out", "without"},
                                               {"w/o", "without"},
                                               {"W/O", "without"},
                                               {"b/c", "because"},
                                               {"c/o", "care of"},
                                               {"w/", "with"},
                                               {"W/", "with"},
                                               {"n/a", "not applicable"},
                                               {"N/A", "not applicable"},
                                               {"A/C", "A C"},
                                               {"a/c", "A C"},
                                               {"and/or", "and or"},
                                               {"s/he", "she or he"},
                                               {"he/she", "he or she"},
                                               {"his/her", "his or her"},
                                               {"I/O", "I O"}}};

Reading abbreviation(std::string_view spoken, std::size_t end) {
  return {std::string(spoken), end, WrittenClass::kAbbreviation};
}

std::optional<Reading> read_slashed(const WrittenText& written, std::size_t at) {
  for (const Slashed& entry : kSlashed) {
    if (!written.starts_with(at, entry.written)) continue;
    const std::size_t end = at + entry.written.size();
    if (!entry.written.ends_with('/') && !written.word_ends(end)) continue;
    return abbreviation(entry.spoken, end);
  }
  return std::nullopt;
}

}  // namespace

bool is_abbreviation(std::string_view with_full_stop) {
  return stopped().contains(small_letters(with_full_stop));
}

std::optional<Reading> read_abbreviation(const WrittenText& written, std::size_t at) {
  if (!written.letter_at(at) || !written.word_begins(at)) return std::nullopt;
  if (!written.chinese()) {
    if (auto slashed = read_slashed(written, at)) return slashed;
  }
  const std::size_t end = written.letters_end(at);
  std::size_t dotted = end;
  while (written.peek(dotted) == '.' && written.letter_at(dotted + 1) && dotted - at < 60) {
    // "Mr.Smith" is the abbreviation of two words without their blank.
    if (is_abbreviation(written.slice(at, dotted + 1)) && written.letters_end(dotted + 1) > dotted + 2) break;
    dotted = written.letters_end(dotted + 1);
  }
  if (written.starts_with(at, "et al.") && written.word_begins(at)) return abbreviation("and others", at + 6);
  if (written.peek(dotted) == '.') {
    const std::string_view text = written.slice(at, dotted + 1);
    const auto entry = stopped().find(small_letters(text));
    if (entry != stopped().end()) {
      const std::string& small = std::string(entry->first);
      const std::size_t next = written.skip_blanks(dotted + 1);
      const char32_t after = written.code_point(next);
      const bool number_follows = is_digit(after);
      const bool name_follows =
          written.upper_at(next) || (written.letter_at(next) && !written.lower_at(next));
      const bool last = next >= written.size() || written.peek(next) == '\n';
      bool read = true;
      if (needs_number(small) && !number_follows) read = false;
      if (needs_name(small) && !name_follows && !number_follows) read = false;
      if (needs_name(small) && number_follows && small != "mar.") read = false;
      if (small == "sec." && name_follows) read = false;
      // "5 min.": units are read with their number; alone it is the word "min".
      if (small == "min." || small == "hr." || small == "hrs." || small == "oz." || small == "lbs." ||
          small == "yr." || small == "yrs." || small == "wk.")
        read = written.digit_before(written.skip_blanks_back(at));
      if (is_word_too(small) && last) read = false;
      if (small == "co." && !is_capitalised(text)) read = false;
      if (small == "fr." && !is_capitalised(text)) read = false;
      // "no. 5" and "No. He said no."
      if (read) {
        // The full stop of the last word ends the sentence too: it is left for the pause.
        const bool sentence_ends = last;
        const std::string spoken =
            written.chinese() ? std::string(written.slice(at, dotted)) : std::string(entry->second);
        if (!written.chinese() || entry->second.empty())
          return abbreviation(spoken, sentence_ends ? dotted : dotted + 1);
        return abbreviation(entry->second.find(' ') != std::string_view::npos && entry->second.size() <= 5
                                ? std::string(entry->second)
                                : spoken,
                            sentence_ends ? dotted : dotted + 1);
      }
      return std::nullopt;
    }
    // "U.S.S.R.", "J.R.R.": letters with full stops.
    bool initials = text.size() >= 4 && text.size() <= 14 && text.size() % 2 == 0;
    for (std::size_t i = 0; i < text.size() && initials; ++i)
      initials = i % 2 == 0 ? (text[i] >= 'A' && text[i] <= 'Z') : text[i] == '.';
    if (initials) {
      std::string spoken;
      for (std::size_t i = 0; i < text.size(); i += 2) append_spoken(spoken, text.substr(i, 1));
      const bool last = written.skip_blanks(dotted + 1) >= written.size();
      return abbreviation(spoken, last ? dotted : dotted + 1);
    }
    return std::nullopt;
  }
  if (written.chinese()) return std::nullopt;
  for (const Unstopped& entry : kUnstopped) {
    const bool name = entry.written.ends_with(' ');
    const std::string_view word = name ? entry.written.substr(0, entry.written.size() - 1) : entry.written;
    if (written.slice(at, end) != word || written.peek(end) == '\'') continue;
    if (name && !(written.peek(end) == ' ' && written.upper_at(end + 1))) return std::nullopt;
    return abbreviation(entry.spoken, end);
  }
  return std::nullopt;
}

}  // namespace anima::text
