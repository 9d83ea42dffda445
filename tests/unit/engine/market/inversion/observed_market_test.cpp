#include "engine/market/inversion/observed_market.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "engine/market/failure.hpp"
#include "engine/market/inversion/market_inversion.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;
using entente::test::contains;

constexpr double unknown = ObservedMarket::unknown;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Three products in two nests, two cells of buyers, one margin.
ObservedMarket make_market() {
  ObservedMarket observed;
  observed.price_term = PriceTerm::linear;
  observed.price = Eigen::Vector3d(4.0, 5.0, 6.0);
  observed.share = Eigen::Vector3d(0.3, 0.1, 0.1);
  observed.outside_share = 0.5;
  observed.nest = Eigen::Vector3i(0, 1, 1);
  observed.nesting = Eigen::Vector2d(1.0, 0.7);
  observed.weight = Eigen::Vector2d(1.0, 3.0);
  observed.relative_sensitivity = Eigen::Vector2d(0.9, 1.1);
  observed.taste = Eigen::ArrayXXd::Zero(3, 2);
  observed.supply = make_supply(Eigen::Vector3d::Constant(unknown), Eigen::Matrix3d::Identity());
  observed.figures = {observe_margin(0, 2.0)};
  return observed;
}

struct Fault {
  std::string message;
  std::function<void(ObservedMarket&)> make;
};

}  // namespace

TEST_CASE("a market that is none is refused by the entry at fault", "[unit]") {
  const std::vector<Fault> faults = {
      {"there is no product", [](ObservedMarket& m) { m.price.resize(0); }},
      {"share has 2 entries for 3 products", [](ObservedMarket& m) { m.share.resize(2); }},
      {"price of product 1 is nan", [](ObservedMarket& m) { m.price(1) = unknown; }},
      {"price of product 1 is -1",
       [](ObservedMarket& m) {
         m.price_term = PriceTerm::log;
         m.price(1) = -1.0;
       }},
      {"share of product 2 is 0", [](ObservedMarket& m) { m.share(2) = 0.0; }},
      {"share of product 2 is -0.1", [](ObservedMarket& m) { m.share(2) = -0.1; }},
      {"shares overflow", [](ObservedMarket& m) { m.share.setConstant(1e308); }},
      {"outside share is 1", [](ObservedMarket& m) { m.outside_share = 1.0; }},
      {"outside share is 0.5 without", [](ObservedMarket& m) { m.outside_good = false; }},
      {"price sensitivity is 0", [](ObservedMarket& m) { m.price_sensitivity = 0.0; }},
      {"there is no nest", [](ObservedMarket& m) { m.nesting.resize(0); }},
      {"product 2 is in nest 2", [](ObservedMarket& m) { m.nest(2) = 2; }},
      {"product 0 is in nest -1", [](ObservedMarket& m) { m.nest(0) = -1; }},
      {"λ of nest 1 is 1.2", [](ObservedMarket& m) { m.nesting(1) = 1.2; }},
      {"nest 1 has no product",
       [](ObservedMarket& m) {
         m.nest.setZero();
         m.nesting(1) = unknown;
       }},
      {"nest has 2 entries", [](ObservedMarket& m) { m.nest.resize(2); }},
      {"but no weights", [](ObservedMarket& m) { m.weight.resize(0); }},
      {"relative_sensitivity has 1 entries",
       [](ObservedMarket& m) { m.relative_sensitivity.setOnes(1); }},
      {"relative sensitivity of cell 1 is 0",
       [](ObservedMarket& m) { m.relative_sensitivity(1) = 0.0; }},
      {"taste (rows) has 2 entries", [](ObservedMarket& m) { m.taste.setZero(2, 2); }},
      {"taste of cell 1 for product 0 is nan", [](ObservedMarket& m) { m.taste(0, 1) = unknown; }},
      {"weight of cell 0 is -1", [](ObservedMarket& m) { m.weight(0) = -1.0; }},
      {"there are no buyers", [](ObservedMarket& m) { m.weight.setZero(); }},
      {"product 1 has a share and is offered to nobody",
       [](ObservedMarket& m) {
         m.taste(1, 0) = -infinity;
         m.weight(1) = 0.0;
       }},
      {"ownership (rows) has 2 entries",
       [](ObservedMarket& m) { m.supply.ownership.setOnes(2, 3); }},
      {"ownership has an entry", [](ObservedMarket& m) { m.supply.ownership(0, 1) = infinity; }},
      {"the owner of product 2 puts no weight",
       [](ObservedMarket& m) { m.supply.ownership(2, 2) = 0.0; }},
      {"marginal cost of product 0 is infinite",
       [](ObservedMarket& m) { m.supply.marginal_cost(0) = infinity; }},
      {"product 1 keeps 0 of its price", [](ObservedMarket& m) { m.supply.received(1) = 0.0; }},
      {"fringe of product 0 is 0.5", [](ObservedMarket& m) { m.supply.fringe(0) = 0.5; }},
      {"a fixed price of 3 and an observed one of 4",
       [](ObservedMarket& m) { m.supply.price_fixed(0) = 3.0; }},
      {"marginal cost of product 0 is missing",
       [](ObservedMarket& m) {
         m.supply.price_fixed(0) = 4.0;
         m.figures.clear();
       }},
      {"the margin of product 0 is given twice",
       [](ObservedMarket& m) {
         m.supply.price_fixed(0) = 4.0;
         m.supply.marginal_cost(0) = 3.0;
       }},
      {"declare one of the two",
       [](ObservedMarket& m) {
         m.supply.price_fixed(0) = 4.0;
         m.capacity_bound = Eigen::Vector3i(1, 0, 0);
       }},
      {"capacity_bound has 1 entries", [](ObservedMarket& m) { m.capacity_bound.setZero(1); }},
      {"margin of product 0 is -1", [](ObservedMarket& m) { m.figures[0].value = -1.0; }},
      {"margin of product 0 is nan", [](ObservedMarket& m) { m.figures[0].value = unknown; }},
      {"margin of product 1 is -1e+300; it must be finite and above 0",
       [](ObservedMarket& m) { m.supply.marginal_cost(1) = 1e300; }},
      {"weight of margin of product 0 is 0", [](ObservedMarket& m) { m.figures[0].weight = 0.0; }},
      {"margin of product 3: there are only 3",
       [](ObservedMarket& m) { m.figures[0].product = 3; }},
      {"own elasticity of product 1 is 2; it must be finite and below 0",
       [](ObservedMarket& m) { m.figures = {observe_own_elasticity(1, 2.0)}; }},
      {"elasticity of product 1 to the price of product 0 is -2; it must be finite and above 0",
       [](ObservedMarket& m) { m.figures = {observe_cross_elasticity(1, 0, -2.0)}; }},
      {"category elasticity is 0",
       [](ObservedMarket& m) { m.figures = {observe_category_elasticity(0.0)}; }},
      {"the category elasticity is 0 without an outside good",
       [](ObservedMarket& m) {
         m.outside_good = false;
         m.outside_share = unknown;
         m.figures = {observe_category_elasticity(-0.5)};
       }},
      {"has no meaning at a price of 0",
       [](ObservedMarket& m) {
         m.price(1) = 0.0;
         m.figures = {observe_own_elasticity(1, -0.5)};
       }},
  };
  CHECK_NOTHROW(invert_market(make_market()));
  for (const Fault& fault : faults) {
    ObservedMarket observed = make_market();
    fault.make(observed);
    INFO(fault.message);
    CHECK_THROWS_AS(invert_market(observed), InvalidInput);
    CHECK_THROWS_WITH(invert_market(observed), contains(fault.message));
  }
}

TEST_CASE("figures of extreme size give an answer or an error, never NaN", "[unit]") {
  for (const double price : {1e-300, 1e-12, 1.0, 1e12, 1e300}) {
    for (const double margin : {1e-300, 1e-6, 0.5, 1e6, 1e300}) {
      for (const double share : {1e-300, 0.5, 1e300}) {
        ObservedMarket observed = make_market();
        observed.price(0) = price;
        observed.share(0) = share;
        observed.figures[0].value = margin;
        try {
          const InvertedMarket market = invert_market(observed, {.allow_nonpositive_cost = true});
          INFO(price << " " << margin << " " << share);
          CHECK(market.mean_utility.allFinite());
          CHECK(market.marginal_cost.allFinite());
          CHECK(std::isfinite(market.price_sensitivity));
          CHECK(market.residual_norm < 1e-9);
        } catch (const MarketFailure& failure) {
          CHECK_FALSE(std::string(failure.what()).empty());
        }
      }
    }
  }
}

TEST_CASE("figures are named in words", "[unit]") {
  CHECK(describe_figure(observe_margin(2, 1.0)) == "margin of product 2");
  CHECK(describe_figure(observe_own_elasticity(2, -1.0)) == "own elasticity of product 2");
  CHECK(describe_figure(observe_cross_elasticity(2, 0, 1.0)) ==
        "elasticity of product 2 to the price of product 0");
  CHECK(describe_figure(observe_category_elasticity(-1.0)) == "category elasticity");
}

TEST_CASE("observed costs become margins of what is received", "[unit]") {
  ObservedMarket observed = make_market();
  observed.supply.received(1) = 0.8;
  observed.supply.marginal_cost(1) = 3.0;
  const std::vector<Figure> figures = collect_figures(observed);
  REQUIRE(figures.size() == 2);
  CHECK(figures[1].product == 1);
  CHECK(figures[1].value == Approx(1.0));  // 0.8 · 5 − 3
  observed.capacity_bound = Eigen::Vector3i(0, 1, 0);
  CHECK(collect_figures(observed).size() == 1);
  CHECK(read_given_margins(observed)(1) == Approx(1.0));
  CHECK(std::isnan(read_given_margins(observed)(0)));
}
