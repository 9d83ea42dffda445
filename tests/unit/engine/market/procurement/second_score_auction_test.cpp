#include "engine/market/procurement/second_score_auction.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double infinity = std::numeric_limits<double>::infinity();

Demand make_demand(double alpha, const std::vector<double>& utility) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, alpha);
  demand.utility =
      Eigen::Map<const Eigen::ArrayXd>(utility.data(), static_cast<Eigen::Index>(utility.size()));
  return demand;
}

}  // namespace

TEST_CASE("second-score auction of two firms with even scores by hand", "[unit]") {
  // V = 0 for both and outside: s = 1/3, markup −ln(2/3)/(1/3)/α, surplus ln 3 + 2 ln(2/3), over α.
  const Demand demand = make_demand(2.0, {2.0, 6.0});
  const Eigen::Vector2d cost(1.0, 3.0);
  const SecondScoreAuction apart =
      compute_second_score_auction(demand, cost, Eigen::Vector2i(0, 1));
  CHECK(apart.share(0) == Approx(1.0 / 3.0).epsilon(1e-14));
  CHECK(apart.outside_share == Approx(1.0 / 3.0).epsilon(1e-14));
  CHECK(apart.markup(0) == Approx(1.5 * std::log(1.5)).epsilon(1e-14));
  CHECK(apart.price(1) == Approx(3.0 + 1.5 * std::log(1.5)).epsilon(1e-14));
  CHECK(apart.consumer_surplus == Approx(0.5 * std::log(4.0 / 3.0)).epsilon(1e-13));
  // Together they meet the outside good alone, win 2/3, and keep all of the buyers' gain.
  const SecondScoreAuction merged =
      compute_second_score_auction(demand, cost, Eigen::Vector2i(7, 7));
  CHECK(merged.markup(1) == Approx(0.75 * std::log(3.0)).epsilon(1e-14));
  CHECK(merged.share == apart.share);
  CHECK(std::abs(merged.consumer_surplus) < 1e-16);
}

TEST_CASE("second-score auction keeps its figures where nearly nobody buys", "[unit]") {
  // Markups go to 1/α, surplus to s_0 s_1/α: both offers must beat the outside good.
  const Demand demand = make_demand(0.5, {-30.0, -31.0});
  const SecondScoreAuction auction =
      compute_second_score_auction(demand, Eigen::Vector2d::Zero(), Eigen::Vector2i(0, 1));
  const double s = std::exp(-30.0);
  CHECK(auction.markup(0) == Approx(2.0 * (1.0 + 0.5 * s)).epsilon(1e-15));
  CHECK(auction.consumer_surplus == Approx(2.0 * s * std::exp(-31.0)).epsilon(1e-12));
  // Shares of 1e-260 and of nothing at all.
  const SecondScoreAuction vanishing = compute_second_score_auction(
      make_demand(0.5, {-600.0, -900.0}), Eigen::Vector2d::Zero(), Eigen::Vector2i(0, 1));
  CHECK(vanishing.markup(0) == Approx(2.0).epsilon(1e-15));
  CHECK(vanishing.markup(1) == Approx(2.0).epsilon(1e-15));
  CHECK(vanishing.consumer_surplus == 0.0);
}

TEST_CASE("second-score auction of a firm that nearly always wins", "[unit]") {
  // Its rival scores 2 and nobody buying 0: it earns its lead over ln(1 + e^2), and they ln(1 +
  // e^2) less what the rival adds to it, which is next to nothing beside it.
  for (const double lead : {40.0, 900.0}) {
    const SecondScoreAuction auction = compute_second_score_auction(
        make_demand(1.0, {lead + 1.0, 3.0}), Eigen::Vector2d(1.0, 1.0), Eigen::Vector2i(0, 1));
    const double next = std::log(1.0 + std::exp(2.0));
    CHECK(auction.share(0) == Approx(1.0));
    CHECK(auction.markup(0) == Approx(lead - next).epsilon(1e-14));
    CHECK(auction.markup(1) == Approx(1.0).epsilon(1e-14));
    CHECK(auction.consumer_surplus == Approx(next).epsilon(1e-13));
  }
}

TEST_CASE("without an outside good only leads over rivals matter", "[unit]") {
  Demand demand = make_demand(1.5, {0.3, 0.8, -0.2});
  demand.outside_good = false;
  const Eigen::Vector3d cost(1.0, 1.2, 0.4);
  const Eigen::Vector3i seller(0, 1, 1);
  const SecondScoreAuction auction = compute_second_score_auction(demand, cost, seller);
  demand.utility += 3.0;
  const SecondScoreAuction shifted = compute_second_score_auction(demand, cost, seller);
  CHECK((auction.price - shifted.price).cwiseAbs().maxCoeff() < 1e-14);
  CHECK(auction.share.sum() == Approx(1.0).epsilon(1e-14));
  CHECK(auction.outside_share == 0.0);
  CHECK(shifted.consumer_surplus - auction.consumer_surplus == Approx(2.0).epsilon(1e-13));
}

TEST_CASE("each firm earns what buyers would lose without it, in nests as well", "[unit]") {
  Demand demand = make_demand(0.8, {1.0, 0.4, 1.3, -0.5, 0.9});
  demand.nesting = Eigen::Vector2d(0.4, 0.7);
  demand.nest.resize(5);
  demand.nest << 0, 0, 0, 1, 1;
  Eigen::VectorXd cost(5);
  cost << 0.3, 0.5, 0.2, 0.1, 0.6;
  Eigen::VectorXi seller(5);
  seller << 3, 3, 1, 2, 5;
  for (const bool outside_good : {true, false}) {
    demand.outside_good = outside_good;
    const SecondScoreAuction auction = compute_second_score_auction(demand, cost, seller);
    const Choice all = compute_choice(demand, cost);
    CHECK((auction.share - all.share).cwiseAbs().maxCoeff() < 1e-15);
    double earned = 0.0;
    for (const int firm : {1, 2, 3, 5}) {
      Demand rivals = demand;
      double profit = 0.0;
      for (Eigen::Index j = 0; j < 5; ++j) {
        if (seller(j) != firm) continue;
        rivals.utility(j, 0) = -infinity;
        profit += auction.share(j) * auction.markup(j);
      }
      const double loss = (all.logsum(0) - compute_choice(rivals, cost).logsum(0)) / 0.8;
      CHECK(profit == Approx(loss).epsilon(1e-13));
      earned += profit;
    }
    CHECK(auction.consumer_surplus == Approx(all.logsum(0) / 0.8 - earned).epsilon(1e-13));
  }
}

TEST_CASE("nests whose λ nears one play the plain auction", "[unit]") {
  Demand demand = make_demand(1.0, {-20.0, -20.5, -21.0});
  const Eigen::Vector3d cost(0.1, 0.2, 0.3);
  const Eigen::Vector3i seller(0, 0, 1);
  const SecondScoreAuction plain = compute_second_score_auction(demand, cost, seller);
  demand.nesting(0) = 1.0 - 1e-14;
  const SecondScoreAuction nested = compute_second_score_auction(demand, cost, seller);
  CHECK((plain.markup - nested.markup).cwiseAbs().maxCoeff() < 1e-13);
  // With λ = ½ a firm of vanishing share in its nest earns ½/α on each sale.
  demand = make_demand(1.0, {2.0, -900.0});
  demand.nesting(0) = 0.5;
  CHECK(compute_second_score_auction(demand, Eigen::Vector2d::Zero(), Eigen::Vector2i(0, 1))
            .markup(1) == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("a product that is not offered has no part in the auction", "[unit]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const SecondScoreAuction auction =
      compute_second_score_auction(make_demand(1.0, {1.0, -infinity, 0.5}),
                                   Eigen::Vector3d(0.2, 0.7, 0.3), Eigen::Vector3i(0, 0, 1));
  const SecondScoreAuction without = compute_second_score_auction(
      make_demand(1.0, {1.0, 0.5}), Eigen::Vector2d(0.2, 0.3), Eigen::Vector2i(0, 1));
  CHECK(auction.share(1) == 0.0);
  CHECK(auction.markup(1) == 0.0);
  CHECK(auction.price(0) == without.price(0));
  CHECK(auction.consumer_surplus == without.consumer_surplus);
  CHECK_THROWS_AS(
      compute_second_score_auction(make_demand(1.0, {1.0}), Eigen::VectorXd::Constant(1, nan),
                                   Eigen::VectorXi::Zero(1)),
      InvalidInput);
}

TEST_CASE("second-score auction refuses what it cannot answer", "[unit]") {
  const Eigen::Vector2d cost(1.0, 1.0);
  const Eigen::Vector2i seller(0, 0);
  Demand demand = make_demand(1.0, {1.0, 1.0});
  CHECK_THROWS_AS(compute_second_score_auction(demand, cost, Eigen::Vector3i(0, 1, 2)),
                  InvalidInput);
  demand.outside_good = false;
  CHECK_THROWS_AS(compute_second_score_auction(demand, cost, seller), Infeasible);
  demand.outside_good = true;
  demand.price_term = PriceTerm::log;
  CHECK_THROWS_AS(compute_second_score_auction(demand, cost, seller), InvalidInput);
  demand = make_demand(1.0, {1.0, 1.0, 0.0, 0.0});
  demand.nesting = Eigen::Vector2d(0.5, 0.5);
  demand.nest = Eigen::Vector4i(0, 1, 0, 1);
  const Eigen::Vector4d costs(1.0, 1.0, 1.0, 1.0);
  CHECK_THROWS_AS(compute_second_score_auction(demand, costs, Eigen::Vector4i(0, 0, 1, 2)),
                  InvalidInput);
  CHECK_NOTHROW(compute_second_score_auction(demand, costs, Eigen::Vector4i(0, 1, 0, 1)));
}
