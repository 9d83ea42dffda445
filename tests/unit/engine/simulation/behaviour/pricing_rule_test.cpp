#include "engine/simulation/behaviour/pricing_rule.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/given_market.hpp"

using namespace entente::simulation;
using namespace entente::test;

namespace {

/// Prices of the gadgets when all would post `best`, at a marginal cost of 5.
struct Held {
  PostedMarket posted;
  Quarter quarter;
};

Held hold(const World& world, const Eigen::Vector3d& best) {
  Held held;
  held.quarter.marginal_cost = Eigen::VectorXd::Constant(world.price.size(), 5.0);
  held.quarter.markup_bound_hits = Eigen::VectorXd::Zero(world.price.size());
  held.posted.supply.price_fixed = Eigen::Vector3d::Constant(std::nan(""));
  held.posted.capacity = Eigen::Vector3d::Constant(1.0);
  hold_rule_prices(world, held.quarter, market(world, "gadget"), best, held.posted);
  return held;
}

/// Gadget alpha's cost moves by a fifth in quarter 1.
std::vector<Step> run_with_cost(double change, const std::vector<std::string>& sets) {
  return run_quarters(
      build_small(pact_text("type = \"cost\", product = \"gadget-alpha\", change = " +
                            std::to_string(change)),
                  sets),
      4);
}

double gadget_price(const Step& step, const std::string& id) {
  return step.quarter.price[product(step.world, id)];
}

/// What sellers by share_markup would post for the lamps, whose consumers chose them with these
/// shares last quarter.
Eigen::VectorXd share_markups(const std::string& more, const Eigen::Vector3d& choice_share,
                              const std::vector<std::string>& sets) {
  World world = build_small(given_text("demand = \"durable\"\npricing = \"given\"\n" + more), sets);
  const Eigen::Index m = market(world, "lamp");
  Quarter quarter;
  quarter.marginal_cost = Eigen::VectorXd::Ones(world.price.size());
  quarter.terms.received = quarter.marginal_cost;
  world.choice_share.segment(world.economy->markets[static_cast<std::size_t>(m)].first, 3) =
      choice_share;
  return share_markup_prices(world, quarter, m);
}

const std::vector<std::string> all_by_share = {"firm.alpha.pricing=share_markup",
                                               "firm.beta.pricing=share_markup",
                                               "firm.gamma.pricing=share_markup"};

}  // namespace

TEST_CASE("an adaptive seller goes its part of the way to the best reply", "[unit]") {
  const World world =
      build_small({}, {"firm.alpha.pricing=adaptive", "firm.alpha.price_adjustment=0.25"});
  const Held held = hold(world, {12.0, 9.0, 13.0});
  CHECK(held.posted.supply.price_fixed[0] == Approx(10.5));
  CHECK(std::isinf(held.posted.capacity[0]));
  // The others set their prices themselves, and go by their capacity.
  CHECK(std::isnan(held.posted.supply.price_fixed[1]));
  CHECK(held.posted.capacity[1] == 1.0);
}

TEST_CASE("a markup stands on cost and below the best reply, hits counted", "[unit]") {
  World world = build_small({}, {"firm.alpha.pricing=markup"});
  const Eigen::Index alpha = product(world, "gadget-alpha");
  world.markup[alpha] = 1.0;
  const Held below = hold(world, {11.0, 9.0, 13.0});
  CHECK(below.posted.supply.price_fixed[0] == Approx(10.0));
  CHECK(below.quarter.markup_bound_hits[alpha] == 0.0);
  const Held above = hold(world, {9.0, 9.0, 13.0});
  CHECK(above.posted.supply.price_fixed[0] == Approx(9.0));
  CHECK(above.quarter.markup_bound_hits[alpha] == 1.0);
}

TEST_CASE("a markup moves with the relative change of the unit share", "[unit]") {
  World world = build_small({}, {"firm.alpha.pricing=markup", "firm.alpha.markup_response=0.5"});
  const Eigen::Index alpha = product(world, "gadget-alpha");
  world.markup[alpha] = 0.4;
  Quarter quarter;
  quarter.markup_bound_hits = Eigen::VectorXd::Zero(world.price.size());
  quarter.quantity = world.quantity;
  quarter.quantity[alpha] = 75.0;  // of 125: from a half to six tenths
  World next = world;
  revise_markups(world, quarter, next);
  CHECK(next.markup[alpha] == Approx(0.4 * (1.0 + 0.5 * 0.2)));
  // A bound markup goes on from the bound.
  quarter.markup_bound_hits[alpha] = 1.0;
  quarter.price = Eigen::VectorXd::Constant(world.price.size(), 6.0);
  quarter.marginal_cost = Eigen::VectorXd::Constant(world.price.size(), 5.0);
  revise_markups(world, quarter, next);
  CHECK(next.markup[alpha] == Approx(0.2 * 1.1));
  // Others keep theirs.
  CHECK(next.markup[product(world, "gadget-beta")] == world.markup[product(world, "gadget-beta")]);
}

TEST_CASE("adaptive prices lag a cost shock, and the rivals answer them", "[unit]") {
  const auto bertrand = run_with_cost(0.2, {});
  const auto adaptive =
      run_with_cost(0.2, {"firm.alpha.pricing=adaptive", "firm.alpha.price_adjustment=0.5"});
  const double best = gadget_price(bertrand[1], "gadget-alpha");
  CHECK(best > 11.0);
  CHECK(gadget_price(adaptive[1], "gadget-alpha") == Approx(10.0 + 0.5 * (best - 10.0)));
  // Prices are strategic complements: a rival that is dearer less makes one cheaper.
  CHECK(gadget_price(adaptive[1], "gadget-beta") < gadget_price(bertrand[1], "gadget-beta") - 1e-6);
  for (const Step& step : adaptive)
    CHECK(step.quarter.pricing_residual.maxCoeff() < 1e-10);
}

TEST_CASE("an adaptive seller that goes the whole way is a Bertrand seller", "[unit]") {
  const auto bertrand = run_with_cost(0.2, {});
  const auto adaptive =
      run_with_cost(0.2, {"firm.alpha.pricing=adaptive", "firm.alpha.price_adjustment=1"});
  for (std::size_t t = 0; t < bertrand.size(); ++t) {
    CHECK(gadget_price(adaptive[t], "gadget-alpha") ==
          Approx(gadget_price(bertrand[t], "gadget-alpha")).epsilon(1e-8));
    CHECK(gadget_price(adaptive[t], "gadget-gamma") ==
          Approx(gadget_price(bertrand[t], "gadget-gamma")).epsilon(1e-8));
  }
}

TEST_CASE("a seller by markup passes a lower cost on in full, a higher one to the bound",
          "[unit]") {
  const auto lower = run_with_cost(-0.2, {"firm.alpha.pricing=markup"});
  CHECK(gadget_price(lower[1], "gadget-alpha") == Approx(8.0).epsilon(1e-8));
  CHECK(lower[1].quarter.markup_bound_hits.sum() == 0.0);
  const auto higher = run_with_cost(0.2, {"firm.alpha.pricing=markup"});
  const auto bertrand = run_with_cost(0.2, {});
  CHECK(gadget_price(higher[1], "gadget-alpha") ==
        Approx(gadget_price(bertrand[1], "gadget-alpha")).epsilon(1e-8));
  CHECK(higher[1].quarter.markup_bound_hits[product(higher[1].world, "gadget-alpha")] == 1.0);
}

TEST_CASE("only Bertrand sellers answer scarcity with the price, the others ration", "[unit]") {
  const std::vector<std::string> scarce = {"product.gadget-alpha.capacity=50",
                                           "product.gadget-alpha.capacity_growth=-0.2"};
  const auto run = [&](std::vector<std::string> sets) {
    sets.insert(sets.end(), scarce.begin(), scarce.end());
    return run_quarters(build_small({}, sets), 2)[1];
  };
  const Step bertrand = run({});
  const Step markup = run({"firm.alpha.pricing=markup"});
  const Eigen::Index alpha = product(bertrand.world, "gadget-alpha");
  CHECK(bertrand.quarter.shadow_price[alpha] > 0.1);
  CHECK(markup.quarter.shadow_price[alpha] == 0.0);
  CHECK(markup.quarter.price[alpha] < bertrand.quarter.price[alpha] - 0.1);
  CHECK(markup.quarter.orders[alpha] > markup.world.capacity[alpha] + 1.0);
  CHECK(markup.quarter.quantity[alpha] == Approx(40.0));
}

TEST_CASE("a share markup is plain logit's, reached part of the way", "[unit]") {
  // Prices 2, 3 and 4 at a cost of 1, α = 0.8: aims of 1 + 1/(0.8·0.5) and so on.
  const Eigen::VectorXd price = share_markups({}, {0.5, 0.375, 0.0}, all_by_share);
  CHECK(price[0] == Approx(2.0 + 0.5 * (3.5 - 2.0)));
  CHECK(price[1] == Approx(3.0));
  CHECK(price[2] == Approx(4.0 + 0.5 * (2.25 - 4.0)));
  const Eigen::VectorXd alone =
      share_markups({}, {0.5, 0.375, 0.0},
                    {"firm.alpha.pricing=share_markup", "firm.alpha.price_adjustment=0.2"});
  CHECK(alone[0] == Approx(2.0 + 0.2 * 1.5));
  CHECK(std::isnan(alone[1]));
}

TEST_CASE("a share markup over the log of price", "[unit]") {
  // η = 5: η(1 − S) = 4 aims at 4/3, and 0.5 at nothing, so that the price stays.
  const Eigen::VectorXd price =
      share_markups({}, {0.2, 0.9, 0.4},
                    {"market.lamp.price_term=log", "firm.alpha.pricing=share_markup",
                     "firm.beta.pricing=share_markup", "firm.gamma.pricing=share_markup",
                     "market.lamp.price_sensitivity=5"});
  CHECK(price[0] == Approx(2.0 + 0.5 * (4.0 / 3.0 - 2.0)));
  CHECK(price[1] == 3.0);
  CHECK(price[2] == Approx(4.0 + 0.5 * (3.0 / 2.0 - 4.0)));
}

TEST_CASE("a share markup knows the nest that rivals share", "[unit]") {
  // λ = 1/2, S = 0.5 of the 0.8 who buy: R = 2·3/8 + 5/8 − 1/2 = 7/8.
  const Eigen::VectorXd price =
      share_markups("nest = 0.5\n", {0.5, 0.3, 0.0},
                    {"firm.alpha.pricing=share_markup", "firm.alpha.price_adjustment=1"});
  CHECK(price[0] == Approx(1.0 + 1.0 / (0.8 * 0.875)));
}

TEST_CASE("a seller of two products sees both, fringe firms a part", "[unit]") {
  const Eigen::VectorXd both =
      share_markups({}, {0.3, 0.2, 0.1},
                    {"product.lamp-beta.firm=alpha", "firm.alpha.pricing=share_markup",
                     "firm.alpha.price_adjustment=1"});
  CHECK(both[0] == Approx(3.5));
  CHECK(both[1] == Approx(3.5));
  const Eigen::VectorXd fringe =
      share_markups({}, {0.3, 0.2, 0.4},
                    {"product.lamp-gamma.fringe=2", "firm.gamma.pricing=share_markup",
                     "firm.gamma.price_adjustment=1"});
  CHECK(fringe[2] == Approx(1.0 + 1.0 / (0.8 * 0.8)));
}

TEST_CASE("a share markup follows last quarter's choices", "[unit]") {
  const auto steps =
      run_quarters(build_small(given_text("demand = \"subscription\"\n"), all_by_share), 3);
  const auto m = static_cast<std::size_t>(market(steps[0].world, "lamp"));
  for (std::size_t j = 0; j < 3; ++j) {
    const Eigen::Index p = steps[0].world.economy->markets[m].first + static_cast<Eigen::Index>(j);
    CHECK(steps[0].quarter.price[p] == 2.0 + static_cast<double>(j));
    for (std::size_t t = 1; t < steps.size(); ++t) {
      const Eigen::MatrixXd& flow = steps[t - 1].quarter.purchases[m].flow;
      const double share = flow.col(static_cast<Eigen::Index>(j)).sum() / flow.sum();
      const double before = steps[t - 1].quarter.price[p];
      CHECK(steps[t].quarter.price[p] ==
            Approx(before + 0.5 * (1.0 + 1.0 / (0.8 * (1.0 - share)) - before)));
    }
  }
}

TEST_CASE("rivals answer a share markup, and if all set one there need be no equilibrium",
          "[unit]") {
  const std::string text = given_text("demand = \"durable\"\n");
  const auto one = run_quarters(build_small(text, {"firm.alpha.pricing=share_markup"}), 3);
  const Eigen::Index m = market(one[0].world, "lamp");
  for (const Step& step : one)
    CHECK(step.quarter.pricing_residual[m] < 1e-10);
  CHECK(one[0].quarter.price[product(one[0].world, "lamp-alpha")] == 2.0);
  const Index alpha = product(one[1].world, "lamp-alpha");
  const Index first = one[1].world.economy->markets[static_cast<std::size_t>(m)].first;
  CHECK(one[1].quarter.price[alpha] ==
        share_markup_prices(one[1].world, one[1].quarter, m)[alpha - first]);
  // So inelastic a demand has no equilibrium: only rules without best reply go on.
  const std::string inelastic = given_text("demand = \"durable\"\noutside_share = 0\n");
  std::vector<std::string> sets = all_by_share;
  sets.insert(sets.end(), {"market.lamp.price_term=log", "market.lamp.price_sensitivity=0.5"});
  const Step last = run_quarters(build_small(inelastic, sets), 3)[2];
  CHECK(last.quarter.price[product(last.world, "lamp-gamma")] == 4.0);
}
