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

/// Part of last quarter's active buyers whom each firm won in a market, F.
Eigen::VectorXd choice_share_of_firms(const World& world, const Market& market) {
  const Economy& economy = *world.economy;
  Eigen::VectorXd share = Eigen::VectorXd::Zero(static_cast<Index>(economy.firms.size()));
  for (Index p = market.first; p < market.last; ++p)
    share[economy.products[at(p)].firm] += world.choice_share[p];
  return share;
}

/// What part of its buyers a seller loses to a price higher by one unit, or by one percent with a
/// log price term, were all consumers alike. share: among active buyers; inside: of all products.
double response_to_price(const Market& market, double share, double inside) {
  const double within = share / inside;
  return market.sensitivity * ((1.0 - within) / market.nest + within - share);
}

/// The price that such a response makes best, if there is one.
double best_markup_price(market::PriceTerm term, double cost, double response, double otherwise) {
  if (term == market::PriceTerm::linear) return response > 0.0 ? cost + 1.0 / response : otherwise;
  return response > 1.0 ? cost * response / (response - 1.0) : otherwise;
}

}  // namespace

Eigen::VectorXd share_markup_prices(const World& world, const Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const Eigen::VectorXd firm_share = choice_share_of_firms(world, market);
  const double inside = firm_share.sum();
  Eigen::VectorXd price(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    const Product& product = economy.products[at(p)];
    const Behaviour& seller = economy.behaviour_of(p);
    if (seller.pricing != PricingRule::share_markup) {
      price[j] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const double share =
        product.fringe > 1.0 ? world.choice_share[p] / product.fringe : firm_share[product.firm];
    // Before the first quarter nobody has chosen: a share that is no number keeps the price.
    const double aim =
        best_markup_price(market.price_term, quarter.marginal_cost[p] / quarter.terms.received[p],
                          response_to_price(market, share, inside), world.price[p]);
    price[j] = world.price[p] + seller.price_adjustment * (aim - world.price[p]);
  }
  return price;
}

void remember_choices(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    if (market.pricing == PricingKind::contract) continue;
    const Eigen::RowVectorXd taken = quarter.purchases[m].flow.colwise().sum();
    const double active = taken.sum();
    if (active <= 0.0) continue;  // a quarter without buyers teaches nothing
    next.choice_share.segment(market.first, market.products()) =
        taken.head(market.products()).transpose() / active;
  }
}

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
