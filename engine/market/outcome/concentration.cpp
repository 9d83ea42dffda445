#include "engine/market/outcome/concentration.hpp"

#include <fmt/format.h>
#include <map>
#include <utility>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double full_scale = 10000.0;

// A firm's products are added before squaring; n equal firms of total q add n (q/n)² = q²/n.
double sum_squares(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                   const Eigen::Ref<const Eigen::VectorXi>& firm,
                   const Eigen::Ref<const Eigen::VectorXd>& fringe, double total) {
  std::map<std::pair<int, double>, double> quantity_of_group;
  for (Eigen::Index j = 0; j < quantities.size(); ++j) {
    quantity_of_group[{firm(j), fringe(j)}] += quantities(j);
  }
  double sum_of_squares = 0.0;
  for (const auto& [group, quantity] : quantity_of_group) {
    const double share = quantity / total;
    sum_of_squares += share * share / group.second;
  }
  return sum_of_squares;
}

void require_size(const char* name, Eigen::Index size, Eigen::Index products) {
  if (size == products) return;
  throw InvalidInput(
      fmt::format("concentration: {} entries of {} for {} products", size, name, products));
}

/// Returns the sum of the quantities.
double check_quantities(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                        const Eigen::Ref<const Eigen::VectorXd>& fringe) {
  constexpr double largest = 1e300;  // so that sums stay finite
  require_size("fringe", fringe.size(), quantities.size());
  double total = 0.0;
  for (Eigen::Index j = 0; j < quantities.size(); ++j) {
    const bool valid = quantities(j) >= 0.0 && quantities(j) < largest && fringe(j) >= 1.0;
    if (!valid) {
      throw InvalidInput(
          fmt::format("concentration: product {} has quantity {} and fringe {}; "
                      "quantities are finite and at least 0, fringe at least 1",
                      j, quantities(j), fringe(j)));
    }
    total += quantities(j);
  }
  return total;
}

}  // namespace

double compute_hhi(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                   const Eigen::Ref<const Eigen::VectorXi>& firm,
                   const Eigen::Ref<const Eigen::VectorXd>& fringe) {
  require_size("firm", firm.size(), quantities.size());
  const double total = check_quantities(quantities, fringe);
  if (!(total > 0.0)) return 0.0;
  return full_scale * sum_squares(quantities, firm, fringe, total);
}

double compute_total_hhi(const Eigen::Ref<const Eigen::VectorXd>& share,
                         const Eigen::Ref<const Eigen::VectorXi>& firm,
                         const Eigen::Ref<const Eigen::VectorXd>& fringe) {
  constexpr double rounding = 1e-9;
  require_size("firm", firm.size(), share.size());
  const double total = check_quantities(share, fringe);
  if (total > 1.0 + rounding) {
    throw InvalidInput(
        fmt::format("concentration: shares of all buyers add to {}, above 1; divide quantities by "
                    "the number of active buyers",
                    total));
  }
  return full_scale * sum_squares(share, firm, fringe, 1.0);
}

// From the pairs that change alone: a difference of two indices would leave rounding behind.
double compute_hhi_change(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                          const Eigen::Ref<const Eigen::VectorXi>& before,
                          const Eigen::Ref<const Eigen::VectorXi>& after,
                          const Eigen::Ref<const Eigen::VectorXd>& fringe) {
  require_size("firm before", before.size(), quantities.size());
  require_size("firm after", after.size(), quantities.size());
  const double total = check_quantities(quantities, fringe);
  if (!(total > 0.0)) return 0.0;
  double change = 0.0;
  for (Eigen::Index i = 0; i < quantities.size(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      if (fringe(i) != fringe(j)) continue;
      const int met = (after(i) == after(j) ? 1 : 0) - (before(i) == before(j) ? 1 : 0);
      if (met == 0) continue;
      change += 2.0 * met * (quantities(i) / total) * (quantities(j) / total) / fringe(i);
    }
  }
  return full_scale * change;
}

double compute_modified_hhi(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                            const Eigen::Ref<const Eigen::MatrixXd>& ownership,
                            const Eigen::Ref<const Eigen::VectorXd>& fringe) {
  require_size("ownership rows", ownership.rows(), quantities.size());
  require_size("ownership columns", ownership.cols(), quantities.size());
  const double total = check_quantities(quantities, fringe);
  if (!(total > 0.0)) return 0.0;
  double sum = 0.0;
  for (Eigen::Index i = 0; i < quantities.size(); ++i) {
    const double own = ownership(i, i);
    if (!(own > 0.0) || !ownership.row(i).allFinite()) {
      throw InvalidInput(
          fmt::format("concentration: row {} of the ownership matrix needs finite weights, above 0 "
                      "on the product itself",
                      i));
    }
    double weighted = 0.0;
    for (Eigen::Index j = 0; j < quantities.size(); ++j) {
      const double weight = i == j ? 1.0 / fringe(i) : ownership(i, j) / own;
      weighted += weight * (quantities(j) / total);
    }
    sum += quantities(i) / total * weighted;
  }
  return full_scale * sum;
}

}  // namespace entente::market
