#include "evaluate/report.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "evaluate/html_report.h"
#include "evaluate/svg_plot.h"

namespace anima::evaluate {
namespace {

Report example() {
  Report report;
  report.person = "a<b>&\"c\"";
  report.notes = {"held-out part: 12 frames"};
  report.scores.push_back({"psnr_head_tracked", "PSNR head", 31.5, "dB", 31, 34, true});
  report.scores.push_back({"lmd_sound", "LMD", 4.0, "px", 3.2, 2.5, false});
  report.scores.push_back({.key = "renderer_fps", .label = "renderer", .unit = "fps"});
  report.scores.push_back({"avatar_bytes", "avatar file", 1234567, "", NAN, NAN, false});
  report.plots.push_back(
      {"Lip opening", "time (s)", "px", 0, 0.04, {{"true", {0, 1, NAN, 3}}, {"predicted", {1, 1, 1, 1}}}});
  Image picture(32, 16, 3);
  report.strips.push_back({"first frame", picture});
  return report;
}

TEST(Report, JsonIsFlatAndKeepsTheKeys) {
  const auto json = to_json(example());
  EXPECT_DOUBLE_EQ(json.at("psnr_head_tracked").get<double>(), 31.5);
  EXPECT_TRUE(json.at("renderer_fps").is_null());
  EXPECT_EQ(json.at("avatar_bytes").dump(), "1234567");
  for (const auto& [key, value] : json.items()) EXPECT_FALSE(value.is_object()) << key;
}

TEST(Report, GoalsAreJudgedInTheirDirection) {
  const std::string text = to_text(example());
  EXPECT_NE(text.find("must met"), std::string::npos);
  EXPECT_NE(text.find("MISSED"), std::string::npos);
  EXPECT_TRUE(example().scores[0].meets_must());
  EXPECT_FALSE(example().scores[0].meets_aim());
  EXPECT_FALSE(example().scores[1].meets_must());
  EXPECT_TRUE(std::isnan(example().value("no_such_key")));
}

TEST(Report, ValuesAreShownForPeople) {
  EXPECT_EQ(shown_value(31.516, "dB"), "31.52 dB");
  EXPECT_EQ(shown_value(6801723, "B"), "6.8 MB");
  EXPECT_EQ(shown_value(1.5e9, "B"), "1.50 GB");
  EXPECT_EQ(shown_value(224.8, "s"), "225 s");
  EXPECT_EQ(shown_value(102, ""), "102");
  EXPECT_EQ(shown_value(NAN, "dB"), "-");
}

TEST(Report, HtmlNeedsNothingElseAndEscapesText) {
  const std::string page = to_html(example());
  EXPECT_EQ(page.find("<b>"), std::string::npos);
  EXPECT_NE(page.find("a&lt;b&gt;&amp;&quot;c&quot;"), std::string::npos);
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
  EXPECT_NE(page.find("data:image/jpeg;base64,/9j/"), std::string::npos);
  EXPECT_NE(page.find("<svg"), std::string::npos);
}

TEST(Report, AGapBreaksTheCurve) {
  const std::string svg = svg_plot(example().plots[0]);
  const std::size_t path = svg.find("curve-0\" d=\"");
  ASSERT_NE(path, std::string::npos);
  const std::string d = svg.substr(path, svg.find("\"/>", path) - path);
  EXPECT_EQ(std::count(d.begin(), d.end(), 'M'), 2);
  EXPECT_NE(svg_plot(Plot{"nothing", "", "", 0, 1, {}}).find("no values"), std::string::npos);
}

TEST(Report, StripsJoinPicturesOfOneSize) {
  const Image strip = side_by_side({Image(10, 8, 3), Image(6, 8, 3)}, 2);
  EXPECT_EQ(strip.width, 18);
  EXPECT_EQ(strip.height, 8);
  EXPECT_EQ(strip.row(0)[10 * 3], 128);
  EXPECT_EQ(stacked({Image(10, 8, 3), Image(10, 4, 3)}, 2).height, 14);
  EXPECT_THROW(side_by_side({Image(10, 8, 3), Image(6, 9, 3)}), Error);
  EXPECT_THROW(side_by_side({}), Error);
}

}  // namespace
}  // namespace anima::evaluate
