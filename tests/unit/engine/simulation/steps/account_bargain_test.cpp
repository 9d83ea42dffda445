#include "engine/simulation/steps/account_bargain.hpp"

#include <string>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// Widgets at bargains with their two accounts: with elasticity −2 a posted price of gamma leaves
/// its cost at 50 or so.
const std::string bargained = R"(
[[market]]
id = "widget"
pricing = "bargained"
[[product]]
id = "widget-gamma"
unit_cost = 70
[[product]]
id = "widget-delta"
unit_cost = 70
)";

double paid(const Step& step, const std::string& id) {
  return step.quarter.link_price[link(step.world, id)];
}

double bought(const Step& step, const std::string& id) {
  return step.quarter.link_volume[link(step.world, id)];
}

/// Parts' contracts stand still, so that costs do.
const std::vector<std::string> still = {"market.part.reprice_share=0"};

std::string terms(const std::string& what) {
  return bargained + pact("terms", "\"gamma\", \"beta\"",
                          "type = \"supply_terms\", supplier = \"widget-gamma\", " + what);
}

}  // namespace

TEST_CASE("quarter 0 of bargained prices is what was observed, link by link", "[unit]") {
  const Step step = run_quarters(build_small(bargained), 1)[0];
  CHECK(bought(step, "widget-gamma-to-buyer-beta") == Approx(16.0).epsilon(1e-9));
  CHECK(bought(step, "widget-delta-to-buyer-public") == Approx(16.0).epsilon(1e-9));
  CHECK(paid(step, "widget-gamma-to-buyer-beta") == 100.0);
  const auto gamma = product(step.world, "widget-gamma");
  CHECK(step.quarter.price[gamma] == 100.0);
  CHECK(step.quarter.marginal_cost[gamma] == Approx(70.0).epsilon(1e-12));
  CHECK(step.quarter.revenue[gamma] == Approx(4.0).epsilon(1e-9));
  const auto& links = step.world.economy->links;
  const auto of_gamma = static_cast<std::size_t>(link(step.world, "widget-gamma-to-buyer-beta"));
  CHECK(links[of_gamma].buyer_weight > 0.01);
  CHECK(links[of_gamma].buyer_weight < 0.99);
}

TEST_CASE("where nothing changes bargained prices stay", "[unit]") {
  for (const Step& step : run_quarters(build_small(bargained), 6)) {
    CHECK(paid(step, "widget-gamma-to-buyer-beta") == Approx(100.0).epsilon(1e-8));
    CHECK(paid(step, "widget-delta-to-buyer-public") == Approx(90.0).epsilon(1e-8));
    CHECK(step.quarter.pricing_residual[market(step.world, "widget")] <= 1e-10);
  }
}

TEST_CASE("better terms are one account's alone, and it buys more for them", "[unit]") {
  const auto plain = run_quarters(build_small(bargained, still), 3)[2];
  const std::string own = "widget-gamma-to-buyer-beta";
  const std::string other = "widget-gamma-to-buyer-public";
  for (const char* what :
       {"account = \"buyer-beta\", logit_shift = 0.5", "account = \"buyer-beta\", discount = 0.05",
        "account = \"buyer-beta\", price_cap = 97"}) {
    CAPTURE(what);
    const Step step = run_quarters(build_small(terms(what), still), 3)[2];
    CHECK(paid(step, own) < paid(plain, own) - 0.1);
    CHECK(bought(step, own) > bought(plain, own));
    CHECK(bought(step, "widget-delta-to-buyer-beta") < bought(plain, "widget-delta-to-buyer-beta"));
    CHECK(paid(step, other) == Approx(paid(plain, other)).epsilon(1e-9));
    CHECK(bought(step, other) == Approx(bought(plain, other)).epsilon(1e-9));
  }
  CHECK(paid(run_quarters(build_small(terms("discount = 0.05"), still), 3)[2], other) ==
        Approx(95.0).epsilon(1e-8));
}

TEST_CASE("the supplier's mean price is of what was bought, and makes its revenue", "[unit]") {
  const Step step =
      run_quarters(build_small(terms("account = \"buyer-beta\", discount = 0.1")), 3)[2];
  const double beta = bought(step, "widget-gamma-to-buyer-beta");
  const double others = bought(step, "widget-gamma-to-buyer-public");
  const double revenue = beta * paid(step, "widget-gamma-to-buyer-beta") +
                         others * paid(step, "widget-gamma-to-buyer-public");
  const auto gamma = product(step.world, "widget-gamma");
  CHECK(step.quarter.quantity[gamma] == Approx(beta + others).epsilon(1e-12));
  CHECK(step.quarter.revenue[gamma] == Approx(1e-3 * revenue).epsilon(1e-12));
  CHECK(step.quarter.price[gamma] == Approx(revenue / (beta + others)).epsilon(1e-12));
}

TEST_CASE("a lower cost is shared with the accounts, and only so fast as they reprice", "[unit]") {
  const std::string cheaper =
      bargained + pact("pact", "\"gamma\", \"beta\"",
                       "type = \"cost\", product = \"widget-gamma\", change = -0.1");
  const double whole =
      100.0 - paid(run_quarters(build_small(cheaper, still), 2)[1], "widget-gamma-to-buyer-beta");
  CHECK(whole > 1.0);
  const Step slow = run_quarters(
      build_small(cheaper, {"market.part.reprice_share=0", "market.widget.reprice_share=0.25"}),
      2)[1];
  CHECK(100.0 - paid(slow, "widget-gamma-to-buyer-beta") == Approx(0.25 * whole).epsilon(1e-6));
}

TEST_CASE("a seller at bargains counts what a scarce unit earns elsewhere", "[unit]") {
  const std::vector<std::string> short_of = {"product.widget-gamma.capacity=40",
                                             "market.widget.growth=0.1"};
  const auto steps = run_quarters(build_small(bargained, short_of), 4);
  CHECK(paid(steps[3], "widget-gamma-to-buyer-beta") > 100.5);
  // A reservation is served first.
  const auto reserved = run_quarters(
      build_small(bargained + pact("pact", "\"gamma\", \"beta\"",
                                   "type = \"reserve_capacity\", supplier = \"widget-gamma\", "
                                   "partner = \"beta\", share = 0.5"),
                  short_of),
      4);
  CHECK(bought(reserved[3], "widget-gamma-to-buyer-beta") >
        bought(steps[3], "widget-gamma-to-buyer-beta") + 0.1);
  CHECK(bought(reserved[3], "widget-gamma-to-buyer-public") <
        bought(steps[3], "widget-gamma-to-buyer-public"));
}

TEST_CASE("what a partner reserves of a seller and does not take, it pays for", "[unit]") {
  const Step step = run_quarters(
      build_small(bargained + pact("pact", "\"gamma\", \"beta\"",
                                   "type = \"reserve_capacity\", supplier = \"widget-gamma\", "
                                   "partner = \"beta\", share = 0.5, take_or_pay = true"),
                  {"product.widget-gamma.capacity=60"}),
      2)[1];
  // 30 of 60 are reserved, and some 16 wanted.
  const auto l = link(step.world, "widget-gamma-to-buyer-beta");
  const double called = step.quarter.link_orders[l];
  CHECK(called == Approx(16.0).epsilon(0.01));
  CHECK(step.quarter.link_reserved[l] == Approx(30.0).epsilon(1e-12));
  CHECK(step.quarter.link_called[l] == Approx(called).epsilon(1e-12));
  const double owed = 1e-3 * (30.0 - called) * step.quarter.link_price[l];
  CHECK(step.quarter.link_paid[l] == Approx(owed).epsilon(1e-12));
  const auto gamma = *step.world.economy->find_firm("gamma");
  CHECK(step.quarter.firm_transfers[gamma] == Approx(owed).epsilon(1e-12));
}

TEST_CASE("bargains that cannot be are faults", "[unit]") {
  check_cases({
      {"no cost",
       "[[market]]\nid = \"widget\"\npricing = \"bargained\"\n",
       {},
       "needs a unit cost",
       "product.widget-gamma.unit_cost"},
      {"too cheap to bargain",
       bargained,
       {"product.widget-gamma.unit_cost=20"},
       "no bargain with 'buyer-beta'",
       "product.widget-gamma.unit_cost"},
      {"consumers",
       "[[market]]\nid = \"gadget\"\npricing = \"bargained\"\n",
       {},
       "only accounts bargain",
       "market.gadget.pricing"},
      {"a fringe",
       bargained,
       {"product.widget-delta.fringe=3"},
       "a fringe posts its prices",
       "product.widget-delta.fringe"},
      {"no such link",
       bargained + pact("p", "\"gamma\", \"beta\"",
                        "type = \"supply_terms\", supplier = \"part-beta\", "
                        "account = \"buyer-beta\", discount = 0.1"),
       {},
       "no [[link]] joins",
       "partnership.p.effect[0].supplier"},
  });
}
