// The user's configuration and keys, as the workflows read them.
#pragma once

#include "core/configuration.h"
#include "core/environment.h"

namespace anima::studio {

struct Configured {
  Environment environment;
  Configuration configuration;
};

// `.env` and `anima.yaml` of the working folder, or the file that ANIMA_CONFIG names; both may be
// missing. Throws Error(kInvalidArgument), or kNotFound where ANIMA_CONFIG names no file.
Configured load_configured();

}  // namespace anima::studio
