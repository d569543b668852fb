#include "presenter/performance/mandarin_timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <string_view>

#include "core/error.h"
#include "core/process.h"
#include "text/characters.h"
#include "text/pinyin_reading.h"

namespace anima::presenter {
namespace {

constexpr const char* kVoice = "cmn-latn-pinyin+f2";
constexpr double kTimeout_s = 30;
constexpr double kQuiet = 0.08;             // of a syllable's loudest sample: its filters ring on below
constexpr double kLongestClosure_s = 0.11;  // of a stop; longer silence is a pause
constexpr double kLongestGap_s = 0.03;      // before any other sound
constexpr double kFirstClosure_s = 0.06;    // of a stop after a pause: nothing is heard of it
constexpr double kSonorant_s = 0.065;
constexpr double kLowest_s = 0.03;  // of any sound

struct Letter {
  std::string_view ipa;
  std::string_view sound;
};

// Longest first. Finals that glide are several letters and so become several sounds.
constexpr std::array<Letter, 34> kInitials = {{
    {"ts.h", "ZCH"}, {"ts.", "ZCH"}, {"tsh", "TS"}, {"ts", "TS"}, {"tɕh", "QCH"}, {"tɕ", "QCH"},
    {"s.", "ZSH"},   {"ɕ", "QSH"},   {"ʐ", "ZR"},   {"ph", "P"},  {"p", "P"},     {"th", "T"},
    {"t", "T"},      {"kh", "K"},    {"k", "K"},    {"χ", "HH"},  {"x", "HH"},    {"h", "HH"},
    {"m", "M"},      {"n", "N"},     {"f", "F"},    {"l", "L"},   {"s", "S"},     {"w", "W"},
    {"j", "Y"},      {"ŋ", "NG"},    {"ʲ", ""},     {"b", "B"},   {"d", "D"},     {"ɡ", "G"},
    {"r", "R"},      {"v", "V"},     {"z", "Z"},    {"ʂ", "ZSH"},
}};
constexpr std::array<Letter, 17> kFinals = {{
    {"i̪", "ZI"},
    {"i.", "ZRI"},
    {"o-", "GE"},
    {"onɡ", "ONG"},
    {"ər", "ER"},
    {"ɑ", "AA"},
    {"a", "ZA"},
    {"o", "ZO"},
    {"ə", "ZE"},
    {"i", "IY"},
    {"u", "UW"},
    {"y", "YU"},
    {"ɛ", "EH"},
    {"e", "ZEI"},
    {"æ", "EH"},
    {"ɤ", "GE"},
    {"ʊ", "UH"},
}};

bool is_voiceless(std::string_view sound) {
  static constexpr std::array<std::string_view, 11> kVoiceless = {"ZCH", "TS", "QCH", "ZSH", "QSH", "P",
                                                                  "T",   "K",  "HH",  "F",   "S"};
  return std::find(kVoiceless.begin(), kVoiceless.end(), sound) != kVoiceless.end();
}

// Begins with a closure in which nothing is heard.
bool is_stop(std::string_view sound) {
  return sound == "P" || sound == "T" || sound == "K" || sound == "ZCH" || sound == "TS" || sound == "QCH";
}

bool is_initial(std::string_view sound) {
  return std::any_of(kInitials.begin(), kInitials.end(), [&](const Letter& l) { return l.sound == sound; });
}

Sound run(const std::string& text, const WorkContext& context) {
  ProcessRequest request;
  request.arguments = {"espeak-ng", "-m", "-v", kVoice, "-b", "1", "-s", "175", "--stdin", "--stdout"};
  request.input = text;
  request.timeout_s = kTimeout_s;
  const ProcessResult result = run_process(request, context);
  require_success(request, result);
  Sound sound;
  if (result.output.size() < 44) throw Error(ErrorCode::kExternal, "eSpeak NG answered without sound");
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(result.output[at]); };
  sound.sample_rate_hz = byte(24) | byte(25) << 8U | byte(26) << 16U;
  for (std::size_t at = 44; at + 1 < result.output.size(); at += 2) {
    sound.samples.push_back(static_cast<float>(static_cast<std::int16_t>(byte(at) | byte(at + 1) << 8U)) /
                            32768.0F);
  }
  return sound;
}

std::vector<std::string> syllables_ipa(const std::string& text, const WorkContext& context) {
  ProcessRequest request;
  request.arguments = {"espeak-ng", "-v", kVoice, "-b", "1", "-q", "--ipa", "--sep=_", "--stdin"};
  request.input = text;
  request.timeout_s = kTimeout_s;
  const ProcessResult result = run_process(request, context);
  require_success(request, result);
  std::vector<std::string> groups;
  std::string group;
  for (const char c : result.output + "\n") {
    if (c != ' ' && c != '\n') {
      group += c;
    } else if (!group.empty()) {
      groups.push_back(std::exchange(group, {}));
    }
  }
  return groups;
}

struct Syllable {
  std::string text;  // pinyin with its tone, or the character
  std::string mark;  // behind it
  std::size_t word = 0;
};

// The text as the source speaker hands it to eSpeak NG, syllable by syllable.
std::vector<Syllable> syllables_of(std::span<const text::SpokenWord> words,
                                   const text::PinyinDictionary* dictionary) {
  std::vector<Syllable> syllables;
  std::string run;  // characters without a mark between: their readings depend on each other
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (const char32_t c : decode_utf8(words[w].spoken)) {
      if (!is_han(c)) {
        throw Error(ErrorCode::kUnsupported, "\"" + words[w].spoken + "\" is not written in Han characters",
                    "write the Chinese lines of the script without Latin letters");
      }
      syllables.push_back({encode_utf8(std::u32string(1, c)), {}, w});
      run += syllables.back().text;
    }
    if (syllables.empty()) continue;
    const bool last = w + 1 == words.size();
    if (words[w].mark.empty() && !last) continue;
    if (dictionary != nullptr) {
      const std::vector<std::string> read = text::read_pinyin(run, *dictionary);
      for (std::size_t i = 0; i < read.size(); ++i) {
        if (!read[i].empty()) syllables[syllables.size() - read.size() + i].text = read[i];
      }
      syllables.back().mark = words[w].mark;
    } else if (!words[w].mark.empty()) {
      static const std::map<std::string, std::string> kWide = {
          {",", "，"}, {".", "。"}, {"?", "？"}, {"!", "！"}};
      syllables.back().mark = kWide.at(words[w].mark);
    }
    run.clear();
  }
  return syllables;
}

// Where the vowel begins behind a voiceless initial.
class VowelOnset {
 public:
  explicit VowelOnset(const Sound& sound) {
    const double keep = std::exp(-2 * std::numbers::pi * kVoice_hz / sound.sample_rate_hz);
    const auto steps = static_cast<std::size_t>(sound.duration_s() / kStep_s) + 1;
    low_.resize(steps, 0);
    power_.resize(steps, 0);
    difference_.resize(steps, 0);
    double first = 0;
    double second = 0;
    float before = 0;
    for (std::size_t i = 0; i < sound.samples.size(); ++i) {
      const float sample = sound.samples[i];
      first = keep * first + (1 - keep) * sample;
      second = keep * second + (1 - keep) * first;
      const auto step = static_cast<std::size_t>(static_cast<double>(i) / sound.sample_rate_hz / kStep_s);
      low_[step] += second * second;
      power_[step] += sample * sample;
      difference_[step] += (sample - before) * (sample - before);
      before = sample;
    }
    // The period of the voice is longer than a step.
    for (std::vector<double>* values : {&low_, &power_, &difference_}) *values = widened(*values);
  }

  // Behind the last noise of the first part, and not before the low harmonics of the voice.
  double find(double onset_s, double end_s) const {
    const auto from = static_cast<std::size_t>(onset_s / kStep_s);
    const auto to = std::min(low_.size(), static_cast<std::size_t>(end_s / kStep_s));
    if (from >= to) return onset_s;
    const auto begin = static_cast<std::ptrdiff_t>(from);
    const auto end = static_cast<std::ptrdiff_t>(to);
    const double voiced = 0.25 * *std::max_element(low_.begin() + begin, low_.begin() + end);
    std::size_t onset = from;
    while (onset < to && low_[onset] < voiced) ++onset;
    for (std::size_t i = from; i < from + (to - from) * 7 / 10; ++i) {
      if (difference_[i] > kNoisy * power_[i] + 1e-9) onset = std::max(onset, i + 1);
    }
    return static_cast<double>(onset) * kStep_s;
  }

 private:
  static constexpr double kStep_s = 0.002;
  static constexpr double kVoice_hz = 350;
  // Power of the difference of neighbouring samples to that of the samples: vowels at 22 kHz have less
  // than a quarter, hissing more than a half.
  static constexpr double kNoisy = 0.4;

  static std::vector<double> widened(const std::vector<double>& values) {
    std::vector<double> wide(values.size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t k = i > 2 ? i - 2 : 0; k < std::min(values.size(), i + 3); ++k) wide[i] += values[k];
    }
    return wide;
  }

  std::vector<double> low_;
  std::vector<double> power_;
  std::vector<double> difference_;
};

}  // namespace

std::vector<std::string> mandarin_sounds(const std::string& ipa) {
  std::vector<std::string> sounds;
  std::size_t at = 0;
  bool final_seen = false;
  while (at < ipa.size()) {
    const std::string_view rest = std::string_view(ipa).substr(at);
    if (final_seen && rest.starts_with("ɜ")) {  // the digit of the third tone
      at += std::string_view("ɜ").size();
      continue;
    }
    const auto take = [&](const auto& table) {
      for (const Letter& letter : table) {
        if (!rest.starts_with(letter.ipa)) continue;
        if (!letter.sound.empty() && (sounds.empty() || sounds.back() != letter.sound)) {
          sounds.emplace_back(letter.sound);
        }
        at += letter.ipa.size();
        return true;
      }
      return false;
    };
    if (take(kFinals)) {
      final_seen = true;
      continue;
    }
    if (!take(kInitials)) ++at;  // stress, tone digits, separators
  }
  // "ong" ends in the velar nasal.
  if (!sounds.empty() && sounds.back() == "ONG") sounds.emplace_back("NG");
  return sounds;
}

MandarinSpeech speak_mandarin(std::span<const text::SpokenWord> words, const WorkContext& context) {
  // 1. The text with every syllable in a tag of its own, so that all runs speak the same.
  const auto dictionary = text::shared_pinyin_dictionary();
  const std::vector<Syllable> syllables = syllables_of(words, dictionary.get());
  const auto text_with = [&](const auto& spell) {
    std::string text;
    for (std::size_t s = 0; s < syllables.size(); ++s) {
      // Pinyin stands between blanks, characters do not.
      if (s > 0 && dictionary) text += ' ';
      text += spell(s) + syllables[s].mark;
    }
    return text;
  };
  const std::string plain = text_with([&](std::size_t s) { return syllables[s].text; });
  const auto tagged = [&](std::size_t softer) {
    return text_with([&](std::size_t s) {
      return fmt::format("<prosody volume='{}%'>{}</prosody>", s == softer ? 30 : 100, syllables[s].text);
    });
  };
  const std::vector<std::string> ipa = syllables_ipa(plain, context);
  if (ipa.size() != syllables.size()) {
    throw Error(ErrorCode::kExternal,
                fmt::format("eSpeak NG reads \"{}\" as {} syllables instead of {}", plain, ipa.size(),
                            syllables.size()),
                "choose other words");
  }
  MandarinSpeech speech;
  speech.sound = run(tagged(syllables.size()), context);
  const double rate_hz = speech.sound.sample_rate_hz;
  const std::vector<float>& samples = speech.sound.samples;

  // 2. Onsets: where the sound begins to differ.
  for (std::size_t s = 0; s < syllables.size(); ++s) {
    speech.words.push_back(syllables[s].word);
    const Sound softer = run(tagged(s), context);
    std::size_t at = 0;
    const std::size_t shared = std::min(samples.size(), softer.samples.size());
    while (at < shared && std::abs(samples[at] - softer.samples[at]) < 5e-4F) ++at;
    const double onset_s = static_cast<double>(at) / rate_hz;
    if (at == shared || (!speech.onsets_s.empty() && onset_s <= speech.onsets_s.back())) {
      throw Error(
          ErrorCode::kExternal,
          fmt::format("eSpeak NG does not speak syllable {} of \"{}\" softer when asked to", s + 1, plain),
          "Anima's presenter is made with eSpeak NG 1.51");
    }
    speech.onsets_s.push_back(onset_s);
  }

  // 3. Silence before an onset is the closure of a stop, or a pause.
  const auto sound_end = [&](double from_s, double to_s) {
    const auto from = static_cast<std::size_t>(from_s * rate_hz);
    auto i = std::min(samples.size(), static_cast<std::size_t>(to_s * rate_hz));
    float peak = 0;
    for (std::size_t k = from; k < i; ++k) peak = std::max(peak, std::abs(samples[k]));
    while (i > from && std::abs(samples[i - 1]) < kQuiet * peak) --i;
    return static_cast<double>(i) / rate_hz;
  };
  const VowelOnset vowel_onset(speech.sound);
  double last_s = 0;
  const auto put = [&](std::string_view sound, double end_s) {
    if (end_s <= last_s) return;
    speech.sounds.push_back({std::string(sound), last_s, end_s});
    last_s = end_s;
  };
  for (std::size_t s = 0; s < syllables.size(); ++s) {
    std::vector<std::string> sounds = mandarin_sounds(ipa[s]);
    const double onset_s = speech.onsets_s[s];
    const double next_s =
        s + 1 < syllables.size() ? speech.onsets_s[s + 1] : static_cast<double>(samples.size()) / rate_hz;
    const double end_s = std::max(onset_s + kLowest_s, sound_end(onset_s, next_s));
    const bool has_initial = sounds.size() > 1 && is_initial(sounds.front());
    const bool stops = has_initial && is_stop(sounds.front());
    double begin_s = last_s;
    if (s == 0 || onset_s - last_s > (stops ? kLongestClosure_s : kLongestGap_s)) {
      begin_s = std::max(last_s, onset_s - (stops ? kFirstClosure_s : 0.0));
      put("SIL", begin_s);
    }
    double vowel_s = begin_s;
    if (has_initial) {
      if (is_voiceless(sounds.front())) {
        vowel_s = vowel_onset.find(onset_s, end_s);
      } else {
        vowel_s = onset_s + std::min(kSonorant_s, 0.35 * (end_s - onset_s));
      }
      vowel_s = std::clamp(vowel_s, onset_s + 0.01, std::max(onset_s + 0.01, end_s - 2 * kLowest_s));
      put(sounds.front(), vowel_s);
      sounds.erase(sounds.begin());
    }
    // 4. The final: glides before the nucleus are short, what follows it gets about as much.
    std::vector<double> shares(sounds.size(), 1);
    std::size_t nucleus = 0;
    for (std::size_t i = 0; i < sounds.size(); ++i) {
      const bool glide = sounds[i] == "IY" || sounds[i] == "UW" || sounds[i] == "YU";
      if (glide && i == 0 && sounds.size() > 1 && !is_initial(sounds[1])) nucleus = 1;
    }
    for (std::size_t i = 0; i < sounds.size(); ++i) shares[i] = i < nucleus ? 0.45 : (i == nucleus ? 1 : 0.6);
    double total = 0;
    for (const double share : shares) total += share;
    const double start_s = last_s;
    double before = 0;
    for (std::size_t i = 0; i < sounds.size(); ++i) {
      before += shares[i];
      put(sounds[i], start_s + (end_s - start_s) * before / total);
    }
  }
  put("SIL", static_cast<double>(samples.size()) / rate_hz);
  return speech;
}

}  // namespace anima::presenter
