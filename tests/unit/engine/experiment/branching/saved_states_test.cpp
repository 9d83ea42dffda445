#include "engine/experiment/branching/saved_states.hpp"

#include <cstring>

#include "engine/experiment/ensemble/result_store.hpp"
#include "engine/output/file_writer.hpp"
#include "engine/output/manifest.hpp"
#include "engine/simulation/saved_world.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using experiment::Branch;
using experiment::SavedRun;
using test::contains;
using test::TemporaryFolder;

namespace {

constexpr int quarters = 7;
constexpr int saved_quarter = 4;
const std::vector<std::string> sets = {"run.quarters=7"};

std::string deal(const std::string& id, const std::string& start) {
  return "[[partnership]]\nid = \"" + id +
         "\"\nparties = [\"alpha\", \"beta\"]\nkind = \"supply\"\nstart = \"" + start +
         "\"\neffect = [{ type = \"cost\", product = \"gadget-alpha\", change = -0.1 }]\n";
}

/// Deals of the saved run, one of which the branch does not have; its own stand before and between.
std::string saved_text() {
  return deal("middle", "2024Q2") + deal("other", "2025Q2");
}
std::string branch_text() {
  return deal("first", "2025Q1") + deal("middle", "2024Q2") + deal("next", "2025Q2");
}

output::Manifest manifest_of(const scenario::Scenario& scenario) {
  output::Manifest manifest;
  manifest.version = "1.0";
  manifest.scenario_text = scenario.canonical_text();
  manifest.seed = 1;
  manifest.replications = {0, 2};
  manifest.saved_quarter = "2025Q1";
  return manifest;
}

/// Results of replications 0 and 2, with states, in the folder; of 5 that failed and 6 without.
void save_run(const TemporaryFolder& place) {
  const auto read = test::read_small(saved_text(), sets);
  const auto start = test::build_small(saved_text(), sets);
  const auto manifest = manifest_of(*read.scenario);
  place.write("manifest.json", output::to_json(manifest));
  output::Journal journal(place.path() / experiment::state_file_name,
                          output::journal_identity(manifest));
  for (const std::uint64_t replication : {0, 2, 6}) {
    output::JournalEntry entry;
    entry.unit = replication;
    auto world = start;
    output::Results results;
    simulation::advance(world, replication, saved_quarter, results);
    if (replication != 6) entry.state = simulation::save_world(world);
    simulation::advance(world, replication, quarters, results);
    entry.values = experiment::join_tables(results);
    journal.add(entry);
  }
  journal.add({5, "no root", 0, {}});
  journal.close_log();
}

scenario::Faults open_faults(const TemporaryFolder& place, const std::string& version = "1.0") {
  scenario::Faults faults;
  const auto run = SavedRun::open(place.path(), version, test::plain_models(), faults);
  CHECK(run.has_value() == faults.empty());
  return faults;
}

bool same_bits(const output::Results& one, const output::Results& other) {
  const auto a = experiment::join_tables(one);
  const auto b = experiment::join_tables(other);
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

}  // namespace

TEST_CASE("a branch has the results of its whole run, whatever deals it adds or lacks", "[unit]") {
  const TemporaryFolder place;
  save_run(place);
  scenario::Faults faults;
  const auto saved = SavedRun::open(place.path(), "1.0", test::plain_models(), faults);
  INFO(test::to_text(faults));
  REQUIRE(saved);
  CHECK(saved->quarter() == scenario::parse_quarter("2025Q1"));

  const auto start = test::build_small(branch_text(), sets);
  const Branch branch(*saved, start);
  for (const std::uint64_t replication : {0, 2}) {
    auto world = start;
    output::Results results;
    REQUIRE(branch.recall(replication, 0, world, results));
    CHECK(world.quarter == saved_quarter);
    CHECK(same_bits(results, simulation::simulate(start, replication, saved_quarter)));
    simulation::advance(world, replication, quarters, results);
    CHECK(same_bits(results, simulation::simulate(start, replication, quarters)));
  }
}

TEST_CASE("replications that cannot go on from a state start at the start", "[unit]") {
  const TemporaryFolder place;
  save_run(place);
  scenario::Faults faults;
  const auto saved = SavedRun::open(place.path(), "1.0", test::plain_models(), faults);
  REQUIRE(saved);
  const auto start = test::build_small(branch_text(), sets);
  const Branch branch(*saved, start);
  auto world = start;
  output::Results results;
  CHECK_FALSE(branch.recall(1, 0, world, results));  // was not run
  CHECK_FALSE(branch.recall(5, 0, world, results));  // failed
  CHECK_FALSE(branch.recall(6, 0, world, results));  // kept no state
  CHECK_FALSE(branch.recall(2, 1, world, results));  // drew other parameters
  CHECK(world.quarter == 0);
  CHECK(results.tables.empty());
}

TEST_CASE("what is no saved run of this program says so", "[unit]") {
  const TemporaryFolder place;
  auto faults = open_faults(place);
  REQUIRE(faults.size() == 1);
  CHECK_THAT(faults[0].message, contains("no results"));
  CHECK_THAT(faults[0].hint, contains("--save-state"));

  save_run(place);
  CHECK(open_faults(place).empty());
  CHECK_THAT(open_faults(place, "2.0").at(0).message, contains("version 1.0, and this is 2.0"));

  auto manifest = manifest_of(*test::read_small(saved_text(), sets).scenario);
  manifest.saved_quarter.clear();
  place.write("manifest.json", output::to_json(manifest));
  CHECK_THAT(open_faults(place).at(0).message, contains("without saved states"));

  manifest.saved_quarter = "2025Q1";
  manifest.seed = 2;
  place.write("manifest.json", output::to_json(manifest));
  CHECK_THAT(open_faults(place).at(0).message, contains("is not of the run"));

  place.write(experiment::state_file_name, "no database at all, however long it goes on and on");
  CHECK_THAT(open_faults(place).at(0).message, contains("missing, damaged"));
  scenario::Faults file;
  CHECK_FALSE(SavedRun::open(place.path() / experiment::state_file_name, "1.0",
                             test::plain_models(), file));
  CHECK_THAT(file.at(0).message, contains("is a file"));
}
