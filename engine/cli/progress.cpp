#include "engine/cli/progress.hpp"

#include <chrono>
#include <cmath>
#include <fmt/core.h>
#include <utility>

namespace entente::cli {

namespace {

// Often enough to look alive, seldom enough to cost nothing.
constexpr double interval_seconds = 0.1;
constexpr auto wipe = "\r\033[K";

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Progress::Progress(std::ostream& stream, std::string what, Clock clock)
    : stream_(stream),
      what_(std::move(what)),
      clock_(std::move(clock)),
      started_(clock_()),
      shown_(started_) {}

Progress::~Progress() {
  if (visible_) stream_ << wipe << std::flush;
}

void Progress::show(std::size_t done, std::size_t all) {
  const double now = clock_();
  if (!before_) before_ = done - 1;
  if (now - shown_ < interval_seconds) return;
  shown_ = now;
  visible_ = true;
  const double per_second = static_cast<double>(done - *before_) / (now - started_);
  stream_ << wipe
          << fmt::format("{}: {} of {}{} replications, {}, {} left", what_, done, about_, all,
                         rate_text(per_second),
                         duration_text(static_cast<double>(all - done) / per_second))
          << std::flush;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string rate_text(double per_second) {
  constexpr double minute = 60.0;
  constexpr double hour = 3600.0;
  const auto figures = [](double rate) {
    return fmt::format("{:.{}f}", rate, rate < 10.0 ? 1 : 0);
  };
  if (per_second >= 1.0) return figures(per_second) + " a second";
  if (per_second * minute >= 1.0) return figures(per_second * minute) + " a minute";
  return figures(per_second * hour) + " an hour";
}

}  // namespace entente::cli
