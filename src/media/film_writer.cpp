#include "media/film_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include "core/error.h"
#include "media/content_label.h"
#include "media/film_muxer.h"
#include "media/output_file.h"

namespace anima::media {
namespace {

// The stream that is ahead waits, encoded, in memory for the other one: some 0.5 MB per second.
constexpr double kLeadLimit_s = 60;

FilmContainer container_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".mp4" || extension == ".m4v") return FilmContainer::kMp4;
  if (extension == ".webm") return FilmContainer::kWebm;
  if (extension == ".webp") return FilmContainer::kWebp;
  throw Error(ErrorCode::kUnsupported, fmt::format("a film cannot be written as '{}'", path.string()),
              "end the name in .mp4, .webm, or .webp");
}

std::unique_ptr<FilmMuxer> make_muxer(const OutputFile& file, const FilmWriterOptions& options) {
  const FilmContainer container = container_of(file.path());
  if (container == FilmContainer::kWebp) return make_animated_webp_muxer(file, options);
  return options.transparent ? make_transparent_muxer(file, options)
                             : make_opaque_muxer(file, container, options);
}

void check(const std::filesystem::path& path, const FilmWriterOptions& options) {
  const FilmContainer container = container_of(path);
  const auto size_usable = [](int size) { return size >= 16 && size <= 8192; };
  if (!size_usable(options.width_px) || !size_usable(options.height_px)) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("'{}' cannot be {}x{} pixels large", path.string(), options.width_px, options.height_px),
        "use 16 to 8192 pixels");
  }
  if (container == FilmContainer::kMp4 && (options.width_px % 2 != 0 || options.height_px % 2 != 0)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot be {}x{} pixels large: H.264 stores colour per 2x2 pixels",
                            path.string(), options.width_px, options.height_px),
                "use an even width and height");
  }
  if (container == FilmContainer::kMp4 && options.transparent) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("'{}' cannot be transparent: H.264 has no alpha", path.string()),
                "end the name in .webm, or in .webp");
  }
  if (options.frame_rate_hz < 1 || options.frame_rate_hz > 240) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot have {} frames per second", path.string(), options.frame_rate_hz),
                "use 1 to 240");
  }
  if (options.with_sound && (options.sample_rate_hz < 8000 || options.sample_rate_hz > 192000)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot have sound of {} Hz", path.string(), options.sample_rate_hz),
                "use 8000 to 192000 Hz");
  }
  if (options.quality < 0 || options.quality > 50) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the quality of '{}' cannot be {}", path.string(), options.quality),
                "use 0 (best) to 50; 20 is the default");
  }
}

}  // namespace

struct FilmWriter::State {
  State(const std::filesystem::path& path, const FilmWriterOptions& wanted) : options(wanted), file(path) {}

  double frames_s() const { return static_cast<double>(frames) / options.frame_rate_hz; }
  double sound_s() const { return static_cast<double>(samples) / options.sample_rate_hz; }

  FilmWriterOptions options;
  OutputFile file;
  std::unique_ptr<FilmMuxer> muxer;  // after `file`: it stops writing before the file is removed
  std::int64_t frames = 0;
  std::int64_t samples = 0;
  bool finished = false;
};

FilmWriter::FilmWriter(const std::filesystem::path& path, const FilmWriterOptions& options) {
  check(path, options);
  state_ = std::make_unique<State>(path, options);
  state_->muxer = make_muxer(state_->file, options);
}

FilmWriter::~FilmWriter() = default;

void FilmWriter::write_frame(const Image& frame) {
  State& state = *state_;
  const int channels = state.options.transparent ? 4 : 3;
  if (frame.width != state.options.width_px || frame.height != state.options.height_px ||
      frame.channels != channels ||
      frame.pixels.size() != static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) *
                                 static_cast<std::size_t>(channels)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("frame {} of '{}' is {}x{} with {} channels instead of {}x{} with {}",
                            state.frames, state.file.path().string(), frame.width, frame.height,
                            frame.channels, state.options.width_px, state.options.height_px, channels));
  }
  if (state.finished)
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is finished already", state.file.path().string()));
  if (state.options.with_sound && state.frames_s() - state.sound_s() > kLeadLimit_s) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the frames of '{}' are over {} s ahead of its sound", state.file.path().string(),
                            kLeadLimit_s),
                "write them in turn, or set with_sound to false");
  }
  state.muxer->write_frame(frame);
  ++state.frames;
}

void FilmWriter::write_sound(std::span<const float> mono_samples) {
  State& state = *state_;
  if (!state.options.with_sound || state.finished) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' {}", state.file.path().string(),
                            state.finished ? "is finished already" : "was opened without sound"));
  }
  if (state.sound_s() - state.frames_s() > kLeadLimit_s) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the sound of '{}' is over {} s ahead of its frames", state.file.path().string(),
                            kLeadLimit_s),
                "write them in turn");
  }
  state.muxer->write_sound(mono_samples);
  state.samples += static_cast<std::int64_t>(mono_samples.size());
}

void FilmWriter::finish() {
  State& state = *state_;
  if (state.finished) return;
  if (state.frames == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' would have no frame", state.file.path().string()));
  }
  if (state.options.with_sound && state.samples == 0) {
    write_sound(std::vector<float>(static_cast<std::size_t>(state.options.sample_rate_hz) / 10));
  }
  state.muxer->close();
  const bool mp4 = container_of(state.file.path()) == FilmContainer::kMp4;
  state.file.publish(mp4 ? content_label_mp4_box(state.options.title) : std::vector<std::byte>());
  state.finished = true;
}

}  // namespace anima::media
