#include "engine/simulation/behaviour/research.hpp"

#include <algorithm>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::simulation;
using namespace entente::test;

namespace {

std::vector<std::string> research(const std::string& power) {
  return {"firm.alpha.research=innovation", "firm.alpha.research_share=0.1",
          "firm.alpha.research_power=" + power, "firm.alpha.research_step=0.02"};
}

/// In which of many replications gadget alpha improves in quarter 0.
std::vector<bool> successes(const std::string& power) {
  const World world = build_small({}, research(power));
  const Eigen::Index alpha = product(world, "gadget-alpha");
  Quarter quarter;
  quarter.research = Eigen::VectorXd::Zero(world.price.size());
  quarter.research[alpha] = 0.05;
  std::vector<bool> result;
  for (std::uint32_t r = 0; r < 2000; ++r) {
    World next = world;
    innovate(world, quarter, {1, r}, next);
    result.push_back(next.quality[alpha] > 0.0);
  }
  return result;
}

}  // namespace

TEST_CASE("research costs its share of last quarter's revenue, within the reported margin",
          "[unit]") {
  const auto steps = run_quarters(build_small({}, research("0")), 3);
  const Eigen::Index alpha = product(steps[0].world, "gadget-alpha");
  // 50 million gadgets at 10 USD: 0.5 bn, of which the reported margin leaves 0.1.
  CHECK(steps[0].quarter.research[alpha] == Approx(0.05));
  CHECK(steps[0].quarter.profit[alpha] - steps[0].quarter.fixed_cost[alpha] == Approx(0.1));
  for (std::size_t t = 1; t < 3; ++t) {
    CHECK(steps[t].quarter.research[alpha] == Approx(0.1 * steps[t - 1].quarter.revenue[alpha]));
    CHECK(steps[t].quarter.fixed_cost[alpha] - steps[0].quarter.fixed_cost[alpha] ==
          Approx(steps[t].quarter.research[alpha] - 0.05).margin(1e-12));
  }
}

TEST_CASE("nothing is spent on what is sold under contract, nor without the rule", "[unit]") {
  const Step with = run_quarters(build_small({}, research("1")), 1)[0];
  CHECK(with.quarter.research[product(with.world, "part-alpha")] == 0.0);
  CHECK(with.quarter.research[product(with.world, "gadget-beta")] == 0.0);
  CHECK(run_quarters(build_small(), 1)[0].quarter.research.sum() == 0.0);
}

TEST_CASE("innovation succeeds as often as its spending has it", "[unit]") {
  const std::vector<bool> result = successes("10");
  const double often = static_cast<double>(std::count(result.begin(), result.end(), true)) / 2000.0;
  CHECK(often == Approx(0.3935).margin(0.033));  // 1 − exp(−10·0.05), three standard errors
}

TEST_CASE("a larger power never fails where a smaller one succeeds", "[unit]") {
  const auto less = successes("5");
  const auto more = successes("10");
  for (std::size_t r = 0; r < less.size(); ++r)
    CHECK((!less[r] || more[r]));
}

TEST_CASE("each success adds its step to the next quarter's quality", "[unit]") {
  const auto steps = run_quarters(build_small({}, research("1000")), 3);
  const Eigen::Index alpha = product(steps[0].world, "gadget-alpha");
  CHECK(steps[0].world.quality[alpha] == 0.0);
  CHECK(steps[1].world.quality[alpha] == Approx(0.02));
  CHECK(steps[2].world.quality[alpha] == Approx(0.04));
}
