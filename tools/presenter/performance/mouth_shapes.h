// What the mouth does for each sound of English and Mandarin: targets of the presenter's face, and
// how strongly the sound insists on them.
//
// Names: CMU phonemes without stress ("AA", "SH"); Mandarin sounds that English lacks begin with Z
// (ZCH, ZSH: retroflex; ZI, ZRI: the vowels of "si" and "shi"; ZA, ZO, ZE, ZEI), Q (palatal QCH, QSH),
// or are YU (ü), GE (the vowel of "ge"), TS, ONG; "SIL" is silence.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "presenter/presenter_pose.h"

namespace anima::presenter {

// What moves together, with one strength and one speed.
enum class Articulator { kJaw, kRounding, kSpreading, kParting, kCount };
inline constexpr std::size_t kArticulators = static_cast<std::size_t>(Articulator::kCount);

// Which articulator moves a target; labial targets (compression, elevation, ...) belong to contacts.
Articulator articulator_of(MouthTarget target);

// Touching that a listener sees, or misses: it is reached, whatever the neighbours want.
enum class Contact { kNone, kLips, kLipAndTeeth, kTongueRidge, kTongueTeeth };

struct MouthShape {
  std::string_view name;
  std::array<float, kMouthTargets> targets{};
  std::array<float, kArticulators> dominance{};  // 0 (does not care) to 1
  Contact contact = Contact::kNone;
  float tongue = 0;    // how far the tongue comes, with a tongue contact
  bool vowel = false;  // opens wider when louder
};

// Throws Error(kInvalidArgument) for an unknown name.
const MouthShape& mouth_shape(std::string_view name);
std::span<const MouthShape> mouth_shapes();

// A sound as the shapes it passes through, with their shares of its time: "AY" as AA then IY.
struct ShapeShare {
  std::string_view name;
  double share;
};
std::span<const ShapeShare> shape_sequence(std::string_view sound);

}  // namespace anima::presenter
