#include "engine/cli/compare_runs.hpp"

#include <sstream>

#include "engine/cli/command_line.hpp"
#include "engine/output/csv_reader.hpp"
#include "engine/simulation/state/simulation_failure.hpp"
#include "models/all.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente;
using entente::test::contains;
using entente::test::TemporaryFolder;
using Words = std::vector<std::string>;

namespace {

constexpr int quarters = 3;

/// Another's dynamics that cannot go on in some replications.
class Fragile : public simulation::Dynamics {
 public:
  using Fails = std::function<bool(std::uint64_t replication)>;
  Fragile(std::shared_ptr<const Dynamics> whole, Fails fails)
      : whole_(std::move(whole)), fails_(std::move(fails)) {}

  void initialise(simulation::World& world) const override { whole_->initialise(world); }
  void expect(const simulation::World& world, simulation::Quarter& quarter) const override {
    whole_->expect(world, quarter);
  }
  void invest(const simulation::World& world, const simulation::Quarter& quarter,
              const population::Draws& draws, simulation::World& next) const override {
    if (fails_(draws.replication)) throw simulation::SimulationFailure("no investment");
    whole_->invest(world, quarter, draws, next);
  }

 private:
  std::shared_ptr<const Dynamics> whole_;
  Fails fails_;
};

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
};

/// Types a command where replications fail.
Answer type(Words words, const Fragile::Fails& fails) {
  auto models = models::all();
  auto& bind = models.back().bind;
  bind = [bind, fails](const auto& scenario, const auto& economy, std::size_t own,
                       auto& faults) -> std::shared_ptr<const simulation::Dynamics> {
    return std::make_shared<Fragile>(bind(scenario, economy, own, faults), fails);
  };
  words.insert(words.end(), {"--set", "run.quarters=" + std::to_string(quarters), "--replications",
                             "6", "--threads", "2"});
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::run_command_line(words, models, {out, err, false, false, false});
  return {code, out.str(), err.str()};
}

const std::string scenario_file = std::string(ENTENTE_SOURCE_DIR) + "/scenarios/baseline.toml";

}  // namespace

TEST_CASE("failed replications are told, listed and in no figure of a comparison", "[unit]") {
  const TemporaryFolder place;
  const auto folder = (place.path() / "seen").string();
  const auto answer =
      type({"compare", scenario_file, scenario_file, "-o", folder, "--all", "--fail-on", "any"},
           [](std::uint64_t replication) { return replication % 3 == 1; });
  CHECK(answer.code == 1);  // more than the 3 that was asked for
  CHECK_THAT(answer.err, contains("4 replications, paired by shared draws"));
  CHECK_THAT(answer.err, contains("4 replications failed and are in no figure"));
  CHECK_THAT(answer.err, contains("  replication 1: " + scenario_file + ": no investment"));
  const auto csv = output::read_csv(answer.out);
  REQUIRE(csv.records.size() > 1000);
  std::size_t whole = 0;
  for (std::size_t row = 1; row < csv.records.size(); ++row) {
    const auto& cells = csv.records[row].fields;  // of which 7 and 8 count replications
    if (cells[7] == "4" && cells[8] == "4") ++whole;
    REQUIRE((cells[7] <= "4" && cells[8] <= "4"));
    // What is held at the end of each quarter does not add up.
    REQUIRE_FALSE((cells[3] == "total" && cells[5] == "stock_value_usd_bn"));
  }
  CHECK(whole > 1000);
  CHECK(place.read("seen/comparison.csv") == answer.out);
  CHECK_THAT(place.read("seen/manifest.json"), contains(": no investment\""));
  CHECK(place.names() == Words{"seen"});
}

TEST_CASE("where all replications of a scenario fail there is no comparison", "[unit]") {
  const TemporaryFolder place;
  const auto answer =
      type({"compare", scenario_file, scenario_file, "-o", (place.path() / "deep/seen").string()},
           [](std::uint64_t /*replication*/) { return true; });
  CHECK(answer.code == 1);
  CHECK(answer.out.empty());
  CHECK_THAT(answer.err, contains("6 of 6 replications failed; no results were written"));
  CHECK(place.names().empty());
}

TEST_CASE("pairs of a run and a scenario need both", "[unit]") {
  const TemporaryFolder place;
  const auto run = (place.path() / "run").string();
  const auto ran = type({"run", scenario_file, "-o", run},
                        [](std::uint64_t replication) { return replication == 0; });
  CHECK(ran.code == 1);
  CHECK_THAT(ran.err, contains("1 of 6 replications failed"));
  const auto answer = type({"compare", run, scenario_file, "-o", (place.path() / "seen").string(),
                            "--all", "--fail-on", "any"},
                           [](std::uint64_t replication) { return replication == 5; });
  CHECK(answer.code == 1);
  CHECK_THAT(answer.err, contains("4 replications, paired by shared draws"));
  CHECK_THAT(answer.out, !contains("significant") && !contains("noise"));
}
