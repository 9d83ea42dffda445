#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>

namespace entente::cli {

/// One line that says how far the replications are and how long the rest will take. For a terminal:
/// it rewrites itself. Calls must not overlap.
class Progress {
 public:
  Progress(std::ostream& stream, std::string what);
  /// Wipes the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;

  void show(std::size_t done, std::size_t all);
  /// Says from now on that `all` is what is expected and may change.
  void expect_about() { about_ = "about "; }

 private:
  std::ostream& stream_;
  std::string what_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point shown_;
  bool visible_ = false;
  std::string about_ = {};
};

/// "12 s", "3 min 5 s", "2 h 10 min".
std::string duration_text(double seconds);

}  // namespace entente::cli
