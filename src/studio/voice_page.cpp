#include "studio/voice_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "audio/fourier.h"
#include "audio/resampler.h"
#include "audio/vocoder_pitch.h"
#include "core/files.h"
#include "media/film_writer.h"
#include "studio/picture_file.h"

namespace anima::studio {
namespace {

constexpr int kPictureRate_hz = 16000;
constexpr int kWindow = 512;
constexpr int kColumnHop = 80;  // 5 ms
constexpr int kHeight_px = kWindow / 2 + 1;
constexpr double kPitchScale_hz = 2;  // one pixel: the curve is drawn five times as high as true scale allows

struct Row {
  std::string figure;
  std::string value;
  std::string must;
  std::string aim;
};

std::vector<Row> rows_of(const voice::VoiceMeasurement& m) {
  std::vector<Row> rows;
  if (m.words > 0) {
    rows.push_back(
        {"words lost to conversion",
         fmt::format("{:.1f} % ({} of {}; the source speaker itself: {})",
                     100.0 * std::max(0, m.clone_word_errors - m.source_word_errors) / m.words,
                     std::max(0, m.clone_word_errors - m.source_word_errors), m.words, m.source_word_errors),
         "<= 2 %", "0 %"});
    rows.push_back(
        {"word error rate of the clone", fmt::format("{:.1f} %", 100 * m.word_error_rate()), "", ""});
  }
  if (m.short_reference_word_errors >= 0) {
    rows.push_back({"10 s reference: word error rate",
                    fmt::format("{:.1f} % ({} of {})", 100 * m.short_reference_word_error_rate(),
                                m.short_reference_word_errors, m.words),
                    "<= 4 %", "<= 1 %"});
  }
  rows.push_back({"phone identity kept", fmt::format("{:.3f}", m.phones_kept), "", ""});
  rows.push_back({"likeness, channel-normalised",
                  fmt::format("{:.0f} % of real speech ({:.2f} of {:.2f}; source speaker {:.2f})",
                              100 * m.likeness_share(), m.clone.channel_normalised,
                              m.person.channel_normalised, m.source.channel_normalised),
                  ">= 40 %", ">= 80 %"});
  rows.push_back({"likeness, with the microphone",
                  fmt::format("{:.2f} of {:.2f}", m.clone.plain, m.person.plain), "", ""});
  rows.push_back({"pitch, median", fmt::format("{:.1f} Hz of {:.1f} Hz", m.clone_pitch_hz, m.person_pitch_hz),
                  "within 5 Hz", "within 2 Hz"});
  rows.push_back({"speed, one core", fmt::format("{:.1f} x real time", m.speed), ">= 4 x", ">= 15 x"});
  rows.push_back({"first sound after the first clause",
                  fmt::format("{:.0f} ms ({:.0f} ms of work)", 1000 * m.stream.first_sound_s,
                              1000 * m.first_sound_work_s),
                  "<= 200 ms", "<= 80 ms"});
  rows.push_back({"sound after a stop was asked for",
                  fmt::format("{:.0f} ms (all ended after {:.0f} ms)", 1000 * m.stream.sound_after_cancel_s,
                              1000 * m.stream.cancel_s),
                  "<= 50 ms", ""});
  rows.push_back(
      {"enrolment of 60 s",
       fmt::format("{:.1f} s (of {:.0f} s: {:.1f} s)", m.enrolment_60_s, m.reference_s, m.enrolment_s),
       "<= 10 s", "<= 3 s"});
  rows.push_back({"clicks at joins",
                  fmt::format("{} in {} (greatest step {:.3f}; a click is over {:.2f})", m.stream.clicks,
                              m.stream.joins, m.stream.greatest_join_step, voice::kClickStep),
                  "none", "none"});
  rows.push_back(
      {"clipped samples", fmt::format("{}", m.clipped_samples + m.stream.clipped_samples), "none", "none"});
  rows.push_back({"greatest step within speech", fmt::format("{:.2f}", m.greatest_step), "", ""});
  return rows;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '<') {
      result += "&lt;";
    } else if (c == '&') {
      result += "&amp;";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

nlohmann::ordered_json to_json(const voice::VoiceMeasurement& m) {
  nlohmann::ordered_json json = {
      {"language", m.language},
      {"reference_s", m.reference_s},
      {"held_out_s", m.held_out_s},
      {"phones_kept", m.phones_kept},
      {"likeness_share", m.likeness_share()},
      {"likeness_person", {{"plain", m.person.plain}, {"channel_normalised", m.person.channel_normalised}}},
      {"likeness_clone", {{"plain", m.clone.plain}, {"channel_normalised", m.clone.channel_normalised}}},
      {"likeness_source", {{"plain", m.source.plain}, {"channel_normalised", m.source.channel_normalised}}},
      {"person_pitch_hz", m.person_pitch_hz},
      {"clone_pitch_hz", m.clone_pitch_hz},
      {"enrolment_s", m.enrolment_s},
      {"enrolment_60_s", m.enrolment_60_s},
      {"speed_x_real_time", m.speed},
      {"first_sound_s", m.stream.first_sound_s},
      {"first_sound_work_s", m.first_sound_work_s},
      {"sound_after_cancel_s", m.stream.sound_after_cancel_s},
      {"cancel_s", m.stream.cancel_s},
      {"joins", m.stream.joins},
      {"clicks_at_joins", m.stream.clicks},
      {"greatest_join_step", m.stream.greatest_join_step},
      {"greatest_step", m.greatest_step},
      {"clipped_samples", m.clipped_samples + m.stream.clipped_samples}};
  if (m.words > 0) {
    json["words"] = m.words;
    json["clone_word_errors"] = m.clone_word_errors;
    json["source_word_errors"] = m.source_word_errors;
    json["word_error_rate"] = m.word_error_rate();
    if (m.short_reference_word_errors >= 0)
      json["short_reference_word_error_rate"] = m.short_reference_word_error_rate();
  }
  return json;
}

std::string to_text(const voice::VoiceMeasurement& m) {
  std::string text = fmt::format("enrolled: the first {:.0f} s; compared with the {:.0f} s after them\n",
                                 m.reference_s, m.held_out_s);
  for (const Row& row : rows_of(m)) {
    text += fmt::format("  {:<32} {}{}\n", row.figure, row.value,
                        row.must.empty() ? "" : fmt::format("   (must {}, aim {})", row.must, row.aim));
  }
  if (m.words <= 0) {
    text += m.language == "en" ? "words were not counted: install the package pocketsphinx\n"
                               : "words were not counted: no recogniser of this language is embedded\n";
  }
  return text;
}

Image draw_spectrogram(const Sound& sound, double limit_s) {
  Sound at_16k = audio::resample(sound, kPictureRate_hz);
  at_16k.samples.resize(std::min(at_16k.samples.size(), static_cast<std::size_t>(limit_s * kPictureRate_hz)));
  const int columns = std::max(1, static_cast<int>(at_16k.samples.size()) / kColumnHop);
  Image picture(columns, kHeight_px, 3);
  audio::RealFourier fourier(kWindow);
  std::vector<float> frame(kWindow);
  std::vector<std::complex<float>> spectrum(kHeight_px);
  const auto count = static_cast<long long>(at_16k.samples.size());
  for (int x = 0; x < columns; ++x) {
    for (int i = 0; i < kWindow; ++i) {
      const long long index = static_cast<long long>(x) * kColumnHop + i - kWindow / 2;
      const float window = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / kWindow));
      frame[static_cast<std::size_t>(i)] =
          index >= 0 && index < count ? window * at_16k.samples[static_cast<std::size_t>(index)] : 0.0F;
    }
    fourier.forward(frame, spectrum);
    for (int k = 0; k < kHeight_px; ++k) {
      const double level_db = 10 * std::log10(std::norm(spectrum[static_cast<std::size_t>(k)]) + 1e-9);
      const double brightness = std::clamp((level_db + 50) / 80, 0.0, 1.0);
      std::uint8_t* pixel = picture.row(kHeight_px - 1 - k) + 3 * x;
      pixel[0] = static_cast<std::uint8_t>(255 * std::sqrt(brightness));
      pixel[1] = static_cast<std::uint8_t>(255 * brightness * brightness);
      pixel[2] = static_cast<std::uint8_t>(255 * (brightness < 0.5 ? brightness : 1 - brightness));
    }
  }
  const std::vector<float> pitch = audio::track_vocoder_pitch(at_16k).f0_hz;
  for (int x = 0; x < std::min(columns, static_cast<int>(pitch.size())); ++x) {
    if (pitch[static_cast<std::size_t>(x)] <= 0) continue;
    const int y = kHeight_px - 1 - static_cast<int>(pitch[static_cast<std::size_t>(x)] / kPitchScale_hz);
    for (int thick = 0; thick < 2; ++thick) {
      if (y - thick < 0 || y - thick >= kHeight_px) continue;
      std::uint8_t* pixel = picture.row(y - thick) + 3 * x;
      pixel[0] = 60;
      pixel[1] = 255;
      pixel[2] = 90;
    }
  }
  return picture;
}

void write_voice_page(const std::filesystem::path& folder, const std::string& name,
                      const voice::VoiceMeasurement& m) {
  std::string html = fmt::format(
      "<!doctype html><meta charset=\"utf-8\"><title>{0}</title><style>body{{font:16px "
      "sans-serif;margin:2em;max-width:75em}}"
      "td,th{{text-align:left;padding:.2em 1.5em .2em "
      "0}}img{{width:100%;image-rendering:pixelated;height:260px}}</style>"
      "<h1>The voice {0}</h1><p>Enrolled: the first {1:.0f} s of the recording. Compared with the {2:.0f} s "
      "after them. "
      "The clone's sounds are generated by AI.</p><table><tr><th>figure<th>value<th>must<th>aim",
      escaped(name), m.reference_s, m.held_out_s);
  for (const Row& row : rows_of(m)) {
    html += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}", row.figure, row.value, escaped(row.must),
                        escaped(row.aim));
  }
  html += "</table><h2>The person (held out)</h2><img src=\"measure-person.png\"><h2>The clone</h2>";
  write_png(folder / "measure-person.png", draw_spectrogram(m.held_out));
  for (std::size_t i = 0; i < m.sounds.size(); ++i) {
    const std::string file = fmt::format("measure-{}", i + 1);
    media::write_wav(folder / (file + ".wav"), m.sounds[i], m.said[i]);
    html +=
        fmt::format("<p>{}{}<br><audio controls src=\"{}.wav\"></audio>", escaped(m.said[i]),
                    i < m.heard.size() ? "<br><small>heard: " + escaped(m.heard[i]) + "</small>" : "", file);
    if (i < 3) {
      write_png(folder / (file + ".png"), draw_spectrogram(m.sounds[i]));
      html += fmt::format("<img src=\"{}.png\">", file);
    }
  }
  write_file_atomically(folder / "measure.html", html + "\n");
}

}  // namespace anima::studio
