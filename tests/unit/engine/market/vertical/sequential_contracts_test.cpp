#include "engine/market/vertical/sequential_contracts.hpp"

#include <Eigen/LU>
#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "engine/market/vertical/vertical.hpp"
#include "tests/catch.hpp"

using namespace entente::market;

namespace {

/// Suppliers 0 and 1, buyers 2 and 3, two cells, a nest for each buyer's product.
VerticalMarket make_market(PriceTerm price_term) {
  VerticalMarket market;
  Demand& demand = market.demand;
  demand.price_term = price_term;
  demand.nesting = Eigen::Vector2d(0.6, 0.9);
  demand.nest = Eigen::Vector4i(0, 0, 1, 1);
  demand.weight = Eigen::Vector2d(2.0, 1.0);
  demand.price_sensitivity =
      price_term == PriceTerm::log ? Eigen::Vector2d(4.0, 5.0) : Eigen::Vector2d(0.9, 1.2);
  demand.utility.resize(4, 2);
  demand.utility << 3.0, 2.4, 2.6, 2.9, 2.2, 2.7, 3.0, 2.5;
  market.upstream_cost = Eigen::Vector4d(0.5, 0.7, 0.5, 0.7);
  market.downstream_cost = Eigen::Vector4d(0.3, 0.2, 0.4, 0.3);
  market.upstream_firm = Eigen::Vector4i(0, 1, 0, 1);
  market.downstream_firm = Eigen::Vector4i(2, 2, 3, 3);
  market.buyer_weight = Eigen::Vector4d(0.4, 0.5, 0.6, 0.5);
  return market;
}

/// One supplier a buyer, all alike.
VerticalMarket make_symmetric_market(int buyers) {
  VerticalMarket market;
  market.demand.price_term = PriceTerm::linear;
  market.demand.weight.setOnes(1);
  market.demand.price_sensitivity.setOnes(1);
  market.demand.utility.setConstant(buyers, 1, 3.0);
  market.upstream_cost.setConstant(buyers, 0.5);
  market.downstream_cost.setConstant(buyers, 0.3);
  market.buyer_weight.setConstant(buyers, 0.5);
  market.upstream_firm.setZero(buyers);
  market.downstream_firm.setLinSpaced(buyers, 1, buyers);
  return market;
}

/// Bertrand prices without stakes, by damped steps on margins implied by the conditions
/// Σ_j v_j ds_j/dp_i + s_i = 0: nothing here is taken from the solver.
Eigen::VectorXd settle_retail(const VerticalMarket& market, const Eigen::VectorXd& wholesale,
                              Eigen::VectorXd price, Eigen::Index removed) {
  Demand demand = market.demand;
  if (removed >= 0)
    demand.utility.row(removed).setConstant(-std::numeric_limits<double>::infinity());
  const Eigen::Index links = price.size();
  for (int step = 0; step < 2000; ++step) {
    const Choice choice = compute_choice(demand, price);
    const Eigen::MatrixXd jacobian = compute_share_jacobian(demand, price);
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(links, links);
    Eigen::VectorXd right_side = Eigen::VectorXd::Zero(links);
    for (Eigen::Index i = 0; i < links; ++i) {
      if (i == removed) continue;
      const int firm = market.downstream_firm(i);
      right_side(i) = -choice.share(i);
      for (Eigen::Index j = 0; j < links; ++j) {
        system(i, j) = 0.0;
        if (market.downstream_firm(j) == firm) {
          system(i, j) = jacobian(j, i);
        } else if (market.upstream_firm(j) == firm) {
          right_side(i) -= jacobian(j, i) * (wholesale(j) - market.upstream_cost(j));
        }
      }
    }
    const Eigen::VectorXd margin = system.partialPivLu().solve(right_side);
    const Eigen::VectorXd target = margin + wholesale + market.downstream_cost;
    double move = 0.0;
    for (Eigen::Index i = 0; i < links; ++i) {
      if (i == removed) continue;
      move = std::max(move, std::abs(target(i) - price(i)));
      price(i) += 0.5 * (target(i) - price(i));
    }
    if (move < 1e-14) break;
  }
  return price;
}

double compute_profit(const VerticalMarket& market, const Eigen::VectorXd& wholesale,
                      const Eigen::VectorXd& price, int firm, Eigen::Index removed) {
  Demand demand = market.demand;
  if (removed >= 0)
    demand.utility.row(removed).setConstant(-std::numeric_limits<double>::infinity());
  const Eigen::VectorXd share = compute_choice(demand, price).share;
  double profit = 0.0;
  for (Eigen::Index j = 0; j < share.size(); ++j) {
    if (market.upstream_firm(j) == firm)
      profit += share(j) * (wholesale(j) - market.upstream_cost(j));
    if (market.downstream_firm(j) == firm)
      profit += share(j) * (price(j) - wholesale(j) - market.downstream_cost(j));
  }
  return profit;
}

void check_contracts(const VerticalMarket& market) {
  const VerticalPrices prices = compute_vertical_prices(market, ContractTiming::sequential);
  constexpr double width = 1e-4;
  const Eigen::VectorXd settled =
      settle_retail(market, prices.wholesale_price, prices.retail_price, -1);
  CHECK((settled - prices.retail_price).cwiseAbs().maxCoeff() < 1e-10);
  for (Eigen::Index i = 0; i < settled.size(); ++i) {
    const int up = market.upstream_firm(i);
    const int down = market.downstream_firm(i);
    if (up == down) {
      CHECK(prices.wholesale_price(i) == market.upstream_cost(i));
      continue;
    }
    const Eigen::VectorXd without =
        settle_retail(market, prices.wholesale_price, prices.retail_price, i);
    const double lost_up = compute_profit(market, prices.wholesale_price, without, up, i);
    const double lost_down = compute_profit(market, prices.wholesale_price, without, down, i);
    const auto log_nash_product = [&](double step) {
      Eigen::VectorXd wholesale = prices.wholesale_price;
      wholesale(i) += step;
      const Eigen::VectorXd retail = settle_retail(market, wholesale, prices.retail_price, -1);
      const double gain_up = compute_profit(market, wholesale, retail, up, -1) - lost_up;
      const double gain_down = compute_profit(market, wholesale, retail, down, -1) - lost_down;
      CHECK(gain_up > 0.0);
      CHECK(gain_down > 0.0);
      return (1.0 - market.buyer_weight(i)) * std::log(gain_up) +
             market.buyer_weight(i) * std::log(gain_down);
    };
    CHECK((log_nash_product(width) - log_nash_product(-width)) / (2.0 * width) ==
          Approx(0.0).margin(1e-6));
    CHECK(log_nash_product(0.05) < log_nash_product(0.0));
    CHECK(log_nash_product(-0.05) < log_nash_product(0.0));
  }
}

}  // namespace

TEST_CASE("each contract is the best its parties can do when retail prices answer", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    VerticalMarket market = make_market(term);
    check_contracts(market);
    market.downstream_firm = Eigen::Vector4i(0, 0, 3, 3);
    check_contracts(market);
    market.downstream_firm = Eigen::Vector4i(0, 0, 1, 1);
    check_contracts(market);
  }
}

TEST_CASE("wholesale prices are lower when retail prices answer", "[unit]") {
  for (int buyers = 1; buyers <= 3; ++buyers) {
    const VerticalMarket market = make_symmetric_market(buyers);
    const VerticalPrices together = compute_vertical_prices(market);
    const VerticalPrices after = compute_vertical_prices(market, ContractTiming::sequential);
    for (int i = 0; i < buyers; ++i) {
      CHECK(after.wholesale_price(i) < together.wholesale_price(i));
      CHECK(after.wholesale_price(i) > market.upstream_cost(i));
      CHECK(after.wholesale_price(i) == Approx(after.wholesale_price(0)).epsilon(1e-12));
    }
  }
}

// A supplier with all the weight sets its price as a monopolist that sees the buyer's demand; with
// none it gets its cost.
TEST_CASE("the ends of bargaining power under sequential timing", "[unit]") {
  VerticalMarket market = make_symmetric_market(1);
  market.buyer_weight(0) = 0.0;
  const VerticalPrices strong = compute_vertical_prices(market, ContractTiming::sequential);
  const auto profit = [&](double step) {
    const Eigen::VectorXd wholesale = strong.wholesale_price.array() + step;
    const Eigen::VectorXd retail = settle_retail(market, wholesale, strong.retail_price, -1);
    return compute_profit(market, wholesale, retail, 0, -1);
  };
  CHECK((profit(1e-4) - profit(-1e-4)) / 2e-4 == Approx(0.0).margin(1e-8));
  CHECK(profit(0.1) < profit(0.0));
  market.buyer_weight(0) = 1.0;
  const VerticalPrices weak = compute_vertical_prices(market, ContractTiming::sequential);
  CHECK(weak.wholesale_price(0) == Approx(market.upstream_cost(0)).epsilon(1e-12));
}

TEST_CASE("a link that hardly sells has its limiting sequential prices", "[unit]") {
  VerticalMarket market = make_market(PriceTerm::linear);
  VerticalPrices before;
  for (const double utility : {-12.0, -30.0, -60.0}) {
    market.demand.utility.row(2).setConstant(utility);
    const VerticalPrices prices = compute_vertical_prices(market, ContractTiming::sequential);
    CHECK(prices.residual < 1e-10);
    if (utility < -30.0) {
      CHECK(prices.wholesale_price(2) == Approx(before.wholesale_price(2)).epsilon(1e-9));
      CHECK(prices.retail_price(2) == Approx(before.retail_price(2)).epsilon(1e-9));
    }
    before = prices;
  }
}

// Two buyers without an outside good share all buyers at high prices; a second supplier of the same
// product only adds a rival inside the nest.
TEST_CASE("a link whose parties would rather not trade is refused", "[unit]") {
  VerticalMarket market = make_symmetric_market(2);
  market.demand.outside_good = false;
  CHECK_THROWS_AS(compute_vertical_prices(market, ContractTiming::sequential), MarketFailure);
}
