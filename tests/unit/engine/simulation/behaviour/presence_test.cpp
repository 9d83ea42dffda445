#include "engine/simulation/behaviour/presence.hpp"

#include "engine/simulation/markets/market_demand.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::simulation;
using namespace entente::test;

namespace {

/// Gadget gamma earns `margin` percent of revenue after fixed cost.
std::vector<std::string> losing(const std::string& margin) {
  return {"firm.gamma.exit=losses", "firm.gamma.exit_patience=3",
          "product.gadget-gamma.operating_margin=" + margin};
}

bool offered(const Step& step, const std::string& id) {
  return on_offer(step.world, step.quarter.terms, product(step.world, id));
}

/// A widget of alpha that takes no input and would have a tenth of purchases at 95 USD.
std::string entrant(const std::string& more) {
  return "[[product]]\nid = \"widget-alpha\"\nmarket = \"widget\"\nfirm = \"alpha\"\nprice = 95\n"
         "unit_cost = 50\nentry_share = 0.1\n" +
         more;
}

}  // namespace

TEST_CASE("a product leaves when patience with its losses ends", "[unit]") {
  const auto steps = run_quarters(build_small({}, losing("-50")), 6);
  const auto stays =
      run_quarters(build_small({}, {"product.gadget-gamma.operating_margin=-50"}), 6);
  const Eigen::Index gamma = product(steps[0].world, "gadget-gamma");
  const Eigen::Index alpha = product(steps[0].world, "gadget-alpha");
  for (std::size_t t = 0; t < 3; ++t)
    CHECK(offered(steps[t], "gadget-gamma"));
  for (std::size_t t = 3; t < 6; ++t) {
    CHECK_FALSE(offered(steps[t], "gadget-gamma"));
    CHECK(steps[t].quarter.quantity[gamma] == 0.0);
    CHECK(steps[t].quarter.fixed_cost[gamma] == 0.0);
    CHECK(steps[t].quarter.quantity[alpha] > stays[t].quarter.quantity[alpha]);
    CHECK(steps[t].quarter.price[alpha] > stays[t].quarter.price[alpha]);
    // Who holds one keeps it until another is bought.
    CHECK(steps[t].next.base_share[gamma] > 0.0);
    CHECK(steps[t].next.base_share[gamma] < steps[t].world.base_share[gamma]);
  }
}

TEST_CASE("losses within the threshold are borne, and so are all by a firm that never leaves",
          "[unit]") {
  for (const auto& sets :
       {losing("-5"), std::vector<std::string>{"product.gadget-gamma.operating_margin=-50"}}) {
    CHECK(offered(run_quarters(build_small({}, sets), 8)[7], "gadget-gamma"));
  }
}

TEST_CASE("trailing figures are discounted by the firm's memory", "[unit]") {
  World world = build_small({}, {"firm.gamma.exit=losses", "firm.gamma.exit_memory=0.5"});
  const auto gamma = static_cast<std::size_t>(product(world, "gadget-gamma"));
  world.presence[gamma].trailing_profit = -4.0;
  world.presence[gamma].trailing_revenue = 20.0;
  Quarter quarter = run_quarters(world, 1)[0].quarter;
  const auto p = static_cast<Eigen::Index>(gamma);
  quarter.profit[p] = 1.0;
  quarter.fixed_cost[p] = 2.0;
  quarter.revenue[p] = 10.0;
  World next = world;
  decide_presence(world, quarter, next);
  CHECK(next.presence[gamma].trailing_profit == Approx(-3.0));
  CHECK(next.presence[gamma].trailing_revenue == Approx(20.0));
  CHECK(next.presence[gamma].losses == 1);
}

TEST_CASE("a subscription's base stays with what has left until it reconsiders", "[unit]") {
  const auto steps =
      run_quarters(build_small({}, {"firm.delta.exit=losses", "firm.delta.exit_patience=1",
                                    "product.plan-delta.operating_margin=-50"}),
                   4);
  const Eigen::Index delta = product(steps[0].world, "plan-delta");
  for (std::size_t t = 1; t < 4; ++t) {
    CHECK(steps[t].quarter.new_quantity[delta] == 0.0);
    CHECK(steps[t].quarter.quantity[delta] ==
          Approx(
              0.8 * steps[t - 1].quarter.quantity[delta] *
              (1.0 - steps[t]
                         .quarter.activity[static_cast<std::size_t>(market(steps[t].world, "plan"))]
                         .newcomers) *
              steps[t].quarter.potential[market(steps[t].world, "plan")] /
              steps[t - 1].quarter.potential[market(steps[t].world, "plan")]));
    CHECK(steps[t].quarter.revenue[delta] > 0.0);
  }
}

TEST_CASE("the worst leaves first and the last never", "[unit]") {
  std::vector<std::string> sets;
  for (const char* firm : {"alpha", "beta", "gamma"}) {
    sets.push_back(std::string("firm.") + firm + ".exit=losses");
    sets.push_back(std::string("firm.") + firm + ".exit_patience=1");
  }
  sets.emplace_back("product.gadget-alpha.operating_margin=-80");
  sets.emplace_back("product.gadget-beta.operating_margin=-200");
  sets.emplace_back("product.gadget-gamma.operating_margin=-190");
  const auto steps = run_quarters(build_small({}, sets), 6);
  CHECK_FALSE(offered(steps[1], "gadget-beta"));
  CHECK(offered(steps[1], "gadget-gamma"));
  CHECK_FALSE(offered(steps[2], "gadget-gamma"));
  CHECK(offered(steps[5], "gadget-alpha"));
}

TEST_CASE("an entrant by profit comes when its profit pays for entry, and pays for it once",
          "[unit]") {
  const auto steps =
      run_quarters(build_small(entrant("entry_cost = 1\n"), {"firm.alpha.entry=profit"}), 4);
  const Eigen::Index p = product(steps[0].world, "widget-alpha");
  CHECK_FALSE(offered(steps[0], "widget-alpha"));
  CHECK(steps[0].quarter.fixed_cost[p] == 0.0);
  for (std::size_t t = 1; t < 4; ++t) {
    CHECK(offered(steps[t], "widget-alpha"));
    CHECK(steps[t].quarter.quantity[p] > 1.0);
    CHECK(steps[t].quarter.fixed_cost[p] == (t == 1 ? 1.0 : 0.0));
  }
}

TEST_CASE("entry is worth the discounted profit of its horizon", "[unit]") {
  // Of 60 million widgets bought in quarter 0 a tenth at a margin of 45 USD, for two quarters.
  const double profit = 0.1 * 60.0 * 45.0 / 1000.0;
  const double worth = profit / 1.02 + profit / (1.02 * 1.02);
  for (const double part : {0.9, 1.1}) {
    const auto steps =
        run_quarters(build_small(entrant("entry_cost = " + std::to_string(part * worth) + "\n"),
                                 {"firm.alpha.entry=profit", "firm.alpha.entry_horizon=2"}),
                     2);
    CHECK(offered(steps[1], "widget-alpha") == (part < 1.0));
  }
}

TEST_CASE("an entrant by profit waits for its date, one by date for nothing else", "[unit]") {
  const std::string dated = entrant("entry = \"2024Q4\"\n");
  const auto by_profit = run_quarters(build_small(dated, {"firm.alpha.entry=profit"}), 4);
  CHECK_FALSE(offered(by_profit[2], "widget-alpha"));
  CHECK(offered(by_profit[3], "widget-alpha"));
  const auto by_date =
      run_quarters(build_small(dated + "entry_cost = 100\n", {"firm.alpha.entry_horizon=1"}), 4);
  CHECK_FALSE(offered(by_date[2], "widget-alpha"));
  CHECK(offered(by_date[3], "widget-alpha"));
  CHECK(by_date[3].quarter.fixed_cost[product(by_date[3].world, "widget-alpha")] == 100.0);
}

TEST_CASE("a captive entrant comes by its date whatever its firm's rule", "[unit]") {
  const std::string captive =
      entrant("entry = \"2024Q3\"\npricing = \"at_cost\"\nentry_cost = 1\n");
  const auto steps = run_quarters(build_small(captive, {"firm.alpha.entry=profit"}), 3);
  CHECK_FALSE(offered(steps[1], "widget-alpha"));
  CHECK(offered(steps[2], "widget-alpha"));
}

TEST_CASE("a cost of entry needs an entrant", "[unit]") {
  const auto read = read_small({}, {"product.gadget-alpha.entry_cost=1"});
  REQUIRE(read.scenario);
  const auto built = build_world(*read.scenario, plain_models());
  CHECK(to_text(built.faults).find("product.gadget-alpha.entry_cost") != std::string::npos);
}
