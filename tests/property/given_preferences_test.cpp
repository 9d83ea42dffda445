#include <cmath>
#include <fmt/format.h>
#include <map>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// TOML that states what was inferred of an observed market: preferences, base and unit costs
/// instead of shares and elasticities.
std::string restate(const World& world, const std::string& id, const std::string& lines,
                    const std::map<std::string, std::string>& of_product) {
  const auto m = static_cast<std::size_t>(market(world, id));
  const Market& inferred = world.economy->markets[m];
  const Step step = run_quarters(world, 1)[0];
  std::string text = fmt::format(
      "[[market]]\nid = \"again\"\nname = \"Again\"\nmodel = \"plain\"\nunit = \"units\"\n"
      "preferences = \"given\"\nconsumers = {:.17g}\nprice_sensitivity = {:.17g}\nnest = {:.17g}\n"
      "inertia = {:.17g}\nturnover = {:.17g}\noutside_share = {}\n{}",
      inferred.potential, inferred.sensitivity, inferred.nest, inferred.inertia / inferred.nest,
      inferred.turnover, inferred.outside_share > 0.0 ? 0.5 : 0.0, lines);
  for (Index p = inferred.first; p < inferred.last; ++p) {
    const Product& product = world.economy->products[static_cast<std::size_t>(p)];
    text += fmt::format(
        "[[product]]\nid = \"again-{}\"\nmarket = \"again\"\nfirm = \"{}\"\nprice = 5\n"
        "unit_cost = {:.17g}\nmean_utility = {:.17g}\nbase_share = {:.17g}\n",
        product.id, world.economy->firms[static_cast<std::size_t>(product.firm)].id,
        step.quarter.marginal_cost[p], inferred.mean_utility[p - inferred.first],
        100.0 * world.holders[static_cast<Index>(m)] * product.base_share);
    if (of_product.contains(product.id)) text += of_product.at(product.id);
  }
  return text;
}

/// The market and its restatement, run beside each other.
void check_same(const std::string& id, const std::string& lines, const std::string& more,
                const std::vector<std::string>& sets,
                const std::map<std::string, std::string>& of_product = {}) {
  const World observed = build_small(more, sets);
  const auto steps =
      run_quarters(build_small(more + restate(observed, id, lines, of_product), sets), 6);
  const Market& first = observed.economy->markets[static_cast<std::size_t>(market(observed, id))];
  for (const Step& step : steps) {
    for (Index p = first.first; p < first.last; ++p) {
      const std::string& name = observed.economy->products[static_cast<std::size_t>(p)].id;
      CAPTURE(name, step.world.quarter);
      const Index here = product(step.world, name);
      const Index again = product(step.world, "again-" + name);
      CHECK(step.quarter.quantity[again] == Approx(step.quarter.quantity[here]).epsilon(1e-9));
      CHECK(step.quarter.price[again] == Approx(step.quarter.price[here]).epsilon(1e-9));
    }
  }
}

double normal_density(double z) {
  return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::acos(-1.0));
}

}  // namespace

TEST_CASE("what is inferred of a market gives it back when it is stated", "[property]") {
  // Types differ by nothing but price where holders are tied to their tastes by no inertia.
  check_same("gadget", "demand = \"durable\"\ntaste_types = 2\ntaste_spread = 0.2\n", {},
             {"market.gadget.inertia=0"});
  check_same("gadget", "demand = \"durable\"\n", {},
             {"market.gadget.taste_types=1", "market.gadget.category_elasticity=-0.8"});
  check_same("plan",
             "demand = \"subscription\"\npayments_per_quarter = 3\nunits_per_quantity = 1e6\n"
             "growth = 0.02\ngrowth_fade = 0.5\nnetwork = 0.3\n",
             {}, {"market.plan.network=0.3"});
  const std::string tastes =
      "[[taste]]\nid = \"size\"\nmarket = \"gadget\"\nspread = 1.2\n"
      "[[product]]\nid = \"gadget-alpha\"\ncharacteristics = [{ taste = \"size\", value = 1 }]\n"
      "[[product]]\nid = \"gadget-beta\"\ncharacteristics = [{ taste = \"size\", value = -0.5 }]\n";
  const std::string taste_again =
      "[[taste]]\nid = \"size-again\"\nmarket = \"again\"\nspread = 1.2\n";
  check_same("gadget", "demand = \"durable\"\ntaste_types = 2\ntaste_spread = 0.2\n" + taste_again,
             tastes, {"market.gadget.inertia=0"},
             {{"gadget-alpha", "characteristics = [{ taste = \"size-again\", value = 1 }]\n"},
              {"gadget-beta", "characteristics = [{ taste = \"size-again\", value = -0.5 }]\n"}});
}

TEST_CASE("types of two tastes choose as the integral over consumers", "[property]") {
  const std::string text =
      "[[market]]\nid = \"lamp\"\nname = \"Lamps\"\nmodel = \"plain\"\nunit = \"lamps\"\n"
      "preferences = \"given\"\nprice_term = \"linear\"\nconsumers = 1\npricing = \"given\"\n"
      "demand = \"durable\"\nprice_sensitivity = 0.5\nnest = 0.7\n"
      "[[taste]]\nid = \"bright\"\nmarket = \"lamp\"\nspread = 0.6\ntypes = 9\n"
      "[[taste]]\nid = \"warm\"\nmarket = \"lamp\"\nspread = 0.4\ntypes = 9\n"
      "[[product]]\nid = \"lamp-a\"\nmarket = \"lamp\"\nfirm = \"alpha\"\nprice = 2\nunit_cost = "
      "1\n"
      "mean_utility = 1\ncharacteristics = [{ taste = \"bright\", value = 1 }, "
      "{ taste = \"warm\", value = 0.5 }]\n"
      "[[product]]\nid = \"lamp-b\"\nmarket = \"lamp\"\nfirm = \"beta\"\nprice = 1\nunit_cost = 1\n"
      "characteristics = [{ taste = \"warm\", value = -1 }]\n";
  const Step step = run_quarters(build_small(text), 1)[0];
  // The trapezoidal rule is exact to rounding for what fades as the normal density does.
  double first = 0.0;
  double second = 0.0;
  constexpr double width = 0.125;
  for (int row = -64; row <= 64; ++row) {
    for (int column = -64; column <= 64; ++column) {
      const double bright = row * width;
      const double warm = column * width;
      const double a = std::exp((1.0 - 0.5 * 2 + 0.6 * bright + 0.4 * 0.5 * warm) / 0.7);
      const double b = std::exp((0.0 - 0.5 * 1 - 0.4 * warm) / 0.7);
      const double inside = std::pow(a + b, 0.7) / (1.0 + std::pow(a + b, 0.7));
      const double mass = normal_density(bright) * normal_density(warm) * width * width;
      first += mass * inside * a / (a + b);
      second += mass * inside * b / (a + b);
    }
  }
  CHECK(step.quarter.quantity[product(step.world, "lamp-a")] == Approx(first).epsilon(1e-6));
  CHECK(step.quarter.quantity[product(step.world, "lamp-b")] == Approx(second).epsilon(1e-6));
}
