// The one narrow interface that every engine that speaks has: embedded, HTTP server or container.
//
//   for (auto& engine : engines) {
//     if (!engine->readiness().ready) continue;  // `./run doctor` prints what it needs
//     SpeechRequest request;
//     request.text = "It is half past nine.";
//     request.voice = voice;  // what enrolment stored
//     engine->synthesize(request, [&](const SpeechPiece& piece) { play(piece.sound); }, context);
//   }
//
// Text that arrives in pieces (from a language model) is cut into clauses by `SpeechStream`
// (voice/speech_stream.h), which calls `synthesize` once for each clause: an engine never sees
// half a clause, and needs no splitter, joins, fallbacks or subtitles of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/engine_readiness.h"
#include "core/progress.h"
#include "core/sound.h"
#include "text/say_as.h"

namespace anima::voice {

// What an engine can do, known without asking anyone.
struct EngineCapabilities {
  std::vector<std::string> languages;  // primary tags of BCP 47 ("en", "zh"); empty: any language
  bool clones = false;                 // speaks in a voice enrolled from a recording
  bool streams = false;                // the first piece comes before the whole is made
  bool word_timings = false;           // pieces carry words; else the caller aligns text to sound
  bool phoneme_timings = false;
  bool offline = false;            // needs no network
  int text_limit_characters = 0;   // of one request, in Unicode code points; 0: no limit
  double reference_minimum_s = 0;  // length of the reference recording; 0: no limit
  double reference_maximum_s = 0;  // a longer reference is cut by the engine itself
  bool clones_profiles = false;    // `clones` needs Voice::profile, not a recording
  bool voice_is_chosen = false;    // the configuration names the voice of its server
  bool ignores_speed = false;      // of the request
};

// A voice as the library stores it. Empty fields are unknown.
struct Voice {
  std::string name;
  std::string language;             // of the reference recording, primary tag of BCP 47
  std::filesystem::path recording;  // mono WAV
  std::string transcript;           // of the recording, UTF-8
  std::filesystem::path profile;    // tensor file of voice/enrolment.h
  // Names of this voice at servers that keep voices themselves: engine name -> voice id.
  std::map<std::string, std::string> server_voices;
};

// From the start of the piece's sound.
struct WordTiming {
  std::string word;  // as written in the request's text, without surrounding marks
  double start_s = 0;
  double end_s = 0;
};

struct PhonemeTiming {
  std::string phoneme;  // CMU set without stress, upper case ("AA", "SH"); "SIL" for silence
  double start_s = 0;
  double end_s = 0;
};

// What a server holds of an enrolled voice, made there for us. It lies there until it is deleted.
struct ServerVoice {
  std::string engine;                   // its name in the configuration
  std::string id;                       // for Voice::server_voices
  std::vector<std::string> files = {};  // recordings that were uploaded for it
};

struct SpeechRequest {
  std::string text;      // UTF-8, one clause or more, as a person wrote it
  std::string language;  // primary tag of BCP 47; empty: found from the text
  // Of the text around this one, where that is known: numbers have no language of their own.
  std::string surrounding_language;
  Voice voice;              // empty: the engine's own voice
  std::string instruction;  // "warmly, slowly"; engines that cannot follow it ignore it
  double speed = 1;         // 0.5 to 2; engines that cannot change it ignore it
  // The user's own dictionary; null: none. Servers are sent the text with it applied.
  std::shared_ptr<const text::SayAs> say_as = {};

  // Told at once of a voice that a server made from `voice`, on the thread of `synthesize`: who stores
  // it has it made once for all, and can have it deleted.
  std::function<void(const ServerVoice& made)> keep_server_voice = {};
  // Asked before another engine says the text from its beginning: true where nothing of what the sink
  // was given has been let out, and all of it is now dropped. Empty: it was heard.
  std::function<bool()> start_over = {};
};

// Sound in the order of hearing; pieces of one request follow each other without a gap.
struct SpeechPiece {
  Sound sound;                    // at the engine's own rate, the same for all pieces of a request
  std::vector<WordTiming> words;  // empty where the engine gives none
  std::vector<PhonemeTiming> phonemes;
};

// Called on the thread that called `synthesize`. What it throws ends the synthesis and passes
// through to the caller.
using SpeechSink = std::function<void(const SpeechPiece& piece)>;

class VoiceEngine;

// Whether the engine speaks in this voice (cloned, stored at its server, or named in the
// configuration), not in a stranger's. True where no voice was asked for.
bool speaks_in(const VoiceEngine& engine, const Voice& voice);

// `synthesize` may be called from several threads at once; an engine that cannot work so locks.
class VoiceEngine {
 public:
  virtual ~VoiceEngine() = default;

  // Stable, lower case, as in the configuration: "embedded", "openai", "cosyvoice", ...
  virtual std::string name() const = 0;
  virtual EngineCapabilities capabilities() const = 0;

  // Cheap enough to ask before each request (may probe a server, one second at most).
  virtual EngineReadiness readiness() const = 0;

  // Speaks the whole text. Returns when the last piece was handed to `sink`. Text without
  // anything to speak (marks, blanks) gives no piece and no error.
  // Throws Error: kInvalidArgument (text that is not UTF-8, or too long for the engine),
  // kNotReady, kUnsupported (language), kUnusableInput (reference), kTimeout, kExternal,
  // kResourceExhausted (rate, quota), kCancelled at most 50 ms of sound after the stop.
  virtual void synthesize(const SpeechRequest& request, const SpeechSink& sink,
                          const WorkContext& context) = 0;

  // Deletes at the server what `keep_server_voice` was told of. What is gone already is no error. By
  // default throws Error(kUnsupported): an engine that has nothing made has nothing to delete.
  virtual void delete_voice(const ServerVoice& voice, const WorkContext& context);
};

}  // namespace anima::voice
