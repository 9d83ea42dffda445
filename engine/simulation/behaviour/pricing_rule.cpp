#include "engine/simulation/behaviour/pricing_rule.hpp"

#include <cmath>
#include <limits>

namespace entente::simulation {

namespace {

constexpr double rounding = 1e-9;  // prices are solved to 1e-10: less above the bound is no hit

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

double markup_price(const World& world, Quarter& quarter, Index p, double best) {
  const double wanted = (1.0 + world.markup[p]) * quarter.marginal_cost[p];
  if (wanted <= best * (1.0 + rounding)) return wanted;
  quarter.markup_bound_hits[p] = 1.0;
  return best;
}

double unit_share(const Market& market, const Eigen::VectorXd& quantity, Index p) {
  const double total = quantity.segment(market.first, market.products()).sum();
  return total > 0.0 ? quantity[p] / total : 0.0;
}

}  // namespace

bool hold_rule_prices(const World& world, Quarter& quarter, Index m,
                      const Eigen::Ref<const Eigen::VectorXd>& best_reply, PostedMarket& posted) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  bool any = false;
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    const Behaviour& seller = economy.behaviour_of(p);
    double& held = posted.supply.price_fixed[j];
    if (!std::isnan(held) || seller.pricing == PricingRule::bertrand) continue;
    held = seller.pricing == PricingRule::adaptive
               ? world.price[p] + seller.price_adjustment * (best_reply[j] - world.price[p])
               : markup_price(world, quarter, p, best_reply[j]);
    posted.capacity[j] = std::numeric_limits<double>::infinity();
    any = true;
  }
  return any;
}

void start_markups(const Quarter& quarter, World& world) {
  world.markup = Eigen::VectorXd::Zero(world.price.size());
  for (Index p = 0; p < world.price.size(); ++p) {
    if (quarter.marginal_cost[p] > 0.0)
      world.markup[p] = world.price[p] / quarter.marginal_cost[p] - 1.0;
  }
}

void revise_markups(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  for (Index p = 0; p < world.markup.size(); ++p) {
    const Behaviour& seller = economy.behaviour_of(p);
    if (seller.pricing != PricingRule::markup) continue;
    const Market& market = economy.markets[at(economy.products[at(p)].market)];
    double& markup = next.markup[p];
    if (quarter.markup_bound_hits[p] > 0.0)
      markup = quarter.price[p] / quarter.marginal_cost[p] - 1.0;
    const double before = unit_share(market, world.quantity, p);
    const double now = unit_share(market, quarter.quantity, p);
    if (before > 0.0 && now > 0.0) markup *= 1.0 + seller.markup_response * (now / before - 1.0);
  }
}

}  // namespace entente::simulation
