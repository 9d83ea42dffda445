#include "tests/reference/families.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/reference/case.hpp"
#include "tests/reference/comparison.hpp"

// What cases may hold that none of those in the project does.

namespace entente::reference {
namespace {

using nlohmann::json;

Case shipped(const std::string& name) {
  return read_case(std::filesystem::path(ENTENTE_SOURCE_DIR "/tests/reference/equilibrium") /
                   (name + ".json"));
}

/// Paths at which two answers differ.
std::vector<std::string> differences(const json& expected, const json& seen) {
  std::vector<std::string> paths;
  for (const Difference& difference : compare(expected, seen, {}, "").failures)
    paths.push_back(difference.path);
  return paths;
}

const std::vector<std::string> none;

/// An array without one entry.
json without(json values, std::size_t position) {
  values.erase(position);
  return values;
}

/// A market without one of its links.
json remove_link(json inputs, std::size_t gone) {
  inputs.erase("scenarios");
  for (auto& [key, value] : inputs.items()) {
    if (value.is_array()) value = without(value, gone);
  }
  inputs["demand"]["delta"] = without(inputs["demand"]["delta"], gone);
  return inputs;
}

}  // namespace

TEST_CASE("firms given by an ownership matrix are numbered from 0", "[reference]") {
  Case stored = shipped("logit_bertrand/logit_bertrand-01");  // the third firm has two products
  const json names = stored.inputs["ownership"];
  json matrix = json::array();
  for (const json& row : names) {
    json weights = json::array();
    for (const json& column : names)
      weights.push_back(row == column ? 1 : 0);
    matrix.push_back(weights);
  }
  stored.inputs.erase("ownership");
  stored.inputs["ownership_matrix"] = matrix;
  CHECK(differences(stored.outputs, solve_bertrand(stored.inputs).outputs) == none);
}

TEST_CASE("a partial stake raises its holder's price and joins no firms", "[reference]") {
  json inputs = shipped("logit_bertrand/logit_bertrand-00").inputs;
  const json apart = solve_bertrand(inputs).outputs;
  inputs["ownership_matrix"] = {{1.0, 0.4}, {0.0, 1.0}};
  const json named = solve_bertrand(inputs).outputs;
  inputs.erase("ownership");
  const json unnamed = solve_bertrand(inputs).outputs;
  CHECK(named["prices"][0] > apart["prices"][0]);
  CHECK(differences(named, unnamed) == none);
  CHECK(unnamed["firm_profits"].size() == 2);
}

TEST_CASE("nests and types go together", "[reference]") {
  json inputs = shipped("nested_logit_bertrand/nested_logit_bertrand-01").inputs;
  const json expected = solve_bertrand(inputs).outputs;
  json& demand = inputs["demand"];
  demand["type"] = "mixed_logit";
  demand["type_weights"] = {0.25, 0.75};
  demand["type_alpha"] = {demand["alpha"], demand["alpha"]};
  demand["type_beta"] = json::array({json::array(), json::array()});
  demand["x"] = json(demand["delta"].size(), json::array());
  CHECK(differences(expected, solve_bertrand(inputs).outputs) == none);
}

TEST_CASE("a merged market may have an ownership matrix in place of owners", "[reference]") {
  Case stored = shipped("logit_merger/logit_merger-00");
  stored.inputs["post"].erase("ownership");
  stored.inputs["post"]["ownership_matrix"] = {{1, 1}, {1, 1}};
  CHECK(differences(stored.outputs, solve_merger(stored.inputs).outputs) == none);
}

TEST_CASE("a link that is not available is as one that does not exist", "[reference]") {
  for (const auto* const family : {"vertical_bargaining", "vertical_sequential"}) {
    const std::string name = family;
    const json inputs = shipped(name + "/" + name + "-04").inputs;
    const std::size_t gone = 1;
    const auto links = inputs["upstream_cost"].size();
    const auto* const solver = find_family("entente-io-ref/1", family);
    REQUIRE(solver != nullptr);

    json foreclosed = inputs;
    std::vector<bool> available(links, true);
    available[gone] = false;
    foreclosed["scenarios"] = {{"foreclosure", {{"available", available}}}};
    const json seen = solver->solve(foreclosed).outputs["foreclosure"];

    const json expected = solver->solve(remove_link(inputs, gone)).outputs["pre"];

    INFO(family);
    CHECK(differences(expected, seen) == none);
    CHECK(seen["products"].size() == links - 1);
    CHECK(seen["products"][gone] == gone + 1);
    CHECK(seen["retail_price_change_pct"].size() == links - 1);
  }
}

TEST_CASE("a scenario may change demand", "[reference]") {
  json inputs = shipped("vertical_bargaining/vertical_bargaining-00").inputs;
  json demand = inputs["demand"];
  demand["delta"][0] = 4.0;
  inputs["scenarios"] = {{"better", {{"demand", demand}}}};
  const json outputs = solve_vertical_bargaining(inputs).outputs;
  CHECK(outputs["better"]["shares"][0] > outputs["pre"]["shares"][0]);
  CHECK(outputs["better"]["compensating_variation"] < 0.0);
}

}  // namespace entente::reference
