#include "hearing/pocketsphinx_engine.h"

#include <fmt/format.h>
#include <pocketsphinx.h>
#include <sphinxbase/cmn.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "audio/resampler.h"
#include "core/error.h"
#include "hearing/long_sound_splitter.h"

namespace anima::hearing {
namespace {

namespace fs = std::filesystem;

constexpr double kFrame_s = 0.01;
constexpr std::size_t kStep_samples = 1600;  // 0.1 s between two looks at the stop flag
// Decoding time and memory of one utterance grow with its length.
constexpr double kLongestUtterance_s = 20;
constexpr char kAlternatives[] =
    "configure one of the hearing engines openai (whisper.cpp's or faster-whisper's server), zhipu or "
    "gemini; "
    "see docs/engines.md";

struct DecoderDeleter {
  void operator()(ps_decoder_t* decoder) const { ps_free(decoder); }
};
using Decoder = std::unique_ptr<ps_decoder_t, DecoderDeleter>;

struct ModelFiles {
  fs::path acoustic;
  fs::path language;
  fs::path dictionary;

  explicit ModelFiles(const fs::path& folder)
      : acoustic(folder / "en-us"),
        language(folder / "en-us.lm.bin"),
        dictionary(folder / "cmudict-en-us.dict") {}
  bool there() const {
    std::error_code error;
    return fs::exists(acoustic / "mdef", error) && fs::exists(language, error) &&
           fs::exists(dictionary, error);
  }
};

Decoder make_decoder(const ModelFiles& files) {
  // Pauses are kept, or the times of the words behind them would be early.
  cmd_ln_t* config =
      cmd_ln_init(nullptr, ps_args(), TRUE, "-hmm", files.acoustic.c_str(), "-lm", files.language.c_str(),
                  "-dict", files.dictionary.c_str(), "-remove_silence", "no", "-logfn", "/dev/null", nullptr);
  Decoder decoder(config != nullptr ? ps_init(config) : nullptr);
  if (config != nullptr) cmd_ln_free_r(config);  // the decoder holds it
  if (!decoder) {
    throw Error(ErrorCode::kNotReady, "PocketSphinx cannot load its model",
                "reinstall the package pocketsphinx-en-us");
  }
  return decoder;
}

std::vector<std::int16_t> to_pcm(std::span<const float> samples) {
  std::vector<std::int16_t> pcm(samples.size());
  std::transform(samples.begin(), samples.end(), pcm.begin(), [](float sample) {
    const float clipped = std::isfinite(sample) ? std::clamp(sample, -1.0F, 1.0F) : 0.0F;
    return static_cast<std::int16_t>(std::lround(clipped * 32767));
  });
  return pcm;
}

[[noreturn]] void throw_failed() {
  throw Error(ErrorCode::kInternal, "PocketSphinx failed on this sound", "report it with the sound");
}

// "read(2)" is the second pronunciation of "read"; "<sil>" and "[NOISE]" are no words.
std::string plain_word(std::string word) {
  if (word.empty() || word[0] == '<' || word[0] == '[' || word[0] == '+') return {};
  word = word.substr(0, word.find('('));
  if (word == "i" || word.starts_with("i'")) word[0] = 'I';
  return word;
}

// How far the path of words may fall behind the best state of each frame, natural logarithm, mean over the
// frames of words. PocketSphinx counts acoustic scores from the best state of the frame: a loop of states
// that is free to follow the sound. Measured: English -2.4 to -3.3; French -3.9, Mandarin -4.2, singing and
// synthetic French, German, Spanish, Italian, Russian below -5.
constexpr double kDoubtfulScore = -3.6;
constexpr double kScoreSlope = 0.15;
// The share of an utterance, and of all that is loud, that words cover at least: a single word in ten seconds
// of noise is none.
constexpr double kLeastWords = 0.2;

// And words a second while words are said: steady noise fits one endless word well.
constexpr double kSlowestWords_per_s = 1;

double confidence_of(double score_per_frame, double share_of_words, double words_per_s) {
  const double fits = 1 / (1 + std::exp(-(score_per_frame - kDoubtfulScore) / kScoreSlope));
  return fits * std::min(1.0, share_of_words / kLeastWords) *
         std::min(1.0, words_per_s / kSlowestWords_per_s);
}

// One utterance: batch normalisation (the first pass over all of it) needs the whole.
Transcript hypothesis(ps_decoder_t* decoder) {
  Transcript transcript;
  transcript.language = "en";
  transcript.times = TimeSource::kRecogniser;
  logmath_t* logarithms = ps_get_logmath(decoder);
  double score = 0;
  int word_frames = 0;
  int frames = 0;
  for (ps_seg_t* segment = ps_seg_iter(decoder); segment != nullptr; segment = ps_seg_next(segment)) {
    const std::string word = plain_word(ps_seg_word(segment));
    int first = 0;
    int last = 0;
    ps_seg_frames(segment, &first, &last);
    frames += last + 1 - first;
    if (word.empty()) continue;
    int32 acoustic = 0;
    const double probability = logmath_exp(logarithms, ps_seg_prob(segment, &acoustic, nullptr, nullptr));
    score += logmath_log_to_ln(logarithms, acoustic);
    word_frames += last + 1 - first;
    transcript.words.push_back(
        {word, first * kFrame_s, (last + 1) * kFrame_s, std::clamp(probability, 0.0, 1.0)});
    transcript.text += (transcript.text.empty() ? "" : " ") + word;
  }
  if (word_frames > 0) {
    transcript.confidence =
        confidence_of(score / word_frames, static_cast<double>(word_frames) / frames,
                      static_cast<double>(transcript.words.size()) / (word_frames * kFrame_s));
  }
  return transcript;
}

class DecoderPool {
 public:
  explicit DecoderPool(ModelFiles files) : files_(std::move(files)) {}
  const ModelFiles& files() const { return files_; }

  Decoder take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Decoder decoder = std::move(idle_.back());
        idle_.pop_back();
        return decoder;
      }
    }
    return make_decoder(files_);
  }
  void put_back(Decoder decoder) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(decoder));
  }

 private:
  ModelFiles files_;
  std::mutex mutex_;
  std::vector<Decoder> idle_;
};

// A decoder inside an utterance. Returned to the pool whatever happens.
class Utterance {
 public:
  explicit Utterance(DecoderPool& pool) : pool_(pool), decoder_(pool.take()) {
    // Without a new stream the frames of words would be counted from the decoder's first utterance on.
    if (ps_start_stream(decoder_.get()) != 0 || ps_start_utt(decoder_.get()) != 0) throw_failed();
  }
  ~Utterance() {
    if (!ended_) ps_end_utt(decoder_.get());
    pool_.put_back(std::move(decoder_));
  }
  Utterance(const Utterance&) = delete;
  Utterance& operator=(const Utterance&) = delete;

  void push(std::span<const float> samples, const WorkContext& context) {
    const std::vector<std::int16_t> pcm = to_pcm(samples);
    for (std::size_t at = 0; at < pcm.size(); at += kStep_samples) {
      context.cancellation.throw_if_requested("listening");
      const std::size_t count = std::min(kStep_samples, pcm.size() - at);
      if (ps_process_raw(decoder_.get(), pcm.data() + at, count, FALSE, FALSE) < 0) throw_failed();
    }
    pushed_ = pushed_ || !pcm.empty();
  }

  std::string partial() const {
    const char* text = pushed_ ? ps_get_hyp(decoder_.get(), nullptr) : nullptr;
    return text != nullptr ? text : "";
  }

  Transcript finish() {
    ended_ = true;
    if (ps_end_utt(decoder_.get()) != 0) throw_failed();
    return hypothesis(decoder_.get());
  }

  ps_decoder_t* decoder() const { return decoder_.get(); }

 private:
  DecoderPool& pool_;
  Decoder decoder_;
  bool pushed_ = false;
  bool ended_ = false;
};

class PocketSphinxStream final : public HearingStream {
 public:
  explicit PocketSphinxStream(std::shared_ptr<DecoderPool> pool)
      : pool_(std::move(pool)), utterance_(*pool_) {}
  void push(std::span<const float> samples, const WorkContext& context) override {
    utterance_.push(samples, context);
  }
  std::string partial() const override { return utterance_.partial(); }
  Transcript finish(const WorkContext& context) override {
    context.cancellation.throw_if_requested("listening");
    return utterance_.finish();
  }

 private:
  std::shared_ptr<DecoderPool> pool_;
  Utterance utterance_;
};

class PocketSphinxEngine final : public HearingEngine {
 public:
  explicit PocketSphinxEngine(const EngineConfiguration& configuration)
      : name_(configuration.name),
        pool_(std::make_shared<DecoderPool>(ModelFiles(folder_of(configuration)))) {}

  std::string name() const override { return name_; }

  HearingCapabilities capabilities() const override {
    return {.languages = {"en"}, .streams = true, .word_times = true, .offline = true};
  }

  EngineReadiness readiness() const override {
    EngineReadiness readiness{.ready = pool_->files().there(),
                              .needs = {"the package pocketsphinx-en-us (English only)"}};
    if (!readiness.ready) readiness.what_to_do = "apt-get install pocketsphinx-en-us";
    return readiness;
  }

  Transcript transcribe(const Sound& sound, const HearingRequest& request,
                        const WorkContext& context) override {
    check(request);
    const Sound heard =
        sound.sample_rate_hz == kHearingRate_hz ? sound : audio::resample(sound, kHearingRate_hz);
    double heard_s = 0;
    Transcript transcript = transcribe_pieces(
        heard, {.longest_s = kLongestUtterance_s},
        [&](const Sound& piece) {
          heard_s += piece.duration_s();
          Utterance utterance(*pool_);
          utterance.push(piece.samples, context);
          return utterance.finish();
        },
        context);
    double words_s = 0;
    for (const TranscribedWord& word : transcript.words) words_s += word.end_s - word.start_s;
    if (transcript.confidence >= 0 && heard_s > 0)
      transcript.confidence *= std::min(1.0, words_s / heard_s / kLeastWords);
    return transcript;
  }

  std::unique_ptr<HearingStream> open_stream(const HearingRequest& request) override {
    check(request);
    return std::make_unique<PocketSphinxStream>(pool_);
  }

 private:
  static fs::path folder_of(const EngineConfiguration& configuration) {
    const auto found = configuration.options.find("folder");
    return found == configuration.options.end() ? default_pocketsphinx_folder() : fs::path(found->second);
  }

  void check(const HearingRequest& request) const {
    if (!request.language.empty() && request.language != "en") {
      throw Error(ErrorCode::kUnsupported,
                  fmt::format("PocketSphinx understands English only, not '{}'", request.language),
                  kAlternatives);
    }
    const EngineReadiness ready = readiness();
    if (!ready.ready) throw Error(ErrorCode::kNotReady, "PocketSphinx has no model", ready.what_to_do);
  }

  std::string name_;
  std::shared_ptr<DecoderPool> pool_;
};

}  // namespace

fs::path default_pocketsphinx_folder() {
  const char* folder = std::getenv("ANIMA_POCKETSPHINX_MODEL");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/pocketsphinx/model/en-us";
}

std::unique_ptr<HearingEngine> make_pocketsphinx_engine(const EngineConfiguration& configuration) {
  return std::make_unique<PocketSphinxEngine>(configuration);
}

}  // namespace anima::hearing
