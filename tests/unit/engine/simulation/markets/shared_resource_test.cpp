#include "engine/simulation/markets/shared_resource.hpp"

#include <cmath>
#include <string>

#include "engine/simulation/markets/market_demand.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// A line that both widgets take: 2·40 + 20 = 100 in quarter 0.
std::string line(const std::string& more = {}) {
  return R"(
[[resource]]
id = "line"
name = "Line"
market = "widget"
use = [{ product = "widget-gamma", per_unit = 2 }, { product = "widget-delta", per_unit = 1 }]
)" + more;
}

const std::string stated_cost = "[[product]]\nid = \"widget-gamma\"\nunit_cost = 40\n";

/// What the widgets' price leaves for cost where no resource is known: parts cost 10 of it.
double effective_cost(const char* widget) {
  const World world = build_small();
  return world.economy->products[static_cast<std::size_t>(product(world, widget))]
             .cost_beside_inputs +
         10.0;
}

double use_of_line(const World& world, const Eigen::VectorXd& quantity) {
  return 2.0 * quantity[product(world, "widget-gamma")] + quantity[product(world, "widget-delta")];
}

/// What the orders let be made; gamma's first.
Eigen::Vector2d limits(const World& world, double gamma, double delta, double& wanted) {
  Quarter quarter = expectations(world);
  quarter.orders = Eigen::VectorXd::Zero(world.price.size());
  quarter.orders[product(world, "widget-gamma")] = gamma;
  quarter.orders[product(world, "widget-delta")] = delta;
  quarter.resource_wanted = Eigen::VectorXd::Zero(1);
  const Eigen::Index m = market(world, "widget");
  const Eigen::Index first = world.economy->markets[static_cast<std::size_t>(m)].first;
  const Eigen::VectorXd limit = production_limit(world, quarter, m);
  wanted = quarter.resource_wanted[0];
  return {limit[product(world, "widget-gamma") - first],
          limit[product(world, "widget-delta") - first]};
}

}  // namespace

TEST_CASE("a shared resource is full in quarter 0, which settles as observed", "[unit]") {
  const Step step = run_quarters(build_small(line(stated_cost)), 1)[0];
  CHECK(step.world.resource_capacity[0] == Approx(100.0).epsilon(1e-14));
  CHECK(step.quarter.quantity[product(step.world, "widget-gamma")] == Approx(40.0).epsilon(1e-9));
  CHECK(step.quarter.quantity[product(step.world, "widget-delta")] == Approx(20.0).epsilon(1e-9));
  CHECK(step.quarter.price[product(step.world, "widget-gamma")] == Approx(100.0).epsilon(1e-9));
  CHECK(step.quarter.price[product(step.world, "widget-delta")] == Approx(90.0).epsilon(1e-9));
  CHECK(step.quarter.resource_wanted[0] == Approx(100.0).epsilon(1e-9));
}

TEST_CASE("a stated unit cost tells what a shared resource is worth", "[unit]") {
  const Step step = run_quarters(build_small(line(stated_cost)), 1)[0];
  const double gamma = effective_cost("widget-gamma");
  REQUIRE(gamma > 41.0);
  const double worth = (gamma - 40.0) / 2.0;
  CHECK(step.quarter.resource_price[0] == Approx(worth).epsilon(1e-7));
  CHECK(step.quarter.marginal_cost[product(step.world, "widget-gamma")] ==
        Approx(40.0).epsilon(1e-12));
  CHECK(step.quarter.shadow_price[product(step.world, "widget-gamma")] ==
        Approx(2.0 * worth).epsilon(1e-7));
  // Delta states nothing: scarcity is a part of what its price left for cost.
  CHECK(step.quarter.marginal_cost[product(step.world, "widget-delta")] ==
        Approx(effective_cost("widget-delta") - worth).epsilon(1e-9));
  CHECK(step.quarter.shadow_price[product(step.world, "widget-delta")] ==
        Approx(worth).epsilon(1e-7));
}

TEST_CASE("a resource whose users state no unit cost is worth nothing in quarter 0", "[unit]") {
  const Step step = run_quarters(build_small(line()), 1)[0];
  CHECK(step.quarter.resource_price[0] == Approx(0.0).margin(1e-6));
  CHECK(step.quarter.marginal_cost[product(step.world, "widget-gamma")] ==
        Approx(effective_cost("widget-gamma")).epsilon(1e-12));
}

TEST_CASE("orders beyond a shared resource are cut pro rata", "[unit]") {
  const World world = build_small(line());
  double wanted = 0.0;
  const Eigen::Vector2d limit = limits(world, 60.0, 30.0, wanted);
  CHECK(wanted == Approx(150.0).epsilon(1e-14));
  CHECK(limit[0] == Approx(40.0).epsilon(1e-14));
  CHECK(limit[1] == Approx(20.0).epsilon(1e-14));
}

TEST_CASE("second choices may take up what orders leave of a shared resource", "[unit]") {
  const World world = build_small(line());
  double wanted = 0.0;
  // 80 of 100 are wanted: 0.4 more for each of the 50 units ordered.
  const Eigen::Vector2d limit = limits(world, 30.0, 20.0, wanted);
  CHECK(wanted == Approx(80.0).epsilon(1e-14));
  CHECK(limit[0] == Approx(36.0).epsilon(1e-14));
  CHECK(limit[1] == Approx(28.0).epsilon(1e-14));
}

TEST_CASE("a product's own capacity holds beside a shared resource", "[unit]") {
  World world = build_small(line());
  world.capacity[product(world, "widget-gamma")] = 25.0;
  double wanted = 0.0;
  const Eigen::Vector2d limit = limits(world, 60.0, 30.0, wanted);
  CHECK(limit[0] == 25.0);
  CHECK(limit[1] == Approx(20.0).epsilon(1e-14));
}

TEST_CASE("a held price takes its part of a shared resource before the others price", "[unit]") {
  const Step step = run_quarters(
      build_small(line("[[product]]\nid = \"widget-delta\"\npricing = \"fixed\"\n")), 1)[0];
  const Eigen::Index m = market(step.world, "widget");
  const PostedMarket posted = describe_posted_market(step.world, step.quarter, m);
  const entente::market::Resources resources = describe_resources(
      step.world, step.quarter, posted, active_buyers(step.world, step.quarter, m), m);
  REQUIRE(resources.use.rows() == 3);
  const Eigen::Index first = step.world.economy->markets[static_cast<std::size_t>(m)].first;
  CHECK(resources.use(2, product(step.world, "widget-delta") - first) == 0.0);
  CHECK(resources.use(2, product(step.world, "widget-gamma") - first) == 2.0);
  CHECK(resources.capacity[2] == Approx(80.0).epsilon(1e-9));
}

TEST_CASE("nobody makes more than a shared resource allows", "[unit]") {
  // Parts are plentiful, so that nothing else comes short.
  const World start = build_small(line("growth = 0.04\ngrowth_fade = 0.5\n" + stated_cost + R"(
[[market]]
id = "widget"
growth = 0.1
[[product]]
id = "part-alpha"
capacity = 200
[[product]]
id = "part-beta"
capacity = 200
)"));
  double first_price = 0.0;
  double last_price = 0.0;
  for (const Step& step : run_quarters(start, 12)) {
    CAPTURE(step.world.quarter);
    const double used = use_of_line(step.world, step.quarter.quantity);
    CHECK(used <= step.world.resource_capacity[0] * (1.0 + 1e-9));
    CHECK(used >= step.world.resource_capacity[0] * 0.999);  // demand outgrows it
    CHECK(step.quarter.resource_price[0] > 0.0);
    if (step.world.quarter == 0) first_price = step.quarter.resource_price[0];
    last_price = step.quarter.resource_price[0];
  }
  CHECK(last_price > first_price);
}

TEST_CASE("a shared resource grows as planned and where orders exceed it", "[unit]") {
  const auto steps = run_quarters(build_small(line("growth = 0.1\ngrowth_fade = 0.5\n")), 2);
  CHECK(steps[0].next.resource_capacity[0] == Approx(110.0).epsilon(1e-13));
  CHECK(steps[1].next.resource_capacity[0] == Approx(115.5).epsilon(1e-13));
  // With half of it gone and prices held, a fifth of the missing log points is built.
  World short_of_it =
      build_small(line("response = 0.2\n[[product]]\nid = \"widget-delta\"\npricing = \"fixed\"\n"
                       "[[product]]\nid = \"widget-gamma\"\npricing = \"fixed\"\n"));
  short_of_it.resource_capacity[0] = 50.0;
  const Step step = run_quarters(std::move(short_of_it), 1)[0];
  CHECK(step.next.resource_capacity[0] == Approx(50.0 * std::pow(2.0, 0.2)).epsilon(1e-9));
  CHECK(use_of_line(step.world, step.quarter.quantity) == Approx(50.0).epsilon(1e-9));
}

TEST_CASE("resources that cannot be are faults", "[unit]") {
  const std::string both = stated_cost + "[[product]]\nid = \"widget-delta\"\nunit_cost = 20\n";
  check_cases({
      {"product of another market",
       "[[resource]]\nid = \"line\"\nname = \"Line\"\nmarket = \"widget\"\n"
       "use = [{ product = \"gadget-alpha\", per_unit = 2 }]\n",
       {},
       "the resource's market does not sell this",
       "resource.line.use[0].product"},
      {"contracts",
       "[[resource]]\nid = \"line\"\nname = \"Line\"\nmarket = \"part\"\n"
       "use = [{ product = \"part-alpha\", per_unit = 2 }]\n",
       {},
       "only a market of posted prices can ration by them",
       "resource.line.market"},
      {"capacity below use",
       line("capacity = 99\n"),
       {},
       "the capacity is below what quarter 0 used",
       "resource.line.capacity"},
      {"slack yet dear",
       line("capacity = 120\n" + stated_cost),
       {},
       "imply that it is worth",
       "resource.line.capacity"},
      {"worth less than nothing",
       line("[[product]]\nid = \"widget-gamma\"\nunit_cost = 60\n"),
       {},
       "imply that it is worth -",
       "resource.line.capacity"},
      {"unit costs that contradict each other",
       line(both),
       {},
       "unit costs of its users imply different worths",
       "resource.line.use"},
  });
}

TEST_CASE("an event takes from a shared resource while it lasts", "[unit]") {
  const std::string squeeze = R"(
[[event]]
id = "squeeze"
start = "2024Q2"
end = "2024Q3"
effect = [{ type = "capacity", resource = "line", change = -0.2 }]
)";
  const std::string with_response = line("response = 0.5\n" + stated_cost);
  const auto plain = run_quarters(build_small(with_response), 3);
  const auto squeezed = run_quarters(build_small(with_response + squeeze), 3);
  const auto capacity = [](const Step& step) { return step.quarter.resource_capacity[0]; };
  const auto worth = [](const Step& step) { return step.quarter.resource_price[0]; };
  CHECK(capacity(squeezed[0]) == capacity(plain[0]));
  CHECK(capacity(squeezed[1]) == Approx(0.8 * capacity(plain[1])).epsilon(1e-12));
  CHECK(worth(squeezed[1]) > worth(plain[1]) + 1.0);
  CHECK(use_of_line(squeezed[1].world, squeezed[1].quarter.quantity) <=
        capacity(squeezed[1]) * (1.0 + 1e-9));
  // It comes back, and nobody builds for what it took.
  CHECK(capacity(squeezed[2]) == Approx(capacity(plain[2])).epsilon(1e-6));
}
