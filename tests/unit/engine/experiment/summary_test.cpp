#include "engine/experiment/summary.hpp"

#include <cmath>
#include <limits>

#include "engine/output/csv_reader.hpp"
#include "tests/catch.hpp"

using namespace entente;
using experiment::compute_statistics;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

}

TEST_CASE("statistics of 1, 2, 3, 4, 10", "[unit]") {
  const auto statistics = compute_statistics({10, 1, 4, 2, 3});
  CHECK(statistics.count == 5);
  CHECK(statistics.mean == 4.0);
  // Squared deviations 9 + 4 + 1 + 0 + 36 = 50, variance 12.5, over 5 is 2.5.
  CHECK(statistics.standard_error == Approx(std::sqrt(2.5)).epsilon(1e-15));
  CHECK(statistics.q10 == Approx(1.4).epsilon(1e-15));  // position 0.4 between 1 and 2
  CHECK(statistics.q50 == 3.0);
  CHECK(statistics.q90 == Approx(7.6).epsilon(1e-15));  // position 3.6 between 4 and 10
}

TEST_CASE("a series without variation has exactly none", "[unit]") {
  const auto statistics = compute_statistics(std::vector<double>(200, 0.1));
  CHECK(statistics.mean == 0.1);
  CHECK(statistics.standard_error == 0.0);
  CHECK(statistics.q10 == 0.1);
  CHECK(statistics.q90 == 0.1);
}

TEST_CASE("a small spread on a large level is not lost", "[unit]") {
  // Deviations −1, 0, 1 around 1e9: variance 1, over 3.
  const auto statistics = compute_statistics({1e9 - 1, 1e9, 1e9 + 1});
  CHECK(statistics.standard_error == Approx(std::sqrt(1.0 / 3.0)).epsilon(1e-15));
}

TEST_CASE("what no replication or only one has", "[unit]") {
  const auto none = compute_statistics({});
  CHECK(none.count == 0);
  CHECK(std::isnan(none.mean));
  CHECK(std::isnan(none.q50));
  const auto one = compute_statistics({7});
  CHECK(one.mean == 7.0);
  CHECK(one.q10 == 7.0);
  CHECK(std::isnan(one.standard_error));
}

TEST_CASE("summary.csv has a row a table, quarter, entity and series", "[unit]") {
  output::ResultTable table;
  table.name = "products";
  table.keys = {{"market", "", ""}, {"product", "", ""}};
  table.series = {{"price_usd", "", ""}};
  table.rows = {{"widgets", "alpha"}, {"widgets", "beta"}};
  const std::vector<output::ResultTable> tables = {table};
  const experiment::MemoryStore results({{{{{1, 5, missing, 6}}}}, {{{{3, 5, missing, missing}}}}});
  std::string text;
  experiment::write_summary({&tables, &results, 2}, {"2024Q1", "2024Q2"},
                            [&](std::string_view piece) { text += piece; });
  CHECK(text ==
        "table,quarter,entity,series,n,mean,standard_error,q10,q50,q90\n"
        "products,2024Q1,widgets/alpha,price_usd,2,2,1,1.2,2,2.8\n"
        "products,2024Q1,widgets/beta,price_usd,2,5,0,5,5,5\n"
        "products,2024Q2,widgets/alpha,price_usd,0,,,,,\n"
        "products,2024Q2,widgets/beta,price_usd,1,6,,6,6,6\n");
}

namespace {

/// Results that follow from their place, so that many need no memory.
class CountedStore : public experiment::ResultStore {
 public:
  std::size_t replications() const override { return 50000; }
  void read(std::size_t replication, std::size_t /*table*/, std::size_t first,
            std::span<double> values) const override {
    for (std::size_t v = 0; v < values.size(); ++v)
      values[v] = static_cast<double>(first + v) + (replication % 2 == 0 ? -0.5 : 0.5);
  }
};

}  // namespace

TEST_CASE("many replications are summarised some columns at a time", "[unit]") {
  output::ResultTable table;
  table.name = "firms";
  table.keys = {{"firm", "", ""}};
  table.series = {{"x", "", ""}, {"y", "", ""}, {"z", "", ""}};
  table.rows = {{"a"}, {"b"}};
  const std::vector<output::ResultTable> tables = {table};
  const CountedStore results;
  std::vector<std::string> starts;
  experiment::write_summary({&tables, &results, 1}, {"2024Q1"}, [&](std::string_view piece) {
    for (const auto& record : output::read_csv(piece).records)
      starts.push_back(record.fields[2] + " " + record.fields[3] + " " + record.fields[5]);
  });
  CHECK(starts == std::vector<std::string>{"entity series mean", "a x 0", "a y 1", "a z 2", "b x 3",
                                           "b y 4", "b z 5"});
}
