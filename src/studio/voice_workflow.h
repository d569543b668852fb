// Enrolling and deleting a voice together with what servers hold of it.
#pragma once

#include <string>

#include "core/warning_sink.h"
#include "studio/voice_library.h"

namespace anima::studio {

// VoiceLibrary::add. What servers made from a voice that is replaced is deleted there afterwards;
// where that fails `warn` says so, and it is tried again when the voice is next replaced or removed.
VoiceEntry add_voice(VoiceLibrary& voices, const AddVoiceRequest& request, const WarningSink& warn,
                     const WorkContext& context);

// VoiceLibrary::remove, after what servers made from the voice was deleted there. Where that fails the
// voice is removed here all the same, and `warn` names what lies where.
void remove_voice(VoiceLibrary& voices, const std::string& name, const WarningSink& warn,
                  const WorkContext& context);

}  // namespace anima::studio
