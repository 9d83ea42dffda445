#include <cmath>
#include <string>

#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::test;
using Eigen::Index;
using simulation::World;

namespace {

World read_world(const std::string& text) {
  const TemporaryFolder folder;
  folder.write("chips.toml", text);
  const auto read = scenario::read_scenario((folder.path() / "chips.toml").string(),
                                            simulation::full_schema(models::all()), {});
  if (!read.scenario) throw std::runtime_error(to_text(read.faults));
  return build(*read.scenario);
}

const std::string run = R"(
title = "Chips"
[run]
start = "2024Q1"
quarters = 12
replications = 1
seed = 1
[[firm]]
id = "alpha"
name = "Alpha"
[[firm]]
id = "beta"
name = "Beta"
)";

/// Two makers of memory, 60 and 40 a quarter, whom residual buyers keep at what they sell.
std::string memory(const std::string& learning) {
  return run + R"(
[[market]]
id = "memory"
name = "Memory"
model = "chips"
demand = "allocation"
pricing = "contract"
unit = "million"
units_per_quantity = 1e6
size = 100
)" + learning +
         R"(
[[product]]
id = "memory-alpha"
market = "memory"
firm = "alpha"
share = 60
price = 10
unit_cost = 4
capacity = 120
[[product]]
id = "memory-beta"
market = "memory"
firm = "beta"
share = 40
price = 10
unit_cost = 5
capacity = 50
[[link]]
id = "alpha-to-rest"
supplier = "memory-alpha"
[[link]]
id = "beta-to-rest"
supplier = "memory-beta"
)";
}

const std::string own_learning = R"(
learning_rate = 0.2
rival_experience = 0
experience_loss = 0
initial_experience = 4
)";

Index product(const World& world, const char* id) {
  return world.economy->find_product(id).value();
}

/// One account that buys 60 of one kind of equipment and 30 of another, at prices that are held.
std::string equipment(const std::string& lock_in) {
  return run + R"(
[[market]]
id = "equipment"
name = "Equipment"
model = "chips"
demand = "allocation"
unit = "million"
units_per_quantity = 1e6
own_elasticity = -2
own_elasticity_of = "equipment-alpha"
outside_share = 0.5
life = 5
)" + lock_in +
         R"(
[[product]]
id = "equipment-alpha"
market = "equipment"
firm = "alpha"
volume = 60
price = 100
pricing = "fixed"
[[product]]
id = "equipment-beta"
market = "equipment"
firm = "beta"
volume = 30
price = 90
pricing = "fixed"
[[account]]
id = "buyer"
market = "equipment"
share = 100
[[event]]
id = "better-once"
name = "Better once"
start = "2024Q2"
end = "2024Q3"
effect = [{ type = "quality", product = "equipment-beta", willingness_to_pay = 0.3 }]
)";
}

double log_odds(const Step& step) {
  return std::log(step.quarter.quantity[product(step.world, "equipment-beta")] /
                  step.quarter.quantity[product(step.world, "equipment-alpha")]);
}

}  // namespace

TEST_CASE("each doubling of experience lowers a unit's cost by the learning rate", "[contract]") {
  const auto steps = run_quarters(read_world(memory(own_learning)), 13);
  const Index alpha = product(steps[0].world, "memory-alpha");
  const Index beta = product(steps[0].world, "memory-beta");
  for (const Step& step : steps)
    REQUIRE(step.quarter.quantity[alpha] == Approx(60.0).epsilon(1e-12));
  CHECK(steps[0].quarter.marginal_cost[alpha] == Approx(4.0).epsilon(1e-13));
  // Four quarters of output were known at first: eight in quarter 4, sixteen in quarter 12.
  CHECK(steps[4].quarter.marginal_cost[alpha] == Approx(4.0 * 0.8).epsilon(1e-12));
  CHECK(steps[12].quarter.marginal_cost[alpha] == Approx(4.0 * 0.64).epsilon(1e-12));
  CHECK(steps[4].quarter.marginal_cost[beta] == Approx(5.0 * 0.8).epsilon(1e-12));
  CHECK(steps[1].quarter.marginal_cost[beta] ==
        Approx(5.0 * std::pow(1.25, std::log2(0.8))).epsilon(1e-12));
}

TEST_CASE("products.csv says what learning left of a cost", "[contract]") {
  const World world = read_world(memory(own_learning));
  const auto tables = result_tables(world);
  const auto results = simulate(world, 0, 5);
  REQUIRE(tables[0].name == "products");
  REQUIRE(tables[0].series.back().name == "learned_cost_percent");
  const std::size_t width = tables[0].series.size();
  for (std::size_t row = 0; row < tables[0].rows.size(); ++row) {
    const auto in_quarter = [&](std::size_t quarter) {
      return results.tables[0].values[(quarter * tables[0].rows.size() + row + 1) * width - 1];
    };
    if (tables[0].rows[row][0] == "memory") {
      CHECK(in_quarter(0) == 100.0);
      CHECK(in_quarter(4) == Approx(80.0).epsilon(1e-12));
    } else {
      CHECK(std::isnan(in_quarter(4)));
    }
  }
}

TEST_CASE("capacity rises by what learning saves", "[contract]") {
  const auto full = run_quarters(read_world(memory(own_learning)), 5);
  const Index alpha = product(full[0].world, "memory-alpha");
  CHECK(full[0].world.capacity[alpha] == Approx(120.0).epsilon(1e-13));
  CHECK(full[4].world.capacity[alpha] == Approx(120.0 / 0.8).epsilon(1e-12));
  const auto half = run_quarters(read_world(memory(own_learning + "yield_part = 0.5\n")), 5);
  CHECK(half[4].world.capacity[alpha] == Approx(120.0 / std::sqrt(0.8)).epsilon(1e-12));
  const auto none = run_quarters(read_world(memory(own_learning + "yield_part = 0\n")), 5);
  CHECK(none[4].world.capacity[alpha] == Approx(120.0).epsilon(1e-12));
}

TEST_CASE("experience that fades as fast as it comes teaches nothing", "[contract]") {
  // Half of two quarters' output is lost, one is gained.
  const auto steps = run_quarters(
      read_world(memory("learning_rate = 0.2\nexperience_loss = 0.5\ninitial_experience = 2\n")),
      6);
  CHECK(steps[5].quarter.marginal_cost[product(steps[0].world, "memory-alpha")] ==
        Approx(4.0).epsilon(1e-12));
}

TEST_CASE("makers learn from their rivals' output", "[contract]") {
  // Alpha knows 4·60 + 0.5·4·40 = 320; a quarter in which beta makes 200 adds 60 + 0.5·200.
  const World world =
      read_world(memory("learning_rate = 0.2\nrival_experience = 0.5\nexperience_loss = "
                        "0\ninitial_experience = 4\n"));
  const Index alpha = product(world, "memory-alpha");
  const population::Draws draws{world.economy->seed, 0};
  simulation::Quarter quarter;
  simulation::run_quarter(world, draws, quarter);
  quarter.quantity[product(world, "memory-beta")] = 200.0;
  World next = world;
  ++next.quarter;
  for (const auto& model : world.economy->dynamics)
    model->invest(world, quarter, draws, next);
  simulation::run_quarter(next, draws, quarter);
  CHECK(quarter.marginal_cost[alpha] ==
        Approx(4.0 * std::pow(480.0 / 320.0, std::log2(0.8))).epsilon(1e-12));
}

TEST_CASE("a new generation costs more at first", "[contract]") {
  // The only maker's goods are half of the new generation in quarter 2. It knows half as much of
  // that: it costs 1/0.8 of the old one.
  World world = read_world(memory(own_learning + "new_generation_experience = 0.5\n") + R"(
[[generation]]
id = "old"
market = "memory"
start = "2023Q1"
[[generation]]
id = "new"
market = "memory"
start = "2024Q3"
[[market]]
id = "board"
name = "Boards"
model = "chips"
demand = "allocation"
unit = "million"
units_per_quantity = 1e6
own_elasticity = -2
own_elasticity_of = "board-beta"
outside_share = 0.5
[[product]]
id = "board-beta"
market = "board"
firm = "beta"
volume = 60
price = 100
[[account]]
id = "boards"
market = "board"
share = 100
[[input]]
id = "memory-in-board"
product = "board-beta"
market = "memory"
per_unit = 1
adoption = [{ generation = "new", half = "2024Q3", width = 1 }]
[[link]]
id = "alpha-to-board"
supplier = "memory-alpha"
buyer = "board-beta"
share = 100
qualified = ["old", "new"]
)");
  const Index alpha = product(world, "memory-alpha");
  const Index beta = product(world, "memory-beta");
  const auto cost_of_quarter = [&](int quarter) {
    world.quarter = quarter;
    simulation::Quarter now;
    simulation::run_quarter(world, {world.economy->seed, 0}, now);
    return now.marginal_cost;
  };
  CHECK(cost_of_quarter(1)[alpha] == Approx(4.0).epsilon(1e-12));
  const Eigen::VectorXd cost = cost_of_quarter(2);
  CHECK(cost[alpha] == Approx(4.0 * (0.5 + 0.5 / 0.8)).epsilon(1e-12));
  CHECK(cost[beta] == Approx(5.0).epsilon(1e-12));  // its buyers stay with the old one
}

// An account that held 30/90 of a kind and comes to hold more finds it worth lock_in times the
// difference, and the other kind as much less.
TEST_CASE("what an account has come to use it buys more of", "[contract]") {
  constexpr double lock_in = 1.5;
  const auto locked = run_quarters(read_world(equipment("lock_in = 1.5\n")), 3);
  const auto open = run_quarters(read_world(equipment("")), 3);
  const Index alpha = product(locked[0].world, "equipment-alpha");
  const Index beta = product(locked[0].world, "equipment-beta");
  // Until stocks have moved there is no difference.
  for (const std::size_t t : {0u, 1u})
    CHECK(log_odds(locked[t]) == Approx(log_odds(open[t])).epsilon(1e-12));
  CHECK(log_odds(open[1]) > log_odds(open[0]) + 0.1);
  CHECK(log_odds(open[2]) == Approx(log_odds(open[0])).epsilon(1e-9));

  // 90 a quarter that serve 5 quarters: 450 in use, of which a fifth wears out.
  double stock_alpha = 300.0;
  double stock_beta = 150.0;
  for (const std::size_t t : {0u, 1u}) {
    stock_alpha = 0.8 * stock_alpha + locked[t].quarter.quantity[alpha];
    stock_beta = 0.8 * stock_beta + locked[t].quarter.quantity[beta];
  }
  const double gained = stock_beta / (stock_alpha + stock_beta) - 1.0 / 3.0;
  REQUIRE(gained > 0.005);
  CHECK(log_odds(locked[2]) == Approx(log_odds(locked[0]) + lock_in * 2.0 * gained).epsilon(1e-9));
  CHECK(locked[2].quarter.quantity[beta] > open[2].quarter.quantity[beta]);
}
