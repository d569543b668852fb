#include "media/decodebin_guard.h"

#include <string>

namespace anima::media {
namespace {

constexpr gulong kLinkLook_us = 200;

// Whether what is pushed through `pad` arrives somewhere: for a ghost pad's target, where that leads to.
bool leads_somewhere(GstPad* pad) {
  Owned<GstPad> peer(gst_pad_get_peer(pad));
  if (peer && GST_IS_PROXY_PAD(peer.get())) {
    const Owned<GstPad> ghost(GST_PAD(gst_proxy_pad_get_internal(GST_PROXY_PAD(peer.get()))));
    peer.reset(ghost ? gst_pad_get_peer(ghost.get()) : nullptr);
  }
  return peer && GST_PAD_IS_ACTIVE(peer.get());
}

GstPadProbeReturn hold_until_linked(GstPad* pad, GstPadProbeInfo*, gpointer) {
  while (!leads_somewhere(pad)) {
    if (GST_PAD_IS_FLUSHING(pad)) return GST_PAD_PROBE_OK;  // stopped
    g_usleep(kLinkLook_us);                                 // no signal tells of the link two pads further on
  }
  return GST_PAD_PROBE_REMOVE;
}

}  // namespace

void hold_reader_until_linked(GstElement* element) {
  const std::string kind =
      gst_element_class_get_metadata(GST_ELEMENT_GET_CLASS(element), GST_ELEMENT_METADATA_KLASS);
  if (kind.find("Demuxer") == std::string::npos) return;
  const Owned<GstPad> out(gst_element_get_static_pad(element, "src"));
  if (!out) return;  // its pads come later, and decodebin waits for them
  gst_pad_add_probe(out.get(),
                    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    hold_until_linked, nullptr, nullptr);
}

}  // namespace anima::media
