#include "engine/scenario/diagnostic.hpp"

#include "tests/catch.hpp"

using namespace entente::scenario;

TEST_CASE("a fault shows place, key path, expected, seen and hint", "[unit]") {
  const Fault fault{.location = {"a/b.toml", 14, 3},
                    .message = "out of bounds",
                    .key_path = "partnership.pact.probability",
                    .expected = "a number from 0 to 1",
                    .seen = "1.4",
                    .hint = "is it in percent?"};
  CHECK(to_text(fault) ==
        "a/b.toml:14:3: error: out of bounds\n"
        "  partnership.pact.probability\n"
        "  expected a number from 0 to 1, saw 1.4\n"
        "  is it in percent?");
}

TEST_CASE("a fault without a line names the file alone", "[unit]") {
  CHECK(to_text({.location = {"--set"}, .message = "unknown key", .key_path = "run.x"}) ==
        "--set: error: unknown key\n  run.x");
  CHECK(to_text({.location = {"x.csv", 7, 0}, .message = "no row"}) == "x.csv:7: error: no row");
  CHECK(to_text({.location = {"x.toml"}, .message = "is a directory", .seen = "it"}) ==
        "x.toml: error: is a directory\n  saw it");
}

TEST_CASE("control characters of the input are shown, not sent to the terminal", "[unit]") {
  const std::string text = to_text({.location = {"x\x1b[2J.toml"}, .message = "a\nb"});
  CHECK(text == "x\\x1B[2J.toml: error: a\\nb");
}

TEST_CASE("the nearest name is found by edit distance", "[unit]") {
  const std::vector<std::string> keys = {"price", "probability", "parties", "share"};
  CHECK(nearest_name("probabilty", keys) == "probability");
  CHECK(nearest_name("Price", keys) == "price");
  CHECK(nearest_name("shrae", keys) == "share");  // neighbours swapped: one step
  CHECK(nearest_name("partis", keys) == "parties");
}

TEST_CASE("a name too far from all is no slip of the pen", "[unit]") {
  CHECK(nearest_name("temperature", {"price", "share"}).empty());
  CHECK(nearest_name("", {"a"}).empty());
  CHECK(nearest_name("x", {"a"}).empty());
  CHECK(nearest_name("price", {}).empty());
  CHECK(nearest_name(std::string(1'000'000, 'a'), {std::string(1'000'000, 'b')}).empty());
}

TEST_CASE("of two equally near names the first is taken", "[unit]") {
  CHECK(nearest_name("alpha-3", {"alpha-1", "alpha-2"}) == "alpha-1");
}
