// Which process did something, so that a record of it can tell later whether it still runs.
#pragma once

#include <string>

namespace anima::studio {

// "PID START BOOT": the process number alone is reused, together with its start time and the
// machine's boot it is not.
std::string this_process();

// Whether the process of such a string still runs. Text that is no such string does not run.
bool still_runs(const std::string& process);

}  // namespace anima::studio
