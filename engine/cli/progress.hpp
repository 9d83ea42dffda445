#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

namespace entente::cli {

/// Seconds that have gone by, from any origin.
using Clock = std::function<double()>;
double steady_seconds();

/// One line that says how far the replications are, how fast they go and how long the rest will
/// take. For a terminal: it rewrites itself. Calls must not overlap.
class Progress {
 public:
  Progress(std::ostream& stream, std::string what, Clock clock = steady_seconds);
  /// Wipes the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;

  /// Called after each replication; those done before the first call are another process's, and
  /// tell nothing of the pace.
  void show(std::size_t done, std::size_t all);
  /// Says from now on that `all` is what is expected and may change.
  void expect_about() { about_ = "about "; }

 private:
  std::ostream& stream_;
  std::string what_;
  Clock clock_;
  double started_;
  double shown_;
  std::optional<std::size_t> before_;
  bool visible_ = false;
  std::string about_ = {};
};

/// "12 s", "3 min 5 s", "2 h 10 min".
std::string duration_text(double seconds);

/// "12.3 a second", "14 a minute", "2.5 an hour": in the largest of them that is 1 or more.
std::string rate_text(double per_second);

}  // namespace entente::cli
