#include "engine/simulation/steps/shock.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using namespace entente::test;
using namespace entente::simulation;

namespace {

std::string shock(const std::string& keys, const std::string& id = "storm") {
  return "[[shock]]\nid = \"" + id + "\"\ndeviation = 0.1\npersistence = 0.5\n" + keys;
}

}  // namespace

TEST_CASE("a shock follows its own keyed draws from nothing on", "[unit]") {
  const std::string text = shock("moves = \"utility\"\nproduct = \"gadget-alpha\"\n");
  const auto steps = run_quarters(build_small(text), 4, 3);
  const population::Draws draws{1, 3};
  const std::uint64_t stream = population::stream_name("shock", "storm");
  double state = 0.0;
  for (std::uint32_t t = 0; t < 4; ++t) {
    if (t > 0) state = 0.5 * state + 0.1 * draws.normal(stream, t);
    REQUIRE(steps[t].world.shock[0] == Approx(state).margin(1e-15));
    REQUIRE(steps[t].quarter.utility_shift[product(steps[t].world, "gadget-alpha")] == state);
  }
  CHECK(state != 0.0);

  // Another shock changes nobody's luck, nor does the order.
  const auto both = run_quarters(
      build_small(text + shock("moves = \"cost\"\nmarket = \"plan\"\n", "flood")), 4, 3);
  CHECK(both[3].world.shock[1] == steps[3].world.shock[0]);
  CHECK(both[3].world.shock[0] != steps[3].world.shock[0]);
}

TEST_CASE("quarter 0 stays as observed, and shocks that are off leave every bit", "[unit]") {
  const std::string text = shock("moves = \"demand\"\nmarket = \"gadget\"\n") +
                           shock("moves = \"capacity\"\nproduct = \"part-alpha\"\n", "quake");
  const auto calm = run_quarters(build_small(), 3);
  const auto off = run_quarters(build_small(text, {"run.shocks=off"}), 3);
  const auto drawn = run_quarters(build_small(text), 3);
  for (std::size_t t = 0; t < 3; ++t) {
    CHECK(calm[t].quarter.quantity == off[t].quarter.quantity);
    CHECK(calm[t].quarter.price == off[t].quarter.price);
  }
  CHECK(calm[0].quarter.quantity == drawn[0].quarter.quantity);
  CHECK(calm[2].quarter.quantity != drawn[2].quarter.quantity);
}

TEST_CASE("each kind of shock moves its own figure by its state", "[unit]") {
  const std::string text = shock("moves = \"demand\"\nmarket = \"gadget\"\n", "gadgets") +
                           shock("moves = \"demand\"\naccount = \"buyer-beta\"\n", "beta") +
                           shock("moves = \"demand\"\nproduct = \"part-beta\"\n", "rest") +
                           shock("moves = \"demand\"\nmarket = \"widget\"\n", "widgets") +
                           shock("moves = \"cost\"\nmarket = \"plan\"\n", "plans") +
                           shock("moves = \"capacity\"\nproduct = \"part-alpha\"\n", "parts");
  const World calm = build_small();
  const Step before = run_quarters(calm, 2)[1];
  const Step after = run_quarters(build_small(text), 2)[1];
  const auto& shocks = after.world.economy->shocks;
  const auto factor = [&](const std::string& id) {
    for (std::size_t s = 0; s < shocks.size(); ++s) {
      if (shocks[s].id == id) return std::exp(after.world.shock[static_cast<Index>(s)]);
    }
    throw std::out_of_range(id);
  };
  const Index gadget = entente::test::market(calm, "gadget");
  CHECK(after.quarter.potential[gadget] ==
        Approx(before.quarter.potential[gadget] * factor("gadgets")));
  const Index beta = calm.economy->find_account("buyer-beta").value();
  const Index everyone = calm.economy->find_account("buyer-public").value();
  CHECK(after.quarter.account_volume[beta] ==
        Approx(before.quarter.account_volume[beta] * factor("beta") * factor("widgets")));
  CHECK(after.quarter.account_volume[everyone] ==
        Approx(before.quarter.account_volume[everyone] * factor("widgets")));
  CHECK(after.quarter.potential[entente::test::market(calm, "widget")] ==
        Approx(after.quarter.account_volume[beta] + after.quarter.account_volume[everyone]));
  const Index rest = link(calm, "beta-to-rest");
  CHECK(after.quarter.link_orders[rest] ==
        Approx(before.quarter.link_orders[rest] * factor("rest")));
  CHECK(after.quarter.link_orders[link(calm, "alpha-to-rest")] ==
        before.quarter.link_orders[link(calm, "alpha-to-rest")]);
  const Index plan = product(calm, "plan-beta");
  CHECK(after.quarter.marginal_cost[plan] ==
        Approx(before.quarter.marginal_cost[plan] * factor("plans")));
  const Index part = product(calm, "part-alpha");
  CHECK(after.quarter.capacity[part] == Approx(52.0 * factor("parts")));
  CHECK(after.next.capacity[part] == Approx(before.next.capacity[part]).epsilon(1e-12));
}

TEST_CASE("a demand shock of a contract market moves all its residual buyers", "[unit]") {
  const Step before = run_quarters(build_small(), 2)[1];
  const Step after =
      run_quarters(build_small(shock("moves = \"demand\"\nmarket = \"part\"\n")), 2)[1];
  const double factor = std::exp(after.world.shock[0]);
  for (const char* id : {"alpha-to-rest", "beta-to-rest"}) {
    const Index l = link(before.world, id);
    CHECK(after.quarter.link_orders[l] == Approx(before.quarter.link_orders[l] * factor));
  }
}
