#pragma once

#include <atomic>

namespace entente::cli {

/// Raised by SIGINT or SIGTERM once stop_on_signals was called; long work looks at it.
const std::atomic<bool>& interrupted_flag();

/// From here on the first SIGINT or SIGTERM asks to stop cleanly and the second one ends the
/// process at once, with the exit code for an interruption.
void stop_on_signals();

}  // namespace entente::cli
