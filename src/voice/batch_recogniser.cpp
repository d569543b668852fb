#include "voice/batch_recogniser.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "audio/acoustic_model.h"
#include "audio/frame_spectrum.h"
#include "audio/resampler.h"
#include "core/error.h"
#include "core/files.h"
#include "core/process.h"

namespace anima::voice {
namespace {

constexpr const char* kProgram = "pocketsphinx_batch";
constexpr double kPadding_s = 0.3;

// A folder of its own that goes with its owner.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "anima-recognise-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw Error(ErrorCode::kResourceExhausted, "no temporary folder could be made at " + name,
                  "check TMPDIR");
    }
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;  // nothing can be done about it here
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::filesystem::path model_folder() {
  return audio::default_acoustic_model_folder().parent_path();
}

}  // namespace

EngineReadiness batch_recogniser_readiness() {
  EngineReadiness readiness{true, {"the package pocketsphinx", "the package pocketsphinx-en-us"}, {}};
  if (find_program(kProgram).empty()) {
    readiness = {false, readiness.needs, "install the package pocketsphinx"};
  } else if (!std::filesystem::exists(model_folder() / "en-us.lm.bin")) {
    readiness = {false, readiness.needs, "install the package pocketsphinx-en-us"};
  }
  return readiness;
}

std::vector<std::string> recognise_batch(std::span<const Sound> sounds, const WorkContext& context) {
  const EngineReadiness readiness = batch_recogniser_readiness();
  if (!readiness.ready)
    throw Error(ErrorCode::kNotReady, "nothing here recognises speech in batches", readiness.what_to_do);
  const ScratchFolder folder;
  std::string list;
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    Sound sound = audio::resample(sounds[i], audio::kSpeechRateHz);
    const auto padding = static_cast<std::ptrdiff_t>(kPadding_s * audio::kSpeechRateHz);
    sound.samples.insert(sound.samples.begin(), padding, 0.0F);
    sound.samples.insert(sound.samples.end(), padding, 0.0F);
    std::vector<std::byte> raw(sound.samples.size() * 2);
    for (std::size_t n = 0; n < sound.samples.size(); ++n) {
      const auto value =
          static_cast<std::int16_t>(std::lround(std::clamp(sound.samples[n], -1.0F, 1.0F) * 32767));
      std::memcpy(&raw[2 * n], &value, 2);
    }
    const std::string name = "s" + std::to_string(i);
    write_file_atomically(folder.path() / (name + ".raw"), raw);
    list += name + "\n";
  }
  write_file_atomically(folder.path() / "list", list);
  ProcessRequest request;
  request.arguments = {kProgram,
                       "-hmm",
                       audio::default_acoustic_model_folder().string(),
                       "-lm",
                       (model_folder() / "en-us.lm.bin").string(),
                       "-dict",
                       (model_folder() / "cmudict-en-us.dict").string(),
                       "-adcin",
                       "yes",
                       "-cepdir",
                       folder.path().string(),
                       "-cepext",
                       ".raw",
                       "-ctl",
                       (folder.path() / "list").string(),
                       "-hyp",
                       (folder.path() / "heard").string(),
                       "-logfn",
                       "/dev/null"};
  request.timeout_s = 1200;
  const ProcessResult result = run_process(request, context);
  require_success(request, result);
  std::vector<std::string> heard(sounds.size());
  std::istringstream lines(read_text_file(folder.path() / "heard", 16U << 20U));
  std::string line;
  for (std::size_t i = 0; i < heard.size() && std::getline(lines, line); ++i) {
    heard[i] = line.substr(0, line.rfind('('));  // "words words (s0 -1234)"
  }
  return heard;
}

}  // namespace anima::voice
