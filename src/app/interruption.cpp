#include "app/interruption.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <string_view>

#include "core/error.h"

namespace anima::app {
namespace {

// Never destroyed: a signal may come at any time, also while the program ends.
CancellationToken* stop_token = nullptr;
std::atomic<int> signals_seen{0};

// Only what is safe inside of a signal handler: atomics, write and _exit.
void on_signal(int) {
  if (signals_seen.fetch_add(1) > 0) ::_exit(exit_status_of(ErrorCode::kCancelled));
  stop_token->request();
  constexpr std::string_view kText = "\nanima: stopping (press Ctrl-C again to quit now)\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kText.data(), kText.size());
}

}  // namespace

void stop_on_signals(const CancellationToken& token) {
  stop_token = new CancellationToken(token);
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;  // no SA_RESTART: a question on the terminal must end too
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace anima::app
