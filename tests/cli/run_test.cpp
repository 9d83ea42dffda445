#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::test;
using Words = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

const std::string baseline = shipped("baseline.toml");

// A run small enough to be repeated often.
Words small_run(const std::string& folder, const Words& more = {}) {
  Words words = {"run", baseline, "--set", "run.quarters=3", "--replications", "4", "-o", folder};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> csvs(const TemporaryFolder& place, const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& name : place.names(folder)) {
    if (name.ends_with(".csv")) names.push_back(name);
  }
  return names;
}

void check_same(const TemporaryFolder& place, const std::string& one, const std::string& other) {
  REQUIRE_FALSE(csvs(place, one).empty());
  REQUIRE(csvs(place, one) == csvs(place, other));
  const auto content = [&](std::string folder, const std::string& name) {
    return place.read(folder.append("/").append(name));
  };
  for (const auto& name : csvs(place, one)) {
    INFO(name);
    CHECK((content(one, name) == content(other, name)));  // too long to print
  }
}

// The header and the lines of one replication.
std::string lines_of_replication(const std::string& csv, int replication) {
  std::istringstream stream(csv);
  std::string line;
  std::getline(stream, line);
  std::string kept = line + '\n';
  const auto start = std::to_string(replication) + ",";
  while (std::getline(stream, line)) {
    if (line.starts_with(start)) kept += line + '\n';
  }
  return kept;
}

}  // namespace

TEST_CASE("run writes its CSVs, twice the same bytes, for any threads", "[cli]") {
  const TemporaryFolder place;
  const auto first = run_program(place.path(), small_run("one", {"--threads", "1"}));
  INFO(first.err);
  REQUIRE(first.code == 0);
  CHECK(first.out == "one\n");
  CHECK_THAT(first.err, contains("Results: one"));
  for (const auto& name : {"products", "markets", "partnerships", "summary"}) {
    CHECK(fs::exists(place.path() / "one" / (std::string(name) + ".csv")));
  }
  CHECK(run_program(place.path(), small_run("two", {"--threads", "1"})).code == 0);
  CHECK(run_program(place.path(), small_run("three", {"--threads", "2"})).code == 0);
  check_same(place, "one", "two");
  check_same(place, "one", "three");
  CHECK(place.names() == Words{"one", "three", "two"});
}

TEST_CASE("a thousand million counted consumers are the same for any threads", "[cli]") {
  const TemporaryFolder place;
  const auto run = [&](const std::string& folder, const std::string& threads) {
    const auto done = run_program(
        place.path(), {"run", shipped("ms-ceo-summit-2024.toml"), "--set", "run.quarters=6",
                       "--replications", "5", "--set", "population.representation=counts", "--set",
                       "population.agents=1000000000", "--threads", threads, "-o", folder});
    INFO(done.err);
    REQUIRE(done.code == 0);
  };
  run("one", "1");
  run("two", "2");
  check_same(place, "one", "two");
}

TEST_CASE("one replication alone has the bytes it has in the batch", "[cli]") {
  const TemporaryFolder place;
  REQUIRE(run_program(place.path(), small_run("batch")).code == 0);
  REQUIRE(run_program(place.path(), small_run("alone", {"--replication", "2"})).code == 0);
  for (const auto& name : csvs(place, "batch")) {
    if (name == "summary.csv") continue;
    INFO(name);
    CHECK((place.read("alone/" + name) == lines_of_replication(place.read("batch/" + name), 2)));
  }
  const auto beyond = run_program(place.path(), small_run("none", {"--replication", "4"}));
  CHECK(beyond.code == 2);
  CHECK_THAT(beyond.err, contains("count from 0 to 3"));
}

TEST_CASE("replications draw their parameters, and fixed ones do not differ", "[cli]") {
  const TemporaryFolder place;
  const Words market = {"--set", "run.quarters=3", "--set", "run.shocks=off", "--replications", "4",
                        "-o"};
  place.write("small.toml",
              "extends = \"baseline.toml\"\n[[market]]\nid = \"cloud\"\n"
              "growth = { value = 0.05, low = 0.01, high = 0.09 }\n");
  const auto run = [&](const std::string& folder, const std::string& parameters) {
    Words words = {"run",         "small.toml",
                   "--scenarios", fs::path(baseline).parent_path().string(),
                   "--set",       "run.parameters=" + parameters};
    words.insert(words.end(), market.begin(), market.end());
    words.push_back(folder);
    const auto ended = run_program(place.path(), words);
    INFO(ended.err);
    REQUIRE(ended.code == 0);
    std::istringstream summary(place.read(folder + "/summary.csv"));
    std::string line;
    while (std::getline(summary, line) &&
           !line.starts_with("markets,2024Q3,cloud/revenue,revenue_usd_bn"))
      continue;
    std::istringstream cells(line);
    std::vector<std::string> values;
    for (std::string cell; std::getline(cells, cell, ',');)
      values.push_back(cell);
    REQUIRE(values.size() == 10);
    return values;
  };
  const auto drawn = run("drawn", "drawn");
  const auto spread = [](const Words& row) {  // from the 10% to the 90% quantile
    return std::stod(row[9]) - std::stod(row[7]);
  };
  CHECK(spread(drawn) > 1.0);
  const auto fixed = run("fixed", "fixed");
  CHECK(spread(fixed) < 0.01);  // only the firms' luck
  CHECK_THAT(place.read("drawn/manifest.json"),
             contains("\"parameters\": \"drawn\"") && contains("\"parameter_redraws\": "));
  CHECK_THAT(place.read("fixed/manifest.json"), contains("\"parameters\": \"fixed\""));
}

TEST_CASE("the option --seed is the same as --set run.seed and another seed is another run",
          "[cli]") {
  const TemporaryFolder place;
  REQUIRE(run_program(place.path(), small_run("option", {"--seed", "7"})).code == 0);
  REQUIRE(run_program(place.path(), small_run("set", {"--set", "run.seed=7"})).code == 0);
  check_same(place, "option", "set");
  CHECK_THAT(place.read("option/manifest.json"), contains("\"seed\": 7,"));
}

TEST_CASE("quiet says nothing and the folder is still given to a pipe", "[cli]") {
  const TemporaryFolder place;
  const auto ended = run_program(place.path(), small_run("deep/er", {"--quiet"}));
  CHECK(ended.code == 0);
  CHECK(ended.err.empty());
  CHECK(ended.out == "deep/er\n");
}

TEST_CASE("results go to results/<scenario> by default, several to one folder each", "[cli]") {
  const TemporaryFolder place;
  place.write("alpha.toml", "extends = \"baseline.toml\"\ntitle = \"Alpha\"\n");
  place.write("beta.toml", "extends = \"baseline.toml\"\ntitle = \"Beta\"\n");
  const Words size = {"--set", "run.quarters=2", "--replications",
                      "2",     "--scenarios",    fs::path(baseline).parent_path().string()};
  Words one = {"run", "alpha.toml"};
  one.insert(one.end(), size.begin(), size.end());
  CHECK(run_program(place.path(), one).code == 0);
  CHECK(fs::exists(place.path() / "results/alpha/manifest.json"));
  Words both = {"run", "alpha.toml", "beta.toml", "-o", "out"};
  both.insert(both.end(), size.begin(), size.end());
  CHECK(run_program(place.path(), both).out == "out/alpha\nout/beta\n");
  CHECK(place.names("out") == Words{"alpha", "beta"});

  // A fault in the second keeps the first from running.
  place.write("beta.toml", "extends = \"baseline.toml\"\ntitel = \"Beta\"\n");
  both[4] = "other";
  const auto faulty = run_program(place.path(), both);
  CHECK(faulty.code == 2);
  CHECK_THAT(faulty.err, contains("beta.toml:2:1: error:") && contains("title"));
  CHECK_FALSE(fs::exists(place.path() / "other"));
}

TEST_CASE("run replaces its own results and refuses other folders", "[cli]") {
  const TemporaryFolder place;
  REQUIRE(run_program(place.path(), small_run("own")).code == 0);
  place.write("own/notes.txt", "mine");
  CHECK(run_program(place.path(), small_run("own", {"--seed", "9"})).code == 0);
  CHECK(place.read("own/notes.txt") == "mine");
  CHECK_THAT(place.read("own/manifest.json"), contains("\"seed\": 9,"));

  place.write("foreign/thesis.txt", "mine");
  const auto refused = run_program(place.path(), small_run("foreign"));
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, contains("did not write"));
  CHECK(place.names("foreign") == Words{"thesis.txt"});
  CHECK(run_program(place.path(), small_run("foreign/thesis.txt")).code == 2);
  CHECK(run_program(place.path(), small_run(".")).code == 2);
  CHECK(run_program(place.path(), small_run("/dev/null/entente/run")).code == 2);
}

TEST_CASE("a run that needs more disk than there is says how much", "[cli]") {
  const TemporaryFolder place;
  const auto ended = run_program(place.path(), {"run", baseline, "--set", "run.quarters=400",
                                                "--replications", "1000000", "-o", "huge"});
  CHECK(ended.code == 2);
  CHECK_THAT(ended.err, contains("iB of disk"));
  CHECK(place.names().empty());
}

TEST_CASE("an interrupted run ends with 130 and leaves its journal alone", "[cli]") {
  const TemporaryFolder place;
  const int signal = GENERATE(SIGINT, SIGTERM);
  Program program(place.path(),
                  {"run", baseline, "--replications", "5000", "--threads", "1", "-o", "deep/run"});
  const auto working = place.path() / "deep/.run.entente-partial";
  for (int i = 0; i < 3000 && !fs::exists(working); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(fs::exists(working));

  const auto second = run_program(place.path(), small_run("deep/run"));
  CHECK(second.code == 2);
  CHECK_THAT(second.err, contains("another entente is writing here"));

  const auto journal = place.path() / "deep/.run.entente-journal";
  for (int i = 0; i < 3000 && !fs::exists(journal); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  program.send(signal);
  const auto ended = program.end();
  CHECK(ended.code == 130);
  CHECK_THAT(ended.err, contains("interrupted"));
  CHECK_THAT(ended.err, contains("--resume"));
  CHECK(place.names() == Words{"deep"});
  CHECK(place.names("deep") == Words{".run.entente-journal"});
  // A run that does not go on from it removes it.
  CHECK(run_program(place.path(), small_run("deep/run")).code == 0);
  CHECK(place.names("deep") == Words{"run"});
}

TEST_CASE("what a killed run left does not keep the next from running", "[cli]") {
  const TemporaryFolder place;
  REQUIRE(run_program(place.path(), small_run("run")).code == 0);
  Program program(place.path(),
                  {"run", baseline, "--replications", "5000", "--threads", "1", "-o", "run"});
  const auto working = place.path() / ".run.entente-partial";
  for (int i = 0; i < 3000 && !fs::exists(working); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  program.send(SIGKILL);
  CHECK(program.end().code == -SIGKILL);
  CHECK_THAT(place.read("run/manifest.json"), contains("\"replications\": 4,"));
  CHECK(run_program(place.path(), small_run("run", {"--seed", "3"})).code == 0);
  CHECK(place.names() == Words{"run"});
  CHECK_THAT(place.read("run/manifest.json"), contains("\"seed\": 3,"));
}

TEST_CASE("a run killed at fifty random moments goes on to the same bytes", "[cli]") {
#ifdef __SANITIZE_ADDRESS__
  constexpr int enough = 5;  // each takes ten times as long
#else
  constexpr int enough = 50;
#endif
  constexpr int in_a_row = 3;
  const TemporaryFolder place;
  const auto words = [](const std::string& folder, const Words& more) {
    Words all = {"run", baseline, "--set", "run.quarters=3", "--replications", "24", "--threads",
                 "2",   "-o",     folder};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(run_program(place.path(), words("whole", {})).code == 0);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  std::mt19937 random(7);
  int kills = 0;
  while (kills < enough) {
    for (int attempt = 0; attempt < in_a_row; ++attempt) {
      Program program(place.path(), words("run", {"--resume"}));
      std::this_thread::sleep_for(whole * (static_cast<double>(random() % 1000U) / 1000.0));
      program.send(SIGKILL);
      if (program.end().code == 0) break;
      ++kills;
    }
    REQUIRE(run_program(place.path(), words("run", {"--resume"})).code == 0);
    check_same(place, "whole", "run");
    REQUIRE(place.names() == Words{"run", "whole"});
    fs::remove_all(place.path() / "run");
  }
}

TEST_CASE("a finished run is left as it is, and no other is taken for it", "[cli]") {
  const TemporaryFolder place;
  REQUIRE(run_program(place.path(), small_run("run")).code == 0);
  const auto again = run_program(place.path(), small_run("run", {"--resume"}));
  CHECK(again.code == 0);
  CHECK_THAT(again.err, contains("Finished already"));
  const auto other = run_program(place.path(), small_run("run", {"--resume", "--seed", "9"}));
  CHECK(other.code == 2);
  CHECK_THAT(other.err, contains("another scenario, seed or version"));
}

TEST_CASE("the resolved scenario in a manifest can be run again", "[cli]") {
  const TemporaryFolder place;
  const auto run = [&](const std::string& scenario, const std::string& folder) {
    const auto ended =
        run_program(place.path(), {"run", scenario, "--set", "run.quarters=5", "--replications",
                                   "3", "--set", "run.parameters=drawn", "-o", folder});
    INFO(ended.err);
    REQUIRE(ended.code == 0);
  };
  for (const char* name : {"ms-ceo-summit-2024.toml", "export-rules.toml"}) {
    run(shipped(name), "first");
    const auto manifest = nlohmann::json::parse(place.read("first/manifest.json"));
    place.write("resolved.toml", manifest.at("scenario").at("resolved").get<std::string>());
    run("resolved.toml", "again");
    check_same(place, "first", "again");
    const auto other = nlohmann::json::parse(place.read("again/manifest.json"));
    CHECK(other.at("scenario").at("hash") == manifest.at("scenario").at("hash"));
  }
}

TEST_CASE("a manifest says how many replications were there before", "[cli]") {
  const TemporaryFolder place;
  Program program(place.path(), {"run", baseline, "--replications", "400", "--threads", "1",
                                 "--set", "run.quarters=3", "-o", "run"});
  const auto journal = place.path() / ".run.entente-journal-wal";
  for (int i = 0; i < 3000 && (!fs::exists(journal) || fs::file_size(journal) < 500000); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  program.send(SIGTERM);
  REQUIRE(program.end().code == 130);
  const auto resumed = [&](const Words& more) {
    Words words = {"run", baseline, "--replications", "400", "--set", "run.quarters=3", "--resume",
                   "-o",  "run"};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(place.path(), words);
  };
  const auto other = resumed({"--seed", "9"});
  CHECK(other.code == 2);
  CHECK_THAT(other.err, contains("run without --resume"));
  REQUIRE(resumed({}).code == 0);
  CHECK_THAT(place.read("run/manifest.json"), !contains("\"units_reused\": 0"));
}

// A sanitizer keeps memory that the program has given back.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("memory does not grow with the number of replications", "[cli]") {
  const TemporaryFolder place;
  const auto peak = [&](const std::string& replications) {
    const auto ended = run_program(
        place.path(), {"run", shipped("ms-ceo-summit-2024.toml"), "--set", "run.quarters=6",
                       "--threads", "2", "--replications", replications, "-o", "run"});
    REQUIRE(ended.code == 0);
    return static_cast<double>(ended.peak_kilobytes);
  };
  const double few = peak("10");
  CHECK(peak("1000") < 1.2 * few);
}
#endif
