#include "engine/population/seats.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace entente::population {

Counts seat_by_largest_remainder(const Eigen::Ref<const Eigen::VectorXd>& share,
                                 std::int64_t consumers) {
  if (!(share.minCoeff() >= 0.0) || !(std::abs(share.sum() - 1.0) < 1e-9)) {
    throw std::invalid_argument("seats need shares that sum to 1");
  }
  const Eigen::VectorXd exact = share * static_cast<double>(consumers);
  Counts seats = exact.array().floor().cast<std::int64_t>();
  const Eigen::VectorXd remainder = exact.array() - exact.array().floor();
  std::vector<Eigen::Index> order(static_cast<std::size_t>(share.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return remainder[a] > remainder[b]; });
  const std::int64_t left = consumers - seats.sum();
  if (left >= 0 && left < share.size()) {
    for (std::int64_t place = 0; place < left; ++place)
      ++seats[order[static_cast<std::size_t>(place)]];
  } else {
    // So many that the roundings of double are whole consumers: they go where they weigh least.
    Eigen::Index largest = 0;
    share.maxCoeff(&largest);
    seats[largest] += left;
  }
  return seats;
}

}  // namespace entente::population
