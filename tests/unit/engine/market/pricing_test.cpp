#include "engine/market/pricing.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double not_fixed = std::numeric_limits<double>::quiet_NaN();

Eigen::VectorXd to_vector(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

Demand make_logit(PriceTerm term, double sensitivity, const std::vector<double>& utility) {
  Demand demand;
  demand.price_term = term;
  demand.nesting(0) = 1.0;
  demand.utility = to_vector(utility).array();
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, sensitivity);
  return demand;
}

/// firm: index of the owner of each product.
Supply make_supply(const std::vector<double>& cost, const std::vector<int>& firm) {
  Supply supply;
  const auto products = static_cast<Eigen::Index>(cost.size());
  supply.marginal_cost = to_vector(cost);
  supply.ownership = Eigen::MatrixXd::Zero(products, products);
  for (std::size_t i = 0; i < firm.size(); ++i) {
    for (std::size_t j = 0; j < firm.size(); ++j) {
      if (firm[i] == firm[j]) {
        supply.ownership(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = 1.0;
      }
    }
  }
  supply.received = Eigen::VectorXd::Ones(products);
  supply.price_fixed = Eigen::VectorXd::Constant(products, not_fixed);
  supply.fringe = Eigen::VectorXd::Ones(products);
  return supply;
}

struct ReferenceCase {
  const char* name;
  double alpha;
  bool outside_good;
  std::vector<double> utility;
  std::vector<double> cost;
  std::vector<int> firm;
  std::vector<double> price;
};

}  // namespace

TEST_CASE("plain logit prices agree with 40-digit reference cases", "[unit]") {
  const std::vector<ReferenceCase> cases = {
      {"symmetric duopoly",
       1.0,
       true,
       {2, 2},
       {1, 1},
       {0, 1},
       {2.401058137541547, 2.401058137541547}},
      {"asymmetric, one two-product firm",
       1.5,
       true,
       {1, 2, 3},
       {0.5, 1, 1.2},
       {0, 1, 1},
       {1.3000494518137249, 2.115134980189948, 2.3151349801899483}},
      {"outside share of 6e-11",
       1.0,
       true,
       {25, 25.5, 24.8, 25.1},
       {1, 2, 1.5, 1},
       {0, 1, 2, 2},
       {2.5012142493498715, 3.3203816067260266, 3.234557975514172, 2.734557975514172}},
      {"no outside good",
       1.0,
       false,
       {0, 0.5, 1, -0.5},
       {1, 1, 1.3, 0.8},
       {0, 1, 2, 2},
       {2.3161439167041937, 2.4950866459059284, 3.0502494954267036, 2.5502494954267036}},
      {"shares of 1e-28 and 1e-305",
       1.0,
       true,
       {1, 1.5, -60, -700},
       {1, 1, 1, 1},
       {0, 1, 1, 2},
       {2.2082805632003475, 2.3343111927920415, 2.3343111927920415, 2.0}},
      {"monopoly with utility 60",
       1.0,
       true,
       {60, 60.5},
       {1, 1},
       {0, 0},
       {56.967337832933914, 56.967337832933914}},
  };
  for (const ReferenceCase& reference : cases) {
    INFO(reference.name);
    Demand demand = make_logit(PriceTerm::linear, reference.alpha, reference.utility);
    demand.outside_good = reference.outside_good;
    const Supply supply = make_supply(reference.cost, reference.firm);
    const Eigen::VectorXd start = supply.marginal_cost.array() + 1.0 / reference.alpha;
    const Prices prices = compute_bertrand_prices(demand, supply, start);
    CHECK(prices.residual <= 1e-10);
    for (Eigen::Index j = 0; j < start.size(); ++j) {
      CHECK(prices.price(j) == Approx(reference.price[static_cast<std::size_t>(j)]).epsilon(1e-12));
    }
  }
}

TEST_CASE("a share that underflows altogether keeps its limiting price", "[unit]") {
  // Far out of reach a single product of plain logit is sold at c + 1/α, a nested one at c + λ/α.
  Demand demand = make_logit(PriceTerm::linear, 2.0, {1.0, -5000.0});
  const Supply supply = make_supply({1.0, 1.0}, {0, 1});
  CHECK(compute_bertrand_prices(demand, supply, supply.marginal_cost).price(1) ==
        Approx(1.5).epsilon(1e-12));
  demand.nesting(0) = 0.1;
  CHECK(compute_bertrand_prices(demand, supply, supply.marginal_cost).price(1) ==
        Approx(1.05).epsilon(1e-12));
}

TEST_CASE("types of buyers agree with a 40-digit reference case", "[unit]") {
  // Two types of weight 0.6 and 0.4 with price coefficients 1 and 3.
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(0.6, 0.4);
  demand.price_sensitivity = Eigen::Vector2d(1.0, 3.0);
  demand.utility.resize(2, 2);
  demand.utility << 2.0, 2.0, 2.2, 2.2;
  const Supply supply = make_supply({0.5, 0.6}, {0, 1});
  const Prices prices = compute_bertrand_prices(demand, supply, Eigen::Vector2d(1.0, 1.0));
  CHECK(prices.price(0) == Approx(1.7844846008938144).epsilon(1e-12));
  CHECK(prices.price(1) == Approx(1.962044586923139).epsilon(1e-12));
  CHECK(compute_choice(demand, prices.price).share(1) ==
        Approx(0.22637561086546232).epsilon(1e-12));
}

TEST_CASE("a log price term gives relative markups by hand", "[unit]") {
  // A product with a vanishing share has p = c η/(η − 1); Lerner 1/η.
  const Demand demand = make_logit(PriceTerm::log, 4.0, {-80.0});
  const Supply supply = make_supply({3.0}, {0});
  const Prices prices = compute_bertrand_prices(demand, supply, Eigen::VectorXd::Ones(1));
  CHECK(prices.price(0) == Approx(4.0).epsilon(1e-12));
  CHECK(prices.markup(0) == Approx(1.0).epsilon(1e-12));
}

TEST_CASE("a fringe of three equals three products that split its utility", "[unit]") {
  const double nest = 0.4;
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    Demand split = make_logit(term, 2.5, {1.0, 0.5, 0.5, 0.5});
    split.nesting(0) = nest;
    split.utility.bottomRows(3) -= nest * std::log(3.0);
    const Supply three = make_supply({1.0, 0.8, 0.8, 0.8}, {0, 1, 2, 3});
    const Prices expected = compute_bertrand_prices(split, three, three.marginal_cost * 1.5);
    Demand joint = make_logit(term, 2.5, {1.0, 0.5});
    joint.nesting(0) = nest;
    Supply fringe = make_supply({1.0, 0.8}, {0, 1});
    fringe.fringe(1) = 3.0;
    const Prices prices = compute_bertrand_prices(joint, fringe, fringe.marginal_cost * 1.5);
    CHECK(prices.price(0) == Approx(expected.price(0)).epsilon(1e-11));
    CHECK(prices.price(1) == Approx(expected.price(1)).epsilon(1e-11));
    const Eigen::VectorXd implied = compute_implied_markups(joint, fringe, prices.price);
    CHECK(implied(1) == Approx(prices.markup(1)).epsilon(1e-9));
  }
}

TEST_CASE("a seller who receives a fraction sets the price of a seller with a higher cost",
          "[unit]") {
  // max (r p − c) s is r times max (p − c/r) s.
  const Demand demand = make_logit(PriceTerm::log, 3.0, {1.0, 0.5});
  Supply discounted = make_supply({1.0, 0.9}, {0, 1});
  discounted.received(0) = 0.8;
  const Supply dearer = make_supply({1.25, 0.9}, {0, 1});
  const Prices actual = compute_bertrand_prices(demand, discounted, Eigen::Vector2d(2, 2));
  const Prices expected = compute_bertrand_prices(demand, dearer, Eigen::Vector2d(2, 2));
  CHECK(actual.price(0) == Approx(expected.price(0)).epsilon(1e-11));
  CHECK(actual.price(1) == Approx(expected.price(1)).epsilon(1e-11));
  CHECK(actual.markup(0) == Approx(0.8 * expected.markup(0)).epsilon(1e-11));
}

TEST_CASE("a fixed price is held and answered", "[unit]") {
  const Demand demand = make_logit(PriceTerm::linear, 1.0, {1.0, 1.0});
  Supply supply = make_supply({1.0, 1.0}, {0, 1});
  supply.price_fixed(0) = 1.1;
  const Prices prices = compute_bertrand_prices(demand, supply, Eigen::Vector2d(5.0, 2.0));
  CHECK(prices.price(0) == 1.1);
  const double share = compute_choice(demand, prices.price).share(1);
  CHECK(prices.markup(1) == Approx(1.0 / (1.0 - share)).epsilon(1e-11));  // logit: α m (1 − s) = 1
}

TEST_CASE("a product nobody is offered is left alone", "[unit]") {
  Demand demand = make_logit(PriceTerm::log, 3.0, {1.0, 0.0});
  demand.utility(1, 0) = -std::numeric_limits<double>::infinity();
  const Supply supply = make_supply({1.0, 2.0}, {0, 0});
  const Prices prices = compute_bertrand_prices(demand, supply, Eigen::Vector2d(2.0, not_fixed));
  CHECK(prices.price.allFinite());
  const Prices alone = compute_bertrand_prices(make_logit(PriceTerm::log, 3.0, {1.0}),
                                               make_supply({1.0}, {0}), Eigen::VectorXd::Ones(1));
  CHECK(prices.price(0) == Approx(alone.price(0)).epsilon(1e-12));
}

TEST_CASE("prices without bound are a failure that names the remedy", "[unit]") {
  const Supply supply = make_supply({1.0}, {0});
  CHECK_THROWS_WITH(compute_bertrand_prices(make_logit(PriceTerm::log, 0.9, {1.0}), supply,
                                            Eigen::VectorXd::Ones(1)),
                    entente::test::contains("price sensitivity η must exceed 1"));
  Demand captive = make_logit(PriceTerm::linear, 1.0, {1.0});
  captive.outside_good = false;
  CHECK_THROWS_AS(compute_bertrand_prices(captive, supply, Eigen::VectorXd::Ones(1)),
                  NoConvergence);
  CHECK_THROWS_AS(compute_implied_markups(captive, supply, Eigen::VectorXd::Ones(1)), Infeasible);
}
