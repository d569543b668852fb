// The machine-readable mark of generated content: what it says, and how it is recognised.
//
// It stands in each file twice: as a small JSON text in the comment tag, which any tool prints,
// and as an XMP packet with IPTC's Digital Source Type "trainedAlgorithmicMedia"
// (https://cv.iptc.org/newscodes/digitalsourcetype/), which content platforms look for.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace anima::media {

// {"ai_generated":true,"digital_source_type":...,"generator":"Anima","version":...}
std::string content_label_json();

// The XMP packet (ISO 16684-1) with dc:title when `title` is not empty.
std::string content_label_xmp(const std::string& title);

// Whether a comment text, of one or more lines, holds the label. Any text is safe to ask about.
bool is_content_label(const std::string& comment);

// Two iTXt chunks for a PNG file, to stand right after its IHDR chunk: the XMP packet (XMP specification
// part 3, 1.1.5) and the JSON text as its "Comment".
std::vector<std::byte> content_label_png_chunks(const std::string& title);

// The XMP packet as a top-level `uuid` box, to append to an MP4 file (XMP specification part 3, 1.2.7.1).
std::vector<std::byte> content_label_mp4_box(const std::string& title);

}  // namespace anima::media
