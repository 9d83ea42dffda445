#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"

using namespace entente;
using namespace entente::test;

TEST_CASE("stakes and sizes beyond the whole are faults", "[unit]") {
  const auto stake = [](const std::string& id, const std::string& holder,
                        const std::string& share) {
    return "[[stake]]\nid = \"" + id + "\"\nholder = \"" + holder +
           "\"\nfirm = \"beta\"\nshare = " + share + "\n";
  };
  check_cases({
      {"self stake",
       stake("s", "beta", "0.1"),
       {},
       "a firm cannot hold a stake in itself",
       "stake.s.firm"},
      {"stakes above one",
       stake("s", "alpha", "0.6") + stake("t", "gamma", "0.5"),
       {},
       "stakes in one firm exceed the whole",
       "stake.t.share"},
      {"equity above one",
       stake("s", "gamma", "0.6") +
           pact("p", alpha_beta,
                "type = \"equity\", partner = \"alpha\", firm = \"beta\", share = 0.5"),
       {},
       "stakes in one firm exceed the whole",
       "partnership.p.effect[0].share"},
      {"equity in itself",
       pact("p", alpha_beta, "type = \"equity\", partner = \"beta\", firm = \"beta\", share = 0.1"),
       {},
       "a firm cannot hold a stake in itself",
       "partnership.p.effect[0].firm"},
      {"absurd agents",
       {},
       {"population.representation=agents", "population.agents=1000000000000000"},
       "GiB",
       "population.agents"},
      {"shocks of types",
       {},
       {"population.taste_shocks=keyed"},
       "only individuals have shocks of their own",
       "population.taste_shocks"},
  });
}

TEST_CASE("partnerships that cannot be are faults", "[unit]") {
  const std::string cost = "type = \"cost\", product = \"gadget-alpha\", change = -0.1";
  const std::string reserve =
      "type = \"reserve_capacity\", supplier = \"part-alpha\", partner = \"beta\", share = 0.6";
  const std::string to_gamma =
      "type = \"supply_terms\", supplier = \"part-alpha\", buyer = \"widget-gamma\", discount = "
      "0.1";
  const std::string path = "partnership.p.effect[0].";
  check_cases({
      {"after the horizon",
       pact("p", alpha_beta, cost),
       {"partnership.p.start=2027Q1"},
       "the date is outside the horizon",
       "partnership.p.start"},
      {"before the horizon",
       pact("p", alpha_beta, cost),
       {"partnership.p.start=2023Q4"},
       "the date is outside the horizon",
       "partnership.p.start"},
      {"ends at once",
       pact("p", alpha_beta, cost),
       {"partnership.p.end=2024Q2"},
       "a partnership must end after it starts",
       "partnership.p.end"},
      {"alone",
       pact("p", "\"alpha\"", cost),
       {},
       "a partnership needs two firms",
       "partnership.p.parties"},
      {"lacks a key",
       pact("p", alpha_beta, "type = \"cost\", product = \"gadget-alpha\""),
       {},
       "effect 'cost' needs 'change'",
       path + "type"},
      {"takes no such key",
       pact("p", alpha_beta, cost + ", hazard = 0.1"),
       {},
       "effect 'cost' does not take 'hazard'",
       path + "hazard"},
      {"says nothing",
       pact("p", alpha_beta, "type = \"supply_terms\", supplier = \"part-alpha\""),
       {},
       "supply_terms needs one of",
       path + "type"},
      {"partner from outside",
       pact("p", "\"alpha\", \"gamma\"", reserve),
       {},
       "the firm is not a party",
       path + "partner"},
      {"supplier from outside",
       pact("p", "\"beta\", \"gamma\"", reserve),
       {},
       "the supplier's firm is not a party",
       path + "supplier"},
      {"no such link",
       pact("p", alpha_beta,
            "type = \"qualification\", supplier = \"part-alpha\", buyer = "
            "\"gadget-beta\", hazard = 0.1"),
       {},
       "no [[link]] joins this supplier and buyer",
       path + "supplier"},
      {"no capacity",
       pact("p", alpha_beta,
            "type = \"reserve_capacity\", supplier = \"gadget-alpha\", partner = "
            "\"beta\", share = 0.1"),
       {},
       "the supplier has no capacity to reserve",
       path + "supplier"},
      {"paid for without delivery outside a contract",
       pact("p", "\"beta\", \"gamma\"",
            "type = \"reserve_capacity\", supplier = \"widget-gamma\", partner = "
            "\"beta\", share = 0.1, take_or_pay = true"),
       {},
       "only a contract can be paid for without delivery",
       path + "take_or_pay"},
      {"two reservations of one partner",
       pact("p", alpha_beta,
            "type = \"reserve_capacity\", supplier = \"part-alpha\", partner = \"beta\", share = "
            "0.1 }, { type = \"reserve_capacity\", supplier = \"part-alpha\", partner = \"beta\", "
            "share = 0.2"),
       {},
       "the firm has another reservation at this supplier",
       "partnership.p.effect[1].partner"},
      {"launch of what is sold",
       pact("p", alpha_beta, "type = \"launch\", product = \"gadget-beta\""),
       {},
       "a product that is launched needs an entry_share",
       path + "product"},
      {"reserved twice over",
       pact("p", alpha_beta, reserve) + pact("q", alpha_beta, reserve),
       {},
       "reserved shares of one supplier exceed its capacity",
       "partnership.q.effect[0].share"},
      {"exclusive against a buyer",
       pact("p", alpha_beta,
            "type = \"exclusive\", supplier = \"part-alpha\", rivals = [\"gamma\"]") +
           pact("q", "\"alpha\", \"gamma\"", to_gamma),
       {},
       "contradicts an exclusive deal",
       "partnership.q.effect[0].buyer"},
      {"exclusive against a partner",
       pact("p", "\"alpha\", \"delta\"",
            "type = \"exclusive\", supplier = \"part-alpha\", rivals = [\"beta\"]") +
           pact("q", alpha_beta, reserve),
       {},
       "contradicts an exclusive deal",
       "partnership.q.effect[0].partner"},
      {"own rival",
       pact("p", alpha_beta,
            "type = \"exclusive\", supplier = \"part-alpha\", rivals = [\"beta\"]"),
       {},
       "a party cannot be its own rival",
       path + "rivals"},
      {"default beyond all use",
       pact("p", "\"alpha\", \"delta\"",
            "type = \"embed\", product = \"guide-alpha\", partner_product "
            "= \"gadget-alpha\", points = 40"),
       {},
       "the default moves more than all of the host's use",
       path + "points"},
      {"default nobody could use",
       pact("p", alpha_beta,
            "type = \"embed\", product = \"guide-alpha\", partner_product = "
            "\"gadget-beta\", points = 10"),
       {},
       "no account uses this product on that host",
       path + "partner_product"},
  });
}
