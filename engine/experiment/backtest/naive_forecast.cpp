#include "engine/experiment/backtest/naive_forecast.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace entente::experiment {

namespace {

constexpr int quarters_a_year = 4;

/// Whole years from the four quarters up to quarter 0 to `quarter`.
int years_ahead(const NaiveBasis& basis, scenario::QuarterDate quarter) {
  return (quarter - basis.start + quarters_a_year - 1) / quarters_a_year;
}

/// The last two points of the history that lie `apart` quarters from each other, earlier first.
std::optional<std::pair<double, double>> last_change(const NaiveBasis& basis, int apart) {
  for (auto last = basis.history.rbegin(); last != basis.history.rend(); ++last) {
    const auto before = basis.history.find(last->first + -apart);
    if (before != basis.history.end()) return std::pair(before->second, last->second);
  }
  return std::nullopt;
}

double carry_on(const NaiveBasis& basis, double from, std::pair<double, double> change, int times) {
  constexpr double whole = 100.0;
  const auto [before, last] = change;
  if (basis.share) return std::clamp(from + times * (last - before), 0.0, whole);
  if (before <= 0.0) return from;
  for (int k = 0; k < times; ++k)
    from *= last / before;
  return from;
}

}  // namespace

double persistence_forecast(const NaiveBasis& basis, scenario::QuarterDate quarter) {
  if (!basis.seasonal) return basis.level;
  const auto same = basis.history.find(quarter + -quarters_a_year * years_ahead(basis, quarter));
  return same == basis.history.end() ? basis.level : same->second;
}

double growth_forecast(const NaiveBasis& basis, scenario::QuarterDate quarter) {
  const double persistence = persistence_forecast(basis, quarter);
  const auto change = last_change(basis, basis.seasonal ? quarters_a_year : 1);
  if (!change) return persistence;
  return carry_on(basis, persistence, *change,
                  basis.seasonal ? years_ahead(basis, quarter) : quarter - basis.start);
}

}  // namespace entente::experiment
