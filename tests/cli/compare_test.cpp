#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::test;
using Words = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

const std::string baseline = shipped("baseline.toml");
const std::string deal = shipped("gtaa.toml");

const std::string base_csv = "quarter,price,share\n2024Q1,100,0.5\n2024Q2,101.5,0.25\n";

Ended compare(const TemporaryFolder& place, const Words& names, const Words& more = {}) {
  Words words = {"compare"};
  words.insert(words.end(), names.begin(), names.end());
  words.insert(words.end(), more.begin(), more.end());
  return run_program(place.path(), words);
}

/// Short runs that still have chance in them.
Words short_runs(Words more) {
  more.insert(more.end(), {"--set", "run.quarters=6", "--replications", "12"});
  return more;
}

/// A comparison that takes long enough to be met at work.
Program long_comparison(const TemporaryFolder& place) {
  Program program(place.path(), {"compare", baseline, deal, "--replications", "5000", "--threads",
                                 "1", "-o", "deep/seen"});
  const auto working = place.path() / "deep/.seen.entente-partial";
  for (int i = 0; i < 3000 && !fs::exists(working); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(fs::exists(working));
  return program;
}

}  // namespace

TEST_CASE("CSVs are matched by keys and what differs is data on stdout", "[cli]") {
  const TemporaryFolder place;
  place.write("base.csv", base_csv);
  place.write("other.csv", "share,quarter,price\n0.25,2024Q2,99.5\n0.50,2024Q1,1e2\n");
  const auto ended = compare(place, {"base.csv", "other.csv"}, {"--fail-on", "any"});
  CHECK(ended.code == 3);
  CHECK(ended.out ==
        "change,quarter,column,base,other,difference\nchanged,2024Q2,price,101.5,99.5,-2\n");
  CHECK_THAT(ended.err, contains("2024Q2  price: 101.5 → 99.5"));
  CHECK(compare(place, {"base.csv", "other.csv"}).code == 0);
  CHECK(place.names().size() == 2);  // no folder is made unasked
}

TEST_CASE("a CSV compared with itself says nothing", "[cli]") {
  const TemporaryFolder place;
  place.write("base.csv", base_csv);
  const auto ended = compare(place, {"base.csv", "base.csv"}, {"--fail-on", "any"});
  CHECK(ended.code == 0);
  CHECK(ended.out.empty());
  CHECK(ended.err.empty());
  const auto all = compare(place, {"base.csv", "base.csv"}, {"--all", "--quiet"});
  CHECK_THAT(all.out, contains("equal,2024Q1,price,100,100,0\n"));
  CHECK(all.err.empty());
}

TEST_CASE("tolerances, JSON and a folder for CSVs", "[cli]") {
  const TemporaryFolder place;
  place.write("base.csv", base_csv);
  place.write("other.csv", "quarter,price,share\n2024Q1,100.4,0.5\n2024Q3,1,1\n");
  const auto ended = compare(place, {"base.csv", "other.csv"},
                             {"--tolerance", "price=0,0.01", "--json", "-o", "seen"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, contains("\"changed_cells\": []") && contains("\"2024Q3\""));
  CHECK(place.read("seen/comparison.csv") ==
        "change,quarter,column,base,other,difference\n"
        "row only in base,2024Q2,,,,\nrow only in other,2024Q3,,,,\n");
  CHECK(fs::exists(place.path() / "seen/manifest.json"));
}

TEST_CASE("what cannot be compared is the user's fault", "[cli]") {
  const TemporaryFolder place;
  place.write("base.csv", base_csv);
  place.write("twice.csv", "quarter,firm,price\n2024Q1,a,1.5\n2024Q1,b,1.5\n");
  const auto faulty = [&](const Words& names, const Words& more, const std::string& message) {
    const auto ended = compare(place, names, more);
    INFO(ended.err);
    CHECK(ended.code == 2);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, contains(message));
  };
  faulty({"base.csv"}, {}, "needs a BASE and an OTHER");
  faulty({"base.csv", "absent.csv"}, {}, "does not exist");
  faulty({"base.csv", baseline}, {}, "cannot be compared with a run");
  faulty({"twice.csv", "twice.csv"}, {"--key", "quarter"}, "try --key quarter,firm");
  faulty({"base.csv", "base.csv"}, {"--tolerance", "prise=1"}, "did you mean 'price'?");
  faulty({"base.csv", "base.csv"}, {"--fail-on", "all"}, "'any' or 'significant'");
  faulty({"base.csv", "base.csv"}, {"--margin", "1"}, "--tolerance");
  faulty({"base.csv", "base.csv", "base.csv"}, {}, "two CSVs at a time");
  faulty({baseline, "nowhere"}, {}, "nowhere: error: does not exist");
  faulty({baseline, place.path().string()}, {}, "is no result folder of a run");
  faulty({baseline, baseline}, {"--margin", "-1%"}, "is no size of a difference");
}

TEST_CASE("a scenario compared with itself and with its own run says nothing", "[cli]") {
  const TemporaryFolder place;
  const Words runs = short_runs({});
  const auto itself = compare(place, {baseline, baseline}, short_runs({"--fail-on", "any"}));
  INFO(itself.err);
  CHECK(itself.code == 0);
  CHECK(itself.out.empty());
  CHECK_THAT(itself.err, !contains("against"));

  Words words = {"run", baseline, "-o", "ran"};
  words.insert(words.end(), runs.begin(), runs.end());
  REQUIRE(run_program(place.path(), words).code == 0);
  const auto ran = compare(place, {"ran", baseline}, short_runs({"--fail-on", "any"}));
  INFO(ran.out);
  CHECK(ran.code == 0);
  CHECK(ran.out.empty());
  CHECK(fs::exists(place.path() / "results/ran-vs-baseline/comparison.csv"));
}

TEST_CASE("another seed is noise", "[cli]") {
  const TemporaryFolder place;
  for (const std::string seed : {"1", "2"}) {
    REQUIRE(run_program(place.path(),
                        [&] {
                          Words words = {"run", baseline, "-o", "seed" + seed, "--seed", seed};
                          const Words runs = short_runs({});
                          words.insert(words.end(), runs.begin(), runs.end());
                          return words;
                        }())
                .code == 0);
  }
  const auto ended = compare(place, {"seed1", "seed2"}, {"--fail-on", "significant", "-o", "seen"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err, contains("not paired: their seeds differ") &&
                            contains("0 differ exactly, 0 significantly"));
  CHECK_THAT(ended.out, contains(",noise,"));
  CHECK(compare(place, {"seed1", "seed2"}, {"--fail-on", "any", "-o", "seen"}).code == 3);
}

TEST_CASE("one deal is found, on what it touches", "[cli]") {
  const TemporaryFolder place;
  const auto ended =
      compare(place, {baseline, deal}, short_runs({"--fail-on", "significant", "--margin", "50%"}));
  INFO(ended.err);
  CHECK(ended.code == 3);
  CHECK_THAT(ended.err, contains("12 replications, paired by shared draws") &&
                            contains("partnerships: gtaa/alliance only in the other") &&
                            contains("mobile/mobile-skt-5g/skt quality"));
  CHECK_THAT(ended.out, contains(",significant,") && contains(",total,"));
  const auto csv = place.read("results/baseline-vs-gtaa/comparison.csv");
  CHECK(csv == ended.out);
  CHECK_THAT(csv, !contains(",identical,"));
}

TEST_CASE("an interrupted comparison ends with 130 and leaves nothing", "[cli]") {
  const TemporaryFolder place;
  const int signal = GENERATE(SIGINT, SIGTERM);
  Program program = long_comparison(place);
  const auto second = compare(place, {baseline, deal}, short_runs({"-o", "deep/seen"}));
  CHECK(second.code == 2);
  CHECK_THAT(second.err, contains("another entente is writing here"));
  program.send(signal);
  const auto ended = program.end();
  CHECK(ended.code == 130);
  CHECK(ended.out.empty());
  CHECK_THAT(ended.err, contains("interrupted; what was not complete is not kept"));
  CHECK(place.names().empty());
}

TEST_CASE("what a killed comparison left is cleared by the next", "[cli]") {
  const TemporaryFolder place;
  Program program = long_comparison(place);
  program.send(SIGKILL);
  CHECK(program.end().code == -SIGKILL);
  CHECK(place.names("deep") == Words{".seen.entente-lock", ".seen.entente-partial"});
  CHECK(place.names("deep/.seen.entente-partial").empty());  // its numbers have no name
  CHECK(compare(place, {baseline, deal}, short_runs({"-o", "deep/seen"})).code == 0);
  CHECK(place.names("deep") == Words{"seen"});
  CHECK(place.names("deep/seen") == Words{"comparison.csv", "manifest.json"});
}

TEST_CASE("a comparison that needs more disk than there is says how much", "[cli]") {
  const TemporaryFolder place;
  const auto ended = compare(place, {baseline, deal},
                             {"--replications", "1000000", "--set", "run.quarters=400"});
  CHECK(ended.code == 2);
  CHECK_THAT(ended.err, contains("the runs to compare would need") && contains("of disk"));
  CHECK(place.names().empty());
}

// A sanitizer keeps memory that the program has given back.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("memory of a comparison does not grow with the number of replications", "[cli]") {
  const TemporaryFolder place;
  const auto scale = [&](const std::string& replications) {
    return Words{"--set", "run.quarters=6", "--threads", "2", "--replications", replications};
  };
  const auto peak = [&](const Words& names, const Words& more) {
    const auto ended = compare(place, names, more);
    REQUIRE(ended.code == 0);
    return static_cast<double>(ended.peak_kilobytes);
  };
  const std::string summit = shipped("ms-ceo-summit-2024.toml");
  CHECK(peak({baseline, summit}, scale("200")) < 1.2 * peak({baseline, summit}, scale("10")));
  for (const std::string replications : {"10", "200"}) {
    Words words = {"run", summit, "-o", "ran" + replications};
    for (auto& word : scale(replications))
      words.push_back(word);
    REQUIRE(run_program(place.path(), words).code == 0);
  }
  CHECK(peak({"ran200", "ran200"}, {}) < 1.2 * peak({"ran10", "ran10"}, {}));
}
#endif
