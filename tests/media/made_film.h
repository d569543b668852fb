// Small films made with GStreamer for the tests, with whatever oddity a test needs.
#pragma once

#include <gst/app/gstappsrc.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/image.h"
#include "media/gstreamer_runtime.h"

namespace anima::media::test {

struct MadeFilm {
  int width_px = 64;
  int height_px = 48;
  std::vector<double> times_s = {};                                                  // of the frames
  std::string video = "x264enc pass=quant quantizer=8 bframes=0 ! mp4mux name=mux";  // encoder and muxer
  std::string sound = "avenc_aac";
  std::vector<float> samples = {};  // none: no sound track
  double sound_start_s = 0;
  int sample_rate_hz = 48000;
  int aspect_numerator = 1;
  int aspect_denominator = 1;
  int frame_rate_hz = 0;  // as the encoder is told; 0: only the times tell
};

// Four colours, so that every turn shows, around a grey square whose level tells the frame.
inline Image numbered_frame(int index, int width, int height, int channels = 3) {
  Image frame(width, height, channels);
  constexpr std::uint8_t kCorners[4][3] = {{220, 40, 40}, {40, 200, 40}, {40, 40, 220}, {220, 220, 60}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t* pixel = frame.row(y) + x * channels;
      const bool middle = x >= width / 4 && x < width * 3 / 4 && y >= height / 4 && y < height * 3 / 4;
      const std::uint8_t* corner = kCorners[(y >= height / 2 ? 2 : 0) + (x >= width / 2 ? 1 : 0)];
      for (int c = 0; c < 3; ++c) pixel[c] = middle ? static_cast<std::uint8_t>(20 + 4 * index) : corner[c];
      if (channels == 4) pixel[3] = middle ? 255 : static_cast<std::uint8_t>(x * 255 / width);
    }
  }
  return frame;
}

inline int number_of(const Image& frame) {
  const std::uint8_t* middle = frame.row(frame.height / 2) + frame.width / 2 * frame.channels;
  return static_cast<int>(std::lround((middle[1] - 20) / 4.0));
}

inline std::vector<double> even_times(int count, double rate_hz) {
  std::vector<double> times_s;
  for (int i = 0; i < count; ++i) times_s.push_back(i / rate_hz);
  return times_s;
}

// A tone burst of 5 ms at each whole second, the sharpest thing that codecs keep in place.
inline std::vector<float> clicks(double duration_s, int rate_hz) {
  std::vector<float> samples(static_cast<std::size_t>(duration_s * rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    const double since = t - std::floor(t);
    if (t >= 1 && since < 0.005) samples[i] = static_cast<float>(0.8 * std::sin(2 * M_PI * 2000 * since));
  }
  return samples;
}

// Gliding tones in syllables, full of transitions but without noise, which codecs may change freely.
inline std::vector<float> syllables(double duration_s, int rate_hz) {
  std::vector<float> samples(static_cast<std::size_t>(std::lround(duration_s * rate_hz)));
  double phase = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    phase += 2 * M_PI * (180 + 60 * std::sin(2 * M_PI * 0.7 * t)) / rate_hz;
    const double loudness = std::max(0.0, std::sin(2 * M_PI * 3.3 * t)) * 0.35;
    samples[i] = static_cast<float>(
        loudness * (std::sin(phase) + 0.5 * std::sin(3 * phase + 1) + 0.25 * std::sin(7 * phase + 2)));
  }
  return samples;
}

// When the first sound above `level` is heard after `from_s`.
inline double first_sound_s(const std::vector<float>& samples, int rate_hz, double from_s = 0,
                            float level = 0.2F) {
  for (std::size_t i = static_cast<std::size_t>(from_s * rate_hz); i < samples.size(); ++i) {
    if (std::abs(samples[i]) > level) return static_cast<double>(i) / rate_hz;
  }
  return -1;
}

inline void push(GstElement* source, const void* data, std::size_t size, double start_s, double length_s) {
  GstBuffer* buffer = gst_buffer_new_memdup(data, size);
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(std::llround(start_s * 1e9));
  GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(std::llround(length_s * 1e9));
  gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
}

inline void make_film(const std::filesystem::path& path, const MadeFilm& film) {
  require_gstreamer();
  std::string text;
  if (!film.times_s.empty()) {
    text += "appsrc name=frames format=time caps=video/x-raw,format=RGB,framerate=" +
            std::to_string(film.frame_rate_hz) + "/1,width=" + std::to_string(film.width_px) +
            ",height=" + std::to_string(film.height_px) +
            ",pixel-aspect-ratio=" + std::to_string(film.aspect_numerator) + "/" +
            std::to_string(film.aspect_denominator) + " ! queue ! videoconvert ! video/x-raw,format=I420 ! " +
            film.video + " ! filesink name=file ";
  }
  if (!film.samples.empty()) {
    text +=
        "appsrc name=sound format=time caps=audio/x-raw,format=F32LE,layout=interleaved,channels=1,rate=" +
        std::to_string(film.sample_rate_hz) + " ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0" +
        " ! audioconvert ! " + film.sound +
        (film.times_s.empty() ? " ! filesink name=file" : " ! queue ! mux.");
  }
  GError* raw = nullptr;
  const Owned<GstElement> pipeline(gst_parse_launch(text.c_str(), &raw));
  ASSERT_TRUE(pipeline && raw == nullptr) << text << ": " << (raw != nullptr ? raw->message : "");
  const auto part = [&](const char* name) {
    return Owned<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline.get()), name));
  };
  g_object_set(part("file").get(), "location", path.c_str(), nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  if (!film.samples.empty()) {
    const auto piece = static_cast<std::size_t>(film.sample_rate_hz / 10);
    for (std::size_t at = 0; at < film.samples.size(); at += piece) {
      const std::size_t count = std::min(piece, film.samples.size() - at);
      push(part("sound").get(), film.samples.data() + at, count * sizeof(float),
           film.sound_start_s + static_cast<double>(at) / film.sample_rate_hz,
           static_cast<double>(count) / film.sample_rate_hz);
    }
    gst_app_src_end_of_stream(GST_APP_SRC(part("sound").get()));
  }
  for (std::size_t i = 0; i < film.times_s.size(); ++i) {
    const Image frame = numbered_frame(static_cast<int>(i), film.width_px, film.height_px);
    const std::size_t stride = static_cast<std::size_t>((film.width_px * 3 + 3) / 4 * 4);
    std::vector<std::uint8_t> padded(stride * static_cast<std::size_t>(film.height_px));
    for (int y = 0; y < film.height_px; ++y) {
      std::memcpy(padded.data() + static_cast<std::size_t>(y) * stride, frame.row(y),
                  static_cast<std::size_t>(film.width_px) * 3);
    }
    const double next_s = i + 1 < film.times_s.size() ? film.times_s[i + 1]
                          : i > 0                     ? 2 * film.times_s[i] - film.times_s[i - 1]
                                                      : film.times_s[i] + 0.04;
    push(part("frames").get(), padded.data(), padded.size(), film.times_s[i], next_s - film.times_s[i]);
  }
  if (!film.times_s.empty()) gst_app_src_end_of_stream(GST_APP_SRC(part("frames").get()));
  const Owned<GstBus> bus(gst_element_get_bus(pipeline.get()));
  const Owned<GstMessage> message(gst_bus_timed_pop_filtered(
      bus.get(), 30 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  ASSERT_TRUE(message) << "making " << path << " timed out";
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
    GError* failure = nullptr;
    gst_message_parse_error(message.get(), &failure, nullptr);
    const Owned<GError> owned(failure);
    FAIL() << text << ": " << failure->message;
  }
}

// Sets the rotation flag of an MP4 film's first track, as phones do: the matrix in its track
// header (ISO/IEC 14496-12, 8.3.2).
inline void set_rotation(const std::filesystem::path& path, int degrees) {
  std::string bytes = read_text_file(path, 1U << 24U);
  const std::size_t header = bytes.find("tkhd");
  ASSERT_NE(header, std::string::npos);
  const int cosine = degrees == 0 ? 1 : degrees == 180 ? -1 : 0;
  const int sine = degrees == 90 ? 1 : degrees == 270 ? -1 : 0;
  const int matrix[9] = {cosine * 0x10000, sine * 0x10000, 0, -sine * 0x10000, cosine * 0x10000, 0, 0, 0,
                         0x40000000};
  for (int i = 0; i < 9; ++i) {
    for (int byte = 0; byte < 4; ++byte) {
      bytes[header + 44 + static_cast<std::size_t>(4 * i + byte)] =
          static_cast<char>(static_cast<unsigned>(matrix[i]) >> (24U - 8U * static_cast<unsigned>(byte)));
    }
  }
  write_file_atomically(path, bytes);
}

// A folder of its own for each test, removed after it.
class MediaTest : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("anima-") + test->test_suite_name() + "-" + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

}  // namespace anima::media::test
