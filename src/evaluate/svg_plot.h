// A plot as inline SVG: axes with round tick values, curves, a legend.
#pragma once

#include <string>

#include "evaluate/report.h"

namespace anima::evaluate {

// Colours come from the page's style sheet (classes curve-0 to curve-5, axis, grid, label), so
// that it reads well on light and dark pages. All text is escaped. Values that are not finite
// leave gaps; a plot without any value says so.
std::string svg_plot(const Plot& plot, int width_px = 860, int height_px = 240);

// Text safe inside of HTML and SVG, attributes included.
std::string escape_html(const std::string& text);

}  // namespace anima::evaluate
