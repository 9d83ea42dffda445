#include "engine/experiment/ensemble/parameter_draws.hpp"

#include <cmath>
#include <set>

#include "engine/experiment/ensemble/replication_start.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using entente::test::contains;
using entente::test::TemporaryFolder;

namespace {

/// A schema with a figure of every sort.
scenario::Schema figures_schema() {
  using scenario::Drawn;
  using scenario::Type;
  return {{.name = "run",
           .kind = scenario::Table::Kind::single,
           .fields = {{.key = "rate", .type = Type::figure}}},
          {.name = "market", .fields = {}},
          {.name = "thing",
           .fields = {
               {.key = "market", .type = Type::reference, .refers_to = {"market"}},
               {.key = "cost", .type = Type::figure, .minimum = -10, .maximum = 10},
               {.key = "weight", .type = Type::figure, .drawn = Drawn::by_range},
               {.key = "part", .type = Type::figure, .drawn = Drawn::never},
               {.key = "fade", .type = Type::figure, .maximum = 1, .drawn = Drawn::by_loss},
               {.key = "base", .type = Type::figure, .sum = "base", .sum_over = "market"},
               {.key = "parts",
                .type = Type::records,
                .fields = {{.key = "size", .type = Type::figure}}},
           }}};
}

scenario::Scenario read(const std::string& text) {
  const TemporaryFolder folder;
  folder.write("figures.toml", text);
  auto result =
      scenario::read_scenario((folder.path() / "figures.toml").string(), figures_schema(), {});
  INFO((result.faults.empty() ? std::string() : to_text(result.faults.front())));
  REQUIRE(result.scenario);
  return std::move(*result.scenario);
}

scenario::Scenario draw(const scenario::Scenario& given, std::uint32_t replication,
                        std::uint32_t attempt = 0) {
  auto drawn = experiment::draw_parameters(given, figures_schema(), {7, replication}, attempt);
  REQUIRE(drawn.faults.empty());
  return std::move(drawn.scenario);
}

/// The small world with more over it.
scenario::Scenario small(const std::string& more) {
  auto result = test::read_small(more);
  INFO(test::to_text(result.faults));
  REQUIRE(result.scenario);
  return std::move(*result.scenario);
}

double figure(const scenario::Scenario& scenario, const std::string& id, const std::string& key) {
  return scenario.find("thing", id)->number(key);
}

/// The u of a stream, as documented.
double keyed(const std::string& name, std::uint32_t replication, std::uint32_t attempt = 0) {
  return 2.0 * population::Draws{7, replication}.uniform(population::stream_name("parameter", name),
                                                         attempt) -
         1.0;
}

}  // namespace

TEST_CASE("a mark draws within its factor, log-uniformly, with the value's sign", "[unit]") {
  const auto given = read(R"(
[run]
rate = { value = 2, mark = "A" }
[[thing]]
id = "a"
cost = { value = -3, mark = "D" }
parts = [ { size = { value = 4, mark = "B" } }, { size = { value = 5, mark = "C" } } ]
)");
  double lowest = 0.0;
  double highest = -10.0;
  for (std::uint32_t replication = 0; replication < 200; ++replication) {
    const auto drawn = draw(given, replication);
    CHECK(drawn.single("run").number("rate") ==
          Approx(2.0 * std::pow(1.05, keyed("run.rate", replication))).epsilon(1e-14));
    const double cost = figure(drawn, "a", "cost");
    CHECK(cost == Approx(-3.0 * std::pow(1.5, keyed("thing.a.cost", replication))).epsilon(1e-14));
    lowest = std::min(lowest, cost);
    highest = std::max(highest, cost);
    const auto& parts = drawn.find("thing", "a")->records("parts");
    CHECK(parts[0].number("size") ==
          Approx(4.0 * std::pow(1.1, keyed("thing.a.parts[0].size", replication))).epsilon(1e-14));
    CHECK(std::abs(std::log(parts[1].number("size") / 5.0)) <= std::log(1.25));
  }
  CHECK((lowest < -4.4 && lowest >= -4.5));
  CHECK((highest > -2.05 && highest <= -2.0));
}

TEST_CASE("a range replaces the mark and is linear on both sides of the value", "[unit]") {
  const auto given = read(R"(
[[thing]]
id = "a"
cost = { value = 2, mark = "A", low = 1, high = 6 }
weight = { value = 5, low = 4.5, high = 5.5 }
)");
  for (std::uint32_t replication = 0; replication < 20; ++replication) {
    const auto drawn = draw(given, replication);
    const double u = keyed("thing.a.cost", replication);
    CHECK(figure(drawn, "a", "cost") == Approx(u < 0 ? 2.0 + u : 2.0 + 4.0 * u).epsilon(1e-14));
    CHECK(figure(drawn, "a", "weight") ==
          Approx(5.0 + 0.5 * keyed("thing.a.weight", replication)).epsilon(1e-14));
  }
}

TEST_CASE("zeros, unmarked figures, observed ones and parts of a sum stay", "[unit]") {
  const auto given = read(R"(
[run]
rate = 2
[[thing]]
id = "a"
cost = { value = 0, mark = "D" }
weight = { value = 5, mark = "D" }
part = { value = 40, mark = "D" }
fade = { value = 1, mark = "D" }
)");
  const auto drawn = draw(given, 3);
  CHECK(drawn.canonical_text() == given.canonical_text());
}

TEST_CASE("a part of a sum takes no range", "[unit]") {
  const TemporaryFolder folder;
  folder.write("figures.toml", "[[thing]]\nid = \"a\"\npart = { value = 4, low = 3, high = 5 }\n");
  const auto result =
      scenario::read_scenario((folder.path() / "figures.toml").string(), figures_schema(), {});
  REQUIRE(result.faults.size() == 1);
  CHECK(result.faults[0].key_path == "thing.a.part");
}

TEST_CASE("a mark that would leave the bounds goes linearly to the bound", "[unit]") {
  const auto given = read(R"(
[[thing]]
id = "a"
cost = { value = 8, mark = "D" }
)");
  bool above = false;
  for (std::uint32_t replication = 0; replication < 20; ++replication) {
    const double u = keyed("thing.a.cost", replication);
    const double expected = u > 0 ? 8.0 + 2.0 * u : 8.0 * std::pow(1.5, u);
    CHECK(figure(draw(given, replication), "a", "cost") == Approx(expected).epsilon(1e-14));
    above = above || u > 0;
  }
  CHECK(above);
}

TEST_CASE("the mark of what remains is of what is lost", "[unit]") {
  const auto given = read("[[thing]]\nid = \"a\"\nfade = { value = 0.8, mark = \"D\" }\n");
  for (std::uint32_t replication = 0; replication < 20; ++replication) {
    CHECK(figure(draw(given, replication), "a", "fade") ==
          Approx(1.0 - 0.2 * std::pow(1.5, keyed("thing.a.fade", replication))).epsilon(1e-14));
  }
}

TEST_CASE("figures drawn together share one draw, each in its own range", "[unit]") {
  const auto given = read(R"(
[[thing]]
id = "a"
cost = { value = 2, mark = "B", together = "costs" }
[[thing]]
id = "b"
cost = { value = 3, low = 2, high = 4, together = "costs" }
)");
  for (std::uint32_t replication = 0; replication < 10; ++replication) {
    const auto drawn = draw(given, replication);
    const double u = keyed("costs", replication);
    CHECK(figure(drawn, "a", "cost") == Approx(2.0 * std::pow(1.1, u)).epsilon(1e-14));
    CHECK(figure(drawn, "b", "cost") == Approx(3.0 + u).epsilon(1e-14));
  }
}

// Draws add x to the two of market m; each gives x·base/100 back: 60 + a − (a + b)·0.6 and so on.
TEST_CASE("figures of a sum keep it, market by market", "[unit]") {
  const auto given = read(R"(
[[market]]
id = "m"
[[market]]
id = "n"
[[thing]]
id = "a"
market = "m"
base = { value = 60, mark = "D" }
[[thing]]
id = "b"
market = "m"
base = { value = 40, mark = "C" }
[[thing]]
id = "c"
market = "n"
base = { value = 100, mark = "D" }
)");
  const auto drawn = draw(given, 5);
  const double a = 60.0 * (std::pow(1.5, keyed("thing.a.base", 5)) - 1.0);
  const double b = 40.0 * (std::pow(1.25, keyed("thing.b.base", 5)) - 1.0);
  REQUIRE(std::abs(a + b) > 0.1);
  CHECK(figure(drawn, "a", "base") == Approx(60.0 + a - 0.6 * (a + b)).epsilon(1e-13));
  CHECK(figure(drawn, "b", "base") == Approx(40.0 + b - 0.4 * (a + b)).epsilon(1e-13));
  CHECK(figure(drawn, "c", "base") == Approx(100.0).epsilon(1e-13));
}

TEST_CASE("draws do not depend on what else is in the scenario, but on replication and attempt",
          "[unit]") {
  const std::string one = "[[thing]]\nid = \"b\"\ncost = { value = 2, mark = \"B\" }\n";
  const auto alone = read(one);
  const auto more = read("[[thing]]\nid = \"a\"\ncost = { value = 1, mark = \"D\" }\n" + one);
  std::set<double> values;
  for (std::uint32_t k = 0; k < 5; ++k) {
    CHECK(figure(draw(alone, k), "b", "cost") == figure(draw(more, k), "b", "cost"));
    values.insert(figure(draw(alone, k), "b", "cost"));
    values.insert(figure(draw(alone, 0, k + 1), "b", "cost"));
  }
  CHECK(values.size() == 10);
}

TEST_CASE("a replication starts from its own figures and the observed quarter 0", "[unit]") {
  const auto given = small(R"(
[run]
parameters = "drawn"
[[product]]
id = "part-alpha"
unit_cost = { value = 4, mark = "D" }
)");
  const auto models = test::plain_models();
  const auto built = simulation::build_world(given, models);
  REQUIRE(built.world);
  const experiment::ReplicationStart start(given, *built.world, models);
  CHECK(start.drawn());
  std::int64_t redraws = 0;
  const auto one = start.world(0, redraws);
  const auto two = start.world(1, redraws);
  const auto part = static_cast<std::size_t>(one.economy->find_product("part-alpha").value());
  CHECK(one.economy->products[part].unit_cost != two.economy->products[part].unit_cost);
  CHECK(one.economy->products[part].unit_cost ==
        start.world(0, redraws).economy->products[part].unit_cost);
  CHECK((one.quantity - built.world->quantity).cwiseAbs().maxCoeff() < 1e-9);
  CHECK(redraws == 0);
}

TEST_CASE("infeasible draws are drawn anew and counted, and told when none is left", "[unit]") {
  // 48 are sold, so a capacity drawn below that cannot be.
  const auto half = small(R"(
[run]
parameters = "drawn"
[[product]]
id = "part-alpha"
capacity = { value = 50, low = 46, high = 54 }
)");
  const auto models = test::plain_models();
  const auto built = simulation::build_world(half, models);
  REQUIRE(built.world);
  const experiment::ReplicationStart start(half, *built.world, models);
  std::int64_t redraws = 0;
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    const auto world = start.world(replication, redraws);
    CHECK(world.capacity[world.economy->find_product("part-alpha").value()] >= 48.0);
  }
  CHECK(redraws > 0);
  CHECK(redraws < 20);

  auto none = half;
  for (auto& product : none.entries["product"]) {
    if (product.id != "part-alpha") continue;
    product.slots_["capacity"].value = scenario::Figure{.value = 40, .low = 39, .high = 41};
  }
  const experiment::ReplicationStart stuck(none, *built.world, models);
  redraws = 0;
  try {
    (void)stuck.world(0, redraws);
    FAIL("a capacity below the sales of quarter 0 was accepted");
  } catch (const experiment::InfeasibleParameters& failure) {
    CHECK_THAT(failure.what(), contains("50 draws") && contains("product.part-alpha.capacity"));
  }
  CHECK(redraws == 50);
}
