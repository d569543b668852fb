// The acoustic model of pocketsphinx's en-us package, read from its own files.
//
// A phonetically tied mixture: one codebook of diagonal Gaussians per phone and feature stream,
// shared by all senones (context-dependent states) of that phone, which differ in their mixture
// weights only. Used here to say which phone is being spoken, whoever speaks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace anima::audio {

inline constexpr int kCepstra = 13;        // MFCC per frame, and the size of each stream
inline constexpr int kStreams = 3;         // cepstra, their first and their second difference
inline constexpr int kStatesPerPhone = 3;  // emitting HMM states
inline constexpr int kPhones = 42;         // context-independent phones of en-us, noise and silence included
inline constexpr int kPhoneStates = kPhones * kStatesPerPhone;  // 126

struct AcousticModel {
  std::vector<std::string> phones;  // kPhones names, e.g. "AA", "SIL"; the index is the codebook too
  int silence_phone = 0;            // index of "SIL"
  int densities = 0;                // Gaussians per codebook and stream
  int senones = 0;
  std::vector<float> means;      // [phone][stream][density][kCepstra]
  std::vector<float> variances;  // the same shape; at least kVarianceFloor
  // [stream][density][senone]; weight = exp(-kMixtureWeightStep * value).
  std::vector<std::uint8_t> mixture_weights;
  std::vector<std::uint8_t> senone_phone;  // [senone] base phone = codebook
  std::vector<std::uint8_t> senone_state;  // [senone] context-independent state: phone * 3 + position

  // The index of a phone by name, or -1.
  int phone_index(const std::string& name) const;
};

inline constexpr float kVarianceFloor = 1e-4F;
inline constexpr double kMixtureWeightStep = 0.102395;  // 1024 * ln(1.0001)

// The files' bytes, each from outside and so hostile.
struct AcousticModelBytes {
  std::span<const std::byte> means;
  std::span<const std::byte> variances;
  std::span<const std::byte> mixture_weights;  // "sendump"
  std::span<const std::byte> definition;       // "mdef"
};

// Checks every count, index and length before using it. `source` is named in errors.
// Throws Error: kCorruptData for bytes that do not hold what they claim, kUnsupported for a
// well-formed model of another shape (other phones, streams or byte order).
AcousticModel parse_acoustic_model(const AcousticModelBytes& bytes, const std::string& source);

// Reads `means`, `variances`, `sendump` and `mdef` of a folder. Throws Error(kNotReady), naming
// the Debian package to install, where the folder or a file is missing.
AcousticModel load_acoustic_model(const std::filesystem::path& folder = {});

// The folder used when none is given: environment ANIMA_ACOUSTIC_MODEL, else where the Debian
// package pocketsphinx-en-us puts it.
std::filesystem::path default_acoustic_model_folder();

}  // namespace anima::audio
