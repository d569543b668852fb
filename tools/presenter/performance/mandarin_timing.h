// When eSpeak NG speaks each sound of Mandarin, to the sample where it can be known.
//
// eSpeak NG tells no times. But it is a deterministic synthesiser: spoken again with one syllable
// softer (SSML prosody), its sound is the same up to the first sample of that syllable and differs
// from there on. One run for each syllable gives every onset exactly. Inside of a syllable the vowel
// begins where the voice's low harmonics set in (after voiceless initials) or after the usual time
// of a sonorant; finals are divided by fixed shares.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/sound.h"
#include "text/spoken_text.h"

namespace anima::presenter {

// A sound of speech by the names of mouth_shapes.h; "SIL" for silence.
struct TimedSound {
  std::string sound;
  double start_s = 0;
  double end_s = 0;
};

struct MandarinSpeech {
  Sound sound;                     // as eSpeak NG speaks the words
  std::vector<TimedSound> sounds;  // over all of it, without gaps
  std::vector<double> onsets_s;    // of each syllable: of its voice or noise, after any closure
  std::vector<std::size_t> words;  // word of each syllable
};

// `words` of Han characters only, as the normaliser makes them; spoken by the source speaker of female
// voices, read with the dictionary of pinyin where it is installed. Throws Error: kUnsupported for
// other words, kExternal where eSpeak NG does not answer as described.
MandarinSpeech speak_mandarin(std::span<const text::SpokenWord> words, const WorkContext& context);

// The sounds of one syllable in eSpeak's IPA with separators ("tɕh_ˈyɛ5"): initial, then finals.
std::vector<std::string> mandarin_sounds(const std::string& ipa);

}  // namespace anima::presenter
