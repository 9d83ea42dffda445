#include "engine/market/procurement/plain_logit.hpp"

#include <fmt/format.h>
#include <limits>

#include "engine/market/failure.hpp"

namespace entente::market {

bool is_plain_logit(const Demand& demand) {
  if (demand.cells() != 1) return false;
  Eigen::VectorXi offered = Eigen::VectorXi::Zero(demand.nesting.size());
  for (Eigen::Index j = 0; j < demand.products(); ++j) {
    if (!(demand.utility(j, 0) > -std::numeric_limits<double>::infinity())) continue;
    const Eigen::Index g = demand.nest_of(j);
    offered(g) += 1;
    if (offered(g) > 1 && demand.nesting(g) < 1.0) return false;
  }
  return true;
}

void require_one_linear_cell(const Demand& demand, const char* game) {
  if (demand.price_term != PriceTerm::linear) {
    throw InvalidInput(
        fmt::format("{}: the price term must be linear, so that a unit of money is worth the same "
                    "to buyers at any price",
                    game));
  }
  if (demand.cells() != 1) {
    throw InvalidInput(
        fmt::format("{}: demand has {} cells and must have one; sellers who know the buyer's type "
                    "play one game with each, call once per cell",
                    game, demand.cells()));
  }
}

}  // namespace entente::market
