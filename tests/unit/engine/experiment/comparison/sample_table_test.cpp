#include "engine/experiment/comparison/sample_table.hpp"

#include <cmath>

#include "engine/experiment/comparison/sample_file.hpp"
#include "engine/experiment/comparison/sample_recorder.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente;
using namespace entente::experiment;
using entente::test::TemporaryFolder;
using Values = std::vector<double>;

namespace {

output::ResultTable firms() {
  output::ResultTable declared;
  declared.name = "firms";
  declared.keys = {{"firm", "id", "Firm."}, {"market", "id", "Market."}};
  declared.series = {{"profit", "USD bn", "Profit."}, {"share", "percent", "Share."}};
  declared.rows = {{"a", "x"}, {"b", "x"}};
  return declared;
}

SampleTable read(const TemporaryFolder& place, const std::string& text, scenario::Faults& faults) {
  place.write("firms.csv", text);
  return read_sample_table((place.path() / "firms.csv").string(), firms(), place.path(), faults);
}

}  // namespace

TEST_CASE("recorded results are given back by entity, series, quarter and replication", "[unit]") {
  const TemporaryFolder place;
  const SampleRecorder recorder({firms()}, {"2024Q1", "2024Q2", "2024Q3"}, place.path());
  // 1000 · replication + 100 · quarter + 10 · entity + series.
  for (const std::size_t position : {2U, 0U, 1U}) {
    output::Results::TableValues table;
    for (int quarter = 0; quarter < 3; ++quarter) {
      for (int entity = 0; entity < 2; ++entity) {
        for (int series = 0; series < 2; ++series)
          table.values.push_back(1000.0 * static_cast<double>(position) + 100 * quarter +
                                 10 * entity + series);
      }
    }
    recorder.take(position, {{table}});
  }
  const auto tables = recorder.tables({5, 6, 7}, {0, 2});  // 6 failed
  REQUIRE(tables.size() == 1);
  const SampleTable& table = tables.front();
  CHECK(table.name == "firms");
  CHECK(table.replications == std::vector<std::uint64_t>{5, 7});
  CHECK(table.entities == std::vector<std::string>{"a/x", "b/x"});
  CHECK(table.at(1, 0, 2) == Values{210, 2210});
  const std::vector<std::size_t> wanted = {1, 0};
  const auto samples = table.read(1, wanted);
  CHECK(samples.values == Values{11, 2011, 111, 2111, 211, 2211, 10, 2010, 110, 2110, 210, 2210});
  CHECK(Values(samples.at(0, 2).begin(), samples.at(0, 2).end()) == Values{211, 2211});
  CHECK(place.names().empty());  // the file has no name
}

TEST_CASE("a table is read whatever the order of its rows and columns", "[unit]") {
  const TemporaryFolder place;
  scenario::Faults faults;
  const auto table = read(place,
                          "\xEF\xBB\xBFshare,firm,extra,quarter,replication,market\r\n"
                          "1,a,5,2024Q2,10,x\r\n"
                          "2,\"b, \"\"c\"\"\",6,2024Q1,9,x\r\n"
                          ",a,7,2024Q1,9,x\r\n",
                          faults);
  REQUIRE(faults.empty());
  CHECK(table.replications == std::vector<std::uint64_t>{10, 9});
  CHECK(table.quarters == std::vector<std::string>{"2024Q2", "2024Q1"});
  CHECK(table.entities == std::vector<std::string>{"a/x", "b, \"c\"/x"});
  REQUIRE(table.series.size() == 2);
  CHECK(table.series[0].unit == "percent");
  CHECK(table.series[1].name == "extra");
  CHECK(table.series[1].unit.empty());
  CHECK(table.at(1, 1, 1)[1] == 6.0);
  CHECK(table.at(0, 0, 0)[0] == 1.0);
  CHECK(std::isnan(table.at(0, 0, 1)[1]));  // an empty cell
  CHECK(std::isnan(table.at(1, 0, 0)[0]));  // no such row
}

TEST_CASE("a table of a run that is none is told with its line", "[unit]") {
  const TemporaryFolder place;
  const auto message = [&](const std::string& text) {
    scenario::Faults faults;
    read(place, text, faults);
    REQUIRE(faults.size() == 1);
    return std::to_string(faults.front().location.line) + " " + faults.front().message;
  };
  const std::string header = "replication,quarter,firm,market,profit\n";
  CHECK(message("") == "1 is empty");
  CHECK(message("replication,quarter,market,profit\n") == "1 has no column 'firm'");
  CHECK(message("replication,quarter,firm,market,x,x\n") ==
        "1 the column 'x' stands twice in the header");
  CHECK(message(header + "0,2024Q1,a,x\n") == "2 the row does not fit the header");
  CHECK(message(header + "0,2024Q1,a,x,much\n") == "2 'much' is no finite number");
  CHECK(message(header + "0,2024Q1,a,x,1\n0,2024Q2,a,x,inf\n") == "3 'inf' is no finite number");
  CHECK(message(header + "x,2024Q1,a,x,1\n") == "2 'x' is no replication");
  CHECK(message(header + "0,2024Q1,a,x,1\n0,2024Q1,b,x,1\n0,2024Q1,a,x,1\n") ==
        "4 the keys of the row stand in an earlier one");
  CHECK(message(header + "0,2024Q1,\"a,x,1\n") == "2 is no CSV: a quote that is not closed");
  scenario::Faults faults;
  read_sample_table((place.path() / "absent.csv").string(), firms(), place.path(), faults);
  read_sample_table(place.path().string(), firms(), place.path(), faults);
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].message == "cannot be read: No such file or directory");
  CHECK(faults[1].message == "is not a regular file");
}
