#include "tests/reference/runner.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/reference/case.hpp"
#include "tests/reference/comparison.hpp"
#include "tests/reference/families.hpp"
#include "tests/temporary_folder.hpp"

namespace entente::reference {
namespace {

using nlohmann::json;
using test::contains;
using test::TemporaryFolder;
using Names = std::set<std::string>;

constexpr double change = 1e-6;  // relative

struct Run {
  int code = -1;
  std::string out;
  std::string err;
  Names passed;  // ids
  Names failed;
};

Run run_program(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Run ended;
  ended.code = run(arguments, out, err);
  ended.out = out.str();
  ended.err = err.str();
  std::istringstream lines(ended.out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string family;
    std::string id;
    if (line.starts_with(' ') || !(words >> family >> id)) continue;
    if (line.ends_with("  failed")) ended.failed.insert(id);
    if (line.find("  passed") != std::string::npos) ended.passed.insert(id);
  }
  return ended;
}

Run run_on(const TemporaryFolder& folder) {
  return run_program({"--cases", folder.path().string()});
}

/// The files of a family that come with the project.
std::vector<std::filesystem::path> shipped_cases(const Family& family) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : list_case_files(ENTENTE_SOURCE_DIR "/tests/reference")) {
    if (read_case(file).family == family.name) files.push_back(file);
  }
  return files;
}

/// Places of the stored numbers so large that the change is beyond every tolerance.
std::vector<json::json_pointer> changeable_numbers(const json& outputs) {
  std::vector<json::json_pointer> places;
  const json flat = outputs.flatten();
  for (const auto& [place, value] : flat.items()) {
    constexpr double smallest = 1e-5;  // the change is then ten times the absolute tolerance
    if (value.is_number() && std::abs(value.get<double>()) >= smallest) places.emplace_back(place);
  }
  return places;
}

void change_number(json& number) {
  number = number.get<double>() * (1.0 + change);
}

/// The file's text with one stored answer changed; `turn` chooses which.
std::string changed_case(const std::filesystem::path& file, std::size_t turn) {
  std::ifstream stream(file);
  json document = json::parse(stream);
  if (document.contains("outputs")) {
    const auto places = changeable_numbers(document["outputs"]);
    REQUIRE_FALSE(places.empty());
    constexpr std::size_t stride = 7919;  // a prime, so that turns reach far places
    change_number(document["outputs"][places[turn * stride % places.size()]]);
  } else {
    auto& out = document["cases"].at(turn % document["cases"].size())["out"];
    auto text = out.get<std::string>();
    text.back() = text.back() == '0' ? '1' : '0';
    out = text;
  }
  return document.dump();
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string minimal_case(const std::string& family, const std::string& outputs) {
  return R"({"schema": "entente-io-ref/1", "id": "one", "family": ")" + family + R"(",
    "inputs": {"demand": {"type": "logit", "delta": [2.0], "alpha": -1.0},
               "marginal_cost": [1.0], "ownership": [0], "market_size": 1.0},
    "outputs": )" +
         outputs + "}";
}

}  // namespace

TEST_CASE("every family has cases that come with the project", "[reference]") {
  for (const Family& family : all_families()) {
    INFO(family.name);
    CHECK_FALSE(shipped_cases(family).empty());
  }
}

TEST_CASE("a stored answer changed by a millionth fails and its neighbours pass", "[reference]") {
  for (const Family& family : all_families()) {
    // Cases of experiments have few numbers, or none: the next test changes each of those there
    // are.
    if (family.name.starts_with("comparison/") || family.name.starts_with("replications/") ||
        family.name == "property")
      continue;
    const auto files = shipped_cases(family);
    TemporaryFolder folder;
    Names changed;
    Names kept;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string id = read_case(files[i]).id;
      const bool change_it = i % 2 == 0;
      (change_it ? changed : kept).insert(id);
      folder.write(files[i].filename(),
                   change_it ? changed_case(files[i], i) : read_text(files[i]));
    }
    const Run ended = run_on(folder);
    INFO(family.name << "\n" << ended.out);
    CHECK(ended.failed == changed);
    CHECK(ended.passed == kept);
    CHECK(ended.code == 1);
  }
}

TEST_CASE("no stored number can change by a millionth unseen", "[reference]") {
  for (const Family& family : all_families()) {
    if (family.name == "property") continue;  // has none
    for (const auto& file : shipped_cases(family)) {
      const Case stored = read_case(file);
      const json answer = family.solve(stored.inputs).outputs;
      json outputs = stored.outputs;
      std::vector<std::string> unseen;
      for (const auto& place : changeable_numbers(outputs)) {
        const json before = outputs[place];
        change_number(outputs[place]);
        const Comparison found = compare(outputs, answer, stored.tolerance, "");
        if (found.failures.empty() || found.failures.front().path != place.to_string())
          unseen.push_back(place.to_string());
        outputs[place] = before;
      }
      const std::string first = unseen.empty() ? "" : unseen.front();
      INFO(stored.id << ' ' << first);
      CHECK(unseen.empty());
    }
  }
}

TEST_CASE("no loosely stored number can change by twice its tolerance unseen", "[reference]") {
  std::size_t changed = 0;
  for (const Family& family : all_families()) {
    for (const auto& file : shipped_cases(family)) {
      const Case stored = read_case(file);
      if (stored.loose.is_null()) continue;
      const json answer = family.solve(stored.inputs).outputs;
      json loose = stored.loose;
      const json flat = stored.loose.flatten();
      for (const auto& [place, value] : flat.items()) {
        const json::json_pointer pointer(place);
        loose[pointer] = value.get<double>() + 2.01 * stored.loose_tolerance;
        Comparison found;
        compare_loosely(loose, answer, stored.loose_tolerance, found);
        INFO(stored.id);
        CHECK(found.values == flat.size());
        REQUIRE(found.failures.size() == 1);
        CHECK(found.failures.front().path == "loose" + place);
        loose[pointer] = value;
        ++changed;
      }
    }
  }
  CHECK(changed == 15);  // an interval and a bias in each of five
}

TEST_CASE("solvers see the inputs of a case alone", "[reference]") {
  const TemporaryFolder folder;
  // Monopoly of one product, δ − αc = 1: α·margin = 1 + W(1), W(1) = 0.5671432904097838.
  folder.write("a.json", minimal_case("logit_bertrand", R"({"prices": [2.5671432904097838]})"));
  const Run ended = run_on(folder);
  INFO(ended.out);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, contains("1 passed, 0 failed\n"));
  folder.write("a.json", minimal_case("logit_bertrand", R"({"prices": [2.5671]})"));
  CHECK_THAT(run_on(folder).out, contains("outputs/prices/0: expected 2.5671, seen 2.567143"));
}

TEST_CASE("a root that is no equilibrium passes as a root and is rejected as an equilibrium",
          "[reference]") {
  const TemporaryFolder folder;
  const std::string name = "mixed_logit_bertrand-06.json";
  json document = json::parse(
      read_text(ENTENTE_SOURCE_DIR "/tests/reference/equilibrium/mixed_logit_bertrand/" + name));
  folder.write(name, document.dump());
  CHECK_THAT(run_on(folder).out, contains("passed, a root that is no equilibrium"));
  // Said to be an equilibrium, or less far from one than it is said to be.
  for (const double gain : {0.0, 4.0}) {
    document["checks"]["global_deviation_gain_pre"] = gain;
    folder.write(name, document.dump());
    const Run ended = run_on(folder);
    CHECK_THAT(ended.out, contains("checks/global_deviation_gain_pre: expected"));
    CHECK(ended.code == 1);
  }
}

TEST_CASE("the other mixed logit cases are equilibria", "[reference]") {
  for (const Family& family : all_families()) {
    if (!family.name.starts_with("mixed_logit")) continue;
    for (const auto& file : shipped_cases(family)) {
      const Case stored = read_case(file);
      if (!stored.checks.contains("global_deviation_gain_pre")) continue;
      INFO(stored.id);
      const json checks = family.solve(stored.inputs).checks;
      CHECK((checks.at("global_deviation_gain_pre") == 0.0) ==
            (stored.id != "mixed_logit_bertrand-06"));
      CHECK(checks.value("global_deviation_gain_post", 0.0) == 0.0);
    }
  }
}

TEST_CASE("an unknown family fails and the others are run", "[reference]") {
  const TemporaryFolder folder;
  folder.write("a.json", minimal_case("hotelling", R"({"prices": [1.0]})"));
  folder.write("b.json", minimal_case("logit_bertrand", R"({"prices": [2.5671432904097838]})"));
  const Run ended = run_on(folder);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.out, contains("no solver for family 'hotelling'"));
  CHECK_THAT(ended.out, contains("1 passed, 1 failed\n"));
}

TEST_CASE("an answer that the solver does not have fails and is named", "[reference]") {
  const TemporaryFolder folder;
  folder.write("a.json", minimal_case("logit_bertrand", R"({"weather": {"rain": 1.0}})"));
  CHECK_THAT(run_on(folder).out,
             contains("outputs/weather: expected {\"rain\":1.0}, seen nothing"));
}

TEST_CASE("intervals at a stop have the coverage that is asked for and not any", "[reference]") {
  const TemporaryFolder folder;
  const std::string text =
      read_text(ENTENTE_SOURCE_DIR "/tests/reference/experiments/stopping-coverage.json");
  const auto run_with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    folder.write("a.json", changed);
    return run_on(folder);
  };
  CHECK(run_with("2000 repetitions", "1999 repetitions").code == 0);
  CHECK_THAT(run_with(">= 0.93", ">= 0.96").out, contains("outputs/passes: expected true"));
  CHECK_THAT(run_with("normal(", "gamma(").out, contains("no problem that the solver knows"));
}

TEST_CASE("a case that stores nothing to compare fails", "[reference]") {
  const TemporaryFolder folder;
  folder.write("a.json", minimal_case("logit_bertrand", R"({"note": "nothing here"})"));
  CHECK_THAT(run_on(folder).out, contains("the case stores nothing to compare"));
}

TEST_CASE("a file that holds no case fails with its name and the reason", "[reference]") {
  const TemporaryFolder folder;
  folder.write("below/broken.json", "{\"schema\": ");
  folder.write("list.json", "[1, 2]");
  folder.write("empty.json", "{\"schema\": \"entente-io-ref/1\"}");
  folder.write("not-a-case.txt", "words");
  const Run ended = run_on(folder);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.out, contains("below/broken.json: [json.exception.parse_error"));
  CHECK_THAT(ended.out, contains("list.json: is no JSON object"));
  CHECK_THAT(ended.out, contains("key 'family' not found"));
  CHECK_THAT(ended.out, contains("0 passed, 3 failed\n"));
}

TEST_CASE("a market without an answer fails with what the engine says", "[reference]") {
  const TemporaryFolder folder;
  std::string text = minimal_case("logit_bertrand", R"({"prices": [1.0]})");
  text.replace(text.find("-1.0"), 4, "+1.0");
  folder.write("a.json", text);
  text.replace(text.find("+1.0"), 4, " 1.0");
  folder.write("b.json", text);
  const Run ended = run_on(folder);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.out, contains("0 passed, 2 failed\n"));
}

TEST_CASE("several folders are run one after the other", "[reference]") {
  const TemporaryFolder one;
  const TemporaryFolder two;
  const std::string text = minimal_case("logit_bertrand", R"({"prices": [2.5671432904097838]})");
  one.write("a.json", text);
  two.write("b/c.json", text);
  const Run ended = run_program({"--cases", one.path().string(), "--cases=" + two.path().string()});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, contains("2 passed, 0 failed\n"));
}

TEST_CASE("a wrong call ends with 2 and says why", "[reference]") {
  const TemporaryFolder folder;
  const auto refusal = [](const std::vector<std::string>& arguments) {
    const Run ended = run_program(arguments);
    CHECK(ended.code == 2);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, contains("usage: tests/reference/run"));
    return ended.err;
  };
  CHECK_THAT(refusal({"--cases", "/no/such/folder"}), contains("there is no folder"));
  CHECK_THAT(refusal({"--cases", folder.path().string()}), contains("no case (*.json)"));
  CHECK_THAT(refusal({"--cases"}), contains("not followed by a folder"));
  CHECK_THAT(refusal({"cases"}), contains("unknown argument 'cases'"));
  CHECK(run_program({"--help"}).code == 0);
}

}  // namespace entente::reference
