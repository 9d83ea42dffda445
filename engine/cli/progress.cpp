#include "engine/cli/progress.hpp"

#include <cmath>
#include <fmt/core.h>
#include <utility>

namespace entente::cli {

namespace {

using Clock = std::chrono::steady_clock;

// Often enough to look alive, seldom enough to cost nothing.
constexpr auto interval = std::chrono::milliseconds(100);
constexpr auto wipe = "\r\033[K";

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Progress::Progress(std::ostream& stream, std::string what)
    : stream_(stream), what_(std::move(what)), started_(Clock::now()), shown_(started_) {}

Progress::~Progress() {
  if (visible_) stream_ << wipe << std::flush;
}

void Progress::show(std::size_t done, std::size_t all) {
  const auto now = Clock::now();
  if (done == 0 || now - shown_ < interval) return;
  shown_ = now;
  visible_ = true;
  const double left =
      seconds_between(started_, now) / static_cast<double>(done) * static_cast<double>(all - done);
  stream_ << wipe
          << fmt::format("{}: {} of {}{} replications, {} left", what_, done, about_, all,
                         duration_text(left))
          << std::flush;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace entente::cli
