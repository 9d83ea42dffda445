#include "engine/population/types.hpp"

namespace entente::population {

Purchases choose_by_types(const Population& population, const Activity& activity,
                          const Eigen::Ref<const Eigen::ArrayXXd>& probability) {
  const Eigen::VectorXd active = expected_active(population, activity);
  Purchases purchases;
  purchases.flow = (probability.matrix() * active.asDiagonal()).transpose();
  return purchases;
}

void choose_again_by_types(Purchases& purchases, const Eigen::Ref<const Eigen::ArrayXXd>& served,
                           const Eigen::Ref<const Eigen::ArrayXXd>& probability) {
  const Eigen::Index products = served.cols();
  for (Eigen::Index cell = 0; cell < purchases.flow.rows(); ++cell) {
    double unserved = 0.0;
    for (Eigen::Index product = 0; product < products; ++product) {
      const double kept = purchases.flow(cell, product) * served(cell, product);
      unserved += purchases.flow(cell, product) - kept;
      purchases.flow(cell, product) = kept;
    }
    purchases.flow.row(cell) += unserved * probability.col(cell).matrix().transpose();
  }
}

void settle_types(Population& population, const Activity& activity, const Purchases& purchases,
                  WithoutPurchase rule) {
  const Cells& cells = population.cells;
  Eigen::VectorXd next = (1.0 - activity.newcomers) * (1.0 - activity.hazard) * population.holding;
  for (Eigen::Index cell = 0; cell < cells.count(); ++cell) {
    const Eigen::Index type = cells.type_of(cell);
    for (Eigen::Index product = 0; product < cells.products; ++product) {
      next[cells.of(type, product)] += purchases.flow(cell, product);
    }
    const Eigen::Index without =
        rule == WithoutPurchase::keeps ? cell : cells.of(type, cells.products);
    next[without] += purchases.flow(cell, cells.products);
  }
  // Rounding only: the flows partition the active consumers.
  population.holding = next / next.sum();
}

}  // namespace entente::population
