#include "engine/cli/interrupt.hpp"

#include <csignal>
#include <unistd.h>

#include "engine/cli/command.hpp"

namespace entente::cli {

namespace {

// A signal handler can reach nothing but a lock-free atomic of static storage.
std::atomic<bool> raised{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void on_signal(int /*signal*/) {
  if (raised.exchange(true)) ::_exit(interrupted);
}

}  // namespace

const std::atomic<bool>& interrupted_flag() {
  return raised;
}

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) {
    // A signal that the parent had ignored (nohup, a background job of a script) stays ignored.
    struct sigaction former {};
    if (::sigaction(signal, nullptr, &former) == 0 && former.sa_handler == SIG_IGN) continue;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace entente::cli
