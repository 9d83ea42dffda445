#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace entente::experiment {

struct EnsembleOptions {
  int threads = 1;
  const std::atomic<bool>* cancelled = nullptr;  // looked at before each unit
  std::function<void(std::size_t done, std::size_t all)> progress =
      {};  // from any thread, one at a time
};

/// One replication that the model could not finish.
struct UnitFailure {
  std::uint64_t replication = 0;
  std::string message;
};

/// Some replications failed; all others were run first.
class EnsembleFailure : public std::runtime_error {
 public:
  EnsembleFailure(std::vector<UnitFailure> failures_, std::size_t units_);
  std::vector<UnitFailure> failures;  // by position in the list of replications
  std::size_t units;
};

/// The run was cancelled before it was complete.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("interrupted") {}
};

/// Threads to use when the user names none: the processors this process may run on.
int default_threads();

/// Runs `work` for each replication on the threads asked for; returns those that threw, in order.
/// Throws Cancelled if the flag was raised. A WriteFailure is the machine's and no unit's: it ends
/// the run, and is thrown.
std::vector<UnitFailure> run_units(const std::vector<std::uint64_t>& replications,
                                   const std::function<void(std::size_t position)>& work,
                                   const EnsembleOptions& options);

}  // namespace entente::experiment
