// How Chinese is read: characters in context to syllables with tones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/pinyin_dictionary.h"

namespace anima::text {

// The syllable of each character of `han` (a run of Han characters without a mark between):
// "ni3", "hao3", "de5" (5: neutral). Empty for a character that the dictionary does not know, as
// those that only traditional writing has.
//
// Words are found by the most probable segmentation (frequencies of single words, Viterbi); their
// readings are the dictionary's. Single characters whose reading depends on grammar (得, 地, 一, 不,
// 只 ...) follow rules; 一 and 不 change their tones before the next syllable. A third tone before
// another one is left as it is: the speaker changes it.
std::vector<std::string> read_pinyin(std::string_view han, const PinyinDictionary& dictionary);

// A word of the segmentation, and its syllables as `read_pinyin` gives them.
struct HanWord {
  std::size_t begin = 0;  // bytes [begin, end) of the run
  std::size_t end = 0;
  std::vector<std::string> syllables;
};
std::vector<HanWord> read_han_words(std::string_view han, const PinyinDictionary& dictionary);

}  // namespace anima::text
