#include "text/pinyin_dictionary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "core/node_modules.h"
#include "text/characters.h"

namespace anima::text {
namespace {

constexpr std::uint64_t kLimit_bytes = 64ULL << 20U;
constexpr const char* kFix = "Run `npm ci` in the project's folder";

// Takes {"word": ["syllables", frequency], ...} as it is read; anything else stops the reading.
class Handler : public nlohmann::json_sax<nlohmann::json> {
 public:
  using Take = std::function<void(const std::string& word, const std::string& syllables, double frequency)>;
  explicit Handler(Take take) : take_(std::move(take)) {}

  bool key(string_t& value) override {
    word_ = value;
    syllables_.clear();
    return true;
  }
  bool string(string_t& value) override {
    syllables_ = value;
    return true;
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return take(value); }
  bool number_integer(number_integer_t value) override { return take(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return take(static_cast<double>(value)); }
  bool start_object(std::size_t /*elements*/) override { return ++depth_ == 1; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*elements*/) override { return depth_ == 1 && !word_.empty(); }
  bool end_array() override { return true; }
  bool null() override { return false; }
  bool boolean(bool /*value*/) override { return false; }
  bool binary(binary_t& /*value*/) override { return false; }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  bool take(double frequency) {
    if (syllables_.empty()) return false;
    take_(word_, syllables_, frequency);
    return true;
  }

  Take take_;
  int depth_ = 0;
  std::string word_;
  std::string syllables_;
};

// A vowel with its tone mark, taken apart.
struct MarkedVowel {
  char32_t marked;
  char plain;
  char tone;
};
constexpr std::array<MarkedVowel, 28> kMarkedVowels = {{
    {U'ā', 'a', '1'}, {U'á', 'a', '2'}, {U'ǎ', 'a', '3'}, {U'à', 'a', '4'}, {U'ē', 'e', '1'},
    {U'é', 'e', '2'}, {U'ě', 'e', '3'}, {U'è', 'e', '4'}, {U'ī', 'i', '1'}, {U'í', 'i', '2'},
    {U'ǐ', 'i', '3'}, {U'ì', 'i', '4'}, {U'ō', 'o', '1'}, {U'ó', 'o', '2'}, {U'ǒ', 'o', '3'},
    {U'ò', 'o', '4'}, {U'ū', 'u', '1'}, {U'ú', 'u', '2'}, {U'ǔ', 'u', '3'}, {U'ù', 'u', '4'},
    {U'ǖ', 'v', '1'}, {U'ǘ', 'v', '2'}, {U'ǚ', 'v', '3'}, {U'ǜ', 'v', '4'}, {U'ń', 'n', '2'},
    {U'ň', 'n', '3'}, {U'ǹ', 'n', '4'}, {U'ḿ', 'm', '2'},
}};

}  // namespace

PinyinDictionary::PinyinDictionary(const std::filesystem::path& path) {
  const std::string json = read_text_file(path, kLimit_bytes);
  double total = 0;
  std::vector<double> frequencies;
  text_.reserve(json.size() / 2);
  bool fits = true;
  Handler handler([&](const std::string& word, const std::string& syllables, double frequency) {
    if (word.empty() || word.size() > 255 || syllables.size() > 255 || !(frequency > 0)) {
      fits = false;
      return;
    }
    entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint16_t>(word.size()),
                        static_cast<std::uint16_t>(syllables.size()), 0});
    text_ += word;
    text_ += syllables;
    frequencies.push_back(frequency);
    total += frequency;
  });
  if (!nlohmann::json::sax_parse(json, &handler) || !fits || entries_.empty()) {
    throw Error(ErrorCode::kCorruptData, path.string() + " is no dictionary of Chinese words", kFix);
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].log_share = static_cast<float>(std::log(frequencies[i] / total));
  }
  text_.shrink_to_fit();
  std::sort(entries_.begin(), entries_.end(),
            [&](const Entry& a, const Entry& b) { return word(a) < word(b); });
}

std::optional<PinyinDictionary::Word> PinyinDictionary::find(std::string_view wanted) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), wanted,
                                      [&](const Entry& e, std::string_view w) { return word(e) < w; });
  if (found == entries_.end() || word(*found) != wanted) return std::nullopt;
  return Word{{&text_[found->begin + found->word_bytes], found->syllables_bytes}, found->log_share};
}

std::filesystem::path pinyin_dictionary_path() {
  return node_modules_folder() / "@pinyin-pro" / "data" / "json" / "complete.json";
}

std::shared_ptr<const PinyinDictionary> shared_pinyin_dictionary() {
  static std::mutex mutex;
  static std::shared_ptr<const PinyinDictionary> dictionary;
  const std::lock_guard lock(mutex);
  if (!dictionary && std::filesystem::exists(pinyin_dictionary_path())) {
    dictionary = std::make_shared<const PinyinDictionary>(pinyin_dictionary_path());
  }
  return dictionary;
}

std::string numbered_syllable(std::string_view marked) {
  std::string plain;
  char tone = '5';
  for (std::size_t at = 0; at < marked.size();) {
    const char32_t c = next_code_point(marked, at);
    const auto* vowel = std::find_if(kMarkedVowels.begin(), kMarkedVowels.end(),
                                     [c](const MarkedVowel& v) { return v.marked == c; });
    if (vowel != kMarkedVowels.end()) {
      plain += vowel->plain;
      tone = vowel->tone;
    } else if (c == U'ü') {
      plain += 'v';
    } else if (c == U'ê' || (c >= U'a' && c <= U'z')) {
      plain += c == U'ê' ? 'e' : static_cast<char>(c);
    }
    // What is left are marks that combine with the letter before them; the tones among them:
    if (c == 0x304) tone = '1';
    if (c == 0x301) tone = '2';
    if (c == 0x30C) tone = '3';
    if (c == 0x300) tone = '4';
  }
  return plain.empty() ? plain : plain + tone;
}

}  // namespace anima::text
