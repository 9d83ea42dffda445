#include "tests/reference/rank_tests.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/experiment/quantile.hpp"

namespace entente::reference {

namespace {

/// P(sum of the ranks of a random half ≤ statistic), by counting subsets of 1…count.
double lower_tail(std::size_t count, double statistic) {
  std::vector<double> ways(count * (count + 1) / 2 + 1, 0.0);
  ways[0] = 1.0;
  for (std::size_t rank = 1; rank <= count; ++rank) {
    for (std::size_t sum = ways.size() - 1; sum >= rank; --sum)
      ways[sum] += ways[sum - rank];
  }
  double below = 0.0;
  for (std::size_t sum = 0; sum < ways.size() && static_cast<double>(sum) <= statistic; ++sum)
    below += ways[sum];
  return below / std::pow(2.0, static_cast<double>(count));
}

double two_sided_normal(double z) {
  return std::erfc(std::abs(z) / std::sqrt(2.0));
}

}  // namespace

SignedRanks signed_rank_test(std::vector<double> differences) {
  const std::size_t all = differences.size();
  std::erase(differences, 0.0);
  const std::size_t count = differences.size();
  std::ranges::sort(differences, {}, [](double value) { return std::abs(value); });
  double plus = 0.0;
  double ties = 0.0;
  for (std::size_t first = 0; first < count;) {
    std::size_t last = first;
    while (last < count && std::abs(differences[last]) == std::abs(differences[first]))
      ++last;
    const double rank = 0.5 * static_cast<double>(first + 1 + last);
    const auto tied = static_cast<double>(last - first);
    ties += tied * (tied * tied - 1.0);
    for (; first < last; ++first)
      plus += differences[first] > 0.0 ? rank : 0.0;
  }
  const auto n = static_cast<double>(count);
  SignedRanks result;
  result.statistic = std::min(plus, n * (n + 1.0) / 2.0 - plus);
  if (all <= 25 && count == all) {
    result.p_value = std::min(1.0, 2.0 * lower_tail(count, result.statistic));
  } else {
    const double deviation = std::sqrt((n * (n + 1.0) * (2.0 * n + 1.0) - 0.5 * ties) / 24.0);
    result.p_value = two_sided_normal((result.statistic - n * (n + 1.0) / 4.0) / deviation);
  }
  return result;
}

double sign_test(const std::vector<double>& differences) {
  const auto plus = std::ranges::count_if(differences, [](double value) { return value > 0.0; });
  const auto minus = std::ranges::count_if(differences, [](double value) { return value < 0.0; });
  const auto count = static_cast<double>(plus + minus);
  double ways = 1.0;
  double below = 0.0;
  for (std::ptrdiff_t few = 0; few <= std::min(plus, minus); ++few) {
    below += ways;
    ways *= (count - static_cast<double>(few)) / static_cast<double>(few + 1);
  }
  return std::min(1.0, 2.0 * below / std::pow(2.0, count));
}

std::optional<double> sign_flip_test(const std::vector<double>& differences) {
  if (differences.size() > 20) return std::nullopt;
  double observed = 0.0;
  double scale = 0.0;
  for (const double value : differences) {
    observed += value;
    scale += std::abs(value);
  }
  const std::uint64_t all = std::uint64_t{1} << differences.size();
  std::uint64_t as_far = 0;
  for (std::uint64_t signs = 0; signs < all; ++signs) {
    double sum = 0.0;
    for (std::size_t i = 0; i < differences.size(); ++i)
      sum += (signs >> i & 1U) != 0 ? differences[i] : -differences[i];
    // Sums of the same numbers in another order differ by roundings.
    if (std::abs(sum) >= std::abs(observed) - 1e-12 * scale) ++as_far;
  }
  return static_cast<double>(as_far) / static_cast<double>(all);
}

double hodges_lehmann(const std::vector<double>& differences) {
  std::vector<double> means;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    for (std::size_t j = i; j < differences.size(); ++j)
      means.push_back(0.5 * (differences[i] + differences[j]));
  }
  std::ranges::sort(means);
  return experiment::sorted_quantile(means, 0.5);
}

}  // namespace entente::reference
