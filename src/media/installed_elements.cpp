#include "media/installed_elements.h"

#include "media/gstreamer_runtime.h"

namespace anima::media {

std::vector<InstalledElement> installed_elements() {
  require_gstreamer();
  std::vector<InstalledElement> elements = {
      {"decodebin", "find a file's streams", "gstreamer1.0-plugins-base", false, true},
      {"qtdemux", "read MP4 and MOV", "gstreamer1.0-plugins-good", false, true},
      {"matroskademux", "read WebM and MKV", "gstreamer1.0-plugins-good", false, true},
      {"wavparse", "read WAV", "gstreamer1.0-plugins-good", false, true},
      {"aiffparse", "read AIFF", "gstreamer1.0-plugins-bad", false, false},
      {"avidemux", "read AVI", "gstreamer1.0-plugins-good", false, false},
      {"oggdemux", "read Ogg", "gstreamer1.0-plugins-base", false, false},
      {"avdec_h264", "decode H.264", "gstreamer1.0-libav", false, true},
      {"avdec_h265", "decode H.265", "gstreamer1.0-libav", false, false},
      {"avdec_aac", "decode AAC", "gstreamer1.0-libav", false, true},
      {"avdec_mp3", "decode MP3", "gstreamer1.0-libav", false, false},
      {"adpcmdec", "decode ADPCM", "gstreamer1.0-plugins-bad", false, false},
      {"flacdec", "decode FLAC", "gstreamer1.0-plugins-good", false, false},
      {"vorbisdec", "decode Vorbis", "gstreamer1.0-plugins-base", false, false},
      {"avdec_mpeg4", "decode MPEG-4 (DivX, Xvid)", "gstreamer1.0-libav", false, false},
      {"opusdec", "decode Opus", "gstreamer1.0-plugins-base", false, false},
      {"vp9dec", "decode VP9", "gstreamer1.0-plugins-good", false, false},
      {"deinterlace", "deinterlace", "gstreamer1.0-plugins-good", false, true},
      {"x264enc", "write H.264", "gstreamer1.0-plugins-ugly", false, true},
      {"avenc_aac", "write AAC", "gstreamer1.0-libav", false, true},
      {"mp4mux", "write MP4", "gstreamer1.0-plugins-good", false, true},
      {"vp9enc", "write WebM", "gstreamer1.0-plugins-good", false, false},
      {"vp8enc", "write transparent WebM", "gstreamer1.0-plugins-good", false, false},
      {"opusenc", "write WebM's sound", "gstreamer1.0-plugins-base", false, false},
      {"webmmux", "write WebM", "gstreamer1.0-plugins-good", false, false},
  };
  for (InstalledElement& element : elements) {
    GstElementFactory* factory = gst_element_factory_find(element.name.c_str());
    element.installed = factory != nullptr;
    if (factory != nullptr) gst_object_unref(factory);
  }
  return elements;
}

std::string gstreamer_version() {
  require_gstreamer();
  const Owned<gchar> version(gst_version_string());
  return version.get();
}

}  // namespace anima::media
