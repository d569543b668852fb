#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>

#include "core/error.h"
#include "core/process.h"
#include "text/characters.h"
#include "text/pinyin_reading.h"
#include "text/script.h"
#include "voice/source_speaker.h"

namespace anima::voice {
namespace {

constexpr const char* kProgram = "espeak-ng";
constexpr double kTimeout_s = 30;

// The nearest CMU phoneme of each IPA letter that eSpeak NG writes. Coarse on purpose: it serves
// to find when a sound is spoken, by features that know no other phonemes.
const std::map<std::string, std::vector<std::string>, std::less<>>& ipa_table() {
  static const std::map<std::string, std::vector<std::string>, std::less<>> table = {
      {"a", {"AA"}},      {"ɐ", {"AH"}},  {"ɑ", {"AA"}},  {"ɒ", {"AA"}},      {"æ", {"AE"}},  {"ʌ", {"AH"}},
      {"ə", {"AH"}},      {"ɚ", {"ER"}},  {"ɜ", {"ER"}},  {"ɝ", {"ER"}},      {"e", {"EH"}},  {"ɛ", {"EH"}},
      {"i", {"IY"}},      {"ɪ", {"IH"}},  {"ɨ", {"IH"}},  {"y", {"IY"}},      {"ʏ", {"IH"}},  {"u", {"UW"}},
      {"ʊ", {"UH"}},      {"ɯ", {"UH"}},  {"o", {"OW"}},  {"ɔ", {"AO"}},      {"ø", {"ER"}},  {"œ", {"ER"}},
      {"ɤ", {"AH"}},      {"b", {"B"}},   {"p", {"P"}},   {"d", {"D"}},       {"t", {"T"}},   {"ɡ", {"G"}},
      {"g", {"G"}},       {"k", {"K"}},   {"f", {"F"}},   {"v", {"V"}},       {"θ", {"TH"}},  {"ð", {"DH"}},
      {"s", {"S"}},       {"z", {"Z"}},   {"ʃ", {"SH"}},  {"ʒ", {"ZH"}},      {"ɕ", {"SH"}},  {"ʑ", {"ZH"}},
      {"ʂ", {"SH"}},      {"ʐ", {"R"}},   {"ç", {"SH"}},  {"x", {"HH"}},      {"χ", {"HH"}},  {"h", {"HH"}},
      {"ɣ", {"G"}},       {"ʁ", {"R"}},   {"m", {"M"}},   {"n", {"N"}},       {"ɲ", {"N"}},   {"ŋ", {"NG"}},
      {"N", {"NG"}},      {"l", {"L"}},   {"ɫ", {"L"}},   {"ʎ", {"L"}},       {"r", {"R"}},   {"ɹ", {"R"}},
      {"ɾ", {"T"}},       {"ʀ", {"R"}},   {"j", {"Y"}},   {"w", {"W"}},       {"ɥ", {"W"}},   {"ʔ", {}},
      {"ts", {"T", "S"}}, {"tʃ", {"CH"}}, {"dʒ", {"JH"}}, {"dz", {"D", "Z"}}, {"tɕ", {"CH"}}, {"tʂ", {"CH"}},
  };
  return table;
}

// One group of eSpeak's --ipa --sep=_ output ("ts.h_ˈi.5_") as CMU phonemes.
std::vector<std::string> phonemes_of(const std::string& group) {
  std::vector<std::string> result;
  std::size_t at = 0;
  bool letter_before = false;  // in the same sound
  while (at < group.size()) {
    if (group[at] == '_') letter_before = false;
    if (letter_before && group.compare(at, 2, "ɜ") == 0) {  // behind a vowel it is a tone's digit 3
      at += 2;
      continue;
    }
    if (group[at] == '(') {  // "(en)": a change of language
      const std::size_t close = group.find(')', at);
      if (close == std::string::npos) break;
      at = close + 1;
      continue;
    }
    // Retroflex consonants are written as s. z. ts. and ts.h.
    bool found = false;
    if (group.compare(at, 3, "ts.") == 0) {
      result.emplace_back("CH");
      at += 3;
      if (at < group.size() && group[at] == 'h') ++at;
      continue;
    }
    if (group.compare(at, 2, "s.") == 0 || group.compare(at, 2, "z.") == 0) {
      result.emplace_back(group[at] == 's' ? "SH" : "JH");
      at += 2;
      continue;
    }
    for (std::size_t length : {std::size_t{4}, std::size_t{3}, std::size_t{2}, std::size_t{1}}) {
      if (at + length > group.size()) continue;
      const auto entry = ipa_table().find(std::string_view(group).substr(at, length));
      if (entry == ipa_table().end()) continue;
      for (const std::string& phoneme : entry->second) {
        if (result.empty() || result.back() != phoneme) result.push_back(phoneme);
      }
      at += length;
      letter_before = true;
      found = true;
      break;
    }
    if (!found) ++at;  // stress, length, tone digits, separators
  }
  return result;
}

constexpr std::string_view kChinese = "zh";
constexpr const char* kPinyinVoice = "cmn-latn-pinyin";
constexpr const char* kEnglishVoice = "en-us";

std::string text_of(std::span<const text::SpokenWord> words) {
  std::string text;
  for (const text::SpokenWord& word : words) {
    if (word.spoken.empty()) continue;
    const bool han = is_han(first_code_point(word.spoken));
    if (!text.empty() && !(han && is_han(last_code_point(text)))) text += ' ';
    text += word.spoken;
    if (word.mark == ",") text += han ? "，" : ",";
    if (word.mark == ".") text += han ? "。" : ".";
    if (word.mark == "?") text += han ? "？" : "?";
    if (word.mark == "!") text += han ? "！" : "!";
  }
  return text;
}

// A piece of text for one voice of eSpeak NG.
struct VoicePart {
  std::string language;
  std::string text;
};

// Who says a character inside Chinese; empty for what goes with its neighbours.
std::string_view language_within_chinese(char32_t c) {
  const text::Script script = text::script_of(c);
  return script == text::Script::kOther ? std::string_view{} : text::language_of_script(script);
}

std::string voice_of(const std::string& language) {
  if (language == kChinese) return kPinyinVoice;
  return language == "en" ? kEnglishVoice : language;
}

// Han characters as numbered pinyin ("yin2 hang2"), which `kPinyinVoice` speaks: eSpeak's own table
// knows one reading of each character. What is not Chinese becomes parts of their own, one for each
// script, because that voice takes Latin letters for pinyin.
std::vector<VoicePart> chinese_parts(std::span<const text::SpokenWord> words,
                                     const text::PinyinDictionary& dictionary) {
  std::vector<VoicePart> parts;
  const auto part_for = [&](std::string_view language) -> std::string& {
    if (parts.empty() || parts.back().language != language) parts.push_back({std::string(language), {}});
    if (!parts.back().text.empty()) parts.back().text += ' ';
    return parts.back().text;
  };
  std::string run;  // Han characters whose readings depend on each other
  const auto end_run = [&] {
    if (run.empty()) return;
    std::string& text = part_for(kChinese);
    std::size_t at = 0;
    for (const std::string& syllable : text::read_pinyin(run, dictionary)) {
      const std::size_t begin = at;
      next_code_point(run, at);
      if (begin > 0) text += ' ';
      text += syllable.empty() ? run.substr(begin, at - begin) : syllable;
    }
    run.clear();
  };
  for (const text::SpokenWord& word : words) {
    if (word.spoken.empty()) continue;
    std::size_t at = 0;
    if (!word.syllables.empty()) {
      end_run();
      part_for(kChinese) += word.syllables;
      at = word.spoken.size();
    }
    while (at < word.spoken.size()) {
      const std::size_t begin = at;
      std::string_view language = language_within_chinese(next_code_point(word.spoken, at));
      std::size_t end = at;
      while (end < word.spoken.size()) {
        std::size_t next = end;
        const std::string_view more = language_within_chinese(next_code_point(word.spoken, next));
        if (!language.empty() && !more.empty() && more != language) break;
        if (language.empty()) language = more;
        end = next;
      }
      if (language == kChinese) {
        run += word.spoken.substr(begin, end - begin);
      } else {
        end_run();
        part_for(language.empty() ? "en" : language) += word.spoken.substr(begin, end - begin);
      }
      at = end;
    }
    if (word.mark.empty()) continue;
    end_run();
    if (!parts.empty()) parts.back().text += word.mark;
  }
  end_run();
  return parts;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else {
      result += c;
    }
  }
  return result;
}

// Pronounceable groups that eSpeak will make of a word: syllables of Han, words of letters.
int expected_groups(const text::SpokenWord& word) {
  if (!word.syllables.empty())
    return 1 + static_cast<int>(std::count(word.syllables.begin(), word.syllables.end(), ' '));
  int groups = 0;
  bool inside = false;
  for (std::size_t at = 0; at < word.spoken.size();) {
    const char32_t c = next_code_point(word.spoken, at);
    if (is_han(c)) {
      ++groups;
      inside = false;
    } else if (c == U' ') {
      inside = false;
    } else {
      if (!inside) ++groups;
      inside = true;
    }
  }
  return groups;
}

// 16-bit PCM of a WAV whose lengths, written before the sound was known, mean nothing.
Sound parse_streamed_wav(const std::string& bytes) {
  const auto number = [&](std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = count; i-- > 0;) value = (value << 8U) | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
  };
  Sound sound;
  if (bytes.size() < 44 || bytes.compare(0, 4, "RIFF") != 0 || bytes.compare(8, 4, "WAVE") != 0 ||
      bytes.compare(36, 4, "data") != 0 || number(22, 2) != 1 || number(34, 2) != 16) {
    throw Error(
        ErrorCode::kExternal,
        "eSpeak NG answered with " + std::to_string(bytes.size()) + " bytes that are not its usual WAV",
        "check `espeak-ng --version`; Anima is tested with 1.51");
  }
  sound.sample_rate_hz = static_cast<int>(number(24, 4));
  if (sound.sample_rate_hz < 8000 || sound.sample_rate_hz > 96000) {
    throw Error(ErrorCode::kExternal,
                "eSpeak NG answered with a sample rate of " + std::to_string(sound.sample_rate_hz) + " Hz");
  }
  sound.samples.resize((bytes.size() - 44) / 2);
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    sound.samples[i] = static_cast<float>(static_cast<std::int16_t>(number(44 + 2 * i, 2))) / 32768.0F;
  }
  return sound;
}

class EspeakSpeaker : public SourceSpeaker {
 public:
  explicit EspeakSpeaker(std::string voice) : voice_(std::move(voice)) {
    if (!voice_.starts_with(kPinyinVoice)) return;
    variant_ = voice_.substr(std::string_view(kPinyinVoice).size());
    dictionary_ = text::shared_pinyin_dictionary();
  }

  // With and without the dictionary Chinese sounds different.
  std::string name() const override { return "espeak-" + voice_ + (dictionary_ ? "-pinyin" : ""); }

  EngineReadiness readiness() const override {
    EngineReadiness readiness{true, {"the program espeak-ng"}, {}};
    if (find_program(kProgram).empty()) {
      readiness.ready = false;
      readiness.what_to_do = "install the package espeak-ng";
    }
    return readiness;
  }

  SourceSpeech speak(std::span<const text::SpokenWord> words, double speed,
                     const WorkContext& context) const override {
    SourceSpeech speech;
    const int words_per_minute = static_cast<int>(std::lround(175 * std::clamp(speed, 0.5, 2.0)));
    const ProcessRequest request = request_for(words, {"-s", std::to_string(words_per_minute), "--stdout"});
    if (request.input.empty()) return speech;
    const ProcessResult result = run_process(request, context);
    require_success(request, result);
    speech.sound = parse_streamed_wav(result.output);
    return speech;
  }

  std::vector<Pronunciation> pronounce(std::span<const text::SpokenWord> words,
                                       const WorkContext& context) const override {
    std::vector<Pronunciation> result;
    const ProcessRequest request = request_for(words, {"-q", "--ipa", "--sep=_"});
    if (request.input.empty()) return result;
    const ProcessResult spoken = run_process(request, context);
    require_success(request, spoken);

    std::vector<std::vector<std::string>> groups;
    std::string group;
    for (const char c : spoken.output + "\n") {
      if (c != ' ' && c != '\n') {
        group += c;
        continue;
      }
      std::vector<std::string> phonemes = phonemes_of(group);
      if (!phonemes.empty()) groups.push_back(std::move(phonemes));
      group.clear();
    }
    int expected = 0;
    for (const text::SpokenWord& word : words) expected += expected_groups(word);
    if (expected == 0 || groups.empty()) return result;
    // Usually one to one; where eSpeak joins or splits words, in proportion.
    int before = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const int count = expected_groups(words[i]);
      if (count == 0) continue;
      const auto first =
          static_cast<std::size_t>(static_cast<double>(before) * groups.size() / expected + 0.5);
      const auto last =
          static_cast<std::size_t>(static_cast<double>(before + count) * groups.size() / expected + 0.5);
      Pronunciation pronunciation{static_cast<int>(i), {}};
      for (std::size_t g = first; g < last; ++g) {
        pronunciation.phonemes.insert(pronunciation.phonemes.end(), groups[g].begin(), groups[g].end());
      }
      result.push_back(std::move(pronunciation));
      before += count;
    }
    return result;
  }

 private:
  ProcessRequest request_for(std::span<const text::SpokenWord> words,
                             std::vector<std::string> arguments) const {
    ProcessRequest request;
    request.arguments = {kProgram, "-v", voice_, "-b", "1", "--stdin"};
    request.timeout_s = kTimeout_s;
    if (dictionary_) {
      const std::vector<VoicePart> parts = chinese_parts(words, *dictionary_);
      if (parts.size() == 1 && parts[0].language == kChinese) {
        request.input = parts[0].text;
      } else if (!parts.empty()) {
        // SSML changes the voice inside a sentence.
        request.arguments.emplace_back("-m");
        request.input = "<speak>";
        for (const VoicePart& part : parts) {
          request.input += "<voice name=\"" + (voice_of(part.language) + variant_) + "\">" +
                           escaped(part.text) + "</voice> ";
        }
        request.input += "</speak>";
      }
    } else {
      request.input = text_of(words);
    }
    request.arguments.insert(request.arguments.end(), arguments.begin(), arguments.end());
    return request;
  }

  std::string voice_;
  std::string variant_;                                       // "+f2"
  std::shared_ptr<const text::PinyinDictionary> dictionary_;  // null: none is installed, or no Chinese voice
};

}  // namespace

std::unique_ptr<SourceSpeaker> make_espeak_speaker(const std::string& voice) {
  const bool plain = !voice.empty() && voice.size() < 40 && voice[0] != '-' &&
                     std::all_of(voice.begin(), voice.end(), [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '+';
                     });
  if (!plain) {
    throw Error(ErrorCode::kInvalidArgument, "\"" + voice + "\" is no voice of eSpeak NG",
                "`espeak-ng --voices` lists them");
  }
  return std::make_unique<EspeakSpeaker>(voice);
}

bool espeak_has_voice(const std::string& voice, const WorkContext& context) {
  if (find_program(kProgram).empty()) return true;
  ProcessRequest request;
  request.arguments = {kProgram, "-v", voice, "-q", "--stdin"};
  request.input = "\n";
  request.timeout_s = kTimeout_s;
  return run_process(request, context).exit_status == 0;
}

bool can_be_read(std::string_view text, const std::string& language) {
  if (language == text::language_of_script(text::Script::kOther)) return false;
  return language == kChinese || language == "yue" || !text::holds_han(text);
}

std::unique_ptr<SourceSpeaker> make_native_speaker(const std::string& name) {
  if (name == "flite-slt" || name == "flite-rms") return make_flite_speaker(name.substr(6));
  throw Error(ErrorCode::kUnsupported, "this version has no source speaker \"" + name + "\"",
              "update Anima, or enrol the voice again: ./run voice add");
}

std::unique_ptr<SourceSpeaker> make_source_speaker(const std::string& language, double target_pitch_hz) {
  constexpr double kFemaleFromHz = 155;
  const bool female = target_pitch_hz >= kFemaleFromHz;
  if (language == "en") return make_flite_speaker(female ? "slt" : "rms");
  // eSpeak NG 1.51 as Debian packages it reads Han characters with the voice "cmn" as the English
  // letters and digits of their pinyin ("ni three"); its pinyin voice speaks Chinese.
  const std::string voice = language == kChinese ? kPinyinVoice : language;
  return make_espeak_speaker(female ? voice + "+f2" : voice);
}

}  // namespace anima::voice
