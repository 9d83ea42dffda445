// `entente run --replications auto`.
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

Words run_words(const std::string& replications, const std::string& folder, const Words& more) {
  Words words = {"run",
                 shipped("baseline.toml"),
                 "--set",
                 "run.quarters=3",
                 "--replications",
                 replications,
                 "-o",
                 folder};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Ended run_open(const TemporaryFolder& place, const std::string& folder, const Words& more = {}) {
  return run_program(place.path(), run_words("auto", folder, more));
}

nlohmann::json manifest(const TemporaryFolder& place, const std::string& folder) {
  return nlohmann::json::parse(place.read(folder + "/manifest.json"));
}

void check_same(const TemporaryFolder& place, const std::string& one, const std::string& other) {
  REQUIRE(place.names(one) == place.names(other));
  for (const auto& name : place.names(one)) {
    if (name == "manifest.json") continue;
    INFO(name);
    CHECK((place.read(one + "/" + name) == place.read(other + "/" + name)));  // too long to print
  }
}

}  // namespace

TEST_CASE("a run of open length has the bytes of one of as many replications", "[cli]") {
  const TemporaryFolder place;
  const auto ended = run_open(place, "open", {"--threads", "1"});
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  CHECK(ended.out == "open\n");
  const auto made = manifest(place, "open");
  const auto count = made.at("replications").get<int>();
  CHECK(count > 25);
  CHECK_THAT(ended.err, contains(std::to_string(count) + " replications, "));
  CHECK_THAT(ended.err, contains("95% intervals within 5%; widest ") &&
                            contains("%): markets.revenue_usd_bn of "));
  const auto& stopping = made.at("stopping");
  CHECK(stopping.at("met") == true);
  CHECK(stopping.at("half_widths").size() == 3);
  const auto& widest = stopping.at("widest");
  CHECK(widest.at("n") == count);
  CHECK(widest.at("quarter") == "2024Q3");
  CHECK(widest.at("half_width").get<double>() <= 0.05 * widest.at("mean").get<double>());
  REQUIRE(run_open(place, "threads", {"--threads", "4"}).code == 0);
  check_same(place, "open", "threads");
  REQUIRE(run_program(place.path(), run_words(std::to_string(count), "given", {})).code == 0);
  check_same(place, "open", "given");
  CHECK_FALSE(manifest(place, "given").contains("stopping"));
}

TEST_CASE("a wider precision takes fewer replications, and one in units is its own", "[cli]") {
  const TemporaryFolder place;
  const auto count = [&](const std::string& folder, const Words& more) {
    const auto ended = run_open(place, folder, more);
    INFO(ended.err);
    REQUIRE(ended.code == 0);
    return manifest(place, folder).at("replications").get<int>();
  };
  const int usual = count("usual", {"--precision", "8%"});
  const int wide = count("wide", {"--precision", "12%"});
  CHECK(wide < usual);
  const int series = count(
      "series", {"--precision-of", "markets.hhi=200", "--precision-of", "firms.profit_usd_bn=10"});
  CHECK(series < usual);
  const auto made = manifest(place, "series").at("stopping");
  CHECK(made.at("half_widths").at(1).at("series") == "firms.profit_usd_bn");
  CHECK(made.at("half_widths").at(1).at("relative") == false);
}

TEST_CASE("an interrupted run of open length goes on to the same bytes", "[cli]") {
  const TemporaryFolder place;
  const Words precise = {"--precision", "7%", "--threads", "2"};
  REQUIRE(run_open(place, "whole", precise).code == 0);
  Program program(place.path(), run_words("auto", "run", precise));
  const auto journal = place.path() / ".run.entente-journal-wal";
  for (int i = 0; i < 3000 && (!fs::exists(journal) || fs::file_size(journal) < 500000); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  program.send(SIGKILL);
  REQUIRE(program.end().code == -SIGKILL);
  // A journal of a given number is none of an open one.
  const auto given = run_program(place.path(), run_words("40", "run", {"--resume"}));
  CHECK(given.code == 2);
  CHECK_THAT(given.err, contains("run without --resume"));
  Words resumed = precise;
  resumed.emplace_back("--resume");
  REQUIRE(run_open(place, "run", resumed).code == 0);
  check_same(place, "whole", "run");
  CHECK(place.names() == Words{"run", "whole"});
  const auto reused = manifest(place, "run").at("units_reused").get<int>();
  CHECK(reused > 0);
  CHECK(reused <= manifest(place, "run").at("replications").get<int>());
  // Finished is finished, by this rule.
  const auto again = run_open(place, "run", resumed);
  CHECK(again.code == 0);
  CHECK_THAT(again.err, contains("Finished already"));
  resumed[1] = "9%";
  CHECK(run_open(place, "run", resumed).code == 2);
}

TEST_CASE("a run that may not go on says what it would take", "[cli]") {
  const TemporaryFolder place;
  const auto ended = run_open(place, "short", {"--precision", "1%", "--most-replications", "30"});
  CHECK(ended.code == 1);
  CHECK(ended.out == "short\n");
  CHECK_THAT(ended.err, contains("95% intervals not all within 1%; widest") &&
                            contains("error: 30 replications, the most allowed, were not enough") &&
                            contains("wider than 1%; it would take some "));
  const auto made = manifest(place, "short");
  CHECK(made.at("replications") == 30);
  CHECK(made.at("stopping").at("met") == false);
  CHECK(made.at("stopping").at("needed").get<int>() > 30);
  REQUIRE(run_program(place.path(), run_words("30", "given", {})).code == 0);
  check_same(place, "short", "given");
  CHECK(place.names() == Words{"given", "short"});
}

TEST_CASE("options of a run of open length are checked before it", "[cli]") {
  const TemporaryFolder place;
  const auto refused = [&](const std::string& replications, const Words& more) {
    const auto ended = run_program(place.path(), run_words(replications, "run", more));
    CHECK(ended.code == 2);
    return ended.err;
  };
  CHECK_THAT(refused("auto", {"--precision", "-3"}),
             contains("--precision: error: is no half width") && contains("saw -3"));
  CHECK_THAT(refused("auto", {"--precision-of", "markets.hhy"}), contains("did you mean"));
  CHECK_THAT(refused("auto", {"--replication", "3"}), contains("--replication: error:"));
  CHECK_THAT(refused("auto", {"--most-replications", "24"}), contains("from 25 to 1000000"));
  CHECK_THAT(refused("30", {"--precision", "3%"}), contains("add --replications auto"));
  CHECK_THAT(refused("30", {"--precision-of", "markets.hhi"}), contains("--precision-of: error:"));
  CHECK_THAT(refused("30", {"--most-replications", "50"}), contains("--most-replications: error:"));
  CHECK(place.names().empty());
}
