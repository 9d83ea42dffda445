#include "engine/market/cell_shares.hpp"

#include <limits>

#include "engine/market/elementary.hpp"

namespace entente::market {

CellShares::CellShares(double nest_, bool outside_good_, Eigen::Index cells, Eigen::Index products)
    : nest(nest_),
      outside_good(outside_good_),
      within(cells, products),
      share(cells, products),
      own_loss(cells, products),
      inside(cells),
      outside(cells),
      logsum(cells),
      log_normaliser(cells) {}

void CellShares::evaluate(const Eigen::ArrayXXd& scaled_utility) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Eigen::Index cells = scaled_utility.rows();
  const Eigen::Index products = scaled_utility.cols();

  Eigen::ArrayXd& largest = log_normaliser;  // until its own value is known
  largest.setConstant(-infinity);
  for (Eigen::Index j = 0; j < products; ++j)
    largest = largest.max(scaled_utility.col(j));

  Eigen::ArrayXd& denominator = logsum;  // likewise
  denominator.setZero();
  for (Eigen::Index j = 0; j < products; ++j) {
    for (Eigen::Index c = 0; c < cells; ++c) {
      const double difference = scaled_utility(c, j) - largest(c);
      // Nothing offered in the cell: −∞ − (−∞) is not a number.
      const double weight = difference == difference ? deterministic_exp(difference) : 0.0;
      within(c, j) = weight;
      denominator(c) += weight;
    }
  }

  for (Eigen::Index c = 0; c < cells; ++c) {
    if (denominator(c) == 0.0) {
      inside(c) = 0.0;
      outside(c) = outside_good ? 1.0 : 0.0;
      logsum(c) = outside_good ? 0.0 : -infinity;
      log_normaliser(c) = infinity;
      continue;
    }
    const double log_sum_within = largest(c) + deterministic_log(denominator(c));
    const double inclusive = nest * log_sum_within;
    within.row(c) /= denominator(c);
    double log_inside = 0.0;
    if (!outside_good) {
      inside(c) = 1.0;
      outside(c) = 0.0;
      logsum(c) = inclusive;
    } else {
      const double odds = deterministic_exp(inclusive > 0.0 ? -inclusive : inclusive);
      const double excess = deterministic_log1p(odds);
      const double major = 1.0 / (1.0 + odds);
      inside(c) = inclusive > 0.0 ? major : odds / (1.0 + odds);
      outside(c) = inclusive > 0.0 ? odds / (1.0 + odds) : major;
      logsum(c) = inclusive > 0.0 ? inclusive + excess : excess;
      log_inside = inclusive - logsum(c);
    }
    log_normaliser(c) = log_sum_within - log_inside;
  }
  for (Eigen::Index j = 0; j < products; ++j) {
    share.col(j) = within.col(j) * inside;
    own_loss.col(j) = nest * share.col(j) + (1.0 - nest) * within.col(j);
  }
}

}  // namespace entente::market
