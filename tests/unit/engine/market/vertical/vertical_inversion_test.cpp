#include <limits>

#include "engine/market/failure.hpp"
#include "engine/market/vertical/vertical.hpp"
#include "tests/catch.hpp"

using namespace entente::market;

namespace {

/// Suppliers 0 and 1, buyers 2 and 3; each buyer's two links form a nest. Firm 2 holds a stake in
/// supplier 0.
VerticalMarket make_market() {
  VerticalMarket market;
  Demand& demand = market.demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(1.0, 3.0);
  demand.price_sensitivity = Eigen::Vector2d(0.9, 1.4);
  demand.nest = Eigen::Vector4i(0, 0, 1, 1);
  demand.nesting = Eigen::Vector2d(0.5, 0.8);
  demand.utility.resize(4, 2);
  demand.utility << 3.0, 2.5, 2.4, 3.2, 2.8, 2.9, 3.3, 2.1;
  market.upstream_cost = Eigen::Vector4d(0.5, 0.7, 0.5, 0.7);
  market.downstream_cost = Eigen::Vector4d(0.3, 0.2, 0.4, 0.3);
  market.upstream_firm = Eigen::Vector4i(0, 1, 0, 1);
  market.downstream_firm = Eigen::Vector4i(2, 2, 3, 3);
  market.buyer_weight = Eigen::Vector4d(0.4, 0.75, 0.55, 1.0);
  market.interest = Eigen::Matrix4d::Identity();
  market.interest(2, 0) = 0.25;
  return market;
}

double largest_gap(const Eigen::VectorXd& one, const Eigen::VectorXd& other) {
  return (one - other).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("buyers' weights come back from the prices they give", "[unit]") {
  VerticalMarket market = make_market();
  for (const ContractTiming timing : {ContractTiming::simultaneous, ContractTiming::sequential}) {
    const VerticalPrices prices = compute_vertical_prices(market, timing);
    const Eigen::VectorXd weights =
        compute_buyer_weights(market, prices.wholesale_price, prices.retail_price, timing);
    CHECK(largest_gap(weights, market.buyer_weight) < 1e-9);
  }
}

TEST_CASE("links without a bargain have weight 1", "[unit]") {
  VerticalMarket market = make_market();
  market.interest.resize(0, 0);
  market.downstream_firm = Eigen::Vector4i(0, 0, 3, 3);
  market.demand.utility.row(3).setConstant(-std::numeric_limits<double>::infinity());
  const VerticalPrices prices = compute_vertical_prices(market);
  const Eigen::VectorXd weights =
      compute_buyer_weights(market, prices.wholesale_price, prices.retail_price);
  CHECK(weights(0) == 1.0);
  CHECK(weights(1) == Approx(0.75).epsilon(1e-11));
  CHECK(weights(2) == Approx(0.55).epsilon(1e-11));
  CHECK(weights(3) == 1.0);
}

// One link: b (w − c) = (1−b)(p − w − c'). With w − c = 2 and p − w − c' = 3, b = 3/5.
TEST_CASE("the weight of a single link by hand", "[unit]") {
  VerticalMarket market;
  market.demand.price_term = PriceTerm::linear;
  market.demand.weight.setOnes(1);
  market.demand.price_sensitivity.setOnes(1);
  market.demand.utility.setConstant(1, 1, 2.0);
  market.upstream_cost.setConstant(1, 4.0);
  market.downstream_cost.setConstant(1, 1.0);
  market.upstream_firm.setConstant(1, 0);
  market.downstream_firm.setConstant(1, 1);
  market.buyer_weight.setConstant(1, 0.5);
  const auto weight = [&](double wholesale, double retail) {
    return compute_buyer_weights(market, Eigen::VectorXd::Constant(1, wholesale),
                                 Eigen::VectorXd::Constant(1, retail))(0);
  };
  CHECK(weight(6.0, 10.0) == Approx(0.6));
  CHECK(weight(4.0, 10.0) == 1.0);
  CHECK_THROWS_AS(weight(3.9, 10.0), Infeasible);
  CHECK_THROWS_WITH(weight(9.5, 10.0), entente::test::contains("link 0"));
  CHECK_THROWS_AS(weight(std::numeric_limits<double>::quiet_NaN(), 10.0), InvalidInput);
}

TEST_CASE("margins come back from the prices they give", "[unit]") {
  for (const bool integrated : {false, true}) {
    VerticalMarket market = make_market();
    if (integrated) {
      market.interest.resize(0, 0);
      market.downstream_firm = Eigen::Vector4i(0, 0, 3, 3);
    }
    const VerticalPrices prices = compute_vertical_prices(market);
    VerticalMarket unknown = market;
    unknown.downstream_cost.setConstant(99.0);
    CHECK(largest_gap(compute_implied_downstream_margins(unknown, prices.wholesale_price,
                                                         prices.retail_price),
                      prices.downstream_margin) < 1e-11);
    unknown = market;
    for (int i = 0; i < 4; ++i) {
      if (market.upstream_firm(i) != market.downstream_firm(i)) unknown.upstream_cost(i) = -7.0;
    }
    CHECK(largest_gap(compute_implied_upstream_margins(unknown, prices.wholesale_price,
                                                       prices.retail_price),
                      prices.upstream_margin) < 1e-11);
  }
}

TEST_CASE("prices of another size are refused", "[unit]") {
  const VerticalMarket market = make_market();
  CHECK_THROWS_AS(compute_buyer_weights(market, Eigen::VectorXd::Ones(3), Eigen::VectorXd::Ones(4)),
                  InvalidInput);
  CHECK_THROWS_AS(compute_implied_downstream_margins(market, Eigen::VectorXd::Ones(4),
                                                     Eigen::VectorXd::Ones(5)),
                  InvalidInput);
}
