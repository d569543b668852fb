// Which of the GStreamer elements that Anima needs are installed.
#pragma once

#include <string>
#include <vector>

namespace anima::media {

struct InstalledElement {
  std::string name;     // "x264enc"
  std::string purpose;  // "write H.264"
  std::string package;  // Debian package that holds it
  bool installed = false;
  bool needed = true;  // false: only some films or outputs need it
};

// Throws Error(kNotReady) when GStreamer itself cannot start.
std::vector<InstalledElement> installed_elements();

// "GStreamer 1.22.0"
std::string gstreamer_version();

}  // namespace anima::media
