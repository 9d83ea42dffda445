#include "engine/scenario/field.hpp"

#include <stdexcept>

#include "engine/scenario/field_text.hpp"
#include "tests/catch.hpp"

using namespace entente::scenario;

TEST_CASE("a model adds fields to a table of the engine", "[unit]") {
  Schema schema = {{.name = "run", .fields = {{.key = "seed"}}}};
  extend(schema, "run", {{.key = "speed"}});
  REQUIRE(schema[0].fields.size() == 2);
  CHECK(schema[0].fields[1].key == "speed");
}

TEST_CASE("two fields of one key, or a table that is not there, are mistakes", "[unit]") {
  Schema schema = {{.name = "run", .fields = {{.key = "seed"}}}};
  CHECK_THROWS_AS(extend(schema, "run", {{.key = "seed"}}), std::logic_error);
  CHECK_THROWS_AS(extend(schema, "walk", {{.key = "speed"}}), std::logic_error);
}

TEST_CASE("bounds are put into words", "[unit]") {
  CHECK(bounds_text({}).empty());
  CHECK(bounds_text({.minimum = 0, .maximum = 1}) == "from 0 to 1");
  CHECK(bounds_text({.minimum = 0, .exclusive_minimum = true}) == "above 0");
  CHECK(bounds_text({.maximum = 0.5}) == "at most 0.5");
  CHECK(bounds_text({.minimum = 0, .maximum = 1, .exclusive_maximum = true}) ==
        "at least 0 and below 1");
}

TEST_CASE("what is expected names type, bounds and unit", "[unit]") {
  CHECK(expected_text({.unit = "fraction", .minimum = 0, .maximum = 1}) ==
        "a number from 0 to 1 (fraction)");
  CHECK(expected_text({.type = Type::integer, .minimum = 1}) == "an integer at least 1");
  CHECK(expected_text({.type = Type::choice, .choices = {"a", "b"}}) == "one of \"a\", \"b\"");
  CHECK(expected_text({.type = Type::reference, .refers_to = {"firm", "market"}}) ==
        "the id of an entry of firm or market");
}
