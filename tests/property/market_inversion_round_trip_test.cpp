#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "engine/market/inversion/market_inversion.hpp"
#include "engine/market/pricing.hpp"
#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

namespace {

using namespace entente::market;
using entente::test::MarketGenerator;

constexpr double unknown = ObservedMarket::unknown;

/// A market with known parameters at its equilibrium, and what an observer sees of it without any
/// figure.
struct KnownMarket {
  Demand demand;
  Supply supply;
  Eigen::VectorXd mean_utility;
  double sensitivity = 0.0;
  Eigen::VectorXd markup;
  Choice choice;
  ObservedMarket observed;  // λ of nests of several products, α and costs unknown
};

enum class Buyers { alike, different };

Demand make_demand(MarketGenerator& generator, Buyers buyers, KnownMarket& known) {
  Demand demand;
  const Eigen::Index nests = generator.integer(1, 3);
  const Eigen::Index products = nests + generator.integer(2, 5);
  const Eigen::Index cells = buyers == Buyers::alike ? 1 : generator.integer(2, 12);
  demand.price_term = generator.chance(0.5) ? PriceTerm::log : PriceTerm::linear;
  // A single nest without an outside good has no λ of its own.
  demand.outside_good = nests == 1 || generator.chance(0.7);
  known.sensitivity = generator.uniform(3.0, 5.0);
  demand.nesting.resize(nests);
  for (double& nesting : demand.nesting)
    nesting = generator.uniform(0.3, 0.95);
  demand.nest.resize(products);
  known.mean_utility.resize(products);
  for (Eigen::Index j = 0; j < products; ++j) {
    demand.nest(j) = static_cast<int>(j < nests ? j : generator.integer(0, nests - 1));
    known.mean_utility(j) = generator.uniform(0.0, 3.0);
  }
  ObservedMarket& observed = known.observed;
  observed.weight.resize(cells);
  observed.relative_sensitivity.resize(cells);
  observed.taste.resize(products, cells);
  for (Eigen::Index c = 0; c < cells; ++c) {
    observed.weight(c) = generator.uniform(0.1, 2.0);
    observed.relative_sensitivity(c) = generator.uniform(0.9, 1.1);
    for (Eigen::Index j = 0; j < products; ++j)
      observed.taste(j, c) = generator.uniform(-0.7, 0.7);
  }
  if (!demand.outside_good) known.mean_utility.array() -= known.mean_utility(0);
  demand.weight = observed.weight;
  demand.price_sensitivity = known.sensitivity * observed.relative_sensitivity;
  demand.utility = observed.taste.colwise() + known.mean_utility.array();
  return demand;
}

KnownMarket make_known_market(MarketGenerator& generator, Buyers buyers) {
  KnownMarket known;
  known.demand = make_demand(generator, buyers, known);
  known.supply = generator.make_supply(known.demand.products());
  PricingOptions precise;
  precise.tolerance = 1e-12;
  const Prices prices = compute_bertrand_prices(known.demand, known.supply,
                                                entente::test::make_start(known.supply), precise);
  known.markup = prices.markup;
  known.choice = compute_choice(known.demand, prices.price);
  ObservedMarket& observed = known.observed;
  observed.price_term = known.demand.price_term;
  observed.outside_good = known.demand.outside_good;
  observed.price = prices.price;
  observed.share = known.choice.share;
  if (observed.outside_good) observed.outside_share = known.choice.outside_share;
  observed.nest = known.demand.nest;
  observed.nesting = known.demand.nesting;
  observed.supply = known.supply;
  observed.supply.marginal_cost.setConstant(unknown);
  return known;
}

std::vector<Eigen::Index> list_members(const Demand& demand, Eigen::Index nest) {
  std::vector<Eigen::Index> members;
  for (Eigen::Index j = 0; j < demand.products(); ++j) {
    if (demand.nest_of(j) == nest) members.push_back(j);
  }
  return members;
}

/// As many figures as unknowns: own elasticities for λ, and for α an elasticity across nests or of
/// the category.
void observe_enough(KnownMarket& known) {
  ObservedMarket& observed = known.observed;
  const Eigen::MatrixXd elasticities = compute_elasticities(known.demand, observed.price);
  for (Eigen::Index g = 0; g < known.demand.nesting.size(); ++g) {
    const std::vector<Eigen::Index> members = list_members(known.demand, g);
    if (members.size() < 2) continue;
    observed.nesting(g) = unknown;
    observed.figures.push_back(
        observe_own_elasticity(members[0], elasticities(members[0], members[0])));
  }
  if (observed.outside_good) {
    observed.figures.push_back(
        observe_category_elasticity(compute_category_elasticity(known.demand, observed.price)));
  } else {
    const Eigen::Index other = list_members(known.demand, 1).front();
    observed.figures.push_back(observe_cross_elasticity(0, other, elasticities(0, other)));
  }
}

double relative_miss(const Eigen::VectorXd& value, const Eigen::VectorXd& truth) {
  return ((value - truth).array().abs() / truth.array().abs().max(1.0)).maxCoeff();
}

void check_recovered(const KnownMarket& known, const InvertedMarket& market) {
  constexpr double tolerance = 1e-8;
  CHECK(market.price_sensitivity == Approx(known.sensitivity).epsilon(tolerance));
  CHECK(relative_miss(market.demand.nesting, known.demand.nesting) < tolerance);
  CHECK(relative_miss(market.mean_utility, known.mean_utility) < tolerance);
  CHECK(relative_miss(market.marginal_cost, known.supply.marginal_cost) < tolerance);
  CHECK(relative_miss(market.markup, known.markup) < tolerance);
  CHECK(market.residual_norm < 1e-10);
  const Choice choice = compute_choice(market.demand, known.observed.price);
  CHECK((choice.share - known.choice.share).cwiseAbs().maxCoeff() < 1e-12);
}

}  // namespace

TEST_CASE("a market of buyers who are alike is recovered from enough figures", "[property]") {
  MarketGenerator generator(1301);
  for (int trial = 0; trial < 60; ++trial) {
    INFO("trial " << trial);
    KnownMarket known = make_known_market(generator, Buyers::alike);
    observe_enough(known);
    const InvertedMarket market = invert_market(known.observed);
    CHECK_FALSE(market.over_identified);
    check_recovered(known, market);
  }
}

TEST_CASE("a market of buyers who differ is recovered from enough figures", "[property]") {
  MarketGenerator generator(1302);
  int pinned = 0;
  for (int trial = 0; trial < 25; ++trial) {
    INFO("trial " << trial);
    KnownMarket known = make_known_market(generator, Buyers::different);
    observe_enough(known);
    try {
      check_recovered(known, invert_market(known.observed));
      pinned += 1;
    } catch (const Unidentified&) {
      // A second market, in which tastes sort buyers at a λ near 0, may show the same figures.
    }
  }
  CHECK(pinned > 20);
}

TEST_CASE("an observed margin stands for the category elasticity", "[property]") {
  // The margin of a firm's only product is its own elasticity again, so it must be another product.
  MarketGenerator generator(1303);
  int pinned = 0;
  for (int trial = 0; trial < 40; ++trial) {
    INFO("trial " << trial);
    KnownMarket known = make_known_market(generator, Buyers::alike);
    observe_enough(known);
    const Eigen::Index last = known.demand.products() - 1;
    known.observed.figures.back() = observe_margin(last, known.markup(last));
    try {
      check_recovered(known, invert_market(known.observed));
      pinned += 1;
    } catch (const Unidentified&) {
      // A second market may show the same figures.
    }
  }
  CHECK(pinned > 25);
}

TEST_CASE("an unknown outside share is recovered with one more figure", "[property]") {
  MarketGenerator generator(1304);
  int tried = 0;
  while (tried < 20) {
    KnownMarket known = make_known_market(generator, Buyers::alike);
    if (!known.demand.outside_good) continue;
    INFO("trial " << tried);
    tried += 1;
    known.observed.outside_share = unknown;
    const Eigen::VectorXd own = compute_own_elasticities(known.demand, known.observed.price);
    known.observed.figures = {observe_own_elasticity(0, own(0)),
                              observe_category_elasticity(
                                  compute_category_elasticity(known.demand, known.observed.price))};
    const InvertedMarket market = invert_market(known.observed);
    check_recovered(known, market);
    CHECK(market.outside_share == Approx(known.choice.outside_share).epsilon(1e-8));
  }
}

TEST_CASE("a figure more that agrees changes nothing", "[property]") {
  MarketGenerator generator(1305);
  for (int trial = 0; trial < 30; ++trial) {
    INFO("trial " << trial);
    KnownMarket known = make_known_market(generator, Buyers::alike);
    observe_enough(known);
    for (Eigen::Index j = 0; j < known.demand.products(); ++j)
      known.observed.figures.push_back(observe_margin(j, known.markup(j)));
    const InvertedMarket market = invert_market(known.observed);
    CHECK(market.over_identified);
    check_recovered(known, market);
  }
}

TEST_CASE("figures that disagree are fitted where the objective is least", "[property]") {
  MarketGenerator generator(1306);
  int fitted = 0;
  for (int trial = 0; trial < 30; ++trial) {
    INFO("trial " << trial);
    KnownMarket known =
        make_known_market(generator, trial < 20 ? Buyers::alike : Buyers::different);
    observe_enough(known);
    for (Eigen::Index j = 0; j < known.demand.products(); ++j)
      known.observed.figures.push_back(observe_margin(j, known.markup(j)));
    for (Figure& figure : known.observed.figures) {
      figure.value *= generator.uniform(0.97, 1.03);
      figure.weight = generator.uniform(0.5, 2.0);
    }
    const ObservedMarket& observed = known.observed;
    InvertedMarket market;
    try {
      market = invert_market(observed);
    } catch (const Infeasible&) {
      continue;  // a best λ above 1
    }
    fitted += 1;
    double objective = 0.0;
    for (const FittedFigure& fit : market.fits) {
      CHECK(fit.residual == Approx(fit.fitted / fit.observed.value - 1.0).margin(1e-14));
      objective += fit.observed.weight * fit.residual * fit.residual;
    }
    CHECK(market.residual_norm * market.residual_norm == Approx(objective).epsilon(1e-10));
    CHECK(market.residual_norm > 1e-4);
    // Each parameter moved either way, the others held, fits worse; and the slope is 0.
    ObservedMarket given = observed;
    given.price_sensitivity = market.price_sensitivity;
    given.nesting = market.demand.nesting;
    const auto square = [](const ObservedMarket& moved) {
      const double norm = invert_market(moved, {.allow_nonpositive_cost = true}).residual_norm;
      return norm * norm;
    };
    const auto check_minimum = [&](auto move) {
      constexpr double step = 1e-5;
      ObservedMarket up = given;
      ObservedMarket down = given;
      move(up, 1.0 + step);
      move(down, 1.0 - step);
      CHECK(square(up) > objective);
      CHECK(square(down) > objective);
      const double slope = (square(up) - square(down)) / (2.0 * step);
      CHECK(std::abs(slope) < 1e-8);
    };
    check_minimum([](ObservedMarket& moved, double factor) { moved.price_sensitivity *= factor; });
    for (Eigen::Index g = 0; g < given.nesting.size(); ++g) {
      if (!std::isnan(observed.nesting(g)) || given.nesting(g) > 0.999) continue;
      check_minimum([g](ObservedMarket& moved, double factor) { moved.nesting(g) *= factor; });
    }
  }
  CHECK(fitted > 20);
}

TEST_CASE("a figure fewer is named", "[property]") {
  MarketGenerator generator(1307);
  for (int trial = 0; trial < 30; ++trial) {
    INFO("trial " << trial);
    KnownMarket known = make_known_market(generator, Buyers::alike);
    observe_enough(known);
    known.observed.figures.pop_back();
    CHECK_THROWS_AS(invert_market(known.observed), Unidentified);
    CHECK_THROWS_WITH(invert_market(known.observed), entente::test::contains("give 1 more of"));
  }
}

TEST_CASE("the unit of money does not matter", "[property]") {
  // With a linear term α is per unit of money; margins and costs are in it.
  MarketGenerator generator(1308);
  for (int trial = 0; trial < 20; ++trial) {
    INFO("trial " << trial);
    KnownMarket known = make_known_market(generator, Buyers::alike);
    observe_enough(known);
    const InvertedMarket market = invert_market(known.observed);
    constexpr double unit = 1330.0;
    known.observed.price *= unit;
    const InvertedMarket other = invert_market(known.observed);
    const bool linear = known.demand.price_term == PriceTerm::linear;
    CHECK(other.price_sensitivity * (linear ? unit : 1.0) ==
          Approx(market.price_sensitivity).epsilon(1e-10));
    CHECK(relative_miss(other.marginal_cost / unit, market.marginal_cost) < 1e-10);
    CHECK(relative_miss(other.demand.nesting, market.demand.nesting) < 1e-10);
  }
}
