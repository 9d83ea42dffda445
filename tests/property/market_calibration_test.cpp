#include <Eigen/Core>
#include <cmath>
#include <limits>

#include "engine/market/calibration.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"
#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

namespace {

using namespace entente::market;
using entente::test::MarketGenerator;

struct KnownMarket {
  DemandTemplate structure;
  DemandTargets targets;
  double sensitivity = 0.0;
  double nest = 0.0;
  double inertia = 0.0;  // within-nest units
};

/// A market with known parameters, and the figures it would show to an observer.
KnownMarket make_known_market(MarketGenerator& generator) {
  KnownMarket known;
  const Eigen::Index products = generator.integer(3, 8);
  const Eigen::Index groups = generator.integer(1, 4);
  const Eigen::Index cells = groups * (products + 1);  // each group by current product or none
  known.sensitivity = generator.uniform(1.3, 6.0);
  known.nest = generator.uniform(0.1, 1.0);
  known.inertia = generator.uniform(0.0, 6.0);
  DemandTemplate& structure = known.structure;
  structure.price_term = generator.chance(0.5) ? PriceTerm::log : PriceTerm::linear;
  structure.outside_good = generator.chance(0.8);
  structure.weight.resize(cells);
  structure.sensitivity_multiplier.resize(cells);
  structure.current_product.resize(cells);
  structure.offset.resize(products, cells);
  Eigen::VectorXd quality(products);
  for (double& value : quality)
    value = known.nest * generator.uniform(-4.0, 2.0);
  for (Eigen::Index c = 0; c < cells; ++c) {
    structure.weight(c) = generator.uniform(0.01, 1.0);
    structure.sensitivity_multiplier(c) = generator.uniform(0.8, 1.25);
    structure.current_product(c) = static_cast<int>(c % (products + 1)) - 1;
    for (Eigen::Index j = 0; j < products; ++j) {
      structure.offset(j, c) = known.nest * generator.uniform(-1.0, 1.0);
    }
  }
  Demand demand;
  demand.price_term = structure.price_term;
  demand.outside_good = structure.outside_good;
  demand.nesting(0) = known.nest;
  demand.weight = structure.weight;
  demand.price_sensitivity = known.sensitivity * structure.sensitivity_multiplier;
  demand.utility = structure.offset.colwise() + quality.array();
  Eigen::VectorXd& prices = known.targets.prices;
  prices.resize(products);
  for (double& price : prices)
    price = generator.uniform(0.7, 1.6);
  const double level = generator.uniform(-2.0, 3.0);
  for (Eigen::Index c = 0; c < cells; ++c) {
    const double mean_term = structure.price_term == PriceTerm::log ? 0.0 : 1.0;
    demand.utility.col(c) += level + known.sensitivity * mean_term;
    const int current = structure.current_product(c);
    if (current >= 0) demand.utility(current, c) += known.nest * known.inertia;
  }
  const Choice choice = compute_choice(demand, prices);
  known.targets.shares = choice.share;
  choice.share.maxCoeff(&known.targets.own_elasticity.product);
  known.targets.own_elasticity.value =
      compute_own_elasticities(demand, prices)(known.targets.own_elasticity.product);
  double holders = 0.0;
  double repeats = 0.0;
  for (Eigen::Index c = 0; c < cells; ++c) {
    const int current = structure.current_product(c);
    if (current < 0) continue;
    holders += structure.weight(c);
    repeats += structure.weight(c) * choice.cell_share(current, c);
  }
  known.targets.nest = known.nest;
  known.targets.inertia = known.inertia;
  if (structure.outside_good && generator.chance(0.7)) {
    known.targets.category_elasticity = compute_category_elasticity(demand, prices);
  }
  if (generator.chance(0.5)) known.targets.repeat_share = repeats / holders;
  return known;
}

}  // namespace

TEST_CASE("calibration finds the parameters a market was made from", "[property]") {
  MarketGenerator generator(21);
  for (int k = 0; k < 400; ++k) {
    INFO("market " << k);
    const KnownMarket known = make_known_market(generator);
    const CalibratedDemand result = calibrate_demand(known.structure, known.targets);
    INFO("nest " << known.nest << " found " << result.nest << ", inertia " << known.inertia
                 << " found " << result.inertia / result.nest << ", shares "
                 << known.targets.shares.transpose());
    CHECK(result.residual <= 1e-10);
    CHECK(result.price_sensitivity == Approx(known.sensitivity).epsilon(1e-6));
    CHECK(result.nest == Approx(known.nest).epsilon(1e-6));
    CHECK(result.inertia == Approx(known.nest * known.inertia).epsilon(1e-6).margin(1e-6));
    const Choice choice = compute_choice(result.demand, known.targets.prices);
    CHECK((choice.share - known.targets.shares).cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("costs from calibrated demand price the market as observed", "[property]") {
  MarketGenerator generator(22);
  int priced = 0;
  for (int k = 0; k < 400; ++k) {
    INFO("market " << k);
    const KnownMarket known = make_known_market(generator);
    const Eigen::VectorXd& observed = known.targets.prices;
    const CalibratedDemand result = calibrate_demand(known.structure, known.targets);
    Supply supply = generator.make_supply(observed.size());
    const Eigen::VectorXd markup = compute_implied_markups(result.demand, supply, observed);
    supply.marginal_cost = supply.received.cwiseProduct(observed) - markup;
    // A market priced where sellers face inelastic demand implies costs below 0, an error
    // elsewhere.
    if (supply.marginal_cost.minCoeff() <= 0.0) continue;
    ++priced;
    const Prices prices = compute_bertrand_prices(result.demand, supply, 1.02 * observed);
    CHECK((prices.price.array() / observed.array() - 1.0).abs().maxCoeff() < 1e-9);
    const Choice choice = compute_choice(result.demand, prices.price);
    CHECK((choice.share - known.targets.shares).cwiseAbs().maxCoeff() < 1e-9);
  }
  CHECK(priced > 100);
}

TEST_CASE("cell shares are reproduced exactly", "[property]") {
  MarketGenerator generator(23);
  for (int k = 0; k < 200; ++k) {
    INFO("market " << k);
    KnownMarket known = make_known_market(generator);
    Demand demand = calibrate_demand(known.structure, known.targets).demand;
    const Choice choice = compute_choice(demand, known.targets.prices);
    known.targets.cell_shares = choice.cell_share;
    known.targets.repeat_share.reset();
    const CalibratedDemand result = calibrate_demand(known.structure, known.targets);
    CHECK(result.nest == Approx(known.nest).epsilon(1e-7));
    const Choice again = compute_choice(result.demand, known.targets.prices);
    CHECK((again.cell_share - choice.cell_share).abs().maxCoeff() < 1e-12);
  }
}
