#include "evaluate/html_report.h"

#include <fmt/format.h>

#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <span>

#include "core/base64.h"
#include "core/error.h"
#include "evaluate/svg_plot.h"

namespace anima::evaluate {
namespace {

// Curve colours keep a contrast of at least 3:1 on both backgrounds.
constexpr const char* kStyle = R"css(
:root { color-scheme: light dark; --back: #fbfaf8; --fore: #22262b; --soft: #6b7280; --line: #d9d6d0;
  --good: #1a7f4b; --fair: #9a6700; --bad: #c0362c;
  --c0: #2f6fdb; --c1: #d9822b; --c2: #2a9d6f; --c3: #b5449e; --c4: #7a6ff0; --c5: #8a8f98; }
@media (prefers-color-scheme: dark) { :root { --back: #16181c; --fore: #e8e6e3; --soft: #9aa1ab; --line: #333840;
  --good: #4cc38a; --fair: #e2a336; --bad: #f2776b;
  --c0: #6ea8fe; --c1: #f0a35e; --c2: #5cc9a0; --c3: #e08ad0; --c4: #a79fff; --c5: #a8adb6; } }
body { background: var(--back); color: var(--fore); font: 16px/1.55 system-ui, sans-serif; margin: 0 auto;
  max-width: 60rem; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; }
td:nth-child(3) { white-space: nowrap; }
.good { color: var(--good); } .fair { color: var(--fair); } .bad { color: var(--bad); } .soft { color: var(--soft); }
svg { width: 100%; height: auto; } .scroll { overflow-x: auto; }
svg .grid { stroke: var(--line); stroke-width: 1; } svg .label { fill: var(--soft); font-size: 12px; }
svg .legend { font-size: 12px; font-weight: 600; } svg .curve { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
)css";

std::string curve_style() {
  std::string css;
  for (int i = 0; i < 6; ++i) {
    css += fmt::format(".curve-{0} {{ stroke: var(--c{0}); }} .curve-text-{0} {{ fill: var(--c{0}); }}\n", i);
  }
  return css;
}

std::string table_row(const Score& score) {
  std::string verdict = "<td></td>";
  std::string goal = "<td></td>";
  if (score.has_goal()) {
    const char* sign = score.higher_is_better ? "≥" : "≤";
    goal = fmt::format("<td class=\"soft\">must {} {}, aim {} {}</td>", sign,
                       shown_value(score.must, score.unit), sign, shown_value(score.aim, score.unit));
    if (!std::isfinite(score.value)) {
      verdict = "<td class=\"soft\">not measured</td>";
    } else if (score.meets_aim()) {
      verdict = "<td class=\"good\">aim met</td>";
    } else if (score.meets_must()) {
      verdict = "<td class=\"fair\">must met</td>";
    } else {
      verdict = "<td class=\"bad\">missed</td>";
    }
  }
  return fmt::format("<tr><td>{}</td><td class=\"number\">{}</td>{}{}</tr>\n", escape_html(score.label),
                     escape_html(shown_value(score.value, score.unit)), verdict, goal);
}

std::string picture_data(const Image& picture) {
  const cv::Mat rgb(picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.pixels.data()));
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<unsigned char> bytes;
  if (!cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, 92})) {
    throw Error(ErrorCode::kInternal,
                fmt::format("a strip of {}x{} could not be encoded as JPEG", picture.width, picture.height));
  }
  return "data:image/jpeg;base64," + encode_base64(std::as_bytes(std::span(bytes)));
}

}  // namespace

std::string to_html(const Report& report) {
  const std::string title = "Anima: how good is " + report.person + "?";
  std::string page = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += "<meta name=\"ai-generated\" content=\"true\">\n";
  page += "<title>" + escape_html(title) + "</title>\n<style>" + kStyle + curve_style() + "</style>\n";
  page += "<h1>" + escape_html(title) + "</h1>\n";
  for (const std::string& note : report.notes) page += "<p class=\"soft\">" + escape_html(note) + "</p>\n";
  page += "<h2>Figures</h2>\n<div class=\"scroll\"><table>\n";
  page += "<tr><th>figure</th><th class=\"number\">value</th><th>verdict</th><th>goal</th></tr>\n";
  for (const Score& score : report.scores) page += table_row(score);
  page += "</table></div>\n";
  for (const Plot& plot : report.plots) {
    page += "<h2>" + escape_html(plot.title) + "</h2>\n" + svg_plot(plot);
  }
  for (const Strip& strip : report.strips) {
    page += "<h2>" + escape_html(strip.title) + "</h2>\n<div class=\"scroll\"><img alt=\"" +
            escape_html(strip.title) + "\" src=\"" + picture_data(strip.picture) + "\"></div>\n";
  }
  return page + "</html>\n";
}

}  // namespace anima::evaluate
