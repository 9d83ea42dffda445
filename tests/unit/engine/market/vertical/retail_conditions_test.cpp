#include "engine/market/vertical/retail_conditions.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace entente::market;

namespace {

VerticalMarket make_market(PriceTerm price_term) {
  VerticalMarket market;
  Demand& demand = market.demand;
  demand.price_term = price_term;
  demand.nesting = Eigen::Vector2d(0.3, 0.8);
  demand.nest = Eigen::Vector4i(0, 1, 0, 1);
  demand.weight = Eigen::Vector2d(2.0, 1.0);
  demand.price_sensitivity = Eigen::Vector2d(0.7, 1.9);
  demand.utility.resize(4, 2);
  demand.utility << 1.0, 0.5, 1.4, 1.1, 0.2, 0.9, 1.7, 0.3;
  market.upstream_cost = Eigen::Vector4d(0.5, 0.7, 0.5, 0.7);
  market.downstream_cost = Eigen::Vector4d(0.3, 0.2, 0.4, 0.3);
  market.upstream_firm = Eigen::Vector4i(0, 1, 0, 1);
  market.downstream_firm = Eigen::Vector4i(0, 0, 3, 3);
  market.buyer_weight = Eigen::Vector4d(0.4, 0.5, 0.6, 0.5);
  return market;
}

}  // namespace

// Σ_j v_fj ds_j/dp_i + s_i = 0 with the derivatives of compute_share_jacobian.
TEST_CASE("retail conditions are those of profit maximisation", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const VerticalMarket market = make_market(term);
    LinkValues values;
    values.assign(market, ContractTiming::simultaneous);
    LinkShares shares;
    shares.assign(market.demand, values.link);
    RetailConditions retail;
    retail.assign(shares, values);
    const Eigen::VectorXd prices = Eigen::Vector4d(1.6, 1.9, 2.1, 1.4);
    const Eigen::VectorXd margin = Eigen::Vector4d(0.0, 0.2, 0.3, 0.1);
    const Eigen::VectorXd whole_margin = prices - values.cost;
    Eigen::MatrixXd worth;
    values.value(whole_margin, margin, worth);
    REQUIRE(shares.evaluate(prices));
    retail.evaluate(shares, values, worth);
    const Choice choice = compute_choice(market.demand, prices);
    const Eigen::MatrixXd jacobian = compute_share_jacobian(market.demand, prices);
    for (int i = 0; i < 4; ++i) {
      const double slope = worth.col(values.buyer(i)).dot(jacobian.col(i)) + choice.share(i);
      // condition = −(slope · dp/dx) λ/s.
      const double nesting = market.demand.nesting(market.demand.nest(i));
      CHECK(retail.condition(i) ==
            Approx(-slope * shares.price_slope(i) * nesting / choice.share(i)).epsilon(1e-12));
    }
  }
}

TEST_CASE("slopes of retail conditions agree with finite differences", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const VerticalMarket market = make_market(term);
    LinkValues values;
    values.assign(market, ContractTiming::simultaneous);
    LinkShares shares;
    shares.assign(market.demand, values.link);
    RetailConditions retail;
    retail.assign(shares, values);
    const Eigen::VectorXd prices = Eigen::Vector4d(1.6, 1.9, 2.1, 1.4);
    Eigen::MatrixXd worth(4, values.firms());
    for (Eigen::Index f = 0; f < values.firms(); ++f) {
      for (Eigen::Index j = 0; j < 4; ++j)
        worth(j, f) = 0.3 + 0.2 * static_cast<double>((3 * j + 5 * f) % 7);
    }
    const auto at = [&](int k, double step) {
      Eigen::VectorXd moved = prices;
      moved(k) = term == PriceTerm::log ? prices(k) * std::exp(step) : prices(k) + step;
      REQUIRE(shares.evaluate(moved));
      retail.evaluate(shares, values, worth);
      return retail.condition;
    };
    constexpr double width = 1e-5;
    Eigen::MatrixXd by_price(4, 4);
    Eigen::MatrixXd profit(4, values.firms());
    for (int k = 0; k < 4; ++k) {
      const Eigen::VectorXd high = at(k, width);
      const Eigen::VectorXd high_profit = worth.transpose() * shares.total;
      const Eigen::VectorXd low = at(k, -width);
      by_price.col(k) = (high - low) / (2.0 * width);
      profit.row(k) = (high_profit - worth.transpose() * shares.total).transpose() / (2.0 * width);
    }
    Eigen::MatrixXd by_worth(4, 4);
    const Eigen::VectorXd centre = at(0, 0.0);
    for (int k = 0; k < 4; ++k) {
      worth.row(k).array() += 1.0;  // the conditions are linear in values
      by_worth.col(k) = at(0, 0.0) - centre;
      worth.row(k).array() -= 1.0;
    }
    at(0, 0.0);
    retail.differentiate(shares, values, worth);
    retail.compute_profit_slope(shares, worth);
    CHECK((retail.price_slope - by_price).cwiseAbs().maxCoeff() < 1e-8);
    CHECK((retail.worth_slope - by_worth).cwiseAbs().maxCoeff() < 1e-12);
    CHECK((retail.profit_slope - profit).cwiseAbs().maxCoeff() < 1e-9);
  }
}
