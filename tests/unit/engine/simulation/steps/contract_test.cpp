#include "engine/simulation/steps/contract.hpp"

#include <algorithm>

#include "engine/simulation/supply/supplier_split.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// A quarter in which prices of links are known and nothing is agreed.
Quarter quiet_quarter(const World& world) {
  Quarter quarter = expectations(world);
  quarter.link_price = world.link_price;
  quarter.link_list_price = world.link_price;
  return quarter;
}

Eigen::VectorXd split(const World& world, const Quarter& quarter, const std::string& buyer) {
  return split_over_suppliers(world, quarter, quarter.link_price, product(world, buyer),
                              market(world, "part"));
}

}  // namespace

TEST_CASE("a buyer splits as observed while prices stand", "[unit]") {
  const World world = build_small();
  const Eigen::VectorXd gamma = split(world, quiet_quarter(world), "widget-gamma");
  CHECK(gamma[link(world, "alpha-to-gamma")] == Approx(0.75).epsilon(1e-15));
  CHECK(gamma[link(world, "beta-to-gamma")] == Approx(0.25).epsilon(1e-15));
  CHECK(gamma.sum() == Approx(1.0).epsilon(1e-15));
}

TEST_CASE("a cheaper supplier gains by the elasticity of the split", "[unit]") {
  const World world = build_small({}, {"market.part.supplier_elasticity=-2"});
  Quarter quarter = quiet_quarter(world);
  quarter.link_price[link(world, "beta-to-gamma")] = 5.0;  // half: its weight 0.25 counts fourfold
  const Eigen::VectorXd gamma = split(world, quarter, "widget-gamma");
  CHECK(gamma[link(world, "beta-to-gamma")] == Approx(1.0 / 1.75).epsilon(1e-14));
}

TEST_CASE("an unqualified supplier gets nothing, then grows to its share of capacity", "[unit]") {
  World world = build_small();
  const Eigen::Index entrant = link(world, "alpha-to-delta");
  CHECK(split(world, quiet_quarter(world), "widget-delta")[entrant] == 0.0);
  world.link_access(entrant, 0) = 0.5;
  // Full access is worth 52/92 of the orders, odds of 52/40; half of that beside the incumbent's 1.
  CHECK(split(world, quiet_quarter(world), "widget-delta")[entrant] ==
        Approx(0.65 / 1.65).epsilon(1e-14));
  world.link_access(entrant, 0) = 1.0;
  CHECK(split(world, quiet_quarter(world), "widget-delta")[entrant] ==
        Approx(52.0 / 92.0).epsilon(1e-14));
}

TEST_CASE("without capacity limits a newcomer still gets a finite share", "[unit]") {
  World world = build_small();
  world.capacity.setConstant(std::numeric_limits<double>::infinity());
  world.link_access(link(world, "alpha-to-delta"), 0) = 1.0;
  const Eigen::VectorXd delta = split(world, quiet_quarter(world), "widget-delta");
  CHECK(delta.allFinite());
  CHECK(delta.sum() == Approx(1.0).epsilon(1e-14));
  CHECK(delta[link(world, "alpha-to-delta")] == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("a newcomer whose rivals are all shut out gets every order", "[unit]") {
  World world = build_small();
  world.link_access(link(world, "alpha-to-delta"), 0) = 0.25;
  world.link_access(link(world, "beta-to-delta"), 0) = 0.0;
  const Eigen::VectorXd delta = split(world, quiet_quarter(world), "widget-delta");
  CHECK(delta[link(world, "alpha-to-delta")] == 1.0);
  CHECK(delta.sum() == 1.0);
}

TEST_CASE("a sole supplier that qualifies late gets every order", "[unit]") {
  World world = build_small(
      "[[product]]\nid = \"widget-late\"\nmarket = \"widget\"\nfirm = \"alpha\"\nprice = 90\n"
      "unit_cost = 60\nentry_share = 0.05\nentry = \"2024Q3\"\n"
      "[[input]]\nid = \"part-in-late\"\nproduct = \"widget-late\"\nmarket = \"part\"\nper_unit = "
      "1\n"
      "[[link]]\nid = \"beta-to-late\"\nsupplier = \"part-beta\"\nbuyer = \"widget-late\"\n");
  world.link_access(link(world, "beta-to-late"), 0) = 0.25;
  const Eigen::VectorXd late = split(world, quiet_quarter(world), "widget-late");
  CHECK(late.allFinite());
  CHECK(late[link(world, "beta-to-late")] == 1.0);
}

// Of 100, widget-gamma's other costs take 40 (its mean cost 50 less the part at 10), so a part is
// worth 60. It draws three quarters of its parts on alpha.
TEST_CASE("the talks behind a contract, worked by hand", "[unit]") {
  const World world = build_small();
  const Step step = run_quarters(world, 1)[0];
  const auto talks = describe_talks(step.world, step.quarter, market(world, "part"));
  REQUIRE(talks.size() == 1);
  const entente::market::InputBargains& bargains = talks[0].bargains;
  REQUIRE(talks[0].links.size() == 4);
  for (std::size_t k = 0; k < 4; ++k) {
    const auto place = static_cast<Eigen::Index>(k);
    if (talks[0].links[k] != link(world, "alpha-to-gamma")) continue;
    CHECK(bargains.supplier_cost[place] == 4.0);
    CHECK(bargains.share[place] == Approx(0.75).epsilon(1e-12));
    const Eigen::Index j = bargains.product[place];
    CHECK(bargains.retail_price[j] - bargains.other_cost[j] == Approx(60.0).epsilon(1e-9));
    CHECK(bargains.input_per_unit[j] == 1.0);
  }
  // The weights are those at which the observed price is the outcome.
  const Eigen::VectorXd w = entente::market::compute_input_prices(bargains);
  for (std::size_t k = 0; k < 4; ++k) {
    if (talks[0].links[k] == link(world, "alpha-to-delta")) continue;  // not qualified
    CHECK(w[static_cast<Eigen::Index>(k)] == Approx(10.0).epsilon(1e-9));
  }
}

TEST_CASE("a supplier short of capacity counts what the unit earns elsewhere", "[unit]") {
  Step step = run_quarters(build_small(), 1)[0];
  const Eigen::Index alpha = product(step.world, "part-alpha");
  // Orders of 65 on a capacity of 52: a fifth went unserved, at a margin of 10 − 4.
  step.world.orders[alpha] = 65.0;
  const auto talks = describe_talks(step.world, step.quarter, market(step.world, "part"));
  for (std::size_t k = 0; k < talks[0].links.size(); ++k) {
    if (talks[0].links[k] != link(step.world, "alpha-to-gamma")) continue;
    CHECK(talks[0].bargains.supplier_cost[static_cast<Eigen::Index>(k)] ==
          Approx(4.0 + 0.2 * 6.0).epsilon(1e-12));
  }
}

TEST_CASE("a part is worth what the widget earns less its other inputs", "[unit]") {
  // Every widget of gamma also takes one bolt at 3, from a market of its own.
  const World world = build_small(
      "[[market]]\nid = \"bolt\"\nname = \"Bolts\"\nmodel = \"plain\"\ndemand = \"allocation\"\n"
      "pricing = \"contract\"\nunit = \"million bolts\"\nunits_per_quantity = 1e6\nsize = 40\n"
      "[[product]]\nid = \"bolt-delta\"\nmarket = \"bolt\"\nfirm = \"delta\"\nshare = 100\nprice = "
      "3\n"
      "unit_cost = 1\n"
      "[[input]]\nid = \"bolt-in-gamma\"\nproduct = \"widget-gamma\"\nmarket = \"bolt\"\nper_unit "
      "= 1\n"
      "[[link]]\nid = \"delta-to-gamma\"\nsupplier = \"bolt-delta\"\nbuyer = \"widget-gamma\"\n"
      "share = 100\n[[link]]\nid = \"delta-to-rest\"\nsupplier = \"bolt-delta\"\n");
  const Step step = run_quarters(world, 1)[0];
  const auto value = [&](const std::string& input_market) {
    const auto talks = describe_talks(step.world, step.quarter, market(world, input_market));
    const Eigen::Index j =
        product(world, "widget-gamma") -
        world.economy->markets[static_cast<std::size_t>(market(world, "widget"))].first;
    return talks[0].bargains.retail_price[j] - talks[0].bargains.other_cost[j];
  };
  // Other costs are 50 − 10 − 3 = 37; with the bolts 40 remain beside the part, as before.
  CHECK(value("part") == Approx(60.0).epsilon(1e-9));
  CHECK(value("bolt") == Approx(53.0).epsilon(1e-9));
}

TEST_CASE("contract prices stand while nothing changes", "[unit]") {
  const World world = build_small();
  for (const Step& step : run_quarters(world, 6)) {
    for (Eigen::Index l = 0; l < step.quarter.link_price.size(); ++l) {
      if (world.link_access(l, 0) <= 0.0) continue;  // not in use: an offer, not a price
      CHECK(step.quarter.link_price[l] == Approx(10.0).epsilon(1e-9));
    }
  }
}

TEST_CASE("bargains move by the share of contracts that are renewed", "[unit]") {
  const std::string shift = pact_text(
      "type = \"supply_terms\", supplier = \"part-alpha\", buyer = \"widget-gamma\", "
      "logit_shift = 0.5");
  const auto at_once = run_quarters(build_small(shift), 2);
  const auto slowly = run_quarters(build_small(shift, {"market.part.reprice_share=0.25"}), 2);
  const Eigen::Index l = link(at_once[0].world, "alpha-to-gamma");
  CHECK(at_once[0].quarter.link_price[l] == Approx(10.0).epsilon(1e-12));
  const auto agreed = [&](const Step& step) {
    const auto talks = describe_talks(step.world, step.quarter, market(step.world, "part"));
    const Eigen::VectorXd w = entente::market::compute_input_prices(talks[0].bargains);
    const auto place = std::ranges::find(talks[0].links, l) - talks[0].links.begin();
    return w[place];
  };
  // Contracts and the prices of what is made of their goods are set together: at the quarter's
  // prices the contract is the bargain's outcome.
  CHECK(at_once[1].quarter.link_price[l] == Approx(agreed(at_once[1])).epsilon(1e-7));
  CHECK(at_once[1].quarter.link_price[l] < 10.0);  // the shift favours the buyer
  CHECK(slowly[1].quarter.link_price[l] ==
        Approx(10.0 + 0.25 * (agreed(slowly[1]) - 10.0)).epsilon(1e-7));
}

TEST_CASE("discounts and caps come off the bargained price, not into the next bargain", "[unit]") {
  const std::string discount =
      "type = \"supply_terms\", supplier = \"part-alpha\", "
      "buyer = \"widget-gamma\", discount = 0.1";
  const auto steps = run_quarters(
      build_small(pact_text(discount, "end = \"2024Q4\"\n"), {"market.part.reprice_share=0"}), 5);
  const Eigen::Index l = link(steps[0].world, "alpha-to-gamma");
  for (const int quarter : {0, 3, 4}) {
    CHECK(steps[static_cast<std::size_t>(quarter)].quarter.link_price[l] ==
          Approx(10.0).epsilon(1e-12));
  }
  for (const std::size_t quarter : {1u, 2u}) {
    CHECK(steps[quarter].quarter.link_price[l] == Approx(9.0).epsilon(1e-12));
    CHECK(steps[quarter].quarter.link_list_price[l] == Approx(10.0).epsilon(1e-12));
  }
  const auto capped = run_quarters(
      build_small(pact_text("type = \"supply_terms\", supplier = \"part-alpha\", price_cap = 7")),
      2);
  CHECK(capped[1].quarter.link_price[l] == 7.0);
}

TEST_CASE("an exclusive deal cuts the links to the rival alone", "[unit]") {
  const World world = build_small();
  Terms terms = compute_terms(world);
  terms.bans.push_back({product(world, "part-alpha"), firm(world, "gamma")});
  CHECK(is_banned(world, terms, link(world, "alpha-to-gamma")));
  CHECK_FALSE(is_banned(world, terms, link(world, "beta-to-gamma")));
  CHECK_FALSE(is_banned(world, terms, link(world, "alpha-to-delta")));
  CHECK_FALSE(is_banned(world, terms, link(world, "alpha-to-rest")));
  Quarter quarter = quiet_quarter(world);
  quarter.terms = terms;
  const Eigen::VectorXd gamma = split(world, quarter, "widget-gamma");
  CHECK(gamma[link(world, "beta-to-gamma")] == 1.0);
}
