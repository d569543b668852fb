// A report as one HTML page that needs nothing else: plots are inline SVG, pictures are embedded.
#pragma once

#include <string>

#include "evaluate/report.h"

namespace anima::evaluate {

// Light or dark as the reader's system asks. Pictures are JPEG (quality 92) inside of the page.
std::string to_html(const Report& report);

}  // namespace anima::evaluate
