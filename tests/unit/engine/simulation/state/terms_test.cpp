#include "engine/simulation/state/terms.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// The small world with these deals active for `age` quarters.
World world_with(const std::string& deals, int age) {
  World world = build_small(deals);
  for (PartnershipState& state : world.partnerships) {
    state.stage = PartnershipState::Stage::active;
    state.age = age;
  }
  return world;
}

std::string deal(const std::string& id, const std::string& effect, const std::string& more = {}) {
  return "[[partnership]]\nid = \"" + id +
         "\"\nparties = [\"alpha\", \"beta\"]\nkind = \"supply\"\nstart = \"2024Q2\"\n" + more +
         "effect = [{ " + effect + " }]\n";
}

}  // namespace

TEST_CASE("without partnerships the terms change nothing", "[unit]") {
  const World world = build_small();
  const Terms terms = compute_terms(world);
  CHECK(terms.cost_factor == Eigen::VectorXd::Ones(11));
  CHECK(terms.quality == Eigen::VectorXd::Zero(11));
  CHECK(terms.received == Eigen::VectorXd::Ones(11));
  CHECK(terms.price_factor == Eigen::VectorXd::Ones(6));
  CHECK(terms.qualification == Eigen::VectorXd::Zero(6));
  CHECK(terms.reservations.empty());
}

TEST_CASE("costs multiply", "[unit]") {
  const World world =
      world_with(deal("a", "type = \"cost\", product = \"gadget-alpha\", change = -0.1") +
                     deal("b", "type = \"cost\", product = \"gadget-alpha\", change = -0.2"),
                 0);
  const Terms terms = compute_terms(world);
  CHECK(terms.cost_factor[product(world, "gadget-alpha")] == Approx(0.72).epsilon(1e-15));
  CHECK(terms.cost_factor[product(world, "gadget-beta")] == 1.0);
}

TEST_CASE("independent hazards combine", "[unit]") {
  const std::string effect =
      "type = \"qualification\", supplier = \"part-alpha\", buyer = \"widget-delta\", hazard = ";
  const World world = world_with(deal("a", effect + "0.1") + deal("b", effect + "0.2"), 0);
  const Terms terms = compute_terms(world);
  CHECK(terms.qualification[link(world, "alpha-to-delta")] == Approx(0.28).epsilon(1e-15));
  CHECK(terms.qualification[link(world, "alpha-to-gamma")] == 0.0);
}

TEST_CASE("quality adds and decays as rivals copy", "[unit]") {
  const std::string deals =
      deal("a",
           "type = \"quality\", product = \"gadget-beta\", willingness_to_pay = 0.05, "
           "decay = 0.1") +
      deal("b", "type = \"quality\", product = \"gadget-beta\", willingness_to_pay = 0.02");
  const World fresh = world_with(deals, 0);
  const Eigen::Index beta = product(fresh, "gadget-beta");
  CHECK(compute_terms(fresh).quality[beta] == Approx(0.07).epsilon(1e-14));
  const World old = world_with(deals, 2);
  CHECK(compute_terms(old).quality[beta] == Approx(0.05 * 0.81 + 0.02).epsilon(1e-14));
}

TEST_CASE("strength rises linearly over the ramp and is nothing before and after", "[unit]") {
  Partnership partnership;
  partnership.ramp = 3;
  PartnershipState state;
  CHECK(compute_strength(partnership, state) == 0.0);
  state.stage = PartnershipState::Stage::active;
  for (int age = 0; age < 6; ++age) {
    state.age = age;
    CHECK(compute_strength(partnership, state) == std::min(1.0, 0.25 * (age + 1)));
  }
  state.stage = PartnershipState::Stage::dissolved;
  CHECK(compute_strength(partnership, state) == 0.0);
  state.stage = PartnershipState::Stage::failed;
  CHECK(compute_strength(partnership, state) == 0.0);
}

TEST_CASE("half a ramp gives half an effect", "[unit]") {
  const World world = world_with(
      deal("a", "type = \"cost\", product = \"gadget-alpha\", change = -0.1", "ramp = 1\n"), 0);
  CHECK(compute_terms(world).cost_factor[product(world, "gadget-alpha")] ==
        Approx(0.95).epsilon(1e-15));
}

TEST_CASE("supply terms: shifts add, discounts multiply, the lowest cap holds", "[unit]") {
  const std::string both = "type = \"supply_terms\", supplier = \"part-alpha\", ";
  const World world = world_with(
      deal("a", both + "logit_shift = 0.3, discount = 0.1, price_cap = 9") +
          deal("b", both + "buyer = \"widget-gamma\", logit_shift = 0.2, discount = 0.2, "
                           "price_cap = 8"),
      0);
  const Terms terms = compute_terms(world);
  const Eigen::Index gamma = link(world, "alpha-to-gamma");
  CHECK(terms.logit_shift[gamma] == Approx(0.5).epsilon(1e-15));
  CHECK(terms.price_factor[gamma] == Approx(0.72).epsilon(1e-15));
  CHECK(terms.price_cap[gamma] == 8.0);
  const Eigen::Index delta = link(world, "alpha-to-delta");
  CHECK(terms.logit_shift[delta] == Approx(0.3).epsilon(1e-15));
  CHECK(terms.price_cap[delta] == 9.0);
  CHECK(terms.price_factor[link(world, "beta-to-gamma")] == 1.0);
}

// gadget-alpha's holders are half of gadgets' base; plan-beta's buyers get 10% off if they hold
// one.
TEST_CASE("a bundle's discount reaches those who hold the other half", "[unit]") {
  const World world = world_with(
      deal("a",
           "type = \"bundle\", product = \"plan-beta\", partner_product = \"gadget-alpha\", "
           "discount = 0.1, split = 0.4"),
      0);
  const Terms terms = compute_terms(world);
  const Eigen::Index plan = product(world, "plan-beta");
  const Eigen::Index gadget = product(world, "gadget-alpha");
  CHECK(terms.discount[plan] == Approx(0.05).epsilon(1e-14));
  CHECK(terms.received[plan] == Approx(1.0 - 0.05 * 0.4).epsilon(1e-14));
  // The rest of the rebate, 0.05·0.6·30·3·11 of 11 million lines, over 10·50 of gadgets.
  CHECK(terms.received[gadget] == Approx(1.0 - 0.05 * 0.6 * 30 * 3 * 11 / 500.0).epsilon(1e-12));
  CHECK(terms.discount[gadget] == 0.0);
}

TEST_CASE("a bundle with a free product leaves every term a number", "[unit]") {
  const World world = world_with(
      deal("a",
           "type = \"bundle\", product = \"plan-beta\", partner_product = \"guide-alpha\", "
           "discount = 0.1"),
      0);
  const Terms terms = compute_terms(world);
  CHECK(terms.received.allFinite());
  CHECK(terms.received[product(world, "guide-alpha")] == 1.0);
}

TEST_CASE("a pool improves its products by the log of its scale", "[unit]") {
  const World world =
      world_with(deal("a",
                      "type = \"pool\", products = [\"plan-beta\", \"plan-delta\"], scale = 20, "
                      "willingness_to_pay = 0.01, change = -0.05"),
                 0);
  const Terms terms = compute_terms(world);
  for (const char* id : {"plan-beta", "plan-delta"}) {
    CHECK(terms.quality[product(world, id)] == Approx(0.01 * std::log(20.0)).epsilon(1e-14));
    CHECK(terms.cost_factor[product(world, id)] == Approx(0.95).epsilon(1e-15));
  }
}

TEST_CASE("a stake of a deal joins those of the scenario", "[unit]") {
  const World world =
      world_with("[[stake]]\nid = \"old\"\nholder = \"gamma\"\nfirm = \"delta\"\nshare = 0.2\n" +
                     deal("a",
                          "type = \"equity\", partner = \"alpha\", firm = \"beta\", share = 0.3, "
                          "control = 0.1",
                          "ramp = 1\n"),
                 0);
  const Terms terms = compute_terms(world);
  REQUIRE(terms.stakes.size() == 2);
  CHECK(terms.stakes[1].holder == firm(world, "alpha"));
  CHECK(terms.stakes[1].share == Approx(0.15).epsilon(1e-15));
  CHECK(terms.stakes[1].control == Approx(0.05).epsilon(1e-15));
}
