#include "engine/simulation/saved_world.hpp"

#include <algorithm>
#include <bit>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using simulation::advance;
using simulation::DamagedWorld;
using simulation::recall_world;
using simulation::save_world;
using simulation::World;
using test::build_small;

namespace {

constexpr int quarters = 9;
constexpr int saved_quarter = 4;
constexpr std::uint64_t replication = 3;

/// Something of every kind that a state has: a deal that ramps, one that embeds, shocks, an event
/// under way, and rules of firms with a memory.
std::string shared_text() {
  return test::pact_text("type = \"cost\", product = \"gadget-beta\", change = -0.1",
                         "ramp = 4\nprobability = 0.9\n") +
         R"([[partnership]]
id = "guide"
parties = ["alpha", "delta"]
kind = "distribution"
start = "2024Q2"
effect = [{ type = "embed", product = "guide-delta", partner_product = "gadget-alpha", points = 20 }]
[[event]]
id = "rule"
start = "2024Q3"
ramp = 3
effect = [{ type = "cost", product = "gadget-alpha", change = 0.05 }]
[[shock]]
id = "tide"
moves = "demand"
market = "gadget"
deviation = 0.05
persistence = 0.7
)";
}

/// A deal and an event from the saved quarter on; their ids stand before those of the others.
std::string later_text() {
  return R"([[partnership]]
id = "accord"
parties = ["beta", "gamma"]
kind = "alliance"
start = "2025Q1"
effect = [{ type = "cost", product = "gadget-gamma", change = -0.2 }]
[[event]]
id = "boom"
start = "2025Q2"
effect = [{ type = "demand", market = "widget", change = 0.2 }]
)";
}

std::vector<std::string> represented(const std::string& representation) {
  return {"population.representation='" + representation + "'", "population.agents=20000"};
}

constexpr auto bits = std::bit_cast<std::uint64_t, double>;

std::vector<double> last_values(const output::Results& results, std::size_t table, int count) {
  const auto& values = results.tables[table].values;
  const auto all = static_cast<int>(values.size()) / count;
  return {values.end() - all * (count - saved_quarter), values.end()};
}

population::Draws draws_of(const World& world) {
  return {world.economy->seed, static_cast<std::uint32_t>(replication)};
}

std::string saved_state(const World& start) {
  World world = start;
  output::Results ignored;
  advance(world, replication, saved_quarter, ignored);
  return save_world(world);
}

}  // namespace

TEST_CASE("a run from a saved state goes on as the whole run does, with deals that are new",
          "[unit]") {
  const std::string representation = GENERATE("types", "counts", "agents");
  CAPTURE(representation);
  const auto sets = represented(representation);
  const std::string state = saved_state(build_small(shared_text(), sets));

  const World start = build_small(shared_text() + later_text(), sets);
  const auto whole = simulation::simulate(start, replication, quarters);
  World branch = recall_world(start, state, draws_of(start));
  CHECK(branch.quarter == saved_quarter);
  output::Results rest;
  advance(branch, replication, quarters, rest);
  REQUIRE(rest.tables.size() == whole.tables.size());
  for (std::size_t table = 0; table < whole.tables.size(); ++table) {
    CAPTURE(table);
    // Bit by bit: what is missing is NaN in both.
    CHECK(std::ranges::equal(rest.tables[table].values, last_values(whole, table, quarters), {},
                             bits, bits));
  }
  // What was added does something, or the above would say little.
  const auto without =
      simulation::simulate(build_small(shared_text(), sets), replication, quarters);
  CHECK(last_values(without, 0, quarters) != last_values(whole, 0, quarters));
}

TEST_CASE("a saved state is the same bytes again when it is recalled", "[unit]") {
  const std::string representation = GENERATE("types", "counts", "agents");
  const World start = build_small(shared_text(), represented(representation));
  const std::string state = saved_state(start);
  CHECK(save_world(recall_world(start, state, draws_of(start))) == state);
  CHECK(save_world(start) != state);
}

TEST_CASE("every member of a state comes back, whether a quarter needs it or not", "[unit]") {
  const World start = build_small(shared_text());
  World world = start;
  double number = 0.5;
  const auto mark = [&](auto& values) { values.setConstant(3, number += 1.0); };
  const std::vector<Eigen::VectorXd World::*> vectors = {&World::price,
                                                         &World::signed_price,
                                                         &World::quantity,
                                                         &World::orders,
                                                         &World::choice_share,
                                                         &World::base_share,
                                                         &World::holders,
                                                         &World::quality,
                                                         &World::capacity,
                                                         &World::markup,
                                                         &World::revenue,
                                                         &World::scarcity,
                                                         &World::deliverable,
                                                         &World::link_price,
                                                         &World::link_volume,
                                                         &World::input_stock,
                                                         &World::input_stock_value,
                                                         &World::resource_capacity,
                                                         &World::account_stock,
                                                         &World::shock};
  const std::vector<Eigen::MatrixXd World::*> matrices = {&World::under_construction,
                                                          &World::link_access, &World::due};
  for (const auto member : vectors)
    mark(world.*member);
  for (const auto member : matrices)
    (world.*member).setConstant(2, 3, number += 1.0);
  mark(world.outlook.orders);
  mark(world.outlook.level);
  mark(world.outlook.growth);
  world.outlook.error.setConstant(2, 3, number += 1.0);
  for (auto& population : world.populations) {
    mark(population.holding);
    population.count.setConstant(3, 7);
  }
  mark(world.model_state.at(0));
  world.quarter = 5;
  world.presence.at(1) = {simulation::Presence::Stage::outside, 2, 3, 0.25, 0.75};
  world.partnerships.at(1) = {simulation::PartnershipState::Stage::active, 4, 0.5};
  world.events.at(0) = {simulation::PartnershipState::Stage::dissolved, 6, 0.0};

  const World recalled = recall_world(start, save_world(world), draws_of(start));
  for (const auto member : vectors)
    CHECK(recalled.*member == world.*member);
  for (const auto member : matrices)
    CHECK(recalled.*member == world.*member);
  CHECK(recalled.outlook.orders == world.outlook.orders);
  CHECK(recalled.outlook.level == world.outlook.level);
  CHECK(recalled.outlook.growth == world.outlook.growth);
  CHECK(recalled.outlook.error == world.outlook.error);
  for (std::size_t m = 0; m < world.populations.size(); ++m) {
    CHECK(recalled.populations[m].holding == world.populations[m].holding);
    CHECK(recalled.populations[m].count == world.populations[m].count);
  }
  CHECK(recalled.model_state == world.model_state);
  CHECK(recalled.quarter == 5);
  const auto& presence = recalled.presence.at(1);
  CHECK(presence.stage == simulation::Presence::Stage::outside);
  CHECK(presence.since == 2);
  CHECK(presence.losses == 3);
  CHECK(presence.trailing_profit == 0.25);
  CHECK(presence.trailing_revenue == 0.75);
  CHECK(recalled.partnerships.at(1).stage == simulation::PartnershipState::Stage::active);
  CHECK(recalled.partnerships.at(1).age == 4);
  CHECK(recalled.partnerships.at(1).penetration == 0.5);
  CHECK(recalled.events.at(0).stage == simulation::PartnershipState::Stage::dissolved);
  CHECK(recalled.events.at(0).age == 6);
}

TEST_CASE("the size of a saved state is known before the run", "[unit]") {
  const std::string representation = GENERATE("types", "counts", "agents");
  const World start = build_small(shared_text(), represented(representation));
  const auto real = static_cast<double>(saved_state(start).size());
  CHECK_THAT(simulation::saved_bytes(start), Catch::Matchers::WithinRel(real, 0.05));
}

TEST_CASE("a damaged state is refused, wherever it ends", "[unit]") {
  const World start = build_small(shared_text());
  const std::string state = saved_state(start);
  for (std::size_t size = 0; size < state.size(); size += 61) {
    CAPTURE(size);
    CHECK_THROWS_AS(recall_world(start, state.substr(0, size), draws_of(start)), DamagedWorld);
  }
  CHECK_THROWS_AS(recall_world(start, state + '\0', draws_of(start)), DamagedWorld);
  // The length of the first array, which follows the quarter.
  std::string endless = state;
  endless[sizeof(int) + 6] = '\x7f';
  CHECK_THROWS_AS(recall_world(start, endless, draws_of(start)), DamagedWorld);
}

TEST_CASE("a state of another number of individuals is refused", "[unit]") {
  const World start = build_small({}, represented("agents"));
  const World fewer =
      build_small({}, {"population.representation='agents'", "population.agents=10000"});
  CHECK_THROWS_AS(recall_world(fewer, saved_state(start), draws_of(start)), DamagedWorld);
}
