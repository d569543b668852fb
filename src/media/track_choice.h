// Which of several sound or picture tracks is meant. Internal to `media`.
//
// A file may begin with a silent track (cameras with an empty microphone input), hold a commentary or other
// languages, and show a still cover or a small preview beside the film.
#pragma once

#include <filesystem>
#include <memory>

#include "core/warning_sink.h"
#include "media/media_source.h"

namespace anima::media {

// Opens the file with the tracks that are meant: of sound, the first one unless it holds no speech where a
// later one does (media/speech_likeness.h, over at most their first kTrackSearch_s seconds); of pictures, the
// first one that moves and is not much smaller than another. `warn` is told what was chosen, and from how
// many. Throws what MediaSource does.
std::unique_ptr<MediaSource> open_best_tracks(const std::filesystem::path& path, MediaSourceOptions options,
                                              const WarningSink& warn = {});

inline constexpr double kTrackSearch_s = 120;

}  // namespace anima::media
