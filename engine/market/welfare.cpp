#include "engine/market/welfare.hpp"

#include <map>
#include <string>
#include <utility>

#include "engine/market/failure.hpp"

namespace entente::market {

double compute_hhi(const Eigen::Ref<const Eigen::VectorXd>& quantities,
                   const Eigen::Ref<const Eigen::VectorXi>& firm,
                   const Eigen::Ref<const Eigen::VectorXd>& fringe) {
  // A firm's products are added before squaring; n equal firms of total q add n (q/n)² = q²/n.
  std::map<std::pair<int, double>, double> quantity_of_group;
  double total = 0.0;
  for (Eigen::Index j = 0; j < quantities.size(); ++j) {
    quantity_of_group[{firm(j), fringe(j)}] += quantities(j);
    total += quantities(j);
  }
  if (!(total > 0.0)) return 0.0;
  double sum_of_squares = 0.0;
  for (const auto& [group, quantity] : quantity_of_group) {
    const double share = quantity / total;
    sum_of_squares += share * share / group.second;
  }
  return 10000.0 * sum_of_squares;
}

double compute_surplus_change(const Demand& demand, const Choice& before, const Choice& after,
                              const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer) {
  double change = 0.0;
  double total = 0.0;
  for (Eigen::Index c = 0; c < demand.weight.size(); ++c) {
    if (!(demand.weight(c) > 0.0)) continue;
    double value = (after.logsum(c) - before.logsum(c)) / demand.price_sensitivity(c);
    if (demand.price_term == PriceTerm::log) value *= spending_per_buyer(c);
    change += demand.weight(c) * value;
    total += demand.weight(c);
  }
  if (!(total > 0.0)) throw MarketFailure("surplus: every cell of buyers has weight 0");
  return change / total;
}

Eigen::MatrixXd compute_ownership(const Eigen::Ref<const Eigen::MatrixXd>& control,
                                  const Eigen::Ref<const Eigen::MatrixXd>& interest,
                                  const Eigen::Ref<const Eigen::VectorXi>& seller) {
  const Eigen::Index products = seller.size();
  Eigen::MatrixXd ownership(products, products);
  for (Eigen::Index i = 0; i < products; ++i) {
    const double own = control.col(seller(i)).dot(interest.col(seller(i)));
    if (!(own > 0.0)) {
      throw MarketFailure("ownership: no shareholder who controls firm " +
                          std::to_string(seller(i)) + " has a financial interest in it");
    }
    for (Eigen::Index j = 0; j < products; ++j) {
      ownership(i, j) = control.col(seller(i)).dot(interest.col(seller(j))) / own;
    }
  }
  return ownership;
}

}  // namespace entente::market
