#include "engine/scenario/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sample.hpp"
#include "tests/catch.hpp"

using namespace entente::scenario;
using entente::test::contains;
using entente::test::sample_schema;
using Json = nlohmann::ordered_json;

namespace {

Json properties_of(const std::string& table) {
  const Json schema = Json::parse(to_json_schema(sample_schema()));
  const Json& found = schema["properties"][table];
  return found.contains("items") ? found["items"]["properties"] : found["properties"];
}

}  // namespace

TEST_CASE("the JSON Schema describes one file", "[unit]") {
  const Json schema = Json::parse(to_json_schema(sample_schema()));
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["additionalProperties"] == false);
  CHECK_FALSE(schema.contains("required"));
  for (const char* key : {"extends", "title", "description", "run", "market", "firm"}) {
    CHECK(schema["properties"].contains(key));
  }
  CHECK(schema["properties"]["run"]["type"] == "object");
  CHECK_FALSE(schema["properties"]["run"].contains("required"));
  CHECK(schema["properties"]["partnership"]["type"] == "array");
  CHECK(schema["properties"]["partnership"]["items"]["required"] == Json({"id"}));
  CHECK(schema["properties"]["partnership"]["items"]["additionalProperties"] == false);
}

TEST_CASE("the JSON Schema has types, bounds, choices, defaults and meanings", "[unit]") {
  const Json run = properties_of("run");
  CHECK(run["quarters"].dump() ==
        R"({"description":"Length. Unit: quarters.","type":"integer","minimum":1,"maximum":400})");
  CHECK(run["mode"]["enum"] == Json({"agents", "types"}));
  CHECK(run["mode"]["default"] == "types");
  CHECK(run["paired"]["default"] == true);
  const Json price = properties_of("market")["price"];
  REQUIRE(price["oneOf"].size() == 2);
  CHECK(price["oneOf"][0].dump() == R"({"type":"number","exclusiveMinimum":0})");
  CHECK(price["oneOf"][1]["required"] == Json({"value"}));
  const Json effect = properties_of("partnership")["effect"];
  CHECK(effect["items"]["required"] == Json({"type"}));  // replaced whole, so due in this file
  CHECK(effect["items"]["properties"]["share"]["maximum"] == 1);
  CHECK(properties_of("partnership")["parties"]["uniqueItems"] == true);
}

TEST_CASE("schema and key reference are the same text every time", "[property]") {
  CHECK(to_json_schema(sample_schema()) == to_json_schema(sample_schema()));
  CHECK(to_key_reference(sample_schema()) == to_key_reference(sample_schema()));
}

TEST_CASE("the key reference has a section a table and a row a key", "[unit]") {
  const std::string reference = to_key_reference(sample_schema());
  CHECK_THAT(reference, contains("\n## `[run]`\n\nHow long and how often.\n\n| key |"));
  CHECK_THAT(reference, contains("\n## `[[partnership]]`\n"));
  CHECK_THAT(reference, contains("\n| `quarters` | integer | quarters | required | from 1 to 400 | "
                                 "Length. |\n"));
  CHECK_THAT(reference, contains("| `price` | figure | USD | | above 0 | Mean price. "
                                 "Source: page 3. |\n"));
  CHECK_THAT(reference, contains("Representation: agents \\| types."));
  CHECK_THAT(reference, contains("### Keys of each `partnership.effect`"));
  CHECK_THAT(reference, contains("| `market` | id of `market` |"));
}

TEST_CASE("every row of a Markdown table has as many cells as its head", "[property]") {
  std::istringstream lines(to_key_reference(sample_schema()));
  int rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] != '|') continue;
    const auto escaped = [&] {
      int count = 0;
      for (std::size_t at = line.find("\\|"); at != std::string::npos;
           at = line.find("\\|", at + 1)) {
        ++count;
      }
      return count;
    };
    CAPTURE(line);
    CHECK(std::count(line.begin(), line.end(), '|') - escaped() == 7);
    ++rows;
  }
  CHECK(rows > 20);
}

TEST_CASE("a key is explained under each of its paths", "[unit]") {
  const Schema schema = sample_schema();
  const std::string probability =
      "partnership.<id>.probability\n"
      "  Chance of a binding deal\n\n"
      "  type      number\n"
      "  unit      fraction\n"
      "  bounds    from 0 to 1\n"
      "  default   1.0\n";
  CHECK(explain_key(schema, "partnership.probability") == probability);
  CHECK(explain_key(schema, "partnership.pact.probability") == probability);
  CHECK_THAT(explain_key(schema, "partnership.pact.effect.share"), contains("default   0.25"));
  CHECK(explain_key(schema, "partnership.pact.effect[0].share") ==
        explain_key(schema, "partnership.effect.share"));
  CHECK_THAT(explain_key(schema, "partnership.pact.effect"), contains("share: number"));
  CHECK_THAT(explain_key(schema, "run.quarters"), contains("it must be given"));
  CHECK_THAT(explain_key(schema, "firm.alpha.enabled"), contains("boolean"));
  CHECK_THAT(explain_key(schema, "extends"), contains("inherits"));
}

TEST_CASE("what is no key has no explanation", "[unit]") {
  const Schema schema = sample_schema();
  for (const char* path : {"", ".", "run", "run.speed", "run.quarters.more", "nothing.x",
                           "partnership.pact", "partnership.pact.effect.none", "[", "run.[0]"}) {
    CAPTURE(path);
    CHECK(explain_key(schema, path).empty());
  }
}

TEST_CASE("the key paths are those of the schema", "[unit]") {
  const std::vector<std::string> paths = key_paths(sample_schema());
  CHECK(paths.front() == "run.start");
  CHECK(paths.back() == "partnership.effect");
  CHECK(paths.size() == 12);
}
