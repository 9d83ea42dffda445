#include "engine/simulation/steps/partner.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using namespace entente::test;
using namespace entente::simulation;
using Stage = PartnershipState::Stage;

namespace {

std::string deal(const std::string& id, const std::string& keys) {
  return "[[partnership]]\nid = \"" + id +
         "\"\nparties = [\"alpha\", \"beta\"]\nkind = \"supply\"\nstart = \"2024Q3\"\n" + keys +
         "effect = [{ type = \"cost\", product = \"gadget-alpha\", change = -0.05 }]\n";
}

/// Stages of the deal `k` in quarters 0 … 11.
std::vector<Stage> stages(World world, std::uint32_t replication, std::size_t k = 0) {
  std::vector<Stage> seen;
  for (world.quarter = 0; world.quarter < 12; ++world.quarter) {
    form_partnerships(world, {1, replication});
    seen.push_back(world.partnerships[k].stage);
  }
  return seen;
}

}  // namespace

TEST_CASE("an announced deal forms at its date and ages from there", "[unit]") {
  World world = build_small(deal("pact", "dissolution = 0\n"));
  for (world.quarter = 0; world.quarter < 6; ++world.quarter) {
    form_partnerships(world, {1, 0});
    const PartnershipState& state = world.partnerships[0];
    CHECK(state.stage == (world.quarter < 2 ? Stage::announced : Stage::active));
    CHECK(state.age == std::max(0, world.quarter - 2));
  }
}

TEST_CASE("a deal ends at its end", "[unit]") {
  const auto seen = stages(build_small(deal("pact", "dissolution = 0\nend = \"2025Q1\"\n")), 0);
  CHECK(seen[3] == Stage::active);
  CHECK(seen[4] == Stage::dissolved);
  CHECK(seen[11] == Stage::dissolved);
}

TEST_CASE("a probable deal forms by one keyed draw at its start, or never", "[unit]") {
  const World world = build_small(deal("pact", "dissolution = 0\nprobability = 0.3\n"));
  const std::uint64_t stream = population::stream_name("formation", "pact");
  constexpr int count = 2000;
  int formed = 0;
  for (std::uint32_t replication = 0; replication < count; ++replication) {
    const auto seen = stages(world, replication);
    const bool lucky = population::Draws{1, replication}.uniform(stream, 2) < 0.3;
    REQUIRE(seen[2] == (lucky ? Stage::active : Stage::failed));
    REQUIRE(seen[11] == seen[2]);
    formed += lucky ? 1 : 0;
  }
  CHECK(std::abs(formed - 0.3 * count) < 4.0 * std::sqrt(count * 0.3 * 0.7));
}

TEST_CASE("a more probable deal forms wherever a less probable one does", "[unit]") {
  const World low = build_small(deal("pact", "dissolution = 0\nprobability = 0.2\n"));
  const World high = build_small(deal("pact", "dissolution = 0\nprobability = 0.6\n"));
  for (std::uint32_t replication = 0; replication < 300; ++replication) {
    if (stages(low, replication)[2] == Stage::active) {
      REQUIRE(stages(high, replication)[2] == Stage::active);
    }
  }
}

TEST_CASE("another partnership changes no draw of this one", "[unit]") {
  const std::string pact = deal("pact", "dissolution = 0.1\nprobability = 0.5\n");
  const World alone = build_small(pact);
  const World among = build_small(pact + deal("a-first", "probability = 0.5\n") +
                                  deal("z-last", "probability = 0.5\n"));
  for (std::uint32_t replication = 0; replication < 200; ++replication) {
    REQUIRE(stages(alone, replication) == stages(among, replication, 1));
  }
}

TEST_CASE("a certain dissolution ends the deal a quarter later", "[unit]") {
  const auto seen = stages(build_small(deal("pact", "dissolution = 1\n")), 5);
  CHECK(seen[2] == Stage::active);
  CHECK(seen[3] == Stage::dissolved);
}

TEST_CASE("the dissolution hazard depends on kind and on a stake behind it", "[unit]") {
  CHECK(build_small(deal("pact", "")).economy->partnerships[0].dissolution == 0.015);
  const std::string backed =
      "[[partnership]]\nid = \"pact\"\nparties = [\"alpha\", \"beta\"]\nkind = \"alliance\"\n"
      "start = \"2024Q3\"\neffect = [{ type = \"equity\", partner = \"alpha\", firm = \"beta\", "
      "share = 0.1 }]\n";
  CHECK(build_small(backed).economy->partnerships[0].dissolution == Approx(0.018).epsilon(1e-15));
}
