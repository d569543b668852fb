// What was said, and when.
#pragma once

#include <string>
#include <vector>

namespace anima::hearing {

// How the times of words were found, the most precise first.
enum class TimeSource {
  kNone,        // no times
  kRecogniser,  // by the engine that heard the words
  kAligned,     // by aligning the words to the sound on phonetic features: within about 0.1 s
  kEstimated,   // spread over the voiced time in proportion to their length: within about a second
};

struct TranscribedWord {
  std::string word;  // as it is to be shown, with the marks that follow it
  double start_s = 0;
  double end_s = 0;
  double confidence = -1;  // 0 to 1; negative where the engine gives none
};

struct Transcript {
  std::string text;                         // UTF-8
  std::string language;                     // primary tag of BCP 47; empty where unknown
  std::vector<TranscribedWord> words = {};  // empty, or all the words of `text` in order
  TimeSource times = TimeSource::kNone;
  std::string engine = {};  // that heard it; empty where the words came from elsewhere
  // 0 to 1: how well the words fit the sound, by the recogniser's own score; negative where the engine
  // gives none. Below kDoubtfulBelow most words are wrong: another language, singing, noise.
  double confidence = -1;
};
inline constexpr double kDoubtfulBelow = 0.5;

// A sentence for people where the words are not to be trusted; empty where they are, or nobody knows.
std::string doubt_of(const Transcript& transcript);

// The words to show: split at blanks, each Han character (and the marks after it) by itself.
std::vector<std::string> words_to_show(const std::string& text);

// Joins two texts: without a blank where either side of the seam is a script that has none.
std::string join_texts(const std::string& first, const std::string& second);

// Gives each word the marks that follow it in `text`: recognisers that give times often give bare words.
// A word that is not in the text where it should be stays as it is.
void add_marks(const std::string& text, std::vector<TranscribedWord>& words);

// Appends `piece`, heard from `offset_s` on; the confidence becomes the mean over the time of words.
void append_transcript(Transcript& whole, const Transcript& piece, double offset_s);

}  // namespace anima::hearing
