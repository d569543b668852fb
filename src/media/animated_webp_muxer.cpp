// Animated WebP (https://developers.google.com/speed/webp/docs/riff_container), by libwebp.

#include <fmt/format.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <algorithm>
#include <memory>
#include <string>

#include "core/error.h"
#include "core/files.h"
#include "media/content_label.h"
#include "media/film_muxer.h"

namespace anima::media {
namespace {

// The encoder keeps all compressed frames in memory until the end: some 10 kB each.
constexpr double kLongest_s = 60;

struct Deleter {
  void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
  void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};

// Owns the memory that libwebp has allocated for an assembled file.
struct WebpBytes {
  WebpBytes() { WebPDataInit(&data); }
  ~WebpBytes() { WebPDataClear(&data); }
  WebpBytes(const WebpBytes&) = delete;
  WebpBytes& operator=(const WebpBytes&) = delete;
  WebPData data;
};

class AnimatedWebpMuxer : public FilmMuxer {
 public:
  AnimatedWebpMuxer(const OutputFile& file, const FilmWriterOptions& options)
      : options_(options), target_(file.path()), temporary_(file.temporary()) {
    WebPAnimEncoderOptions encoding;
    if (WebPAnimEncoderOptionsInit(&encoding) == 0 || WebPConfigInit(&config_) == 0)
      fail("of another version");
    encoding.anim_params.loop_count = 0;  // without end
    encoding.kmax = 100;
    encoding.kmin = 50;
    // The scale of the other encoders, whose 20 is hardly to be told from the film.
    config_.quality = static_cast<float>(std::clamp(100 - 1.5 * options.quality, 5.0, 100.0));
    config_.method = 4;
    encoder_.reset(WebPAnimEncoderNew(options.width_px, options.height_px, &encoding));
    if (!encoder_) fail("not able to begin");
  }

  void write_frame(const Image& frame) override {
    if (time_ms() > 1000 * kLongest_s) {
      throw Error(ErrorCode::kUnsupported,
                  fmt::format("'{}' would be longer than {} s, too long for a moving picture",
                              target_.string(), kLongest_s),
                  "end the name in .mp4, or in .webm");
    }
    WebPPicture picture;
    if (WebPPictureInit(&picture) == 0) fail("of another version");
    picture.use_argb = 1;
    picture.width = frame.width;
    picture.height = frame.height;
    const int stride = frame.width * frame.channels;
    const int imported = frame.channels == 4 ? WebPPictureImportRGBA(&picture, frame.pixels.data(), stride)
                                             : WebPPictureImportRGB(&picture, frame.pixels.data(), stride);
    const bool added =
        imported != 0 && WebPAnimEncoderAdd(encoder_.get(), &picture, time_ms(), &config_) != 0;
    WebPPictureFree(&picture);
    if (!added) fail(WebPAnimEncoderGetError(encoder_.get()));
    ++frames_;
  }

  void write_sound(std::span<const float>) override {}  // a picture has none

  void close() override {
    WebpBytes animation;
    if (WebPAnimEncoderAdd(encoder_.get(), nullptr, time_ms(), nullptr) == 0 ||
        WebPAnimEncoderAssemble(encoder_.get(), &animation.data) == 0) {
      fail(WebPAnimEncoderGetError(encoder_.get()));
    }
    encoder_.reset();
    const std::unique_ptr<WebPMux, Deleter> mux(WebPMuxCreate(&animation.data, 1));
    const std::string label = content_label_xmp(options_.title);
    const WebPData xmp{reinterpret_cast<const std::uint8_t*>(label.data()), label.size()};
    WebpBytes labelled;
    if (!mux || WebPMuxSetChunk(mux.get(), "XMP ", &xmp, 1) != WEBP_MUX_OK ||
        WebPMuxAssemble(mux.get(), &labelled.data) != WEBP_MUX_OK) {
      fail("not able to add the label");
    }
    write_file_atomically(temporary_, std::as_bytes(std::span(labelled.data.bytes, labelled.data.size)));
  }

 private:
  int time_ms() const { return static_cast<int>(frames_ * 1000 / options_.frame_rate_hz); }
  [[noreturn]] void fail(const char* what) const {
    throw Error(ErrorCode::kInternal, fmt::format("'{}' cannot be written as WebP", target_.string()), "",
                fmt::format("libwebp: {}", what));
  }

  FilmWriterOptions options_;
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  WebPConfig config_{};
  std::unique_ptr<WebPAnimEncoder, Deleter> encoder_;
  std::int64_t frames_ = 0;
};

}  // namespace

std::unique_ptr<FilmMuxer> make_animated_webp_muxer(const OutputFile& file,
                                                    const FilmWriterOptions& options) {
  return std::make_unique<AnimatedWebpMuxer>(file, options);
}

}  // namespace anima::media
