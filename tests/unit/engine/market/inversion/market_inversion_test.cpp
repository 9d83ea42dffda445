#include "engine/market/inversion/market_inversion.hpp"

#include <cmath>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;
using entente::test::contains;

constexpr double unknown = ObservedMarket::unknown;

/// Two products of two firms, half of all buyers outside, plain logit with a linear price term.
ObservedMarket make_duopoly() {
  ObservedMarket observed;
  observed.price_term = PriceTerm::linear;
  observed.price = Eigen::Vector2d(4.0, 5.0);
  observed.share = Eigen::Vector2d(0.3, 0.2);
  observed.outside_share = 0.5;
  observed.supply = make_supply(Eigen::Vector2d(unknown, unknown), Eigen::Matrix2d::Identity());
  return observed;
}

/// Two nests with a log price term; see the first test that uses it.
ObservedMarket make_nests() {
  ObservedMarket observed;
  observed.price = Eigen::Vector4d(10.0, 12.0, 9.0, 11.0);
  observed.share = Eigen::Vector4d(0.2, 0.2, 0.1, 0.3);
  observed.outside_share = 0.2;
  observed.nest = Eigen::Vector4i(0, 0, 1, 1);
  observed.nesting = Eigen::Vector2d(unknown, unknown);
  observed.supply = make_supply(Eigen::Vector4d::Constant(unknown), Eigen::Matrix4d::Identity());
  return observed;
}

}  // namespace

TEST_CASE("one margin pins plain logit", "[unit]") {
  // α = 1/(m (1 − s)) = 1/(2 · 0.7); δ = ln(s/s0) + α p; the other margin is 1/(α · 0.8) = 1.75.
  ObservedMarket observed = make_duopoly();
  observed.figures = {observe_margin(0, 2.0)};
  const InvertedMarket market = invert_market(observed);
  const double sensitivity = 1.0 / 1.4;
  CHECK(market.price_sensitivity == Approx(sensitivity).epsilon(1e-14));
  CHECK(market.mean_utility(0) == Approx(std::log(0.6) + 4.0 * sensitivity).epsilon(1e-13));
  CHECK(market.mean_utility(1) == Approx(std::log(0.4) + 5.0 * sensitivity).epsilon(1e-13));
  CHECK(market.marginal_cost(0) == Approx(2.0).epsilon(1e-13));
  CHECK(market.marginal_cost(1) == Approx(3.25).epsilon(1e-13));
  CHECK_FALSE(market.over_identified);
  CHECK(market.residual_norm < 1e-14);
  // One seller of both: α = 1/(m (1 − s_f)) = 1, and the same margin on both.
  observed.supply.ownership.setOnes();
  const InvertedMarket monopoly = invert_market(observed);
  CHECK(monopoly.price_sensitivity == Approx(1.0).epsilon(1e-14));
  CHECK(monopoly.markup(1) == Approx(2.0).epsilon(1e-13));
}

TEST_CASE("the total of shares does not matter", "[unit]") {
  ObservedMarket observed = make_duopoly();
  observed.figures = {observe_margin(0, 2.0)};
  const InvertedMarket market = invert_market(observed);
  observed.share = Eigen::Vector2d(3e6, 2e6);
  const InvertedMarket same = invert_market(observed);
  CHECK((same.mean_utility - market.mean_utility).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((same.marginal_cost - market.marginal_cost).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("a tiny outside share keeps its figures", "[unit]") {
  // δ = ln(0.6 (1 − s0)/s0) + α p; 1 − (1 − s0) would have lost nine digits of s0.
  ObservedMarket observed = make_duopoly();
  observed.outside_share = 1.25e-9;
  observed.price_sensitivity = 2.0;
  const InvertedMarket market = invert_market(observed);
  CHECK(market.mean_utility(0) ==
        Approx(std::log(0.6 * (1.0 - 1.25e-9)) - std::log(1.25e-9) + 8.0).epsilon(1e-15));
  CHECK(market.outside_share == 1.25e-9);
}

TEST_CASE("elasticities pin the λ of each nest", "[unit]") {
  // η = 2, λ = (0.5, 0.8). Own of product 0: (2/0.5)(1 − 0.5 · 0.5 − 0.5 · 0.2) = 2.6; of product
  // 3: (2/0.8)(1 − 0.2 · 0.75 − 0.8 · 0.3) = 1.525; category 2 · 0.2 = 0.4.
  ObservedMarket observed = make_nests();
  observed.figures = {observe_own_elasticity(0, -2.6), observe_own_elasticity(3, -1.525),
                      observe_category_elasticity(-0.4)};
  const InvertedMarket market = invert_market(observed);
  CHECK(market.price_sensitivity == Approx(2.0).epsilon(1e-12));
  CHECK(market.demand.nesting(0) == Approx(0.5).epsilon(1e-12));
  CHECK(market.demand.nesting(1) == Approx(0.8).epsilon(1e-12));
  // Lerner: m = p/ε. δ_0 = λ ln s_{j|g} + ln(s_g/s0) + η ln p.
  CHECK(market.markup(0) == Approx(10.0 / 2.6).epsilon(1e-12));
  CHECK(market.markup(3) == Approx(11.0 / 1.525).epsilon(1e-12));
  CHECK(market.mean_utility(0) ==
        Approx(0.5 * std::log(0.5) + std::log(2.0) + 2.0 * std::log(10.0)).epsilon(1e-12));
  // A margin says the same as the elasticity of a firm's only product.
  observed.figures[1] = observe_margin(3, 11.0 / 1.525);
  CHECK(invert_market(observed).demand.nesting(1) == Approx(0.8).epsilon(1e-12));
  // Cross: −ds_0/dp_1 p_1/s_0 = −η s_1 (1 + (1−λ)/λ / s_g) = −2 · 0.2 · (1 + 1/0.4) = −1.4.
  observed.figures[0] = observe_cross_elasticity(0, 1, 1.4);
  CHECK(invert_market(observed).demand.nesting(0) == Approx(0.5).epsilon(1e-12));
}

TEST_CASE("nests can share one unknown λ", "[unit]") {
  // η = 2, λ = 0.5 in both: own of product 3 is 4 (1 − 0.5 · 0.75 − 0.5 · 0.3) = 1.9.
  ObservedMarket observed = make_nests();
  observed.common_nesting = true;
  observed.figures = {observe_own_elasticity(0, -2.6), observe_own_elasticity(3, -1.9)};
  const InvertedMarket market = invert_market(observed);
  CHECK(market.price_sensitivity == Approx(2.0).epsilon(1e-12));
  CHECK(market.demand.nesting(0) == Approx(0.5).epsilon(1e-12));
  CHECK(market.demand.nesting(0) == market.demand.nesting(1));
}

TEST_CASE("a category elasticity or a second margin pins the outside share", "[unit]") {
  // s0 = 0.25, α = 1: shares 0.45 and 0.3, margins 1/0.55 and 1/0.7; the mean price of what is
  // bought is 4.4, the category elasticity 1 · 4.4 · 0.25.
  ObservedMarket observed = make_duopoly();
  observed.outside_share = unknown;
  observed.figures = {observe_margin(0, 1.0 / 0.55), observe_category_elasticity(-1.1)};
  const InvertedMarket market = invert_market(observed);
  CHECK(market.outside_share == Approx(0.25).epsilon(1e-11));
  CHECK(market.price_sensitivity == Approx(1.0).epsilon(1e-12));
  CHECK(market.markup(1) == Approx(1.0 / 0.7).epsilon(1e-12));
  observed.figures[1] = observe_margin(1, 1.0 / 0.7);
  CHECK(invert_market(observed).outside_share == Approx(0.25).epsilon(1e-11));
}

TEST_CASE("without an outside good utility is measured from product 0", "[unit]") {
  // α = 1/(m (1 − s)) with shares 0.6 and 0.4; δ_1 = ln(0.4/0.6) + α (5 − 4).
  ObservedMarket observed = make_duopoly();
  observed.outside_good = false;
  observed.outside_share = unknown;
  observed.figures = {observe_margin(0, 2.0)};
  const InvertedMarket market = invert_market(observed);
  CHECK(market.price_sensitivity == Approx(1.25).epsilon(1e-14));
  CHECK(market.mean_utility(0) == 0.0);
  CHECK(market.mean_utility(1) == Approx(std::log(4.0 / 6.0) + 1.25).epsilon(1e-13));
  CHECK(market.outside_share == 0.0);
}

TEST_CASE("margins that contradict each other are fitted by least squares", "[unit]") {
  // Fitted margins are u a_k with u = 1/α, a = (1/0.7, 1/0.8); observed 2 and 1. With
  // r_k = a_k/o_k = (1/1.4, 1.25), Σ w (u r − 1)² is least at u = Σ w r/Σ w r².
  ObservedMarket observed = make_duopoly();
  observed.figures = {observe_margin(0, 2.0), observe_margin(1, 1.0)};
  for (const double weight : {1.0, 7.0}) {
    observed.figures[1].weight = weight;
    const double u = (1.0 / 1.4 + weight * 1.25) / (1.0 / 1.96 + weight * 1.5625);
    const InvertedMarket market = invert_market(observed);
    CHECK(market.over_identified);
    CHECK(market.price_sensitivity == Approx(1.0 / u).epsilon(1e-12));
    REQUIRE(market.fits.size() == 2);
    CHECK(market.fits[0].residual == Approx(u / 1.4 - 1.0).epsilon(1e-10));
    CHECK(market.fits[1].residual == Approx(u * 1.25 - 1.0).epsilon(1e-10));
    CHECK(market.fits[1].fitted == Approx(u * 1.25).epsilon(1e-12));
    const double squares = std::pow(u / 1.4 - 1.0, 2) + weight * std::pow(u * 1.25 - 1.0, 2);
    CHECK(market.residual_norm == Approx(std::sqrt(squares)).epsilon(1e-12));
    CHECK(market.stationarity < 1e-9);
    // Costs are those at which the observed prices are an equilibrium.
    CHECK(market.marginal_cost(0) == Approx(4.0 - u / 0.7).epsilon(1e-12));
  }
}

TEST_CASE("a fit is shown in words", "[unit]") {
  CHECK(describe_fit({observe_margin(3, 1.25), 1.31, 0.048}) ==
        "margin of product 3: 1.25 observed, 1.31 fitted (+4.8%)");
  CHECK(describe_fit({observe_category_elasticity(-0.5), -0.45, -0.1}) ==
        "category elasticity: -0.5 observed, -0.45 fitted (-10%)");
}

TEST_CASE("an observed cost is a margin and is kept", "[unit]") {
  ObservedMarket observed = make_duopoly();
  observed.supply.marginal_cost(0) = 2.1;
  const InvertedMarket market = invert_market(observed);
  CHECK(market.price_sensitivity == Approx(1.0 / (1.9 * 0.7)).epsilon(1e-13));
  CHECK(market.marginal_cost(0) == 2.1);
  REQUIRE(market.fits.size() == 1);
  CHECK(market.fits[0].observed.value == Approx(1.9));
}

TEST_CASE("what a bound capacity adds to a markup is scarcity", "[unit]") {
  // α = 1: the condition of product 1 gives 1/0.8 = 1.25 of its margin of 3; 1.75 is scarcity.
  ObservedMarket observed = make_duopoly();
  observed.capacity_bound = Eigen::Vector2i(0, 1);
  observed.figures = {observe_margin(0, 1.0 / 0.7)};
  CHECK_THROWS_WITH(invert_market(observed), contains("marginal cost of product 1 is missing"));
  observed.supply.marginal_cost(1) = 2.0;
  const InvertedMarket market = invert_market(observed);
  CHECK(market.price_sensitivity == Approx(1.0).epsilon(1e-13));
  CHECK(market.scarcity(0) == 0.0);
  CHECK(market.scarcity(1) == Approx(1.75).epsilon(1e-12));
  CHECK(market.markup(1) == 3.0);
  CHECK(market.marginal_cost(1) == 2.0);
  CHECK(market.fits.size() == 1);
  observed.supply.marginal_cost(1) = 4.0;  // a margin of 1 is less than 1.25
  CHECK_THROWS_AS(invert_market(observed), Infeasible);
  CHECK_THROWS_WITH(invert_market(observed), contains("capacity of product 1 cannot bind"));
}

TEST_CASE("a fixed price carries its own margin into the conditions of the others", "[unit]") {
  // One seller, product 1 at a fixed price with a margin of 3: α m_0 = 1 + α (s_0 m_0 + s_1 m_1),
  // so that with α = 1, m_0 = (1 + 0.2 · 3)/0.7.
  ObservedMarket observed = make_duopoly();
  observed.supply.ownership.setOnes();
  observed.supply.price_fixed(1) = 5.0;
  observed.supply.marginal_cost(1) = 2.0;
  observed.figures = {observe_margin(0, 1.6 / 0.7)};
  const InvertedMarket market = invert_market(observed);
  CHECK(market.price_sensitivity == Approx(1.0).epsilon(1e-12));
  CHECK(market.markup(1) == 3.0);
  CHECK(market.marginal_cost(0) == Approx(4.0 - 1.6 / 0.7).epsilon(1e-12));
}

TEST_CASE("a cost that is not above 0 is refused unless allowed", "[unit]") {
  // α = 1/(3.9 · 0.7): the margin of product 1 is 3.9 · 0.7/0.8 = 3.4125, its price 3.
  ObservedMarket observed = make_duopoly();
  observed.price(1) = 3.0;
  observed.figures = {observe_margin(0, 3.9)};
  CHECK_THROWS_AS(invert_market(observed), Infeasible);
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("marginal cost of product 1 would be -0.4125: price 3, share 0.2, own "
                             "elasticity -0.8791"));
  const InvertedMarket market = invert_market(observed, {.allow_nonpositive_cost = true});
  CHECK(market.marginal_cost(1) == Approx(-0.4125).epsilon(1e-12));
}

TEST_CASE("a λ above 1 is refused with the range of the figures", "[unit]") {
  // Within-nest share 0.4, s0 = 0.01: with λ = 1 category 0.3 asks for η = 30, own 30 (1 − 0.396) =
  // 18.12. Own 1.5 and category 0.3 ask for s0 ≥ 0.3 · 0.6/(1.5 − 0.3 · 0.4) = 0.1304. Own 1.5 asks
  // for η = 1.5/0.604 and category 0.01 η = 0.02483.
  ObservedMarket observed;
  observed.price = Eigen::Vector3d::Ones();
  observed.share = Eigen::Vector3d(0.4, 0.35, 0.25);
  observed.outside_share = 0.01;
  observed.nesting(0) = unknown;
  observed.supply = make_supply(Eigen::Vector3d::Constant(unknown), Eigen::Matrix3d::Identity());
  observed.figures = {observe_own_elasticity(0, -1.5), observe_category_elasticity(-0.3)};
  CHECK_THROWS_AS(invert_market(observed), Infeasible);
  CHECK_THROWS_WITH(invert_market(observed), contains("λ of nest 0 would be above 1"));
  CHECK_THROWS_WITH(
      invert_market(observed),
      contains("own elasticity of product 0 would have to be at most -18.12 instead of -1.5"));
  CHECK_THROWS_WITH(
      invert_market(observed),
      contains("category elasticity would have to be at least -0.02483 instead of -0.3"));
  CHECK_THROWS_WITH(invert_market(observed),
                    contains("the outside share would have to be at least 0.1304 instead of 0.01"));
  observed.outside_share = 0.131;
  CHECK(invert_market(observed).demand.nesting(0) == Approx(0.996).epsilon(1e-3));
  // λ = 1 itself is feasible: s0 = 0.2, η = 1.5, own 1.5 (1 − 0.32) = 1.02.
  observed.outside_share = 0.2;
  observed.figures[0].value = -1.02;
  CHECK(invert_market(observed).demand.nesting(0) == Approx(1.0).epsilon(1e-9));
}

TEST_CASE("a best fit at λ = 1 is not passed off as one", "[unit]") {
  ObservedMarket observed = make_nests();
  observed.nesting = Eigen::Vector2d(unknown, 0.8);
  // At λ = 1 and η = 2 own elasticities of products 0 and 1 would be −1.6; less is out of reach.
  observed.figures = {observe_own_elasticity(0, -1.2), observe_own_elasticity(1, -1.3),
                      observe_category_elasticity(-0.4)};
  CHECK_THROWS_AS(invert_market(observed), Infeasible);
  CHECK_THROWS_WITH(invert_market(observed), contains("λ of nest 0 would be above 1"));
}

TEST_CASE("figures that nothing shows are refused with the nearest", "[unit]") {
  // The margin of product 0 over that of product 1 is (1 − s_1)/(1 − s_0) > 1 as s_0 > s_1,
  // whatever the outside share.
  ObservedMarket observed = make_duopoly();
  observed.outside_share = unknown;
  observed.figures = {observe_margin(0, 1.0), observe_margin(1, 2.0)};
  CHECK_THROWS_AS(invert_market(observed), MarketFailure);
  // Without an outside good the ratio is 0.6/0.4, at s0 = 1 it is 1: 1.4 is feasible, 1.6 is not.
  observed.figures[0].value = 2.8;
  CHECK_NOTHROW(invert_market(observed, {.allow_nonpositive_cost = true}));
  observed.figures[0].value = 3.2;
  CHECK_THROWS_WITH(invert_market(observed), contains("the outside share"));
}
