#include "engine/report/sparkline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace entente::report {

namespace {

constexpr std::array<const char*, 8> bars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::size_t middle = 3;

double present_mean(std::span<const double> values) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> resampled(std::span<const double> values, std::size_t cells) {
  cells = std::min(cells, values.size());
  std::vector<double> means(cells);
  for (std::size_t c = 0; c < cells; ++c) {
    const std::size_t first = c * values.size() / cells;
    const std::size_t end = (c + 1) * values.size() / cells;
    means[c] = present_mean(values.subspan(first, end - first));
  }
  return means;
}

// Draws each value that is there; empty when none is.
template <typename Mark>
std::string drawn(const std::vector<double>& values, const Mark& mark) {
  std::string line;
  bool any = false;
  for (const double value : values) {
    any = any || !std::isnan(value);
    line += std::isnan(value) ? " " : mark(value);
  }
  return any ? line : std::string();
}

}  // namespace

std::string sparkline(std::span<const double> values, std::size_t cells) {
  if (values.size() < 2 || cells == 0) return {};
  const auto means = resampled(values, cells);
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double value : means) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  constexpr double still = 1e-3;
  const bool moves = high - low > still * std::max(std::abs(low), std::abs(high));
  return drawn(means, [&](double value) {
    if (!moves) return bars[middle];
    const double part = (value - low) / (high - low);
    return bars[static_cast<std::size_t>(std::lround(part * (bars.size() - 1)))];
  });
}

std::string difference_sparkline(std::span<const double> differences, std::size_t cells) {
  if (differences.size() < 2 || cells == 0) return {};
  const auto means = resampled(differences, cells);
  double largest = 0.0;
  for (const double value : means) {
    if (!std::isnan(value)) largest = std::max(largest, std::abs(value));
  }
  constexpr double steps = 4.0;  // half of the bars
  return drawn(means, [&](double value) {
    const auto step = largest > 0.0 ? std::lround(steps * value / largest) : 0;
    if (step == 0) return "─";
    return bars[static_cast<std::size_t>(middle + step + (step < 0 ? 1 : 0))];
  });
}

}  // namespace entente::report
