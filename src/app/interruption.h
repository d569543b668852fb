// Ctrl-C: the first asks the work to stop and save, the second ends the program at once.
#pragma once

#include "core/progress.h"

namespace anima::app {

// Sets `token` on SIGINT and SIGTERM. Once per process; the token is kept alive until its end.
void stop_on_signals(const CancellationToken& token);

}  // namespace anima::app
