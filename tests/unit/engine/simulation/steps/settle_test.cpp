#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

TEST_CASE("quarter 0 settles at the observed figures", "[unit]") {
  const Step step = run_quarters(build_small(), 1)[0];
  const auto p = [&](const char* id) { return product(step.world, id); };
  const Quarter& q = step.quarter;
  // 50 million gadgets at 10, with a reported margin of 20%.
  CHECK(q.revenue[p("gadget-alpha")] == Approx(0.5).epsilon(1e-12));
  CHECK(q.profit[p("gadget-alpha")] - q.fixed_cost[p("gadget-alpha")] == Approx(0.1).epsilon(1e-9));
  // 11 million lines at 30 a month.
  CHECK(q.revenue[p("plan-beta")] == Approx(0.99).epsilon(1e-9));
  CHECK(q.revenue[p("part-alpha")] == Approx(0.48).epsilon(1e-12));
  CHECK(q.profit[p("part-alpha")] == Approx(0.48 - 48 * 4e-3).epsilon(1e-12));
  CHECK(q.revenue[p("guide-alpha")] == 0.0);
  CHECK(q.surplus_change[market(step.world, "gadget")] == Approx(0.0).margin(1e-9));
}

TEST_CASE("profit is revenue less marginal cost of what was delivered", "[unit]") {
  for (const Step& step : run_quarters(build_small(), 8)) {
    const Economy& economy = *step.world.economy;
    for (Eigen::Index i = 0; i < step.quarter.profit.size(); ++i) {
      const auto& product = economy.products[static_cast<std::size_t>(i)];
      const double unit =
          economy.markets[static_cast<std::size_t>(product.market)].usd_bn_per_currency_unit;
      CHECK(step.quarter.profit[i] ==
            Approx(step.quarter.revenue[i] -
                   step.quarter.marginal_cost[i] * step.quarter.quantity[i] * unit)
                .epsilon(1e-12));
    }
  }
}

TEST_CASE("subscribers pay what they signed", "[unit]") {
  const auto steps = run_quarters(build_small(), 2);
  const Quarter& first = steps[0].quarter;
  const Quarter& second = steps[1].quarter;
  const Eigen::Index beta = product(steps[0].world, "plan-beta");
  // All of quarter 0's subscribers pay the observed 30; afterwards only new ones the new price.
  const double fresh = second.new_quantity[beta];
  const double kept = second.quantity[beta] - fresh;
  CHECK(second.price[beta] != Approx(30.0).epsilon(1e-6));
  CHECK(first.price[beta] == Approx(30.0).epsilon(1e-9));
  CHECK(second.revenue[beta] ==
        Approx((kept * 30.0 + fresh * second.price[beta]) * 3e-3).epsilon(1e-8));
}

// Half of part-alpha's 52 is reserved for beta, whose widgets of gamma take 0.4 of the link's 30;
// 14 units at 10 are paid for though not called.
TEST_CASE("take-or-pay moves money between the partners and nowhere else", "[unit]") {
  const std::string reserve =
      "type = \"reserve_capacity\", supplier = \"part-alpha\", partner = \"beta\", share = 0.5";
  const auto steps = run_quarters(build_small(pact_text(reserve + ", take_or_pay = true")), 2);
  const Quarter& q = steps[1].quarter;
  const World& world = steps[1].world;
  const Eigen::Index l = link(world, "alpha-to-gamma");
  CHECK(steps[0].quarter.firm_transfers.cwiseAbs().maxCoeff() == 0.0);
  CHECK(q.link_reserved[l] == Approx(26.0).epsilon(1e-12));
  CHECK(q.link_called[l] == Approx(12.0).epsilon(1e-8));
  CHECK(q.link_paid[l] == Approx(0.14).epsilon(1e-8));
  CHECK(q.firm_transfers[firm(world, "alpha")] == Approx(0.14).epsilon(1e-8));
  CHECK(q.firm_transfers[firm(world, "beta")] == Approx(-0.14).epsilon(1e-8));
  CHECK(q.firm_transfers[firm(world, "gamma")] == 0.0);
  CHECK(q.partnership_transfers[0] == Approx(0.14).epsilon(1e-8));
  const auto free = run_quarters(build_small(pact_text(reserve)), 2);
  CHECK(free[1].quarter.firm_transfers.cwiseAbs().maxCoeff() == 0.0);
  CHECK(free[1].quarter.link_called[l] == Approx(12.0).epsilon(1e-8));
}

TEST_CASE("transfers net to zero through bundles and reservations", "[unit]") {
  const std::string deals = pact_text(
      "type = \"bundle\", product = \"plan-beta\", partner_product = \"gadget-alpha\", "
      "discount = 0.05, split = 0.5 }, { type = \"reserve_capacity\", supplier = "
      "\"part-alpha\", partner = \"beta\", share = 0.6, take_or_pay = true");
  for (const Step& step : run_quarters(build_small(deals), 8)) {
    CHECK(std::abs(step.quarter.firm_transfers.sum()) < 1e-15);
  }
}

// With split s the seller of the bundled good is left with 1 − s of the discount's cost: its
// revenue and its rebate together are the posted price less s times the mean discount, on what it
// sold now.
TEST_CASE("the partner's part of a bundle's discount reaches the seller", "[unit]") {
  const auto steps = run_quarters(
      build_small(pact_text("type = \"bundle\", product = \"gadget-alpha\", partner_product = "
                            "\"plan-beta\", discount = 0.05, split = 0.25")),
      2);
  const World& world = steps[1].world;
  const Quarter& q = steps[1].quarter;
  const Eigen::Index gadget = product(world, "gadget-alpha");
  const double mean_discount = 0.05 * world.base_share[product(world, "plan-beta")];
  const double gross = q.price[gadget] * q.quantity[gadget] * 1e-3;
  CHECK(q.revenue[gadget] == Approx(gross * (1.0 - mean_discount)).epsilon(1e-12));
  CHECK(q.revenue[gadget] + q.firm_transfers[firm(world, "alpha")] ==
        Approx(gross * (1.0 - 0.25 * mean_discount)).epsilon(1e-12));
  CHECK(q.firm_transfers[firm(world, "beta")] ==
        Approx(-gross * 0.75 * mean_discount).epsilon(1e-12));
}

// The rebate follows the discount: who pays it must cover the same units that got it.
TEST_CASE("a bundled subscription's rebate covers the discount its base gets", "[unit]") {
  const auto steps = run_quarters(
      build_small(pact_text("type = \"bundle\", product = \"plan-beta\", partner_product = "
                            "\"gadget-alpha\", discount = 0.05, split = 0")),
      3);
  for (const std::size_t t : {1u, 2u}) {
    const World& world = steps[t].world;
    const Quarter& q = steps[t].quarter;
    const Eigen::Index plan = product(world, "plan-beta");
    // With a split of 0 the seller's take is what it would be without any discount.
    const double signed_price = steps[t].next.signed_price[plan];
    CHECK(q.revenue[plan] + q.firm_transfers[firm(world, "beta")] ==
          Approx(signed_price * q.quantity[plan] * 3e-3).epsilon(1e-9));
  }
}

TEST_CASE("fewer goods mean less surplus, more quality more", "[unit]") {
  const auto better = run_quarters(
      build_small(pact_text("type = \"quality\", product = \"gadget-gamma\", willingness_to_pay = "
                            "0.1")),
      2);
  const auto dearer = run_quarters(
      build_small(pact_text("type = \"cost\", product = \"gadget-gamma\", change = 0.1")), 2);
  const auto plain = run_quarters(build_small(), 2);
  const Eigen::Index m = market(plain[0].world, "gadget");
  CHECK(better[1].quarter.surplus_change[m] > plain[1].quarter.surplus_change[m]);
  CHECK(dearer[1].quarter.surplus_change[m] < plain[1].quarter.surplus_change[m]);
}

namespace {

/// Gamma holds half a quarter's use of parts, bought at 10, which come a quarter after the order.
const std::string stocked = R"(
[[input]]
id = "part-in-gamma"
lead = 1
initial_cover = 0.5
cover = 0.5
)";
constexpr Eigen::Index of_gamma = 1;  // inputs are ordered by id

}  // namespace

// 20 parts at 16 and 40 at 10 are 60 at 12: the 40 used cost 0.48, the 20 left are worth 0.24.
TEST_CASE("parts used cost the mean of what stock and deliveries cost", "[unit]") {
  World world = build_small(stocked);
  CHECK(world.input_stock_value[of_gamma] == Approx(0.2).epsilon(1e-12));
  const Quarter plain = run_quarters(world, 1)[0].quarter;
  world.input_stock_value[of_gamma] = 0.32;
  const Step step = run_quarters(world, 1)[0];
  const Quarter& q = step.quarter;
  CHECK(q.input_purchases[of_gamma] == Approx(0.4).epsilon(1e-9));
  CHECK(q.input_expense[of_gamma] == Approx(0.48).epsilon(1e-9));
  CHECK(q.input_stock_value[of_gamma] == Approx(0.24).epsilon(1e-9));
  CHECK(step.next.input_stock[of_gamma] == Approx(20.0).epsilon(1e-9));
  CHECK(step.next.input_stock_value[of_gamma] == q.input_stock_value[of_gamma]);
  // Prices look at what parts cost now; the dearer stock is a loss.
  const Eigen::Index gamma = product(world, "widget-gamma");
  CHECK(q.price[gamma] == plain.price[gamma]);
  CHECK(q.profit[gamma] == Approx(plain.profit[gamma] - 0.08).epsilon(1e-9));
  CHECK(plain.profit[gamma] ==
        Approx(plain.revenue[gamma] - 40e-3 * plain.marginal_cost[gamma]).epsilon(1e-9));
}

TEST_CASE("stock before and purchases are what was used and what is left", "[unit]") {
  const World start =
      build_small(stocked + "[[market]]\nid = \"widget\"\ngrowth = 0.03\n" +
                  pact_text("type = \"cost\", product = \"part-alpha\", change = -0.2"));
  double bought = 0.0;
  double used = 0.0;
  const auto steps = run_quarters(start, 10);
  for (const Step& step : steps) {
    const Quarter& q = step.quarter;
    CAPTURE(step.world.quarter);
    for (Eigen::Index i = 0; i < q.input_expense.size(); ++i) {
      CHECK(step.world.input_stock_value[i] + q.input_purchases[i] ==
            Approx(q.input_expense[i] + step.next.input_stock_value[i]).epsilon(1e-12));
      CHECK(step.next.input_stock_value[i] >= 0.0);
    }
    const double delivered = q.link_volume[link(step.world, "alpha-to-gamma")] +
                             q.link_volume[link(step.world, "beta-to-gamma")];
    CHECK(step.world.input_stock[of_gamma] + delivered ==
          Approx(q.quantity[product(step.world, "widget-gamma")] + step.next.input_stock[of_gamma])
              .epsilon(1e-12));
    bought += q.input_purchases[of_gamma];
    used += q.input_expense[of_gamma];
  }
  CHECK(bought - used == Approx(steps.back().next.input_stock_value[of_gamma] - 0.2).epsilon(1e-9));
  // Delta keeps no stock: it expenses what it buys.
  CHECK(steps.back().quarter.input_expense[0] ==
        Approx(steps.back().quarter.input_purchases[0]).epsilon(1e-12));
  // The parts became cheaper on the way.
  CHECK(steps.back().next.input_stock_value[of_gamma] <
        0.0099 * steps.back().next.input_stock[of_gamma]);
}
