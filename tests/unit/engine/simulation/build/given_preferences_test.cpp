#include "engine/simulation/build/given_preferences.hpp"

#include <array>
#include <cmath>

#include "engine/simulation/build/baseline_certificate.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"
#include "tests/unit/engine/simulation/given_market.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

constexpr std::array<const char*, 3> lamps = {"lamp-alpha", "lamp-beta", "lamp-gamma"};
const std::string held = "pricing = \"given\"\n";

/// What a holder of `owned` (3: of none) chooses among the lamps at prices 2, 3 and 4.
std::array<double, 3> choice_by_hand(std::size_t owned) {
  std::array<double, 3> weight = {std::exp(1.5 - 0.8 * 2), std::exp(2.0 - 0.8 * 3),
                                  std::exp(0.5 - 0.8 * 4)};
  if (owned < 3) weight.at(owned) *= std::exp(1.0);
  const double total = 1.0 + weight[0] + weight[1] + weight[2];
  for (double& each : weight)
    each /= total;
  return weight;
}

Step first_quarter(const std::string& text) {
  return run_quarters(build_small(text), 1)[0];
}

double outside_share(const Step& step) {
  const Eigen::MatrixXd& flow =
      step.quarter.purchases[static_cast<std::size_t>(market(step.world, "lamp"))].flow;
  return flow.col(3).sum() / flow.sum();
}

}  // namespace

TEST_CASE("a durable with given preferences sells what its buyers choose", "[unit]") {
  const Step step = first_quarter(given_text(held + "demand = \"durable\"\n"));
  double outside = 1.0;
  for (std::size_t j = 0; j < 3; ++j) {
    double share = 0.0;
    for (std::size_t owned = 0; owned < 3; ++owned)
      share += choice_by_hand(owned).at(j) / 3.0;
    outside -= share;
    const Eigen::Index p = product(step.world, lamps.at(j));
    CHECK(step.quarter.quantity[p] == Approx(1000.0 * 0.2 * share).epsilon(1e-12));
    CHECK(step.world.economy->products[static_cast<std::size_t>(p)].quantity ==
          Approx(1000.0 * 0.2 * share).epsilon(1e-12));
    CHECK(step.quarter.price[p] == 2.0 + static_cast<double>(j));
    CHECK(step.quarter.marginal_cost[p] == 1.0);
  }
  CHECK(outside_share(step) == Approx(outside).epsilon(1e-12));
}

TEST_CASE("its subscribers are those who stayed and those who signed", "[unit]") {
  // A fifth holds nothing: 50% and 30% of all consumers hold the first two.
  const Step step = first_quarter(given_text(held + "demand = \"subscription\"\n",
                                             {"base_share = 50\n", "base_share = 30\n", ""}));
  const std::array<double, 4> base = {0.5, 0.3, 0.0, 0.2};
  for (std::size_t j = 0; j < 3; ++j) {
    double share = 0.8 * base.at(j);
    for (std::size_t owned = 0; owned < 4; ++owned)
      share += 0.2 * base.at(owned) * choice_by_hand(owned).at(j);
    CHECK(step.quarter.quantity[product(step.world, lamps.at(j))] ==
          Approx(1000.0 * share).epsilon(1e-12));
  }
  CHECK(step.world.holders[market(step.world, "lamp")] == Approx(0.8).epsilon(1e-14));
  CHECK(step.world.base_share[product(step.world, "lamp-alpha")] == Approx(0.625).epsilon(1e-14));
}

TEST_CASE("a network of consumers counts those who hold nothing, too", "[unit]") {
  const auto second = [](const std::string& of) {
    return run_quarters(build_small(given_text(held + "demand = \"subscription\"\nnetwork = 0.5\n" +
                                               "network_of = \"" + of + "\"\n")),
                        2)[1];
  };
  const Step holders = second("holders");
  const Step consumers = second("consumers");
  const Eigen::Index m = market(holders.world, "lamp");
  const double left = holders.world.holders[m];
  CHECK(left < 0.98);
  const auto utility = [m](const Step& step, Eigen::Index j) {
    return step.quarter.demand[static_cast<std::size_t>(m)].utility(j, 3);
  };
  for (Eigen::Index j = 0; j < 3; ++j) {
    const double base =
        holders.world.base_share[product(holders.world, lamps.at(static_cast<std::size_t>(j)))];
    CHECK(utility(consumers, j) - utility(holders, j) ==
          Approx(0.5 * std::log((left * base + 1e-4) / (base + 1e-4))).epsilon(1e-9));
  }
}

TEST_CASE("sellers who look at demand start from their equilibrium, whatever the price says",
          "[unit]") {
  const std::string text = given_text("demand = \"durable\"\n");
  for (const double start : {0.5, 6.0}) {
    const Step step = run_quarters(
        build_small(text, {"product.lamp-alpha.price=" + std::to_string(start)}), 1)[0];
    const Eigen::Index m = market(step.world, "lamp");
    CHECK(step.quarter.pricing_residual[m] < 1e-10);
    for (const char* id : lamps) {
      const Eigen::Index p = product(step.world, id);
      CHECK(step.quarter.price[p] == Approx(step.world.price[p]).epsilon(1e-9));
      CHECK(step.quarter.price[p] > 2.0);
    }
  }
  // Without inertia buyers are alike, and the markup is plain logit's.
  const Step plain = run_quarters(build_small(text, {"market.lamp.inertia=0"}), 1)[0];
  for (const char* id : lamps) {
    const Eigen::Index p = product(plain.world, id);
    const double share = plain.quarter.quantity[p] / 200.0;
    CHECK(plain.quarter.price[p] == Approx(1.0 + 1.0 / (0.8 * (1.0 - share))).epsilon(1e-9));
  }
}

TEST_CASE("an adaptive seller and one by markup start from that equilibrium, too", "[unit]") {
  const std::string text = given_text("demand = \"durable\"\n");
  const Step bertrand = first_quarter(text);
  for (const char* rule : {"adaptive", "markup"}) {
    const Step step =
        run_quarters(build_small(text, {std::string("firm.alpha.pricing=") + rule}), 1)[0];
    const Eigen::Index p = product(step.world, "lamp-alpha");
    CHECK(step.quarter.price[p] == Approx(bertrand.quarter.price[p]).epsilon(1e-9));
  }
}

TEST_CASE("only sellers who look at demand are certified", "[unit]") {
  const std::string text = given_text("demand = \"durable\"\n");
  const auto gain = [&](const std::vector<std::string>& sets) {
    for (const auto& certificate : certify_baseline(build_small(text, sets))) {
      if (certificate.market == "lamp") return certificate.gain;
    }
    return -1.0;
  };
  CHECK(gain({}) == 0.0);
  CHECK(gain({"firm.alpha.pricing=share_markup"}) == 0.0);
  CHECK(gain({"firm.alpha.pricing=share_markup", "firm.beta.pricing=share_markup",
              "firm.gamma.pricing=share_markup"}) == -1.0);
}

TEST_CASE("a reported margin sets the fixed cost of what quarter 0 sells", "[unit]") {
  const std::string margin = "operating_margin = 10\n";
  const Step step = first_quarter(given_text(
      held + "demand = \"durable\"\nunits_per_quantity = 1e6\n", {margin, margin, margin}));
  for (const char* id : lamps) {
    const Eigen::Index p = product(step.world, id);
    CHECK(step.quarter.profit[p] - step.quarter.fixed_cost[p] ==
          Approx(0.1 * step.quarter.revenue[p]).epsilon(1e-12));
  }
}

TEST_CASE("what contradicts given preferences is a fault", "[unit]") {
  const std::string lamp = given_text("demand = \"durable\"\n");
  check_cases({
      {"a share",
       lamp,
       {"product.lamp-alpha.share=40"},
       "an outcome where preferences are given",
       "product.lamp-alpha.share"},
      {"a volume",
       lamp,
       {"product.lamp-beta.volume=40"},
       "an outcome where preferences are given",
       "product.lamp-beta.volume"},
      {"revenue",
       lamp,
       {"market.lamp.revenue_usd_bn=1"},
       "an outcome where preferences are given",
       "market.lamp.revenue_usd_bn"},
      {"size",
       lamp,
       {"market.lamp.size=1"},
       "an outcome where preferences are given",
       "market.lamp.size"},
      {"elasticity",
       lamp,
       {"market.lamp.own_elasticity=-2"},
       "an outcome where preferences are given",
       "market.lamp.own_elasticity"},
      {"category",
       lamp,
       {"market.lamp.category_elasticity=-1"},
       "an outcome where preferences are given",
       "market.lamp.category_elasticity"},
      {"churn",
       lamp,
       {"market.lamp.churn=0.1"},
       "an outcome where preferences are given",
       "market.lamp.churn"},
      {"shock",
       lamp,
       {"market.lamp.shock_persistence=0.5"},
       "quarter 0 has no shock",
       "market.lamp.shock_persistence"},
      {"no sensitivity",
       "[[market]]\nid = \"gadget\"\npreferences = \"given\"\n",
       {},
       "a market with given preferences needs it",
       "market.gadget.price_sensitivity"},
      {"no consumers",
       "[[market]]\nid = \"gadget\"\npreferences = \"given\"\n",
       {},
       "a market with given preferences needs it",
       "market.gadget.consumers"},
      {"no cost",
       "[[market]]\nid = \"gadget\"\npreferences = \"given\"\n",
       {},
       "a market with given preferences needs it",
       "product.gadget-beta.unit_cost"},
      {"accounts",
       "[[market]]\nid = \"widget\"\npreferences = \"given\"\n",
       {},
       "only consumers' preferences can be given",
       "market.widget.preferences"},
      {"base beyond all",
       lamp,
       {"product.lamp-alpha.base_share=60", "product.lamp-beta.base_share=50"},
       "base shares of its products exceed all consumers",
       "market.lamp.preferences"},
      {"log of 0",
       lamp,
       {"market.lamp.price_term=log", "product.lamp-gamma.price=0"},
       "a log price term needs a price above 0",
       "product.lamp-gamma.price"},
      {"contract input",
       lamp + "[[input]]\nid = \"part-in-lamp\"\nproduct = \"lamp-alpha\"\nmarket = \"part\"\n"
              "per_unit = 1\n",
       {},
       "contracts need to know what is made in quarter 0",
       "input.part-in-lamp.product"},
      {"dear input",
       lamp + "[[input]]\nid = \"gadget-in-lamp\"\nproduct = \"lamp-alpha\"\nmarket = \"gadget\"\n"
              "per_unit = 1\n",
       {},
       "the inputs of a unit cost more",
       "product.lamp-alpha.unit_cost"},
      {"shared resource",
       lamp + "[[resource]]\nid = \"glass\"\nmarket = \"lamp\"\nname = \"Glass\"\n"
              "use = [{ product = \"lamp-alpha\", per_unit = 1 }]\n",
       {},
       "shared resources are of markets with observed preferences",
       "resource.glass.market"},
      {"no equilibrium",
       lamp,
       {"market.lamp.price_term=log", "market.lamp.outside_share=0",
        "market.lamp.price_sensitivity=0.5"},
       "market 'lamp' has no equilibrium",
       "market.lamp.price_sensitivity"},
      {"sensitivity of an observed market",
       {},
       {"market.gadget.price_sensitivity=1"},
       "known from what is observed",
       "market.gadget.price_sensitivity"},
      {"consumers of an observed market",
       {},
       {"market.plan.consumers=1"},
       "known from what is observed",
       "market.plan.consumers"},
      {"utility in an observed market",
       {},
       {"product.gadget-beta.mean_utility=1"},
       "known from what is observed",
       "product.gadget-beta.mean_utility"},
  });
}

TEST_CASE("a fault of given preferences says where it stands", "[unit]") {
  const auto read = read_small(given_text("demand = \"durable\"\nchurn = 0.1\n"));
  REQUIRE(read.scenario);
  const auto built = entente::simulation::build_world(*read.scenario, plain_models());
  REQUIRE(built.faults.size() == 1);
  CHECK(built.faults[0].location.line == 14);
  CHECK(built.faults[0].location.column == 9);
}
