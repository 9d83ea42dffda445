#include "engine/report/html/scenario_difference.hpp"

#include "tests/catch.hpp"

using entente::report::scenario_difference;

TEST_CASE("of two scenarios only the entries that differ are told", "[unit]") {
  const std::string base = "title = \"a\"\n\n[[firm]]\nid = \"x\"\n\n[[firm]]\nid = \"y\"\n";
  const std::string other =
      "title = \"a\"\n\n[[firm]]\nid = \"x\"\nname = \"X\"\n\n[[firm]]\nid = \"y\"\n\n[[pact]]\nid "
      "= "
      "\"p\"\n";
  const auto difference = scenario_difference(base, other);
  CHECK(difference.only_base == "[[firm]]\nid = \"x\"\n");
  CHECK(difference.only_other == "[[firm]]\nid = \"x\"\nname = \"X\"\n\n[[pact]]\nid = \"p\"\n");
  CHECK(scenario_difference(base, base).only_base.empty());
  CHECK(scenario_difference(base, base).only_other.empty());
  CHECK(scenario_difference("", base).only_other == base);
}
