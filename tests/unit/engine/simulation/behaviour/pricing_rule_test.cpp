#include "engine/simulation/behaviour/pricing_rule.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

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
