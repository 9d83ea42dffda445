#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/simulation/behaviour/expectation.hpp"
#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::test;
using simulation::Index;

namespace {

using Sets = std::vector<std::string>;

Sets join(Sets first, const Sets& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::vector<Step> run(const Sets& sets, int quarters, const std::string& more = {}) {
  return run_quarters(build(read_baseline(more, sets)), quarters);
}

Index product(const Step& step, const std::string& id) {
  return step.world.economy->find_product(id).value();
}

using Reading = std::function<double(const Step&)>;

Reading price(const std::string& id) {
  return [id](const Step& step) { return step.quarter.price[product(step, id)]; };
}
Reading quantity(const std::string& id) {
  return [id](const Step& step) { return step.quarter.quantity[product(step, id)]; };
}
Reading capacity(const std::string& id) {
  return [id](const Step& step) { return step.world.capacity[product(step, id)]; };
}
Reading quality(const std::string& id) {
  return [id](const Step& step) { return step.world.quality[product(step, id)]; };
}

/// A behaviour against its default, in a regime in which its source gives the sign.
struct BehaviourCase {
  std::string name;
  Sets regime;     // of both runs
  Sets behaviour;  // of one
  std::size_t quarter;
  std::string what;
  Reading value;
  int sign;
  std::string more = {};  // TOML of both runs
};

std::string cost_of_lg(const std::string& change) {
  return "[[partnership]]\nid = \"cost\"\nparties = [\"lg\", \"microsoft\"]\nkind = \"supply\"\n"
         "start = \"2024Q2\"\ndissolution = 0\neffect = [{ type = \"cost\", product = "
         "\"appliance-lg\", change = " +
         change + " }]\n";
}

/// HBM orders grow with the makers' chips while SK hynix has no plan of its own.
Sets growing_orders() {
  return {"product.hbm-sk-hynix.capacity_growth=0", "product.hbm-sk-hynix.capacity_response=0",
          "product.hbm-sk-hynix.build_lag=2", "firm.sk-hynix.capacity=expected",
          "product.hbm-sk-hynix.expected_growth=0.1"};
}

std::vector<BehaviourCase> behaviour_cases() {
  return {
      {"adaptive prices rise less in the quarter of a cost shock",
       {},
       {"firm.lg.pricing=adaptive", "firm.lg.price_adjustment=0.3"},
       1,
       "price",
       price("appliance-lg"),
       -1,
       cost_of_lg("0.1")},
      {"and the rivals of who rises less do so, too",
       {},
       {"firm.lg.pricing=adaptive", "firm.lg.price_adjustment=0.3"},
       1,
       "rival's price",
       price("appliance-whirlpool"),
       -1,
       cost_of_lg("0.1")},
      {"a markup on a lower cost stays below the Bertrand markup of a larger share",
       {},
       {"firm.lg.pricing=markup"},
       1,
       "price",
       price("appliance-lg"),
       -1,
       cost_of_lg("-0.1")},
      {"a markup grows with the share of a product that gets better",
       {"firm.lg.pricing=markup", "product.appliance-lg.quality_drift=0.02"},
       {"firm.lg.markup_response=0.2"},
       4,
       "price",
       price("appliance-lg"),
       1,
       cost_of_lg("-0.1")},
      {"a share markup rises with the share of a product that gets better",
       {"firm.lg.pricing=share_markup"},
       {"product.appliance-lg.quality_drift=0.02"},
       4,
       "price",
       price("appliance-lg"),
       1},
      {"and takes up less of a higher cost the less it adjusts",
       {"firm.lg.pricing=share_markup"},
       {"firm.lg.price_adjustment=0.1"},
       2,
       "change of price under a higher cost",
       [](const Step& step) { return step.quarter.price[product(step, "appliance-lg")]; },
       -1,
       cost_of_lg("0.4")},
      {"orders expected to go on growing call for more capacity than the last ones",
       join(growing_orders(), {"firm.sk-hynix.expectations=naive"}),
       {"firm.sk-hynix.expectations=trend"},
       4,
       "capacity",
       capacity("hbm-sk-hynix"),
       1},
      {"a smoothed level of growing orders calls for less",
       join(growing_orders(), {"firm.sk-hynix.expectations=naive"}),
       {"firm.sk-hynix.expectations=adaptive"},
       5,
       "capacity",
       capacity("hbm-sk-hynix"),
       -1},
      {"who may switch to the rule that sees growth builds more than by the smoothed level",
       join(growing_orders(), {"firm.sk-hynix.expectations=adaptive"}),
       {"firm.sk-hynix.expectations=switching"},
       6,
       "capacity",
       capacity("hbm-sk-hynix"),
       1},
      {"capacity for expected orders outgrows a plan that stands still",
       {"product.hbm-sk-hynix.capacity_growth=0", "product.hbm-sk-hynix.capacity_response=0"},
       {"firm.sk-hynix.capacity=expected"},
       2,
       "capacity",
       capacity("hbm-sk-hynix"),
       1},
      {"a build lag delays what a backlog calls for",
       {"product.hbm-sk-hynix.capacity_growth=0", "product.hbm-sk-hynix.capacity_response=0.5"},
       {"product.hbm-sk-hynix.build_lag=3"},
       3,
       "capacity",
       capacity("hbm-sk-hynix"),
       -1},
      {"research raises quality",
       {},
       {"firm.lg.research=innovation", "firm.lg.research_power=1000"},
       2,
       "quality",
       quality("appliance-lg"),
       1},
      {"and with it sales",
       {},
       {"firm.lg.research=innovation", "firm.lg.research_power=1000"},
       2,
       "quantity",
       quantity("appliance-lg"),
       1},
      {"an entrant comes by itself where its profit pays",
       {},
       {"firm.samsung.entry=profit"},
       1,
       "quantity",
       quantity("mach-samsung"),
       1},
      {"and takes sales from rivals",
       {},
       {"firm.samsung.entry=profit"},
       1,
       "rival",
       quantity("gpu-amd"),
       -1},
      {"a product that loses leaves to its rivals",
       {"product.appliance-whirlpool.operating_margin=-40", "firm.whirlpool.exit_patience=2"},
       {"firm.whirlpool.exit=losses"},
       2,
       "rival",
       quantity("appliance-lg"),
       1},
  };
}

/// The key of every firm with a value.
Sets of_all_firms(const std::string& assignment) {
  Sets sets;
  const auto baseline = read_baseline();
  for (const auto& firm : baseline.all("firm"))
    sets.push_back("firm." + firm.id + "." + assignment);
  return sets;
}

}  // namespace

TEST_CASE("each behaviour changes the outcome the way its source has it", "[property]") {
  for (const BehaviourCase& test : behaviour_cases()) {
    CAPTURE(test.name, test.what);
    const int quarters = static_cast<int>(test.quarter) + 1;
    const double without = test.value(run(test.regime, quarters, test.more)[test.quarter]);
    const double with =
        test.value(run(join(test.regime, test.behaviour), quarters, test.more)[test.quarter]);
    CAPTURE(without, with);
    CHECK(test.sign * (with - without) > 1e-6 * (1e-3 + std::abs(without)));
  }
}

TEST_CASE("quarter 0 is what was observed whatever the firms' rules", "[property]") {
  const Step plain = run({}, 1)[0];
  for (const char* rule :
       {"pricing=adaptive", "pricing=markup", "pricing=share_markup", "expectations=adaptive",
        "expectations=trend", "expectations=switching", "capacity=expected", "research=innovation",
        "entry=profit", "exit=losses"}) {
    CAPTURE(rule);
    const Step step = run(of_all_firms(rule), 1)[0];
    for (Index p = 0; p < step.quarter.price.size(); ++p) {
      CAPTURE(step.world.economy->products[static_cast<std::size_t>(p)].id);
      CHECK(step.quarter.price[p] == Approx(plain.quarter.price[p]).epsilon(1e-9));
      CHECK(step.quarter.quantity[p] == Approx(plain.quarter.quantity[p]).epsilon(1e-9));
      CHECK(simulation::expected_orders(step.world, p, 0) ==
            Approx(simulation::expected_orders(plain.world, p, 0)).epsilon(1e-9));
      if (plain.world.economy->products[static_cast<std::size_t>(p)].fixed_cost == 0.0) continue;
      CHECK(step.quarter.fixed_cost[p] == Approx(plain.quarter.fixed_cost[p]).epsilon(1e-9));
    }
    CHECK(step.quarter.markup_bound_hits.sum() == 0.0);
  }
}

TEST_CASE("one firm's research is no other's luck, nor is a new firm", "[property]") {
  const Sets one = {"firm.lg.research=innovation"};
  const auto alone = run(one, 8);
  const auto among = run(join(one, {"firm.apple.research=innovation"}), 8,
                         "[[firm]]\nid = \"a-new-firm\"\nname = \"New\"\n");
  bool improved = false;
  for (std::size_t t = 0; t < alone.size(); ++t) {
    CHECK(quality("appliance-lg")(alone[t]) == quality("appliance-lg")(among[t]));
    improved = improved || quality("appliance-lg")(alone[t]) > 0.0;
  }
  CHECK(improved);
}
