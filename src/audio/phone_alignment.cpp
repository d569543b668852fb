#include "audio/phone_alignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "core/error.h"

namespace anima::audio {
namespace {

constexpr double kFrame_s = 0.01;
constexpr int kAnySpeech = -1;
constexpr int kSilence = -2;
// Weights of the exact state, of its phone at large and of the phone's class in an emission.
constexpr float kStateWeight = 0.5F;
constexpr float kPhoneWeight = 0.35F;
constexpr float kClassWeight = 0.15F;
constexpr float kAnyWeight = 0.12F;  // what "?" gets of the speech probability: less than a good match
constexpr float kFloor = 1e-4F;      // no single frame may rule a path out
constexpr float kBeam = 600;         // nats below the best path: about 65 frames without any match
constexpr std::size_t kMemoryLimit_bytes = 512U << 20U;

// Sounds that an unfamiliar speaker or language may put for each other.
constexpr std::array<std::string_view, 9> kClasses = {
    "AA AE AH AO AW AY", "EH EY IH IY Y", "OW OY UH UW W", "ER R L",      "M N NG",
    "B D G P T K",       "F V TH DH HH",  "S Z",           "SH ZH CH JH",
};

// One state of the chain. A silence may be passed over.
struct State {
  int phone = 0;  // index in the model, kAnySpeech or kSilence
  int position = 0;
  int word = 0;
  int group = -1;  // index in kClasses
};

struct Emissions {
  std::array<float, kPhoneStates> state;
  std::array<float, kPhones> phone;
  std::array<float, kClasses.size()> group;
  float silence = 0;
  float any = 0;
};

class Chain {
 public:
  Chain(std::span<const AlignmentWord> words, std::span<const std::string> names) {
    group_of_.assign(names.size(), -1);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string& name = names[i];
      if (name == "SIL" || name.starts_with("+")) silences_.push_back(static_cast<int>(i));
      for (std::size_t group = 0; group < kClasses.size(); ++group) {
        if ((" " + std::string(kClasses[group]) + " ").find(" " + name + " ") != std::string::npos) {
          group_of_[i] = static_cast<int>(group);
        }
      }
    }
    add_silence(0);
    for (std::size_t word = 0; word < words.size(); ++word) {
      if (words[word].phones.empty()) {
        throw Error(ErrorCode::kInvalidArgument, fmt::format("word {} to align has no phones", word),
                    "give it '?'");
      }
      for (const std::string& name : words[word].phones) add_phone(name, names, static_cast<int>(word));
      add_silence(static_cast<int>(word));
    }
  }

  const std::vector<State>& states() const { return states_; }
  int shortest_frames() const { return shortest_frames_; }

  void prepare(const PhonePosteriors& frame, Emissions& out) const {
    const auto logarithm = [](float value) { return std::log(value + kFloor); };
    float silence = 0;
    out.phone.fill(0);
    out.group.fill(0);
    for (std::size_t phone = 0; phone < group_of_.size(); ++phone) {
      for (int position = 0; position < kStatesPerPhone; ++position) {
        out.phone[phone] += frame[phone * kStatesPerPhone + static_cast<std::size_t>(position)];
      }
      if (group_of_[phone] >= 0) out.group[static_cast<std::size_t>(group_of_[phone])] += out.phone[phone];
    }
    for (const int phone : silences_) silence += out.phone[static_cast<std::size_t>(phone)];
    for (std::size_t phone = 0; phone < group_of_.size(); ++phone) {
      const float shared =
          kPhoneWeight * out.phone[phone] +
          (group_of_[phone] >= 0 ? kClassWeight * out.group[static_cast<std::size_t>(group_of_[phone])] : 0);
      for (int position = 0; position < kStatesPerPhone; ++position) {
        const std::size_t index = phone * kStatesPerPhone + static_cast<std::size_t>(position);
        out.state[index] = logarithm(kStateWeight * frame[index] + shared);
      }
    }
    out.silence = logarithm(silence);
    out.any = logarithm(kAnyWeight * std::max(0.0F, 1 - silence));
  }

  static float emission(const State& state, const Emissions& emissions) {
    if (state.phone == kSilence) return emissions.silence;
    if (state.phone == kAnySpeech) return emissions.any;
    return emissions.state[static_cast<std::size_t>(state.phone * kStatesPerPhone + state.position)];
  }

 private:
  void add_silence(int word) { states_.push_back({kSilence, 0, word}); }

  void add_phone(const std::string& name, std::span<const std::string> names, int word) {
    int phone = kAnySpeech;
    if (name != "?") {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("'{}' is not a phone of the acoustic model", name),
                    "use the CMU set without stress, or '?'");
      }
      phone = static_cast<int>(found - names.begin());
    }
    for (int position = 0; position < kStatesPerPhone; ++position) states_.push_back({phone, position, word});
    shortest_frames_ += kStatesPerPhone;
  }

  std::vector<State> states_;
  std::vector<int> silences_;
  std::vector<int> group_of_;
  int shortest_frames_ = 0;
};

// How a state was entered: from itself, from the one before it, or over a silence from two before.
enum Step : std::uint8_t { kStay, kNext, kSkip };

// One frame's steps for the states [first, first + steps.size()) within the beam.
struct Column {
  int first = 0;
  std::vector<std::uint8_t> steps;
};

}  // namespace

PhoneAlignment align_phones(std::span<const AlignmentWord> words, std::span<const PhonePosteriors> frames,
                            std::span<const std::string> phones, const WorkContext& context) {
  PhoneAlignment alignment;
  if (words.empty()) return alignment;
  if (phones.size() > kPhones)
    throw Error(ErrorCode::kInvalidArgument, "more phones than the posteriors have");
  const Chain chain(words, phones);
  const std::vector<State>& states = chain.states();
  const int count = static_cast<int>(states.size());
  if (static_cast<int>(frames.size()) < chain.shortest_frames()) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("{:.1f} s of sound are too short for {} words",
                            static_cast<double>(frames.size()) * kFrame_s, words.size()),
                "check that the text is that of the sound");
  }

  constexpr float kImpossible = -std::numeric_limits<float>::infinity();
  std::vector<float> score(static_cast<std::size_t>(count), kImpossible);
  std::vector<float> next(static_cast<std::size_t>(count), kImpossible);
  std::vector<Column> columns(frames.size());
  std::size_t memory = 0;
  int first = 0;
  int last = 1;  // states [first, last] are alive
  Emissions emissions;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    if (t % 50 == 0) context.cancellation.throw_if_requested("aligning words to sound");
    chain.prepare(frames[t], emissions);
    Column& column = columns[t];
    const int reach = t == 0 ? 1 : std::min(count - 1, last + 2);
    column.first = first;
    column.steps.assign(static_cast<std::size_t>(reach - first + 1), kStay);
    memory += column.steps.size();
    if (memory > kMemoryLimit_bytes) {
      throw Error(ErrorCode::kResourceExhausted, "the sound is too long to align at once",
                  "align it piece by piece");
    }
    float best = kImpossible;
    for (int s = first; s <= reach; ++s) {
      const State& state = states[static_cast<std::size_t>(s)];
      float value = kImpossible;
      std::uint8_t step = kStay;
      if (t == 0) {
        value = s <= 1 ? 0 : kImpossible;  // the first silence, or the first phone
      } else {
        value = score[static_cast<std::size_t>(s)];
        if (s >= 1 && score[static_cast<std::size_t>(s - 1)] > value) {
          value = score[static_cast<std::size_t>(s - 1)];
          step = kNext;
        }
        const bool over_silence = s >= 2 && states[static_cast<std::size_t>(s - 1)].phone == kSilence;
        if (over_silence && score[static_cast<std::size_t>(s - 2)] > value) {
          value = score[static_cast<std::size_t>(s - 2)];
          step = kSkip;
        }
      }
      if (value > kImpossible) value += Chain::emission(state, emissions);
      next[static_cast<std::size_t>(s)] = value;
      column.steps[static_cast<std::size_t>(s - first)] = step;
      best = std::max(best, value);
    }
    std::fill(score.begin() + first, score.begin() + reach + 1, kImpossible);
    last = first;
    int new_first = -1;
    for (int s = column.first; s <= reach; ++s) {
      float& value = next[static_cast<std::size_t>(s)];
      if (value >= best - kBeam) {
        score[static_cast<std::size_t>(s)] = value;
        if (new_first < 0) new_first = s;
        last = s;
      }
      value = kImpossible;
    }
    first = new_first;
  }

  // The end: after the last phone, or in the silence behind it.
  int s = count - 1;
  if (score[static_cast<std::size_t>(count - 2)] > score[static_cast<std::size_t>(s)]) s = count - 2;
  if (score[static_cast<std::size_t>(s)] == kImpossible) {
    throw Error(ErrorCode::kUnusableInput, "the text does not fit the sound",
                "check that the text is that of the sound");
  }
  std::vector<int> path(frames.size());
  for (std::size_t t = frames.size(); t-- > 0;) {
    path[t] = s;
    const Column& column = columns[t];
    s -= column.steps[static_cast<std::size_t>(s - column.first)];
  }

  alignment.words.resize(words.size());
  double match = 0;
  int matched = 0;
  int previous = -1;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    const State& state = states[static_cast<std::size_t>(path[t])];
    if (state.phone == kSilence) {
      previous = path[t];
      continue;
    }
    chain.prepare(frames[t], emissions);
    match += Chain::emission(state, emissions);
    ++matched;
    const double start_s = static_cast<double>(t) * kFrame_s;
    const double end_s = start_s + kFrame_s;
    AlignedWord& word = alignment.words[static_cast<std::size_t>(state.word)];
    if (word.end_s == 0) word.start_s = start_s;
    word.end_s = end_s;
    const bool begins = path[t] != previous && state.position == 0;
    if (begins) {
      const std::string name =
          state.phone == kAnySpeech ? "?" : phones[static_cast<std::size_t>(state.phone)];
      alignment.phones.push_back({state.word, name, start_s, end_s});
    } else if (!alignment.phones.empty()) {
      alignment.phones.back().end_s = end_s;
    }
    previous = path[t];
  }
  alignment.mean_match = matched > 0 ? match / matched : 0;
  return alignment;
}

}  // namespace anima::audio
