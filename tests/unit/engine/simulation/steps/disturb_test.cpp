#include "engine/simulation/steps/disturb.hpp"

#include "engine/simulation/steps/partner.hpp"
#include "engine/simulation/supply/supplier_split.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using namespace entente::test;
using namespace entente::simulation;

namespace {

std::string event(const std::string& effect, const std::string& more = {}) {
  return "[[event]]\nid = \"e\"\nstart = \"2024Q2\"\n" + more + "effect = [{ " + effect + " }]\n";
}

Step second_quarter(const std::string& more) {
  return run_quarters(build_small(more), 2)[1];
}

}  // namespace

TEST_CASE("an outage takes capacity while it lasts and gives it back", "[unit]") {
  const auto calm = run_quarters(build_small(), 4);
  const auto steps = run_quarters(
      build_small(event("type = \"capacity\", product = \"part-alpha\", change = -0.25",
                        "end = \"2024Q4\"\n")),
      4);
  const Index part = product(calm[0].world, "part-alpha");
  CHECK(steps[0].quarter.capacity[part] == 52.0);
  CHECK(steps[1].quarter.capacity[part] == Approx(39.0));
  CHECK(steps[2].quarter.capacity[part] == Approx(39.0));
  CHECK(steps[3].quarter.capacity[part] == Approx(52.0));
  CHECK(steps[1].quarter.quantity[part] == Approx(39.0));
  CHECK(calm[1].quarter.quantity[part] > 45.0);
}

TEST_CASE("demand of an account, a market or a residual buyer moves by the change", "[unit]") {
  const Step calm = second_quarter({});
  const auto change = [](const std::string& of) {
    return event("type = \"demand\", change = -0.5, " + of);
  };
  const Index beta = calm.world.economy->find_account("buyer-beta").value();
  const Step one = second_quarter(change("account = \"buyer-beta\""));
  CHECK(one.quarter.account_volume[beta] == Approx(0.5 * calm.quarter.account_volume[beta]));
  const Step all = second_quarter(change("market = \"plan\""));
  const Index plan = entente::test::market(calm.world, "plan");
  CHECK(all.quarter.potential[plan] == Approx(0.5 * calm.quarter.potential[plan]));
  const Step rest = second_quarter(change("product = \"part-alpha\""));
  const Index l = link(calm.world, "alpha-to-rest");
  CHECK(rest.quarter.link_orders[l] == Approx(0.5 * calm.quarter.link_orders[l]));
  CHECK(rest.quarter.link_orders[link(calm.world, "beta-to-rest")] ==
        calm.quarter.link_orders[link(calm.world, "beta-to-rest")]);
}

TEST_CASE("a ban cuts the named account and the named maker, nobody else", "[unit]") {
  const Step calm = second_quarter({});
  const Step step = second_quarter(
      event("type = \"ban\", products = [\"widget-gamma\", \"part-alpha\"], accounts = "
            "[\"buyer-beta\"], buyers = [\"widget-gamma\"]"));
  const auto widget = static_cast<std::size_t>(entente::test::market(calm.world, "widget"));
  const Eigen::MatrixXd& flow = step.quarter.purchases[widget].flow;
  const Market& widgets = calm.world.economy->markets[widget];
  const Index gamma = product(calm.world, "widget-gamma") - widgets.first;
  CHECK(flow(0, gamma) == 0.0);  // buyer-beta
  CHECK(flow(1, gamma) > 0.0);
  CHECK(is_banned(step.world, step.quarter.terms, link(calm.world, "alpha-to-gamma")));
  CHECK_FALSE(is_banned(step.world, step.quarter.terms, link(calm.world, "alpha-to-delta")));
  CHECK(step.quarter.link_orders[link(calm.world, "alpha-to-gamma")] == 0.0);
  CHECK(calm.quarter.link_orders[link(calm.world, "alpha-to-gamma")] > 0.0);
}

TEST_CASE("what buyers pay and the subsidy are the revenue", "[unit]") {
  const Step calm = second_quarter({});
  const Step step =
      second_quarter(event("type = \"subsidy\", market = \"gadget\", discount = 0.1"));
  const Market& gadgets =
      calm.world.economy
          ->markets[static_cast<std::size_t>(entente::test::market(calm.world, "gadget"))];
  double more = 0.0;
  for (Index p = gadgets.first; p < gadgets.last; ++p) {
    const double gross =
        step.quarter.price[p] * step.quarter.quantity[p] * gadgets.usd_bn_per_currency_unit;
    CHECK(step.quarter.revenue[p] == Approx(gross));
    CHECK(step.quarter.subsidy[p] == Approx(0.1 * gross));
    CHECK(step.quarter.terms.received[p] == 1.0);
    more += step.quarter.quantity[p] - calm.quarter.quantity[p];
  }
  CHECK(more > 0.0);
  CHECK(calm.quarter.subsidy.isZero(0.0));
  CHECK(step.quarter.firm_transfers.isZero(0.0));
}

TEST_CASE("an event happens by one keyed draw at its start, ramps and ends", "[unit]") {
  World world = build_small(event("type = \"cost\", product = \"gadget-alpha\", change = 0.1",
                                  "probability = 0.3\nramp = 1\nend = \"2025Q1\"\n"));
  const std::uint64_t stream = population::stream_name("event", "e");
  using Stage = PartnershipState::Stage;
  for (std::uint32_t replication = 0; replication < 200; ++replication) {
    World history = world;
    const bool happens = population::Draws{1, replication}.uniform(stream, 1) < 0.3;
    const std::vector<double> strengths = {0.0, 0.5, 1.0, 1.0, 0.0};
    for (history.quarter = 0; history.quarter < 5; ++history.quarter) {
      begin_events(history, {1, replication});
      const double strength = compute_strength(history.economy->events[0], history.events[0]);
      REQUIRE(strength == (happens ? strengths[static_cast<std::size_t>(history.quarter)] : 0.0));
    }
    REQUIRE(history.events[0].stage == (happens ? Stage::dissolved : Stage::failed));
  }
}
