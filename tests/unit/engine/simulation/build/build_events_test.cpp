#include <string>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"

using namespace entente;
using namespace entente::test;

namespace {

std::string event(const std::string& effect) {
  return "[[event]]\nid = \"e\"\nstart = \"2024Q3\"\neffect = [{ " + effect + " }]\n";
}

}  // namespace

TEST_CASE("events that cannot be are faults", "[unit]") {
  const std::string fine = "type = \"cost\", product = \"gadget-alpha\", change = 0.1";
  const std::string path = "event.e.effect[0].";
  check_cases({
      {"before the horizon",
       event(fine),
       {"event.e.start=2023Q4"},
       "the date is outside the horizon",
       "event.e.start"},
      {"ends at once",
       event(fine),
       {"event.e.end=2024Q3"},
       "an event must end after it starts",
       "event.e.end"},
      {"needs parties",
       event("type = \"equity\", partner = \"alpha\", firm = \"beta\", share = 0.1"),
       {},
       "",
       path + "type"},
      {"no capacity",
       event("type = \"capacity\", product = \"gadget-alpha\", change = -0.1"),
       {},
       "there is no capacity to change",
       path + "product"},
      {"a capacity that the shared line explains",
       event("type = \"capacity\", product = \"widget-gamma\", change = -0.1") +
           "[[product]]\nid = \"widget-gamma\"\nunit_cost = 40\n"
           "[[resource]]\nid = \"line\"\nname = \"Line\"\nmarket = \"widget\"\n"
           "use = [{ product = \"widget-gamma\", per_unit = 1 }]\n",
       {},
       "no capacity of its own",
       path + "product"},
      {"on two things",
       event("type = \"capacity\", product = \"part-alpha\", market = \"part\", change = -0.1"),
       {},
       "acts on one thing",
       path + "type"},
      {"no residual buyer",
       event("type = \"demand\", product = \"gadget-alpha\", change = -0.1"),
       {},
       "no residual buyer",
       path + "product"},
      {"bans nobody",
       event("type = \"ban\", products = [\"part-alpha\"]"),
       {},
       "a ban needs accounts or buyers",
       path + "type"},
      {"bans a stranger",
       event("type = \"ban\", products = [\"widget-gamma\"], accounts = [\"use-elsewhere\"]"),
       {},
       "buys in a market of none of the products",
       path + "accounts"},
      {"bans no link",
       event("type = \"ban\", products = [\"part-alpha\"], buyers = [\"gadget-beta\"]"),
       {},
       "no [[link]] joins the buyer",
       path + "buyers"},
      {"subsidises an input",
       event("type = \"subsidy\", market = \"part\", discount = 0.1"),
       {},
       "only posted prices of final buyers",
       path + "market"},
      {"subsidises a free good",
       event("type = \"subsidy\", products = [\"guide-alpha\"], discount = 0.1"),
       {},
       "only posted prices of final buyers",
       path + "products"},
      {"launches what was always there",
       event("type = \"launch\", product = \"gadget-alpha\""),
       {},
       "needs an entry_share",
       path + "product"},
  });
}

TEST_CASE("an event that is not enabled is not there, and a scenario switches it on", "[unit]") {
  const std::string off =
      event("type = \"cost\", product = \"gadget-alpha\", change = 0.1") + "enabled = false\n";
  CHECK(build_small(off).economy->events.empty());
  const auto on = build_small(off, {"event.e.enabled=true"});
  REQUIRE(on.economy->events.size() == 1);
  CHECK(on.economy->events[0].start == 2);
}
