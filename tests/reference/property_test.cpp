#include "tests/reference/property.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "tests/catch.hpp"
#include "tests/reference/case.hpp"
#include "tests/reference/crn_properties.hpp"
#include "tests/reference/design_properties.hpp"
#include "tests/reference/result_lines.hpp"
#include "tests/reference/runner.hpp"
#include "tests/temporary_folder.hpp"

// The statements of each case of kind `property`, in its order, and that none can go unseen.

namespace entente::reference {
namespace {

using nlohmann::json;
using test::contains;
using test::TemporaryFolder;

constexpr DesignSize sizes[] = {{10, 3}, {100, 12}, {7, 1}};

std::string result_of(const std::string& text) {
  const TemporaryFolder folder;
  folder.write("case.json", text);
  std::ostringstream out;
  std::ostringstream err;
  run({"--cases", folder.path().string()}, out, err);
  return out.str();
}

std::string design_case(const std::string& statement, const std::string& more = {}) {
  return R"({"schema": "entente-ref-1", "id": "design-lhs-invariants", "kind": "property",
    "statement": ")" +
         statement + R"(", "cases": [{"n": 5, "d": 2})" + more + "]}";
}

}  // namespace

TEST_CASE("crn-properties: a scenario equals itself in every byte and every replication",
          "[reference]") {
  CHECK(look_at_equal_scenarios() == holds);
}

TEST_CASE("crn-properties: who interacts with nobody changes no bit of the others", "[reference]") {
  CHECK(look_at_bystanders() == holds);
}

TEST_CASE("crn-properties: a partnership taken away changes nothing before its start",
          "[reference]") {
  CHECK(look_at_removed_partnerships() == holds);
}

TEST_CASE("crn-properties: the order of tables changes nothing", "[reference]") {
  CHECK(look_at_reordered_tables() == holds);
}

TEST_CASE("crn-properties: a replication alone equals itself within a batch", "[reference]") {
  CHECK(look_at_lone_replications() == holds);
}

TEST_CASE("crn-properties: threads, parts and resumption give the same bytes", "[reference]") {
  CHECK(look_at_ways_to_run() == holds);
}

TEST_CASE("crn-properties: the variance reduction is printed and a useless one warned of",
          "[reference]") {
  CHECK(look_at_variance_reduction() == holds);
}

TEST_CASE("design-lhs-invariants: the cells of every column are a permutation", "[reference]") {
  for (const auto size : sizes)
    CHECK(look_at_cells(size) == holds);
}

TEST_CASE("design-lhs-invariants: maximin keeps points apart", "[reference]") {
  for (const auto size : sizes)
    CHECK(look_at_distances(size) == holds);
}

TEST_CASE("design-lhs-invariants: a seed gives the same bytes", "[reference]") {
  for (const auto size : sizes)
    CHECK(look_at_seeds(size) == holds);
}

TEST_CASE("design-lhs-invariants: twice as many points keep the first and are Latin",
          "[reference]") {
  for (const auto size : sizes)
    CHECK(look_at_extension(size) == holds);
}

TEST_CASE("the cases state what is looked at, word for word, and nothing else", "[reference]") {
  using Statement = std::pair<std::string, std::string>;
  std::set<Statement> looked_at;
  for (const Property& property : all_properties())
    looked_at.emplace(property.id, property.statement);
  CHECK(looked_at.size() == all_properties().size());
  std::set<Statement> stated;
  for (const auto& file : list_case_files(ENTENTE_SOURCE_DIR "/tests/reference/experiments")) {
    const Case stored = read_case(file);
    if (stored.family != "property") continue;
    for (const json& statement : stored.inputs.at("statements"))
      stated.emplace(stored.id, statement.get<std::string>());
    CHECK(stored.outputs.size() == stored.inputs.at("of").size());
    for (const json& answer : stored.outputs)
      CHECK(answer.size() == stored.inputs.at("statements").size());
  }
  CHECK(stated == looked_at);
}

TEST_CASE("a statement that nobody looks at fails, and so does a case without any", "[reference]") {
  CHECK_THAT(result_of(design_case("same seed => same bytes")), contains("1 passed, 0 failed\n"));
  CHECK_THAT(result_of(design_case("same seed => same bytes; pigs fly")),
             contains("pigs fly: expected \"holds\", seen \"no test of this statement\"") &&
                 contains("0 passed, 1 failed\n"));
  CHECK_THAT(result_of(design_case("same seed => same bytes", R"(, {"n": 3})")),
             contains("key 'd' not found") && contains("0 passed, 1 failed\n"));
  CHECK_THAT(result_of(R"({"schema": "entente-ref-1", "id": "crn-properties", "kind": "property",
                           "cases": ["same seed => same bytes"]})"),
             contains("0 passed, 1 failed\n"));
  CHECK_THAT(result_of(R"({"schema": "entente-ref-1", "id": "crn-properties", "kind": "property",
                           "cases": []})"),
             contains("the case stores nothing to compare"));
}

TEST_CASE("lines of results are compared to the byte", "[reference]") {
  const TemporaryFolder folder;
  folder.write("one/a.csv", "replication,quarter,x\n0,2024Q1,1\n1,2024Q1,2\n");
  const auto one = read_result_lines(folder.path() / "one");
  CHECK(first_difference(one, one).empty());
  CHECK(count_lines(one) == 2);
  const auto second = keep_lines(one, [](auto line) { return field_of(line, 0) == "1"; });
  CHECK(second.at("a.csv") == std::vector<std::string>{"replication,quarter,x", "1,2024Q1,2"});
  CHECK(field_of("1,2024Q1,2", 2) == "2");
  CHECK(field_of("1,2024Q1,2", 9).empty());
  CHECK(first_difference(one, second) == "a.csv: '0,2024Q1,1' became '1,2024Q1,2'");
  CHECK(first_difference(second, one) == "a.csv: '1,2024Q1,2' became '0,2024Q1,1'");
  CHECK(first_difference(one, {}) == "a.csv is gone");
  auto more = one;
  more["b.csv"] = {"x"};
  CHECK(first_difference(one, more) == "there are other files");
  folder.write("one/a.csv", "replication,quarter,x\n0,2024Q1,1");
  CHECK_THROWS(read_result_lines(folder.path() / "one"));
  CHECK_THROWS(read_result_lines(folder.path()));
}

}  // namespace entente::reference
