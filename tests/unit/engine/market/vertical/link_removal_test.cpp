#include "engine/market/vertical/link_removal.hpp"

#include <limits>

#include "tests/catch.hpp"

using namespace entente::market;

namespace {

VerticalMarket make_market(PriceTerm price_term) {
  VerticalMarket market;
  Demand& demand = market.demand;
  demand.price_term = price_term;
  demand.nesting = Eigen::Vector2d(0.5, 0.8);
  demand.nest = Eigen::Vector3i(0, 0, 1);
  demand.weight = Eigen::Vector2d(2.0, 1.0);
  demand.price_sensitivity =
      price_term == PriceTerm::log ? Eigen::Vector2d(4.0, 5.0) : Eigen::Vector2d(0.9, 1.2);
  demand.utility.resize(3, 2);
  demand.utility << 3.0, 2.4, 2.6, 2.9, 3.2, 2.7;
  market.upstream_cost = Eigen::Vector3d(0.5, 0.7, 0.5);
  market.downstream_cost = Eigen::Vector3d(0.3, 0.2, 0.4);
  market.upstream_firm = Eigen::Vector3i(0, 1, 0);
  market.downstream_firm = Eigen::Vector3i(2, 2, 3);
  market.buyer_weight = Eigen::Vector3d(0.4, 0.5, 0.6);
  return market;
}

struct Settled {
  explicit Settled(const VerticalMarket& market) {
    values.assign(market, ContractTiming::sequential);
    stage.assign(market.demand, values);
    margin = Eigen::Vector3d(0.4, 0.3, 0.5);
    stage.make_start(1.0);
    REQUIRE(stage.solve(margin, 1e-10));
  }
  LinkValues values;
  RetailStage stage;
  Eigen::VectorXd margin;
};

double compute_profit(const Settled& settled, int firm) {
  return settled.stage.worth().col(firm).dot(settled.stage.shares().total);
}

}  // namespace

TEST_CASE("the loss of a link is the difference of two equilibria", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const VerticalMarket market = make_market(term);
    const Settled with(market);
    LinkRemoval removal;
    removal.assign(market.demand, with.values);
    for (int i = 0; i < 3; ++i) {
      Eigen::VectorXd change = Eigen::VectorXd::Zero(3);
      REQUIRE(removal.solve(with.stage, with.margin, i, 1e-10, change));
      Settled without(market);
      REQUIRE(without.stage.solve(without.margin, 1e-10, i));
      for (int f = 0; f < 4; ++f) {
        const double loss =
            (compute_profit(with, f) - compute_profit(without, f)) / with.stage.shares().total(i);
        CHECK(removal.loss(f) == Approx(loss).epsilon(1e-11).margin(1e-13));
      }
    }
  }
}

// Per unit sold the loss tends to a limit as the link's share vanishes, here 1e-9 to 1e-35.
TEST_CASE("the loss of a vanishing link keeps its figures", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    VerticalMarket market = make_market(term);
    Eigen::Vector4d before;
    for (const double utility : {-18.0, -40.0, -80.0}) {
      // Alone in its nest, so that the nest vanishes too.
      market.demand.utility.row(2) << utility, utility - 60.0;
      const Settled with(market);
      LinkRemoval removal;
      removal.assign(market.demand, with.values);
      Eigen::VectorXd change = Eigen::VectorXd::Zero(3);
      REQUIRE(removal.solve(with.stage, with.margin, 2, 1e-10, change));
      for (int f = 0; f < 4; ++f) {
        if (utility < -18.0)
          CHECK(removal.loss(f) == Approx(before(f)).epsilon(utility < -40.0 ? 1e-12 : 1e-7));
        before(f) = removal.loss(f);
      }
    }
  }
}
