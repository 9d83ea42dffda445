#include <filesystem>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::test;
using Words = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

const std::string baseline = shipped("baseline.toml");
const std::string scenarios = fs::path(baseline).parent_path().string();

}  // namespace

TEST_CASE("the command line is told what to type instead", "[cli]") {
  const TemporaryFolder place;
  CHECK(run_program(place.path(), {"--help"}).code == 0);
  CHECK(run_program(place.path(), {"--version"}).out.starts_with("entente "));
  CHECK(run_program(place.path(), {}).code == 2);
  const auto unknown = run_program(place.path(), {"chekc", baseline});
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, contains("did you mean 'check'?"));
  const auto absent = run_program(place.path(), {"run", "absent.toml"});
  CHECK(absent.code == 2);
  CHECK_THAT(absent.err, contains("absent.toml"));
  CHECK(place.names().empty());
}

TEST_CASE("a new scenario passes check, runs, and is never written over", "[cli]") {
  const TemporaryFolder place;
  const auto made = run_program(place.path(), {"new", "deals/mine.toml", "--scenarios", scenarios});
  INFO(made.err);
  REQUIRE(made.code == 0);
  const auto checked =
      run_program(place.path(), {"check", "deals/mine.toml", "--scenarios", scenarios});
  CHECK(checked.code == 0);
  CHECK_THAT(checked.out, contains("deals/mine.toml: ok: "));
  const auto text = place.read("deals/mine.toml");
  CHECK(run_program(place.path(), {"new", "deals/mine.toml", "--scenarios", scenarios}).code == 2);
  CHECK(place.read("deals/mine.toml") == text);
  CHECK(run_program(place.path(), {"new", "other.toml", "--extends", "absent.toml"}).code == 2);
  CHECK_FALSE(fs::exists(place.path() / "other.toml"));
}

TEST_CASE("the deal of a new scenario moves profits once it is switched on", "[cli]") {
  const TemporaryFolder place;
  REQUIRE(run_program(place.path(), {"new", "mine.toml", "--scenarios", scenarios}).code == 0);
  std::string text = place.read("mine.toml");
  const auto begin = text.find("# [[partnership]]");
  const auto end = text.find("# An inherited entry");
  REQUIRE(begin < end);
  std::string deal = text.substr(begin, end - begin);
  for (auto mark = deal.find("# "); mark != std::string::npos; mark = deal.find("\n# ")) {
    deal.erase(deal[mark] == '\n' ? mark + 1 : mark, 2);
  }
  text.replace(begin, end - begin, deal);
  place.write("mine.toml", text);
  const auto profits = [&](const std::string& folder, const std::string& probability) {
    const auto ended =
        run_program(place.path(), {"run", "mine.toml", "--scenarios", scenarios, "--set",
                                   "run.quarters=4", "--replications", "1", "--set",
                                   "partnership.my-deal.probability=" + probability, "-o", folder});
    INFO(ended.err);
    REQUIRE(ended.code == 0);
    return place.read(folder + "/firms.csv");
  };
  CHECK((profits("with", "1") != profits("without", "0")));  // too long to print
}

TEST_CASE("check reports the faults of all files", "[cli]") {
  const TemporaryFolder place;
  place.write("one.toml", "extends = \"baseline.toml\"\ntitel = \"One\"\n");
  place.write("two.toml", "extends = \"baseline.toml\"\n[run]\nquarters = -1\n");
  const auto ended =
      run_program(place.path(), {"check", "one.toml", "two.toml", "--scenarios", scenarios});
  CHECK(ended.code == 2);
  CHECK(ended.out.empty());
  CHECK_THAT(ended.err, contains("one.toml:2:1: error:") && contains("two.toml:3:") &&
                            contains("run.quarters"));
  const auto set = run_program(place.path(), {"check", baseline, "--set", "run.seed=soon"});
  CHECK(set.code == 2);
  CHECK_THAT(set.err, contains("--set") && contains("run.seed"));
}

TEST_CASE("check shows the loop gain, warns of a large one and refuses one that feeds itself",
          "[cli]") {
  const TemporaryFolder place;
  const auto with_return = [&](const std::string& compute_return) {
    return run_program(place.path(), {"check", baseline, "--set",
                                      "market.assistants.compute_return=" + compute_return});
  };
  const std::string said = "loop gain of market 'assistants'";
  const auto usual = run_program(place.path(), {"check", baseline});
  CHECK(usual.code == 0);
  CHECK_THAT(usual.out, contains(said) && contains(": 0.0938"));
  CHECK_THAT(usual.err, !contains("warning"));
  CHECK(run_program(place.path(), {"check", baseline, "--quiet"}).out.empty());
  const auto large = with_return("1");
  CHECK(large.code == 0);
  CHECK_THAT(large.out, contains(said));
  CHECK_THAT(large.err, !contains("warning"));
  const auto doubtful =
      run_program(place.path(), {"check", baseline, "--set", "market.assistants.compute_return=1",
                                 "--set", "market.assistants.network=0.5"});
  CHECK(doubtful.code == 0);
  CHECK_THAT(doubtful.err, contains("warning: " + said) && contains("above 0.5"));
  const auto runaway =
      run_program(place.path(), {"check", baseline, "--set", "market.assistants.compute_return=1",
                                 "--set", "market.assistants.network=0.8"});
  CHECK(runaway.code == 2);
  CHECK_THAT(runaway.err, contains("would feed itself"));
}

TEST_CASE("list shows scenarios with their titles", "[cli]") {
  const TemporaryFolder place;
  place.write("mine/deal.toml", "extends = \"baseline.toml\"\ntitle = \"A deal of mine\"\n");
  const auto own = run_program(place.path(), {"list", "mine", "--scenarios", scenarios});
  CHECK(own.code == 0);
  CHECK_THAT(own.out, contains("mine/deal.toml") && contains("A deal of mine"));
  CHECK_THAT(run_program(place.path(), {"list", "--scenarios", scenarios}).out,
             contains("baseline.toml"));
  CHECK(run_program(place.path(), {"list", "absent"}).code == 2);
}

TEST_CASE("explain tells a key, its value and where it was set", "[cli]") {
  const TemporaryFolder place;
  const auto declared = run_program(place.path(), {"explain", "run.quarters"});
  CHECK(declared.code == 0);
  CHECK_THAT(declared.out, contains("run.quarters"));
  const auto set = run_program(place.path(), {"explain", baseline, "run.seed", "--seed", "5"});
  CHECK_THAT(set.out, contains("run.seed = 5   (--set)"));
  place.write("mine.toml", "extends = \"baseline.toml\"\n\n[run]\nquarters = 3\n");
  CHECK_THAT(
      run_program(place.path(), {"explain", "mine.toml", "run.quarters", "--scenarios", scenarios})
          .out,
      contains("run.quarters = 3   (mine.toml:4)"));
  CHECK(run_program(place.path(), {"explain", baseline}).code == 0);
  const auto unknown = run_program(place.path(), {"explain", "run.quartes"});
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, contains("did you mean 'run.quarters'?"));
}

TEST_CASE("schema goes to standard output or to a file", "[cli]") {
  const TemporaryFolder place;
  const auto printed = run_program(place.path(), {"schema"});
  CHECK(printed.code == 0);
  CHECK(printed.out.starts_with("{"));
  CHECK(run_program(place.path(), {"schema", "-o", "schema.json"}).code == 0);
  CHECK((place.read("schema.json") == printed.out));
}

TEST_CASE("document writes the pages of a checkout and tells which are stale", "[cli]") {
  const TemporaryFolder place;
  fs::create_directories(place.path() / "checkout/scenarios");
  fs::create_directories(place.path() / "checkout/results");
  fs::copy(baseline, place.path() / "checkout/scenarios");
  CHECK(run_program(place.path(), {"document", "checkout", "--check"}).code == 1);
  CHECK(run_program(place.path(), {"document", "checkout"}).code == 0);
  CHECK(run_program(place.path(), {"document", "checkout", "--check"}).code == 0);
  CHECK_THAT(place.read("checkout/results/README.md"), contains("## `summary.csv`"));
  place.write("checkout/results/README.md", "# Results\n");
  const auto stale = run_program(place.path(), {"document", "checkout", "--check"});
  CHECK(stale.code == 1);
  CHECK_THAT(stale.err, contains("results/README.md:1: is stale"));
}
