// The `anima` program: reads its arguments, runs one command, and turns errors into text and
// exit codes (docs/troubleshooting.md).
#pragma once

namespace anima::app {

// What `main` returns. Results go to standard output, progress and errors to standard error;
// with --json, errors are an object on standard output too.
int run(int argc, char** argv);

}  // namespace anima::app
