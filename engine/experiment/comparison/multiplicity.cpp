#include "engine/experiment/comparison/multiplicity.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace entente::experiment {

namespace {

std::vector<std::size_t> ascending_order(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  return order;
}

}  // namespace

std::vector<double> adjust_holm(std::span<const double> p_values) {
  const auto order = ascending_order(p_values);
  std::vector<double> adjusted(p_values.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto remaining = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, remaining * p_values[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

std::vector<double> adjust_benjamini_hochberg(std::span<const double> p_values) {
  const auto order = ascending_order(p_values);
  std::vector<double> adjusted(p_values.size());
  double smallest = 1.0;
  for (std::size_t rank = order.size(); rank-- > 0;) {
    const double factor = static_cast<double>(order.size()) / static_cast<double>(rank + 1);
    smallest = std::min(smallest, factor * p_values[order[rank]]);
    adjusted[order[rank]] = smallest;
  }
  return adjusted;
}

}  // namespace entente::experiment
