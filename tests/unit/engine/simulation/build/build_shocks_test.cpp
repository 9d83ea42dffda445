#include <string>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/fault_cases.hpp"

using namespace entente;
using namespace entente::test;

TEST_CASE("shocks that can move nothing are faults", "[unit]") {
  const auto shock = [](const std::string& keys) {
    return "[[shock]]\nid = \"s\"\ndeviation = 0.1\n" + keys;
  };
  check_cases({
      {"utility of a market",
       shock("moves = \"utility\"\nmarket = \"gadget\"\n"),
       {},
       "does not take 'market'",
       "shock.s.market"},
      {"on nothing",
       shock("moves = \"demand\"\n"),
       {},
       "a shock acts on one thing",
       "shock.s.moves"},
      {"on two things",
       shock("moves = \"cost\"\nmarket = \"gadget\"\nproduct = \"gadget-alpha\"\n"),
       {},
       "a shock acts on one thing",
       "shock.s.moves"},
      {"no capacity",
       shock("moves = \"capacity\"\nmarket = \"gadget\"\n"),
       {},
       "there is no capacity to move",
       "shock.s.moves"},
      {"a capacity that a shared line explains",
       shock("moves = \"capacity\"\nproduct = \"widget-gamma\"\n") +
           "[[product]]\nid = \"widget-gamma\"\nunit_cost = 40\n"
           "[[resource]]\nid = \"line\"\nname = \"Line\"\nmarket = \"widget\"\n"
           "use = [{ product = \"widget-gamma\", per_unit = 1 }]\n",
       {},
       "no capacity of its own",
       "shock.s.product"},
      {"no utility under contract",
       shock("moves = \"utility\"\nproduct = \"part-alpha\"\n"),
       {},
       "by utility",
       "shock.s.product"},
      {"no residual buyer",
       shock("moves = \"demand\"\nproduct = \"gadget-alpha\"\n"),
       {},
       "no residual buyer",
       "shock.s.product"},
      {"explodes",
       shock("moves = \"cost\"\nmarket = \"gadget\"\npersistence = 1.1\n"),
       {},
       "",
       "shock.s.persistence"},
  });
}
