#include <string>
#include <vector>

#include "engine/simulation/markets/consumer_choice.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"

using namespace entente;
using namespace entente::test;

TEST_CASE("figures of markets and products that contradict each other are faults", "[unit]") {
  const std::string widget_late =
      "[[product]]\nid = \"widget-late\"\nmarket = \"widget\"\nfirm = \"beta\"\nprice = 90\n"
      "unit_cost = 60\n";
  check_cases({
      {"shares",
       {},
       {"product.gadget-alpha.share=51"},
       "shares of market 'gadget' do not sum",
       "product.gadget-gamma.share"},
      {"base shares",
       {},
       {"product.plan-beta.base_share=60"},
       "base shares of its products do not sum",
       "market.plan.name"},
      {"share and volume",
       {},
       {"product.gadget-alpha.volume=50"},
       "a product needs either a share or a volume",
       "product.gadget-alpha.share"},
      {"neither",
       widget_late,
       {},
       "a product needs either a share or a volume",
       "product.widget-late.share"},
      {"no sales",
       {},
       {"product.gadget-alpha.share=0", "product.gadget-beta.share=80"},
       "a product without sales cannot be calibrated",
       "product.gadget-alpha.share"},
      {"mixed",
       widget_late + "share = 5\n",
       {},
       "mixes shares and volumes",
       "product.widget-late.share"},
      {"size twice",
       {},
       {"market.gadget.revenue_usd_bn=3"},
       "size must be given exactly once",
       "market.gadget.size"},
      {"price 0",
       {},
       {"product.gadget-beta.price=0"},
       "bargained price must be above 0",
       "product.gadget-beta.price"},
      {"no product",
       "[[market]]\nid = \"empty\"\nname = \"Empty\"\nmodel = \"plain\"\ndemand = "
       "\"durable\"\nunit = \"units\"\nsize = 1\nown_elasticity = -2\n",
       {},
       "the market has no product",
       "market.empty.model"},
      {"no account",
       {},
       {"account.use-elsewhere.enabled=false", "account.use-on-gadget.enabled=false"},
       "needs at least one account",
       "market.guide.demand"},
      {"no elasticity",
       "[[market]]\nid = \"other\"\nname = \"Other\"\nmodel = \"plain\"\ndemand = "
       "\"durable\"\nunit = "
       "\"units\"\nsize = 1\n[[product]]\nid = \"other-alpha\"\nmarket = \"other\"\nfirm = "
       "\"alpha\"\n"
       "share = 100\n",
       {},
       "a market with prices needs an own_elasticity",
       "market.other.own_elasticity"},
      {"unknown model", {}, {"market.gadget.model=fancy"}, "no such model", "market.gadget.model"},
      {"infeasible elasticities",
       {},
       {"market.gadget.category_elasticity=-4"},
       "market 'gadget' cannot be calibrated",
       "market.gadget.own_elasticity"},
      {"inelastic",
       {},
       {"market.widget.own_elasticity=-0.4"},
       "the implied marginal cost of 'widget-gamma' is not positive",
       "product.widget-gamma.price"},
      {"turnover too low",
       {},
       {"market.plan.turnover=0.001"},
       "kept more of its base than turnover allows",
       "market.plan.own_elasticity"},
      {"unit cost",
       {},
       {"product.widget-gamma.unit_cost=60"},
       "the cost leaves less margin than the elasticity implies",
       "product.widget-gamma.unit_cost"},
      {"slack capacity",
       {},
       {"product.widget-gamma.unit_cost=30", "product.widget-gamma.capacity=70"},
       "needs a capacity that binds",
       "product.widget-gamma.capacity"},
      {"dear inputs",
       {},
       {"input.part-in-delta.per_unit=9", "market.part.size=260", "product.part-alpha.share=20",
        "product.part-beta.share=80", "product.part-beta.capacity=300"},
       "the implied marginal cost of 'widget-delta' is not positive",
       "product.widget-delta.price"},
      {"sold beyond capacity",
       {},
       {"product.widget-gamma.capacity=30"},
       "the capacity is below what was sold in quarter 0",
       "product.widget-gamma.capacity"},
  });
}

TEST_CASE("entrants, accounts and inputs used wrongly are faults", "[unit]") {
  const std::string late =
      "[[product]]\nid = \"late\"\nfirm = \"beta\"\nprice = 90\nunit_cost = 60\n";
  check_cases({
      {"entry without share",
       {},
       {"product.widget-gamma.entry=2024Q3"},
       "a product that enters needs an entry_share",
       "product.widget-gamma.entry"},
      {"sold and entering",
       {},
       {"product.widget-gamma.entry_share=0.1"},
       "a product sold in quarter 0 cannot enter later",
       "product.widget-gamma.entry_share"},
      {"entry at start",
       late + "market = \"widget\"\nentry = \"2024Q1\"\nentry_share = 0.1\n",
       {},
       "an entrant must enter after quarter 0",
       "product.late.entry"},
      {"entrant in a durable market",
       late + "market = \"gadget\"\nentry = \"2024Q3\"\nentry_share = 0.1\n",
       {},
       "entrants are known in allocation markets only",
       "product.late.entry_share"},
      {"account of a durable market",
       "[[account]]\nid = \"a\"\nmarket = \"gadget\"\n",
       {},
       "accounts buy in allocation markets only",
       "account.a.market"},
      {"account buys too much",
       "[[account]]\nid = \"buyer-beta\"\npurchases = [{ product = \"widget-gamma\", volume = 41 "
       "}]\n",
       {},
       "other accounts buy more of 'widget-gamma' than is sold",
       "account.buyer-public.share"},
      {"residual account twice",
       "[[account]]\nid = \"z\"\nmarket = \"widget\"\n",
       {},
       "only one account of a market can be the residual one",
       "account.z.share"},
      {"share and purchases",
       {},
       {"account.buyer-beta.share=10"},
       "an account has either a share or purchases",
       "account.buyer-beta.share"},
      {"accounts do not sum",
       {},
       {"account.use-elsewhere.share=80"},
       "do not sum to what its products sold",
       "account.use-on-gadget.share"},
      {"foreign purchase",
       "[[account]]\nid = \"buyer-beta\"\npurchases = [{ product = \"gadget-beta\", volume = 1 "
       "}]\n",
       {},
       "the account's market does not sell this product",
       "account.buyer-beta.purchases[0].product"},
      {"only for others",
       "[[product]]\nid = \"widget-gamma\"\nonly_for = [\"buyer-public\"]\n",
       {},
       "account 'buyer-beta' buys it in quarter 0",
       "product.widget-gamma.only_for"},
      {"host that is not sold yet",
       late + "market = \"widget\"\nentry_share = 0.1\n"
              "[[account]]\nid = \"use-on-gadget\"\nhost = \"late\"\n",
       {},
       "the host is not sold in quarter 0",
       "account.use-on-gadget.host"},
      {"input cycle",
       "[[input]]\nid = \"back\"\nproduct = \"part-alpha\"\nmarket = \"widget\"\n"
       "per_unit = 1\n",
       {},
       "inputs go in a circle",
       "input.back.market"},
      {"capital under contract",
       {},
       {"input.part-in-gamma.kind=capital"},
       "a contract market sells flows",
       "input.part-in-gamma.kind"},
      {"input twice",
       "[[input]]\nid = \"part-in-gamma-too\"\nproduct = \"widget-gamma\"\nmarket = "
       "\"part\"\nper_unit = 1\n",
       {},
       "the product takes this market's goods already",
       "input.part-in-gamma-too.market"},
  });
}

TEST_CASE("contracts that do not add up are faults", "[unit]") {
  check_cases({
      {"links do not sum",
       {},
       {"link.beta-to-gamma.share=20"},
       "links to this product do not sum",
       "input.part-in-gamma.market"},
      {"oversold",
       {},
       {"product.part-alpha.share=30", "product.part-beta.share=70",
        "product.part-beta.capacity=60"},
       "named buyers take more than the supplier sells",
       "link.alpha-to-rest.supplier"},
      {"undersold without a residual buyer",
       {},
       {"link.alpha-to-rest.enabled=false"},
       "links do not take what the supplier sells",
       "product.part-alpha.share"},
      {"residual buyer twice",
       "[[link]]\nid = \"alpha-to-rest-too\"\nsupplier = \"part-alpha\"\n",
       {},
       "the supplier has this link already",
       "link.alpha-to-rest-too.buyer"},
      {"link twice",
       "[[link]]\nid = \"beta-to-delta-too\"\nsupplier = \"part-beta\"\nbuyer = "
       "\"widget-delta\"\n",
       {},
       "the supplier has this link already",
       "link.beta-to-delta-too.buyer"},
      {"link of a posted market",
       "[[link]]\nid = \"odd\"\nsupplier = \"gadget-alpha\"\n",
       {},
       "links are of contract markets only",
       "link.odd.supplier"},
      {"buyer without need",
       "[[link]]\nid = \"odd\"\nsupplier = \"part-alpha\"\nbuyer = "
       "\"gadget-alpha\"\n",
       {},
       "the buyer does not take this market's goods as an input",
       "link.odd.buyer"},
      {"no unit cost",
       "[[market]]\nid = \"bolt\"\nname = \"Bolts\"\nmodel = \"plain\"\ndemand = \"allocation\"\n"
       "pricing = \"contract\"\nunit = \"bolts\"\nsize = 4\n[[product]]\nid = "
       "\"bolt-beta\"\nmarket = "
       "\"bolt\"\nfirm = \"beta\"\nshare = 100\n[[link]]\nid = \"rest\"\nsupplier = "
       "\"bolt-beta\"\n",
       {},
       "a product sold under contract needs a unit cost",
       "product.bolt-beta.unit_cost"},
      {"no bargain",
       {},
       {"product.part-alpha.unit_cost=11"},
       "no bargain gives the observed price",
       "link.alpha-to-gamma.supplier"},
  });
}

TEST_CASE("a scenario without firms or markets says so", "[unit]") {
  const TemporaryFolder folder;
  folder.write("empty.toml", "title = \"Nothing\"\n");
  const auto read = scenario::read_scenario((folder.path() / "empty.toml").string(),
                                            simulation::full_schema(plain_models()), {});
  REQUIRE(read.scenario);
  const auto built = simulation::build_world(*read.scenario, plain_models());
  CHECK_FALSE(built.world);
  CHECK_THAT(to_text(built.faults), contains("the scenario has no firm"));
  CHECK_THAT(to_text(built.faults), contains("the scenario has no market"));
}

TEST_CASE("several faults are reported together", "[unit]") {
  const auto read = read_small({}, {"product.gadget-alpha.share=51", "product.plan-beta.share=50"});
  REQUIRE(read.scenario);
  const auto built = simulation::build_world(*read.scenario, plain_models());
  CHECK(built.faults.size() == 2);
}

TEST_CASE("the small world reproduces its own figures", "[unit]") {
  const auto step = run_quarters(build_small(), 1)[0];
  const auto quantity = [&](const char* id) {
    return step.quarter.quantity[product(step.world, id)];
  };
  const auto price = [&](const char* id) { return step.quarter.price[product(step.world, id)]; };
  CHECK(quantity("gadget-alpha") == Approx(50.0).epsilon(1e-9));
  CHECK(quantity("plan-delta") == Approx(9.0).epsilon(1e-9));
  CHECK(quantity("widget-gamma") == Approx(40.0).epsilon(1e-9));
  CHECK(quantity("part-beta") == Approx(32.0).epsilon(1e-9));
  CHECK(quantity("guide-delta") == Approx(15.0).epsilon(1e-9));
  CHECK(price("gadget-gamma") == Approx(12.0).epsilon(1e-9));
  CHECK(price("widget-delta") == Approx(90.0).epsilon(1e-9));
  CHECK(price("part-alpha") == Approx(10.0).epsilon(1e-9));
}

TEST_CASE("counts start from the same holdings, rounded to whole consumers", "[unit]") {
  const auto types = build_small();
  const auto counts = build_small(
      {}, {"population.representation=counts", "population.agents=1000000000000000000"});
  for (const char* id : {"plan", "gadget"}) {
    const auto m = static_cast<std::size_t>(test::market(types, id));
    CHECK(counts.populations[m].count.sum() == 1'000'000'000'000'000'000);
    CHECK((counts.populations[m].holding - types.populations[m].holding).cwiseAbs().maxCoeff() <
          1e-15);
    CHECK(types.populations[m].count.size() == 0);
  }
}

// Consumers of one account are alike, so agents of accounts are counted.
TEST_CASE("agents and counts of accounts draw the same", "[unit]") {
  const auto drawn_as = [](const std::string& representation) {
    return run_quarters(
        build_small({}, {"population.representation=" + representation, "population.agents=2000"}),
        1)[0];
  };
  const Step agents = drawn_as("agents");
  const Step counts = drawn_as("counts");
  const auto m = static_cast<std::size_t>(test::market(agents.world, "widget"));
  CHECK(agents.quarter.purchases[m].choosing.sum() == 2000);
  CHECK(agents.quarter.purchases[m].choosing == counts.quarter.purchases[m].choosing);
}

// They are recruited in the first quarter, in which nobody has chosen yet.
TEST_CASE("agents start from the same holdings, rounded to whole individuals", "[unit]") {
  const auto types = build_small();
  auto agents = build_small({}, {"population.representation=agents", "population.agents=2000"});
  simulation::recruit_consumers(agents, {1, 0});
  for (const char* id : {"plan", "gadget"}) {
    const auto m = static_cast<std::size_t>(test::market(types, id));
    REQUIRE(agents.populations[m].individuals->count == 2000);
    CHECK(agents.populations[m].count.sum() == 2000);
    CHECK((agents.populations[m].holding - types.populations[m].holding).cwiseAbs().maxCoeff() <
          1.0 / 2000.0);
  }
  // Accounts need no individuals.
  CHECK_FALSE(
      agents.populations[static_cast<std::size_t>(test::market(types, "widget"))].individuals);
}

TEST_CASE("individuals draw tastes of their own unless those of the types are asked for",
          "[unit]") {
  const std::vector<std::string> sets = {"population.representation=agents",
                                         "population.agents=2000"};
  auto own = build_small({}, sets);
  auto typed_sets = sets;
  typed_sets.emplace_back("population.tastes=types");
  auto typed = build_small({}, typed_sets);
  simulation::recruit_consumers(own, {1, 0});
  simulation::recruit_consumers(typed, {1, 0});
  bool any = false;
  for (std::size_t m = 0; m < own.populations.size(); ++m) {
    if (!own.populations[m].individuals) continue;
    const bool differ = simulation::consumers_differ(own.economy->markets[m]);
    any = any || differ;
    CHECK(own.populations[m].individuals->taste.empty() != differ);
    CHECK(typed.populations[m].individuals->taste.empty());
  }
  CHECK(any);
}

TEST_CASE("a held price was set once as the others were", "[unit]") {
  const auto market_set = build_small();
  const auto held = build_small({}, {"product.widget-gamma.pricing=fixed"});
  const auto p = static_cast<std::size_t>(product(held, "widget-gamma"));
  CHECK(held.economy->products[p].cost_beside_inputs ==
        Approx(market_set.economy->products[p].cost_beside_inputs).epsilon(1e-12));
  // A known cost needs no explanation where the price is held.
  const auto known =
      build_small({}, {"product.widget-gamma.pricing=fixed", "product.widget-gamma.unit_cost=30"});
  CHECK(known.economy->products[p].cost_beside_inputs == Approx(20.0).epsilon(1e-12));
}
