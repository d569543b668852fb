// Two first calls of ./run at once: tools/setup.sh lets one set up and build at a time.
#include <gtest/gtest.h>

#include <string>

#include "core/process.h"
#include "core/temporary_folder.h"

namespace anima::app {
namespace {

// The first call holds its turn until the second one has said that it waits.
constexpr const char* kTwoCalls = R"(
set -euo pipefail
source "$1/tools/setup.sh"
root="$2"
cd "$root"
mkfifo entered leave
( take_turn; echo first in >> log; echo > entered; read -r _ < leave; echo first out >> log; end_turn ) &
read -r _ < entered
( take_turn 2> >(read -r line; echo "$line" > said; echo > leave); echo second in >> log; end_turn ) &
wait
cat log said
)";

TEST(SetupTurn, ASecondCallWaitsForTheFirst) {
  const TemporaryFolder folder;
  const ProcessResult result = run_process(
      {.arguments = {"bash", "-c", kTwoCalls, "test", ANIMA_SOURCE_DIR, folder.path().string()}}, {});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(
      result.output,
      "first in\nfirst out\nsecond in\nanima: another call is setting up or building; waiting for it\n");
}

}  // namespace
}  // namespace anima::app
