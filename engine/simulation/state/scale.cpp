#include "engine/simulation/state/scale.hpp"

namespace entente::simulation {

void scale_products(const Economy& economy, const Scope& scope, double factor,
                    Eigen::VectorXd& values) {
  if (scope.product >= 0) values[scope.product] *= factor;
  if (scope.market < 0) return;
  const Market& market = economy.markets[static_cast<std::size_t>(scope.market)];
  values.segment(market.first, market.products()) *= factor;
}

void scale_demand(const Economy& economy, const Scope& scope, double factor, Terms& terms) {
  if (scope.account >= 0) terms.account_demand[scope.account] *= factor;
  if (scope.market >= 0) terms.market_demand[scope.market] *= factor;
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    const Link& link = economy.links[l];
    if (!link.residual()) continue;
    const Index market = economy.products[static_cast<std::size_t>(link.supplier)].market;
    if (link.supplier == scope.product || market == scope.market) {
      terms.residual_demand[static_cast<Index>(l)] *= factor;
    }
  }
}

bool concerns(const Effect& effect, const Link& link) {
  if (link.supplier != effect.supplier) return false;
  if (effect.buyer >= 0 && link.buyer != effect.buyer) return false;
  return effect.scope.account < 0 || link.account == effect.scope.account;
}

}  // namespace entente::simulation
