// A report as one HTML page that needs nothing else: plots are inline SVG, pictures are embedded.
#pragma once

#include <string>

#include "evaluate/report.h"

namespace anima::evaluate {

// Light or dark as the reader's system asks. Pictures are JPEG (quality 92) inside of the page.
std::string to_html(const Report& report);

// Standard base64 with padding (RFC 4648, section 4).
std::string base64(const std::vector<unsigned char>& bytes);

}  // namespace anima::evaluate
