#include "engine/simulation/build/tastes.hpp"

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"
#include "tests/unit/engine/simulation/given_market.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

const std::string bright =
    "[[taste]]\nid = \"bright\"\nmarket = \"lamp\"\nspread = 0.5\ntypes = 2\n";
const std::string warm = "[[taste]]\nid = \"warm\"\nmarket = \"lamp\"\nspread = 2\ntypes = 1\n";
std::string lamp(const std::string& of_alpha = {}) {
  return given_text("demand = \"durable\"\ntaste_types = 2\ntaste_spread = 0.4\n",
                    {of_alpha, "", ""});
}

}  // namespace

TEST_CASE("every type of price sensitivity meets every type of taste", "[unit]") {
  const auto world =
      build_small(lamp("characteristics = [{ taste = \"bright\", value = 3 }]\n") + bright + warm);
  const Market& lamps = world.economy->markets[static_cast<std::size_t>(market(world, "lamp"))];
  CHECK(lamps.cells.types == 4);
  CHECK(lamps.taste_spread == Eigen::Vector2d(0.5, 2.0));
  CHECK(lamps.characteristics.row(0) == Eigen::RowVector2d(3.0, 0.0));
  CHECK(lamps.characteristics.bottomRows(2).isZero(0.0));
  // He2 has the roots ±1 with weights 1/2; one node is the mean.
  Eigen::MatrixXd nodes(4, 3);
  nodes << -1, -1, 0, -1, 1, 0, 1, -1, 0, 1, 1, 0;
  CHECK((lamps.type_node - nodes).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((lamps.type_weight.array() - 0.25).abs().maxCoeff() < 1e-14);
  CHECK(lamps.taste_normaliser == Approx(std::cosh(0.4)).epsilon(1e-14));
  CHECK(lamps.type_sensitivity[3] == Approx(std::exp(0.4) / std::cosh(0.4)).epsilon(1e-14));
  // Σ z·spread·value: ±1·0.5·3 for the lamp that has it, in each cell of the type.
  for (Eigen::Index held = 0; held <= 3; ++held) {
    CHECK(lamps.cell_utility(0, lamps.cells.of(1, held)) == Approx(1.5).epsilon(1e-14));
    CHECK(lamps.cell_utility(0, lamps.cells.of(2, held)) == Approx(-1.5).epsilon(1e-14));
    CHECK(lamps.cell_utility(1, lamps.cells.of(1, held)) == 0.0);
  }
}

TEST_CASE("an observed market is inverted with its tastes", "[unit]") {
  const std::string taste =
      "[[taste]]\nid = \"size\"\nmarket = \"gadget\"\nspread = 2\n"
      "[[product]]\nid = \"gadget-alpha\"\ncharacteristics = [{ taste = \"size\", value = 1 }]\n"
      "[[product]]\nid = \"gadget-beta\"\ncharacteristics = [{ taste = \"size\", value = 1 }]\n";
  const Step step = run_quarters(build_small(taste), 1)[0];
  CHECK(step.quarter.quantity[product(step.world, "gadget-alpha")] == Approx(50.0).epsilon(1e-9));
  CHECK(step.quarter.price[product(step.world, "gadget-gamma")] == Approx(12.0).epsilon(1e-9));
  const auto m = static_cast<std::size_t>(market(step.world, "gadget"));
  CHECK(step.world.economy->markets[m].cells.types == 6);
  // Who likes the one likes the other: of those whom alpha would lose more turn to beta.
  const auto diversion = [m](const Step& at) {
    return entente::market::compute_diversion_ratios(
        at.quarter.demand[m], at.quarter.price.segment(at.world.economy->markets[m].first, 3))(0,
                                                                                               1);
  };
  CHECK(diversion(step) > diversion(run_quarters(build_small(), 1)[0]) + 0.01);
}

TEST_CASE("tastes used wrongly are faults", "[unit]") {
  check_cases({
      {"of accounts",
       "[[taste]]\nid = \"odd\"\nmarket = \"widget\"\nspread = 1\n",
       {},
       "accounts have no tastes",
       "taste.odd.market"},
      {"of another market",
       lamp() + bright +
           "[[product]]\nid = \"gadget-beta\"\ncharacteristics = [{ taste = \"bright\", value = 1 "
           "}]\n",
       {},
       "the taste is of another market",
       "product.gadget-beta.characteristics[0].taste"},
      {"twice",
       lamp("characteristics = [{ taste = \"bright\", value = 1 }, { taste = \"bright\", value = 2 "
            "}]\n") +
           bright,
       {},
       "the characteristic is given twice",
       "product.lamp-alpha.characteristics[1].taste"},
      {"unknown",
       lamp("characteristics = [{ taste = \"dim\", value = 1 }]\n"),
       {},
       "no entry of that id",
       "product.lamp-alpha.characteristics[0].taste"},
      {"negative spread",
       lamp() + bright,
       {"taste.bright.spread=-1"},
       "out of",
       "taste.bright.spread"},
      {"too many",
       lamp() +
           [] {
             std::string text;
             for (char letter = 'a'; letter < 'i'; ++letter) {
               text += std::string("[[taste]]\nid = \"") + letter +
                       "\"\nmarket = \"lamp\"\nspread = 1\ntypes = 9\n";
             }
             return text;
           }(),
       {},
       "types of consumers by product held are too many",
       "market.lamp.taste_types"},
  });
}
