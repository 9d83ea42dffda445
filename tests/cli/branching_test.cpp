// `entente run --save-state` and `--from`.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::test;
using Words = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

const std::string baseline = shipped("baseline.toml");
const std::string deal = shipped("microsoft-sk-hynix-memory.toml");
const std::string rules = shipped("export-rules.toml");
const std::string quarter = "2024Q3";

Words words_of(const Words& scenarios, const std::string& folder, const Words& more) {
  Words words = {"run"};
  words.insert(words.end(), scenarios.begin(), scenarios.end());
  for (const char* word : {"--set", "run.quarters=5", "--replications", "3"})
    words.emplace_back(word);
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {"-o", folder});
  return words;
}

Ended run(const TemporaryFolder& place, const Words& scenarios, const std::string& folder,
          const Words& more = {}) {
  auto ended = run_program(place.path(), words_of(scenarios, folder, more));
  UNSCOPED_INFO(ended.err);
  return ended;
}

void must_run(const TemporaryFolder& place, const Words& scenarios, const std::string& folder,
              const Words& more = {}) {
  REQUIRE(run(place, scenarios, folder, more).code == 0);
}

/// Sends the signal once some replications are in the journal; returns how the program ended.
int stop_midway(const TemporaryFolder& place, const Words& words, const std::string& folder,
                int signal) {
  Program program(place.path(), words);
  const auto log = place.path() / ("." + folder + ".entente-journal-wal");
  for (int i = 0; i < 3000 && (!fs::exists(log) || fs::file_size(log) < 500000); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  program.send(signal);
  return program.end().code;
}

nlohmann::json manifest(const TemporaryFolder& place, const std::string& folder) {
  return nlohmann::json::parse(place.read(folder + "/manifest.json"));
}

int branched(const TemporaryFolder& place, const std::string& folder) {
  return manifest(place, folder).at("branched").at("units").get<int>();
}

/// All CSV files of two runs are the same bytes.
void check_same(const TemporaryFolder& place, const std::string& one, const std::string& other) {
  int compared = 0;
  for (const auto& name : place.names(one)) {
    if (!name.ends_with(".csv")) continue;
    INFO(one << " " << name);
    // Too long to print.
    CHECK((place.read(one + "/" + name) == place.read(other + "/" + name)));
    ++compared;
  }
  CHECK(compared > 5);
}

}  // namespace

TEST_CASE("scenarios that branch off a saved state have the bytes of whole runs", "[cli]") {
  const Words sets = GENERATE(
      Words{}, Words{"--set", "run.parameters=drawn"},
      Words{"--set", "population.representation=counts"},
      Words{"--set", "population.representation=agents", "--set", "population.agents=3000"});
  CAPTURE(sets);
  const TemporaryFolder place;
  auto saving = sets;
  saving.insert(saving.end(), {"--save-state", quarter});
  must_run(place, {baseline}, "base", saving);
  CHECK(manifest(place, "base").at("saved_states").at("quarter") == quarter);
  must_run(place, {baseline}, "plain", sets);
  check_same(place, "plain", "base");  // saving changes nothing

  // The header of a database without a log beside it.
  CHECK(place.read("base/state.sqlite").substr(18, 2) == std::string(2, '\1'));

  must_run(place, {deal, rules}, "whole", sets);
  auto branching = sets;
  branching.insert(branching.end(), {"--from", "base"});
  must_run(place, {deal, rules}, "branch", branching);
  for (const std::string name : {"microsoft-sk-hynix-memory", "export-rules"}) {
    check_same(place, "whole/" + name, "branch/" + name);
    CHECK(branched(place, "branch/" + name) == 3);
  }
  CHECK_FALSE(fs::exists(place.path() / "base" / "state.sqlite-wal"));
  CHECK(place.read("whole/export-rules/products.csv") != place.read("plain/products.csv"));
}

TEST_CASE("a branch runs whole what was not saved, and longer than that", "[cli]") {
  const TemporaryFolder place;
  must_run(place, {baseline}, "base", {"--save-state", quarter});
  const Words more = {"--replications", "5", "--set", "run.quarters=7"};
  must_run(place, {deal}, "whole", more);
  auto branching = more;
  branching.insert(branching.end(), {"--from", "base"});
  must_run(place, {deal}, "branch", branching);
  check_same(place, "whole", "branch");
  CHECK(branched(place, "branch") == 3);

  branching.insert(branching.end(), {"--replication", "1"});
  must_run(place, {deal}, "one", branching);
  CHECK(branched(place, "one") == 1);
  CHECK(place.read("whole/products.csv")
            .find(place.read("one/products.csv")
                      .substr(place.read("one/products.csv").find("\n1,"))) != std::string::npos);
}

TEST_CASE("a branch may be branched in its turn", "[cli]") {
  const TemporaryFolder place;
  must_run(place, {baseline}, "base", {"--save-state", quarter});
  must_run(place, {rules}, "rules", {"--from", "base", "--save-state", "2024Q4"});
  must_run(place, {rules}, "again", {"--from", "rules"});
  must_run(place, {rules}, "whole");
  check_same(place, "whole", "again");
  CHECK(branched(place, "again") == 3);
}

TEST_CASE("a run of open length branches too", "[cli]") {
  const TemporaryFolder place;
  const Words open = {"--replications", "auto", "--precision", "50%"};
  auto saving = open;
  saving.insert(saving.end(), {"--save-state", quarter});
  must_run(place, {baseline}, "base", saving);
  auto branching = open;
  branching.insert(branching.end(), {"--from", "base"});
  must_run(place, {deal}, "branch", branching);
  must_run(place, {deal}, "whole", open);
  check_same(place, "whole", "branch");
  CHECK(branched(place, "branch") == manifest(place, "branch").at("replications").get<int>());
}

TEST_CASE("an interrupted run that saves states goes on with them", "[cli]") {
  const TemporaryFolder place;
  must_run(place, {baseline}, "base");
  const Words more = {"--save-state", quarter, "--replications", "60",
                      "--threads",    "1",     "--set",          "run.parameters=fixed"};
  REQUIRE(stop_midway(place, words_of({baseline}, "base", more), "base", SIGKILL) == -SIGKILL);

  // It goes on though the folder has other results, finished earlier, that it is to replace.
  // What it finished has no states of another quarter.
  auto other = more;
  other[1] = "2024Q2";
  other.emplace_back("--resume");
  CHECK(run(place, {baseline}, "base", other).code == 2);
  auto resumed = more;
  resumed.emplace_back("--resume");
  must_run(place, {baseline}, "base", resumed);
  CHECK(manifest(place, "base").at("units_reused").get<int>() > 0);
  const Words all = {"--replications", "60", "--set", "run.parameters=fixed"};
  must_run(place, {deal}, "whole", all);
  auto branching = all;
  branching.insert(branching.end(), {"--from", "base"});
  must_run(place, {deal}, "branch", branching);
  check_same(place, "whole", "branch");
  CHECK(branched(place, "branch") == 60);
}

TEST_CASE("an interrupted branch goes on and counts all that branched", "[cli]") {
  const TemporaryFolder place;
  const Words more = {"--replications", "60", "--threads", "1", "--set", "run.parameters=fixed"};
  auto saving = more;
  saving.insert(saving.end(), {"--save-state", quarter});
  must_run(place, {baseline}, "base", saving);
  auto branching = more;
  branching.insert(branching.end(), {"--from", "base"});
  REQUIRE(stop_midway(place, words_of({deal}, "branch", branching), "branch", SIGTERM) == 130);
  branching.emplace_back("--resume");
  must_run(place, {deal}, "branch", branching);
  CHECK(manifest(place, "branch").at("units_reused").get<int>() > 0);
  CHECK(branched(place, "branch") == 60);
  must_run(place, {deal}, "whole", more);
  check_same(place, "whole", "branch");
}

TEST_CASE("states go when their results are replaced", "[cli]") {
  const TemporaryFolder place;
  must_run(place, {baseline}, "base", {"--save-state", quarter});
  CHECK(fs::exists(place.path() / "base" / "state.sqlite"));
  must_run(place, {baseline}, "base");
  CHECK_FALSE(fs::exists(place.path() / "base" / "state.sqlite"));
  const auto ended = run(place, {deal}, "branch", {"--from", "base"});
  CHECK(ended.code == 2);
  CHECK_THAT(ended.err, contains("without saved states"));
}

TEST_CASE("a scenario of another history is refused before anything runs", "[cli]") {
  const TemporaryFolder place;
  must_run(place, {baseline}, "base", {"--save-state", quarter});
  const auto refused = [&](const Words& more, const std::string& scenario = deal) {
    const auto ended = run(place, {scenario}, "branch", more);
    CHECK(ended.code == 2);
    CHECK_FALSE(fs::exists(place.path() / "branch"));
    return ended.err;
  };
  const auto differs = refused(
      {"--from", "base", "--seed", "9", "--set", "partnership.ms-sk-hynix-memory.start=2024Q2"});
  CHECK_THAT(differs, contains("run.seed") && contains("partnership.ms-sk-hynix-memory") &&
                          contains("2 faults"));
  CHECK_THAT(refused({"--from", "nowhere", "--save-state", "soon"}),
             contains("nowhere: error: has no results") && contains("--save-state: error"));
  CHECK_THAT(refused({"--from", "base", "--set", "run.quarters=2"}, baseline),
             contains("run.quarters") && contains("3 or more"));
  CHECK_THAT(refused({"--save-state", "2024Q1"}),
             contains("--save-state") && contains("2024Q2 to 2025Q1"));
  CHECK_THAT(refused({"--save-state", "2025Q2"}), contains("2024Q2 to 2025Q1"));
  CHECK_THAT(refused({"--save-state", "soon"}), contains("2024Q2 to 2025Q1"));
  CHECK_THAT(refused({"--from", "base", "--save-state", "2024Q2"}), contains("2024Q3 or later"));

  const auto own = run(place, {deal}, "base", {"--from", "base"});
  CHECK(own.code == 2);
  CHECK_THAT(own.err, contains("would replace"));
  CHECK(fs::exists(place.path() / "base" / "state.sqlite"));
}

TEST_CASE("damaged states are told and give no results", "[cli]") {
  const TemporaryFolder place;
  must_run(place, {baseline}, "base", {"--save-state", quarter});
  const auto file = place.path() / "base" / "state.sqlite";
  const auto size = fs::file_size(file);
  fs::resize_file(file, size / 2);
  const auto ended = run(place, {deal}, "branch", {"--from", "base"});
  CHECK(ended.code != 0);
  CHECK_THAT(ended.err, contains("state.sqlite"));
  CHECK_FALSE(fs::exists(place.path() / "branch" / "manifest.json"));
}
