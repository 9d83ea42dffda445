#include <Eigen/Core>
#include <cmath>
#include <limits>

#include "engine/market/capacity.hpp"
#include "engine/market/demand.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"
#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

namespace {

using namespace entente::market;
using entente::test::make_start;
using entente::test::MarketGenerator;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Market {
  Demand demand;
  Supply supply;
};

Market make_duopoly() {
  Market market;
  market.demand.price_term = PriceTerm::linear;
  market.demand.weight = Eigen::Vector2d(0.6, 0.4);
  market.demand.price_sensitivity = Eigen::Vector2d(1.0, 2.0);
  market.demand.utility = Eigen::ArrayXXd::Ones(2, 2);
  market.supply = make_supply(Eigen::Vector2d(0.5, 0.6), Eigen::MatrixXd::Identity(2, 2));
  return market;
}

void price(const Market& market) {
  compute_bertrand_prices(market.demand, market.supply, Eigen::Vector2d(1.0, 1.0));
}

/// Whether prices are a root: residual small, everything finite, shares sum to one.
bool is_root(const Market& market, const Prices& prices) {
  if (!prices.price.allFinite() || !prices.markup.allFinite() || !(prices.residual <= 1e-10))
    return false;
  const Choice choice = compute_choice(market.demand, prices.price);
  return choice.share.allFinite() &&
         std::abs(choice.share.sum() + choice.outside_share - 1.0) < 1e-12;
}

}  // namespace

TEST_CASE("what describes no market is refused by name", "[property]") {
  const auto refuses = [](const auto& spoil, const std::string& word) {
    Market market = make_duopoly();
    spoil(market);
    INFO(word);
    CHECK_THROWS_AS(price(market), InvalidInput);
    CHECK_THROWS_WITH(price(market), entente::test::contains(word));
  };
  refuses([](Market& m) { m.demand.price_sensitivity(1) = 0.0; }, "price sensitivity 0 of cell 1");
  refuses([](Market& m) { m.demand.price_sensitivity(0) = -1.0; }, "price sensitivity -1");
  refuses([](Market& m) { m.demand.price_sensitivity(0) = infinity; }, "price sensitivity inf");
  refuses([](Market& m) { m.demand.utility(1, 0) = infinity; }, "utility inf of product 1");
  refuses([](Market& m) { m.demand.utility(1, 0) = not_a_number; }, "utility nan of product 1");
  refuses([](Market& m) { m.demand.weight.setZero(); }, "no active buyers");
  refuses([](Market& m) { m.demand.weight(0) = -1.0; }, "weight -1 of cell 0");
  refuses([](Market& m) { m.demand.weight.resize(3); }, "cells");
  refuses([](Market& m) { m.demand.utility.resize(0, 2); }, "no product");
  refuses([](Market& m) { m.demand.nesting(0) = 0.0; }, "nesting parameter 0 of nest 0");
  refuses([](Market& m) { m.demand.nesting(0) = 1.5; }, "nesting parameter 1.5");
  refuses([](Market& m) { m.demand.nest = Eigen::Vector2i(0, 1); }, "nest 1");
  refuses([](Market& m) { m.supply.marginal_cost(1) = 1e300; }, "marginal cost 1e+300");
  refuses([](Market& m) { m.supply.marginal_cost(0) = not_a_number; }, "marginal cost nan");
  refuses([](Market& m) { m.supply.ownership.setZero(); }, "own weight 0");
  refuses([](Market& m) { m.supply.ownership(0, 1) = not_a_number; }, "ownership: row 0");
  refuses([](Market& m) { m.supply.received(0) = 0.0; }, "fraction received 0");
  refuses([](Market& m) { m.supply.fringe(0) = 0.5; }, "firms behind it 0.5");
  refuses([](Market& m) { m.supply.marginal_cost.resize(3); }, "2 products");
}

TEST_CASE("prices for another number of products are refused", "[property]") {
  const Market market = make_duopoly();
  const Eigen::Vector3d three(1.0, 1.0, 1.0);
  CHECK_THROWS_AS(compute_choice(market.demand, three), InvalidInput);
  CHECK_THROWS_AS(compute_share_jacobian(market.demand, three), InvalidInput);
  CHECK_THROWS_AS(compute_elasticities(market.demand, three), InvalidInput);
  CHECK_THROWS_AS(compute_diversion_ratios(market.demand, three), InvalidInput);
  CHECK_THROWS_AS(compute_implied_markups(market.demand, market.supply, three), InvalidInput);
  CHECK_THROWS_AS(compute_bertrand_prices(market.demand, market.supply, three), InvalidInput);
}

TEST_CASE("a singular ownership matrix has prices all the same", "[property]") {
  // Rows may be equal, as of a merged firm: only the weights on own products must be there.
  Market market = make_duopoly();
  market.supply.ownership.setOnes();
  const Prices prices =
      compute_bertrand_prices(market.demand, market.supply, make_start(market.supply));
  CHECK(is_root(market, prices));
}

TEST_CASE("a monopoly with nearly no outside share is priced from any start", "[property]") {
  // Published tools return 0.73 where the price is 56.967…: the closed form is 1 + W(e^{59.9…}).
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Ones(1);
  demand.utility = Eigen::Vector2d(60.0, 60.5).array();
  const Supply supply = make_supply(Eigen::Vector2d(1.0, 1.0), Eigen::MatrixXd::Ones(2, 2));
  Demand twofold = demand;  // the same buyers in two cells, which takes the general solver
  twofold.weight = Eigen::Vector2d(0.5, 0.5);
  twofold.price_sensitivity = Eigen::Vector2d(1.0, 1.0);
  twofold.utility.resize(2, 2);
  twofold.utility << 60.0, 60.0, 60.5, 60.5;
  for (const double start : {0.0, 0.73, 2.0, 50.0, 1e4, -100.0, not_a_number}) {
    INFO("start " << start);
    const Eigen::Vector2d at(start, start);
    CHECK(compute_bertrand_prices(demand, supply, at).price(0) ==
          Approx(56.967337832933914).epsilon(1e-12));
    CHECK(compute_bertrand_prices(twofold, supply, at).price(0) ==
          Approx(56.967337832933914).epsilon(1e-12));
  }
}

TEST_CASE("spoilt markets end in a typed error or in a root", "[property]") {
  MarketGenerator generator(61);
  const double poison[] = {0.0,  -1.0,  1e300, -1e300, 1e-300,       1e16,
                           1e99, 700.0, 1e-9,  -1e6,   not_a_number, infinity};
  int refused = 0;
  int solved = 0;
  for (int k = 0; k < 1500; ++k) {
    INFO("market " << k);
    Market market{generator.make_demand(), {}};
    market.supply = generator.make_supply(market.demand.products());
    Eigen::VectorXd start = make_start(market.supply);
    const auto product = generator.integer(0, market.demand.products() - 1);
    const auto cell = generator.integer(0, market.demand.cells() - 1);
    const double value = poison[generator.integer(0, 11)];
    switch (generator.integer(0, 7)) {
      case 0:
        market.demand.price_sensitivity(cell) = value;
        break;
      case 1:
        market.demand.utility(product, cell) = value;
        break;
      case 2:
        market.demand.weight(cell) = value;
        break;
      case 3:
        market.supply.marginal_cost(product) = value;
        break;
      case 4:
        market.supply.ownership(product, 0) = value;
        break;
      case 5:
        market.supply.received(product) = value;
        break;
      case 6:
        market.demand.nesting(0) = value;
        break;
      default:
        start(product) = value;
        break;
    }
    try {
      const Prices prices = compute_bertrand_prices(market.demand, market.supply, start,
                                                    {.tolerance = 1e-10, .max_iterations = 2000});
      CHECK(is_root(market, prices));
      ++solved;
    } catch (const MarketFailure&) {
      ++refused;
    }
  }
  CHECK(refused > 100);
  CHECK(solved > 100);
}

TEST_CASE("capacities that are none are refused", "[property]") {
  const Market market = make_duopoly();
  const auto with = [&](const Resources& resources, double size) {
    return compute_capacity_prices(market.demand, market.supply, size, resources,
                                   make_start(market.supply));
  };
  const auto capacity = [](double first, double second) {
    return make_product_capacities(Eigen::Vector2d(first, second));
  };
  CHECK_THROWS_AS(with(capacity(-1.0, 1.0), 1.0), InvalidInput);
  CHECK_THROWS_AS(with(capacity(not_a_number, 1.0), 1.0), InvalidInput);
  CHECK_THROWS_AS(with(capacity(0.5, 1.0), 0.0), InvalidInput);
  CHECK_THROWS_AS(with(capacity(0.5, 1.0), infinity), InvalidInput);
  CHECK_THROWS_AS(with({Eigen::MatrixXd::Ones(1, 3), Eigen::VectorXd::Ones(1)}, 1.0), InvalidInput);
  CHECK_THROWS_AS(with({-Eigen::MatrixXd::Ones(1, 2), Eigen::VectorXd::Ones(1)}, 1.0),
                  InvalidInput);
  // Two names of one limit: how its shadow price is split between them says nothing, but it holds.
  const Resources twice{Eigen::MatrixXd::Ones(2, 2), Eigen::Vector2d(0.05, 0.05)};
  const Resources once{Eigen::MatrixXd::Ones(1, 2), Eigen::VectorXd::Constant(1, 0.05)};
  try {
    const CapacityPrices split = with(twice, 1.0);
    CHECK(split.shadow_price.minCoeff() >= 0.0);
    CHECK(split.shadow_price.sum() == Approx(with(once, 1.0).shadow_price(0)).epsilon(1e-8));
  } catch (const MarketFailure& failure) {
    CHECK_THAT(failure.what(), entente::test::contains("not determined"));
  }
}
