#include "text/pinyin_reading.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>

#include "text/characters.h"

namespace anima::text {
namespace {

constexpr float kUnknown = -30;  // log share of a character that is in no word

struct FoundWord {
  int first = 0;  // character
  int count = 0;
};

bool contains(std::u32string_view characters, char32_t c) {
  return characters.find(c) != std::u32string_view::npos;
}

// A single character's usual reading where the dictionary's (the most frequent over all words) is not
// the one it has when it stands alone.
const std::map<char32_t, const char*>& single_readings() {
  static const std::map<char32_t, const char*> readings = {
      {U'不', "bu4"},   {U'只', "zhi3"},  {U'干', "gan4"},  {U'应', "ying1"},  {U'得', "de5"},
      {U'着', "zhe5"},  {U'了', "le5"},   {U'的', "de5"},   {U'吗', "ma5"},    {U'呢', "ne5"},
      {U'吧', "ba5"},   {U'们', "men5"},  {U'啊', "a5"},    {U'种', "zhong3"}, {U'还', "hai2"},
      {U'都', "dou1"},  {U'数', "shu4"},  {U'待', "dai4"},  {U'背', "bei4"},   {U'量', "liang4"},
      {U'处', "chu4"},  {U'切', "qie1"},  {U'当', "dang1"}, {U'更', "geng4"},  {U'相', "xiang1"},
      {U'朝', "chao2"}, {U'教', "jiao1"}, {U'便', "bian4"}, {U'盛', "sheng4"}, {U'舍', "she3"},
      {U'曾', "ceng2"}, {U'给', "gei3"},  {U'哪', "na3"},   {U'那', "na4"},    {U'这', "zhe4"},
      {U'谁', "shei2"}, {U'血', "xue4"},  {U'熟', "shu2"},  {U'露', "lu4"},    {U'薄', "bao2"},
  };
  return readings;
}

class HanReading {
 public:
  HanReading(std::string_view han, const PinyinDictionary& dictionary) : han_(han), dictionary_(dictionary) {
    for (std::size_t at = 0; at < han.size();) {
      begin_.push_back(at);
      characters_ += next_code_point(han, at);
    }
    begin_.push_back(han.size());
    syllables_.resize(characters_.size());
  }

  std::vector<HanWord> read() {
    const std::vector<FoundWord> words = segment();
    for (std::size_t w = 0; w < words.size(); ++w) {
      if (words[w].count > 1) {
        take_word(words[w]);
      } else {
        take_character(words, w);
      }
    }
    // Tones that depend on the next syllable, once that one is known.
    for (const FoundWord& word : words) {
      if (word.count == 1) change_tone(word.first);
    }
    std::vector<HanWord> result;
    for (const FoundWord& word : words) {
      const auto first = static_cast<std::size_t>(word.first);
      const auto behind = static_cast<std::size_t>(word.first + word.count);
      HanWord found{begin_[first], begin_[behind], {}};
      for (std::size_t i = first; i < behind; ++i) found.syllables.push_back(std::move(syllables_[i]));
      result.push_back(std::move(found));
    }
    return result;
  }

 private:
  int size() const { return static_cast<int>(characters_.size()); }
  char32_t at(int i) const { return i >= 0 && i < size() ? characters_[static_cast<std::size_t>(i)] : 0; }
  std::string_view slice(int first, int count) const {
    const std::size_t begin = begin_[static_cast<std::size_t>(first)];
    return han_.substr(begin, begin_[static_cast<std::size_t>(first + count)] - begin);
  }
  std::string& syllable(int i) { return syllables_[static_cast<std::size_t>(i)]; }
  char tone(int i) const {
    if (i < 0 || i >= size() || syllables_[static_cast<std::size_t>(i)].empty()) return 0;
    return syllables_[static_cast<std::size_t>(i)].back();
  }

  std::vector<FoundWord> segment() const {
    std::vector<float> best(characters_.size() + 1, -std::numeric_limits<float>::infinity());
    std::vector<int> length(characters_.size() + 1, 0);
    best[0] = 0;
    for (int first = 0; first < size(); ++first) {
      const float before = best[static_cast<std::size_t>(first)];
      for (int count = 1; count <= PinyinDictionary::kLongestWord && first + count <= size(); ++count) {
        const auto word = dictionary_.find(slice(first, count));
        if (!word && count > 1) continue;
        const float score = before + (word ? word->log_share : kUnknown);
        const auto end = static_cast<std::size_t>(first + count);
        if (score > best[end]) {
          best[end] = score;
          length[end] = count;
        }
      }
    }
    std::vector<FoundWord> words;
    for (int end = size(); end > 0; end -= length[static_cast<std::size_t>(end)]) {
      const int count = length[static_cast<std::size_t>(end)];
      words.push_back({end - count, count});
    }
    std::reverse(words.begin(), words.end());
    return words;
  }

  void take_word(const FoundWord& word) {
    const std::string_view syllables = dictionary_.find(slice(word.first, word.count))->syllables;
    std::size_t begin = 0;
    for (int i = 0; i < word.count && begin < syllables.size(); ++i) {
      const std::size_t end = std::min(syllables.find(' ', begin), syllables.size());
      syllable(word.first + i) = numbered_syllable(syllables.substr(begin, end - begin));
      begin = end + 1;
    }
    if (word.count == 2) {
      // Words whose reading the dictionary does not have.
      static const std::map<std::string_view, std::array<const char*, 2>> corrections = {
          {"提防", {"di1", "fang5"}}};
      const auto correction = corrections.find(slice(word.first, 2));
      if (correction != corrections.end()) {
        syllable(word.first) = correction->second[0];
        syllable(word.first + 1) = correction->second[1];
      }
      // 一 of a date keeps its tone: 一月一日.
      if (at(word.first) == U'一' && contains(U"日号", at(word.first + 1)) && at(word.first - 1) == U'月')
        syllable(word.first) = "yi1";
    }
    // 东西 is a thing, in a neutral tone, unless it is about east and west.
    if (word.count == 2 && slice(word.first, 2) == "东西" &&
        !contains(U"方走两长宽横向部贯侧南北岸端半轴线各", at(word.first + 2)) &&
        !contains(U"南北呈", at(word.first - 1)))
      syllable(word.first + 1) = "xi5";
  }

  void take_character(const std::vector<FoundWord>& words, std::size_t w) {
    const int i = words[w].first;
    const char32_t c = at(i);
    const auto usual = single_readings().find(c);
    if (usual != single_readings().end()) {
      syllable(i) = usual->second;
    } else if (const auto word = dictionary_.find(slice(i, 1))) {
      syllable(i) = numbered_syllable(word->syllables.substr(0, word->syllables.find(' ')));
    }
    if (c == U'得' && is_must(i)) syllable(i) = "dei3";
    if (c == U'地' && w > 0 && is_adverb(words[w - 1]) && i + 1 < size()) syllable(i) = "de5";
    // 为 before a verb of being or at the end of its phrase is "to be"; 为你, 为了: "for".
    if (c == U'为' && (i + 1 == size() || (i > 0 && contains(U"称成作认变分", at(i - 1)))))
      syllable(i) = "wei2";
    if (c == U'长' && i > 0 && contains(U"校院会部局家班船店队团", at(i - 1))) syllable(i) = "zhang3";
    if (c == U'还' && contains(U"钱债款账给清书", at(i + 1))) syllable(i) = "huan2";
    if (c == U'行' && i > 0 && contains(U"一两三四五六七八九十几每第", at(i - 1))) syllable(i) = "hang2";
  }

  // 我得走了: "must", after a subject or an adverb; 跑得快: the particle.
  bool is_must(int i) const {
    return i == 0 || contains(U"我你您他她它们人都也还就可总又必须非只先咱谁", at(i - 1));
  }
  // 慢慢地走: a word of manner comes before the particle; 这块地: the ground.
  bool is_adverb(const FoundWord& before) const {
    const int last = before.first + before.count - 1;
    const bool doubled = at(last) == at(last - 1);
    return doubled || (before.count >= 2 && !contains(U"这那块片个大小田空陆产场中国", at(last)));
  }

  void change_tone(int i) {
    const char32_t c = at(i);
    if (c != U'一' && c != U'不') return;
    const bool between_equals = i > 0 && at(i - 1) == at(i + 1) && at(i + 1) != 0;
    if (between_equals) {  // 看一看, 是不是
      syllable(i).back() = '5';
      return;
    }
    if (c == U'不') {
      if (tone(i + 1) == '4') syllable(i) = "bu2";
      return;
    }
    constexpr std::u32string_view kDigits = U"零〇一二三四五六七八九点幺";
    const bool counted = contains(kDigits, at(i - 1)) || contains(kDigits, at(i + 1)) ||
                         contains(U"第十初周", at(i - 1)) || contains(U"月日号楼班", at(i + 1));
    if (counted || tone(i + 1) == 0) return;
    syllable(i) = tone(i + 1) == '4' || tone(i + 1) == '5' ? "yi2" : "yi4";
  }

  std::string_view han_;
  const PinyinDictionary& dictionary_;
  std::vector<std::size_t> begin_;  // of each character in han_
  std::u32string characters_;
  std::vector<std::string> syllables_;
};

}  // namespace

std::vector<HanWord> read_han_words(std::string_view han, const PinyinDictionary& dictionary) {
  return HanReading(han, dictionary).read();
}

std::vector<std::string> read_pinyin(std::string_view han, const PinyinDictionary& dictionary) {
  std::vector<std::string> syllables;
  for (HanWord& word : read_han_words(han, dictionary))
    std::move(word.syllables.begin(), word.syllables.end(), std::back_inserter(syllables));
  return syllables;
}

}  // namespace anima::text
