#include <flite/flite.h>

#include <algorithm>
#include <cctype>
#include <mutex>

#include "core/error.h"
#include "voice/source_speaker.h"

extern "C" {
cst_voice* register_cmu_us_rms(const char* voxdir);
cst_voice* register_cmu_us_slt(const char* voxdir);
}

namespace anima::voice {
namespace {

// flite keeps global registers and lends out the data of a voice: one utterance at a time.
std::mutex& flite_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::string cmu_phoneme(std::string_view flite_name) {
  if (flite_name == "pau" || flite_name == "h#" || flite_name == "brth") return "SIL";
  if (flite_name == "ax") return "AH";
  if (flite_name == "axr") return "ER";
  if (flite_name == "dx") return "T";
  std::string name(flite_name);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  return name;
}

struct UtteranceDeleter {
  void operator()(cst_utterance* utterance) const { delete_utterance(utterance); }
};
using Utterance = std::unique_ptr<cst_utterance, UtteranceDeleter>;

int count_tokens(const std::string& text) {
  int count = 0;
  bool inside = false;
  for (const char c : text) {
    if (c != ' ' && !inside) ++count;
    inside = c != ' ';
  }
  return count;
}

class FliteSpeaker : public SourceSpeaker {
 public:
  explicit FliteSpeaker(const std::string& voice) : name_("flite-" + voice) {
    const std::lock_guard lock(flite_mutex());
    static const int initialised = flite_init();
    (void)initialised;
    voice_ = voice == "slt" ? register_cmu_us_slt(nullptr) : register_cmu_us_rms(nullptr);
    if (voice_ == nullptr) {
      throw Error(ErrorCode::kNotReady, "flite does not offer its voice \"" + voice + "\"",
                  "install the packages libflite1 and flite1-dev");
    }
  }

  std::string name() const override { return name_; }
  EngineReadiness readiness() const override { return {true, {"the package libflite1"}, {}}; }

  SourceSpeech speak(std::span<const text::SpokenWord> words, double speed,
                     const WorkContext& context) const override {
    SourceSpeech speech;
    context.cancellation.throw_if_requested("speaking");
    const std::lock_guard lock(flite_mutex());
    std::vector<int> token_words;
    const Utterance utterance = make(words, speed, token_words);
    if (!utterance) return speech;
    const cst_wave* wave = utt_wave(utterance.get());
    speech.sound.sample_rate_hz = wave->sample_rate;
    speech.sound.samples.resize(wave->num_samples);
    for (int i = 0; i < wave->num_samples; ++i) {
      speech.sound.samples[i] = static_cast<float>(wave->samples[i]) / 32768.0F;
    }
    walk(utterance.get(), token_words, [&](const char* phoneme, double start_s, double end_s, int word) {
      end_s = std::min(end_s, speech.sound.duration_s());
      speech.phonemes.push_back({cmu_phoneme(phoneme), start_s, end_s});
      if (word < 0) return;
      if (!speech.words.empty() && speech.words.back().index == word) {
        speech.words.back().end_s = end_s;
      } else {
        speech.words.push_back({word, start_s, end_s});
      }
    });
    return speech;
  }

  std::vector<Pronunciation> pronounce(std::span<const text::SpokenWord> words,
                                       const WorkContext& context) const override {
    // The whole synthesis: at 70 times real time it costs less than a second implementation of
    // flite's front end would.
    const std::lock_guard lock(flite_mutex());
    context.cancellation.throw_if_requested("speaking");
    std::vector<Pronunciation> result;
    std::vector<int> token_words;
    const Utterance utterance = make(words, 1, token_words);
    if (!utterance) return result;
    walk(utterance.get(), token_words, [&](const char* phoneme, double, double, int word) {
      if (word < 0) return;
      if (result.empty() || result.back().index != word) result.push_back({word, {}});
      result.back().phonemes.push_back(cmu_phoneme(phoneme));
    });
    return result;
  }

 private:
  // Null where there is nothing to say. `token_words` receives the word of each of flite's tokens.
  Utterance make(std::span<const text::SpokenWord> words, double speed, std::vector<int>& token_words) const {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const int tokens = count_tokens(words[i].spoken);
      if (tokens == 0) continue;
      token_words.insert(token_words.end(), tokens, static_cast<int>(i));
      if (!text.empty()) text += ' ';
      text += words[i].spoken;
      // A full stop inside would make flite start a new breath group: the caller cuts sentences.
      text += words[i].mark;
    }
    if (text.empty()) return nullptr;
    Utterance utterance(new_utterance());
    utt_set_input_text(utterance.get(), text.c_str());
    utt_init(utterance.get(), voice_);
    // The utterance's features fall back to the voice's, which other threads share: set them here.
    feat_set_float(utterance->features, "duration_stretch",
                   static_cast<float>(1 / std::clamp(speed, 0.5, 2.0)));
    if (utt_synth(utterance.get()) == nullptr || utt_wave(utterance.get()) == nullptr) {
      throw Error(ErrorCode::kExternal, "flite could not speak \"" + text.substr(0, 80) + "\"");
    }
    return utterance;
  }

  template <typename Visit>
  static void walk(cst_utterance* utterance, const std::vector<int>& token_words, const Visit& visit) {
    // Number the tokens by their place, so that a segment finds its word.
    int count = 0;
    for (cst_item* token = relation_head(utt_relation(utterance, "Token")); token != nullptr;
         token = item_next(token)) {
      item_set_int(token, "anima_index", count++);
    }
    double start_s = 0;
    for (cst_item* segment = relation_head(utt_relation(utterance, "Segment")); segment != nullptr;
         segment = item_next(segment)) {
      const double end_s = item_feat_float(segment, "end");
      int word = -1;
      const cst_item* syllable = item_as(segment, "SylStructure");
      const cst_item* parent = syllable != nullptr ? item_parent(item_parent(syllable)) : nullptr;
      const cst_item* in_token = parent != nullptr ? item_as(parent, "Token") : nullptr;
      const cst_item* token = in_token != nullptr ? item_parent(in_token) : nullptr;
      if (token != nullptr && item_feat_present(token, "anima_index") && !token_words.empty()) {
        const int index = item_feat_int(token, "anima_index");
        word = token_words[std::min<std::size_t>(index, token_words.size() - 1)];
      }
      visit(item_feat_string(segment, "name"), start_s, end_s, word);
      start_s = end_s;
    }
  }

  std::string name_;
  cst_voice* voice_;  // lives as long as the process
};

}  // namespace

std::unique_ptr<SourceSpeaker> make_flite_speaker(const std::string& voice) {
  if (voice != "rms" && voice != "slt") {
    throw Error(ErrorCode::kInvalidArgument, "flite has no voice \"" + voice + "\"",
                "use \"rms\" or \"slt\"");
  }
  return std::make_unique<FliteSpeaker>(voice);
}

}  // namespace anima::voice
