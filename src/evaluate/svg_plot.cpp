#include "evaluate/svg_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace anima::evaluate {
namespace {

constexpr int kCurveColours = 6;

// 1, 2 or 5 times a power of ten, so that about `ticks` steps cover the range.
double round_step(double range, int ticks) {
  const double rough = range / ticks;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double lead = rough / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

struct Axis {
  double low = 0;
  double high = 1;
  double step = 0.2;
};

Axis axis_over(double low, double high, int ticks) {
  if (!(high > low)) {
    const double grow = std::max(0.5, std::abs(low) * 0.1);
    low -= grow;
    high += grow;
  }
  const double step = round_step(high - low, ticks);
  return {std::floor(low / step) * step, std::ceil(high / step) * step, step};
}

}  // namespace

std::string escape_html(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string svg_plot(const Plot& plot, int width_px, int height_px) {
  double low = INFINITY;
  double high = -INFINITY;
  std::size_t longest = 0;
  for (const Curve& curve : plot.curves) {
    longest = std::max(longest, curve.values.size());
    for (const double v : curve.values) {
      if (!std::isfinite(v)) continue;
      low = std::min(low, v);
      high = std::max(high, v);
    }
  }
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", width_px,
                                height_px, escape_html(plot.title));
  if (!(high >= low) || longest == 0) {
    return svg +
           fmt::format(
               "<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">no values</text>\n</svg>\n",
               width_px / 2, height_px / 2);
  }

  const double left = 56;
  const double right = width_px - 12;
  const double top = 24;
  const double bottom = height_px - 36;
  const Axis y_axis = axis_over(low, high, 5);
  const double x_end =
      plot.x_start + plot.x_step * static_cast<double>(std::max<std::size_t>(longest - 1, 1));
  const auto x_of = [&](double x) {
    return left + (x - plot.x_start) / (x_end - plot.x_start) * (right - left);
  };
  const auto y_of = [&](double y) {
    return bottom - (y - y_axis.low) / (y_axis.high - y_axis.low) * (bottom - top);
  };

  for (int i = 0; y_axis.low + i * y_axis.step <= y_axis.high + 1e-9 * y_axis.step; ++i) {
    const double value = y_axis.low + i * y_axis.step;
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>\n",
        left, right, y_of(value), y_of(value), left - 6, y_of(value) + 4,
        std::abs(value) < 1e-12 ? 0 : value);
  }
  const double x_step = round_step(x_end - plot.x_start, 8);
  for (int i = 0;; ++i) {
    const double value = (std::ceil(plot.x_start / x_step) + i) * x_step;
    if (value > x_end + 1e-9 * x_step) break;
    svg += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:g}</text>\n",
                       x_of(value), bottom + 16, std::abs(value) < 1e-12 ? 0 : value);
  }
  svg += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                     (left + right) / 2, bottom + 32, escape_html(plot.x_label));
  svg += fmt::format("<text class=\"label\" x=\"4\" y=\"14\">{}</text>\n", escape_html(plot.y_label));

  double legend_right = right;
  for (std::size_t c = plot.curves.size(); c-- > 0;) {
    const Curve& curve = plot.curves[c];
    const auto colour = c % kCurveColours;
    std::string path;
    bool pen_down = false;
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      if (!std::isfinite(curve.values[i])) {
        pen_down = false;
        continue;
      }
      path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M",
                          x_of(plot.x_start + plot.x_step * static_cast<double>(i)), y_of(curve.values[i]));
      pen_down = true;
    }
    svg += fmt::format("<path class=\"curve curve-{}\" d=\"{}\"/>\n", colour, path);
    svg += fmt::format(
        "<text class=\"legend curve-text-{}\" x=\"{:.1f}\" y=\"14\" text-anchor=\"end\">{}</text>\n", colour,
        legend_right, escape_html(curve.label));
    legend_right -= 7.0 * static_cast<double>(curve.label.size()) + 18;
  }
  return svg + "</svg>\n";
}

}  // namespace anima::evaluate
