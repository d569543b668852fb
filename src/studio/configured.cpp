#include "studio/configured.h"

#include <filesystem>

#include "core/error.h"

namespace anima::studio {

Configured load_configured() {
  Configured configured;
  configured.environment = Environment::of_process();
  const std::string file = configured.environment.text("ANIMA_CONFIG", "anima.yaml");
  if (configured.environment.has("ANIMA_CONFIG") && !std::filesystem::exists(file)) {
    throw Error(ErrorCode::kNotFound, "ANIMA_CONFIG names '" + file + "', which is not there",
                "correct the path, or unset ANIMA_CONFIG");
  }
  configured.configuration = load_configuration(file, configured.environment);
  return configured;
}

}  // namespace anima::studio
