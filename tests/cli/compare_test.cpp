#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <map>
#include <thread>

#include "engine/output/csv_reader.hpp"
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

using Row = std::map<std::string, std::string>;

std::vector<Row> rows_of(const std::string& text) {
  const auto csv = entente::output::read_csv(text);
  REQUIRE(csv.flaw.empty());
  std::vector<Row> rows;
  for (std::size_t r = 1; r < csv.records.size(); ++r) {
    Row row;
    for (std::size_t c = 0; c < csv.records[r].fields.size(); ++c)
      row[csv.records[0].fields.at(c)] = csv.records[r].fields[c];
    rows.push_back(row);
  }
  return rows;
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

TEST_CASE("a CSV of another program is the same CSV", "[cli]") {
  const TemporaryFolder place;
  place.write("base.csv", base_csv);
  place.write("other.csv",
              "\xEF\xBB\xBF"
              "quarter,\"price\",share\r\n\"2024Q2\",\"101.50\",.25\r\n2024Q1,1E2,0.5\r\n");
  const auto ended = compare(place, {"base.csv", "other.csv"}, {"--fail-on", "any"});
  CHECK(ended.code == 0);
  CHECK(ended.out.empty());
  CHECK(ended.err.empty());
}

TEST_CASE("several keys, and tolerances of columns that one side has", "[cli]") {
  const TemporaryFolder place;
  place.write("base.csv", "price,quarter,firm\n1.5,2024Q1,a\n2.5,2024Q1,b\n");
  place.write("other.csv", "price,quarter,firm,size\n2.5,2024Q1,b,1\n1.5,2024Q1,a,2\n");
  for (const Words& keys :
       {Words{"--key", "quarter,firm"}, {"--key", "quarter", "--key", "firm"}}) {
    const auto ended = compare(place, {"base.csv", "other.csv"}, keys);
    CHECK(ended.code == 0);
    CHECK(ended.out ==
          "change,quarter,firm,column,base,other,difference\n"
          "column only in other,,,size,,,\n");
  }
  CHECK(compare(place, {"base.csv", "other.csv"},
                {"--key", "firm", "--tolerance", "size=1", "--quiet"})
            .code == 0);
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
  faulty({"base.csv", "base.csv"}, {"--tolerance", "price=-1"}, "numbers from 0");
  faulty({"base.csv", "base.csv"}, {"--tolerance", "price"}, "is not column=absolute[,relative]");
  faulty({"base.csv", "base.csv"}, {"--key", "prise"}, "named by --key");
  faulty({baseline, baseline}, {"--key", "quarter"}, "--key is for CSVs");
  faulty({baseline, baseline}, {"--discount", "-3"}, "is no rate");
  faulty({baseline, baseline}, {"--tolerance", "prise=1"}, "there is no column 'prise'");
  place.write("empty.csv", "");
  place.write("torn.csv", "quarter,price\n2024Q1\n");
  place.write("open.csv", "quarter,price\n\"2024Q1,1\n");
  faulty({"base.csv", "empty.csv"}, {}, "empty.csv: error: is empty");
  faulty({"torn.csv", "base.csv"}, {}, "torn.csv:2: error: the row does not fit the header");
  faulty({"open.csv", "base.csv"}, {}, "open.csv:2: error: is no CSV");
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
  const auto ran = compare(place, {"ran/", baseline}, short_runs({"--fail-on", "any"}));
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
  CHECK_THAT(ended.err, !contains("was made by version"));
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
  // Left-overs of solved equations are no outcomes.
  CHECK_THAT(csv, !contains(",pricing_residual,"));
}

TEST_CASE("a margin in percent is one of the base", "[cli]") {
  const TemporaryFolder place;
  // The deal's marginal costs end 0.071% lower in every history.
  const auto equivalence = [&](const std::string& margin) {
    const auto ended = compare(place, {baseline, deal},
                               short_runs({"--set", "run.parameters=fixed", "--margin", margin}));
    std::string found;
    for (const auto& row : rows_of(ended.out)) {
      if (row.at("verdict") == "exact" && row.at("series") == "marginal_cost_usd")
        found += row.at("equivalence_p");
    }
    return found;
  };
  CHECK(equivalence("0.07%") == "11");
  CHECK(equivalence("0.08%") == "00");
}

TEST_CASE("totals are discounted by the year", "[cli]") {
  const TemporaryFolder place;
  const auto ended =
      compare(place, {baseline, baseline}, short_runs({"--all", "--discount", "100"}));
  double total = 0.0;
  double expected = 0.0;
  for (const auto& row : rows_of(ended.out)) {
    if (row.at("entity") != "microsoft" || row.at("series") != "revenue_usd_bn") continue;
    const double mean = std::stod(row.at("base_mean"));
    const std::string& quarter = row.at("quarter");
    if (quarter == "total") {
      total = mean;
    } else {
      const int since = 4 * (std::stoi(quarter) - 2024) + quarter.back() - '1';
      expected += mean * std::pow(0.5, since / 4.0);
    }
  }
  CHECK(total > 0.0);
  CHECK(total == Approx(expected));
}

TEST_CASE("several runs are compared with the first, whatever they are", "[cli]") {
  const TemporaryFolder place;
  Words words = {"run", deal, "-o", "ran"};
  for (auto& word : short_runs({}))
    words.push_back(word);
  REQUIRE(run_program(place.path(), words).code == 0);
  auto manifest = place.read("ran/manifest.json");
  const auto version = manifest.find("\"version\": \"") + 12;
  manifest.replace(version, manifest.find('"', version) - version, "0.0.7");
  place.write("ran/manifest.json", manifest);
  const auto ended = compare(place, {baseline, "ran", deal}, short_runs({}));
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err, contains("ran: warning: was made by version 0.0.7"));
  CHECK_THAT(ended.err, contains("ran against " + baseline) && contains(deal + " against "));
  std::map<std::string, std::size_t> rows;
  for (const auto& row : rows_of(ended.out))
    ++rows[row.at("other")];
  CHECK(rows.size() == 2);
  CHECK(rows["ran"] == rows[deal]);  // the folder and the scenario are the same run
  CHECK(fs::exists(place.path() / "results/baseline-vs-ran-vs-gtaa/comparison.csv"));
}

TEST_CASE("runs of other sizes are compared in what both have", "[cli]") {
  const TemporaryFolder place;
  const auto run = [&](const std::string& folder, const Words& more) {
    Words words = {"run", baseline, "-o", folder};
    words.insert(words.end(), more.begin(), more.end());
    REQUIRE(run_program(place.path(), words).code == 0);
  };
  run("base", {"--set", "run.quarters=4", "--replications", "5"});
  run("more", {"--set", "run.quarters=6", "--replications", "8"});
  const auto ended = compare(place, {"base", "more"}, {"--all"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err, contains("5 replications, paired by shared draws"));
  CHECK_THAT(ended.out, contains("only in other,firms,,quarter 2025Q1,"));
  for (const auto& row : rows_of(ended.out)) {
    if (row.at("verdict") == "only in other") continue;
    REQUIRE(row.at("verdict") == "identical");
  }
}

TEST_CASE("a comparison does not replace a run", "[cli]") {
  const TemporaryFolder place;
  Words words = {"run", baseline, "-o", "ran"};
  for (auto& word : short_runs({}))
    words.push_back(word);
  REQUIRE(run_program(place.path(), words).code == 0);
  const auto firms = place.read("ran/firms.csv");
  const auto tables = compare(place, {"ran/firms.csv", "ran/firms.csv"}, {"-o", "ran"});
  CHECK(tables.code == 2);
  const auto ended = compare(place, {"ran", "ran"}, {"-o", "ran"});
  CHECK(ended.code == 2);
  CHECK_THAT(ended.err, contains("has other results than a comparison's"));
  CHECK(place.read("ran/firms.csv") == firms);
  CHECK(compare(place, {"ran", "ran"}, {"-o", "seen"}).code == 0);
  CHECK(compare(place, {"ran", "ran"}, {"-o", "seen"}).code == 0);  // replaces its own
}

TEST_CASE("a run whose tables were touched is the user's fault", "[cli]") {
  const TemporaryFolder place;
  Words words = {"run", baseline, "-o", "ran"};
  for (auto& word : short_runs({}))
    words.push_back(word);
  REQUIRE(run_program(place.path(), words).code == 0);
  const auto firms = place.read("ran/firms.csv");
  const auto faulty = [&](const std::string& text, const std::string& message) {
    place.write("ran/firms.csv", text);
    const auto ended = compare(place, {"ran", "ran"});
    CHECK(ended.code == 2);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, contains("ran/firms.csv") && contains(message));
    CHECK(place.names() == Words{"ran"});
  };
  faulty("", "is empty");
  faulty(firms + firms.substr(firms.find('\n') + 1), "the keys of the row stand in an earlier one");
  faulty(firms + "0,2024Q1\n", "the row does not fit the header");
  fs::remove(place.path() / "ran/firms.csv");
  const auto gone = compare(place, {"ran", "ran"});
  CHECK(gone.code == 2);
  CHECK_THAT(gone.err, contains("ran/firms.csv: error: cannot be read: No such file"));
}

TEST_CASE("a tolerance of one column leaves the others theirs", "[cli]") {
  const TemporaryFolder place;
  Words words = {"run", baseline, "-o", "one"};
  for (auto& word : short_runs({}))
    words.push_back(word);
  REQUIRE(run_program(place.path(), words).code == 0);
  fs::copy(place.path() / "one", place.path() / "two");
  // A residual just below what prices may miss by, in the last column but one of the last row.
  auto markets = place.read("two/markets.csv");
  REQUIRE(markets.ends_with(",\n"));
  markets.resize(markets.find_last_of(',', markets.size() - 3) + 1);
  place.write("two/markets.csv", markets + "5e-11,\n");
  const auto differing = [&](const std::string& tolerance) {
    const auto ended =
        compare(place, {"one", "two"}, {"--tolerance", tolerance, "--fail-on", "any", "--quiet"});
    INFO(ended.err);
    return ended.code;
  };
  CHECK(differing("hhi=1") == 0);
  CHECK(differing("pricing_residual=0") == 3);
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
  const auto ended =
      compare(place, {baseline, deal}, {"--replications", "1000000", "--set", "run.quarters=400"});
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
