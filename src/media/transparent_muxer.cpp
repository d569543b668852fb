#include "core/error.h"
#include "media/film_muxer.h"

namespace anima::media {

std::unique_ptr<FilmMuxer> make_transparent_muxer(const OutputFile&, const FilmWriterOptions&) {
  throw Error(ErrorCode::kUnsupported, "transparent films are not written yet", "choose a background colour");
}

}  // namespace anima::media
