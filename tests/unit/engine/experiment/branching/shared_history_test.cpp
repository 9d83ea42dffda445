#include "engine/experiment/branching/shared_history.hpp"

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using test::contains;

namespace {

std::string deal(const std::string& id, const std::string& start, const std::string& more = {}) {
  return "[[partnership]]\nid = \"" + id +
         "\"\nparties = [\"alpha\", \"beta\"]\nkind = \"supply\"\nstart = \"" + start + "\"\n" +
         more + "effect = [{ type = \"cost\", product = \"gadget-alpha\", change = -0.1 }]\n";
}

scenario::Scenario read(const std::string& more, const std::vector<std::string>& sets) {
  auto result = test::read_small(more, sets);
  INFO(test::to_text(result.faults));
  REQUIRE(result.scenario);
  return std::move(*result.scenario);
}

/// Faults of a scenario against one whose states of 2025Q1 were saved.
scenario::Faults differences(const std::string& more, const std::string& saved_more,
                             const std::vector<std::string>& sets = {},
                             const std::vector<std::string>& saved_sets = {}) {
  return experiment::find_history_differences(read(more, sets), read(saved_more, saved_sets),
                                              *scenario::parse_quarter("2025Q1"), "results/base");
}

}  // namespace

TEST_CASE("what comes later, and how long and how often it is run, may differ", "[unit]") {
  CHECK(differences({}, {}).empty());
  CHECK(differences(deal("pact", "2025Q1"), {}).empty());
  CHECK(differences({}, deal("pact", "2025Q1")).empty());
  CHECK(differences(deal("pact", "2025Q1"), deal("pact", "2025Q3")).empty());
  CHECK(differences(deal("pact", "2024Q2", "end = \"2025Q1\"\n"), deal("pact", "2024Q2")).empty());
  CHECK(differences({}, {}, {"run.replications=9", "run.quarters=20"}).empty());
  CHECK(differences({}, {}, {"title='Another'"}).empty());
  CHECK(differences({}, {}, {"firm.alpha.name=Other", "run.seen_through=2024Q4"}).empty());
  CHECK(differences(deal("pact", "2024Q2", "name = \"Pact\"\n"), deal("pact", "2024Q2")).empty());
  // Where a number comes from does not change what it does.
  CHECK(differences({}, {},
                    {"market.gadget.own_elasticity={ value = -3, mark = 'B', source = 's' }"},
                    {"market.gadget.own_elasticity={ value = -3, mark = 'B', note = 'n' }"})
            .empty());
}

TEST_CASE("what could have shown before is named, with both values", "[unit]") {
  const auto seed = differences({}, {}, {"run.seed=2"});
  REQUIRE(seed.size() == 1);
  CHECK(seed[0].key_path == "run.seed");
  CHECK(seed[0].seen == "2");
  CHECK(seed[0].expected == "1");
  CHECK_THAT(seed[0].message, contains("results/base"));

  const auto price = differences({}, {}, {"product.gadget-alpha.price=11"});
  REQUIRE(price.size() == 1);
  CHECK(price[0].key_path == "product.gadget-alpha.price");

  // A range is drawn from.
  CHECK(differences({}, {}, {"market.gadget.own_elasticity={ value = -3, low = -4, high = -2 }"})
            .size() == 1);
  // A key that only the saved one gives.
  const auto given = differences({}, {}, {}, {"product.gadget-beta.capacity=90"});
  REQUIRE(given.size() == 1);
  CHECK(given[0].seen == "nothing");
}

TEST_CASE("deals and events under way at the branch must be the same", "[unit]") {
  const auto added = differences(deal("pact", "2024Q4"), {});
  REQUIRE(added.size() == 1);
  CHECK(added[0].key_path == "partnership.pact.id");
  CHECK_THAT(added[0].hint, contains("2025Q1 or later"));
  CHECK(added[0].location.line > 0);

  const auto gone = differences({}, deal("pact", "2024Q4"));
  REQUIRE(gone.size() == 1);
  CHECK_THAT(gone[0].message, contains("lacks partnership 'pact'"));

  // Moved over the quarter of the branch, either way: there and not there.
  CHECK(differences(deal("pact", "2025Q2"), deal("pact", "2024Q4")).size() == 1);
  CHECK(differences(deal("pact", "2024Q4"), deal("pact", "2025Q2")).size() == 1);

  const auto ended =
      differences(deal("pact", "2024Q2", "end = \"2024Q4\"\n"), deal("pact", "2024Q2"));
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].key_path == "partnership.pact.end");
  CHECK(ended[0].expected == "nothing");
  CHECK(differences(deal("pact", "2024Q2", "ramp = 2\n"), deal("pact", "2024Q2")).size() == 1);

  std::string weaker = deal("pact", "2024Q2");
  weaker.replace(weaker.find("-0.1"), 4, "-0.2");
  const auto effect = differences(weaker, deal("pact", "2024Q2"));
  REQUIRE(effect.size() == 1);
  CHECK_THAT(effect[0].key_path, contains("partnership.pact.effect") && contains("change"));
  CHECK(effect[0].seen == "-0.2");
  CHECK(effect[0].expected == "-0.1");
}

TEST_CASE("every difference is told at once", "[unit]") {
  CHECK(differences(deal("pact", "2024Q4"), deal("accord", "2024Q2"),
                    {"run.seed=2", "product.gadget-alpha.price=11"})
            .size() == 4);
}
