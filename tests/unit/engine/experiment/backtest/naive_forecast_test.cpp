#include "engine/experiment/backtest/naive_forecast.hpp"

#include "tests/catch.hpp"

using namespace entente;

namespace {

scenario::QuarterDate at(const char* text) {
  return scenario::parse_quarter(text).value();
}

double persistence(const experiment::NaiveBasis& basis, const char* quarter) {
  return experiment::persistence_forecast(basis, at(quarter));
}

double growth(const experiment::NaiveBasis& basis, const char* quarter) {
  return experiment::growth_forecast(basis, at(quarter));
}

}  // namespace

TEST_CASE("without a history nothing changes", "[unit]") {
  const experiment::NaiveBasis basis{.start = at("2024Q1"), .level = 80};
  CHECK(persistence(basis, "2024Q4") == 80.0);
  CHECK(growth(basis, "2024Q4") == 80.0);
}

TEST_CASE("a size grows by the ratio of the last two consecutive quarters", "[unit]") {
  // 2024Q1 stands alone, so the last pair is 2023Q2 to 2023Q3: a quarter more.
  const experiment::NaiveBasis basis{
      .start = at("2024Q1"),
      .level = 80,
      .history = {{at("2023Q2"), 40}, {at("2023Q3"), 50}, {at("2024Q1"), 79}}};
  CHECK(growth(basis, "2024Q2") == Approx(100.0).epsilon(1e-15));
  CHECK(growth(basis, "2024Q3") == Approx(125.0).epsilon(1e-15));
  CHECK(persistence(basis, "2024Q3") == 80.0);
}

TEST_CASE("a share moves by points and stays within the whole", "[unit]") {
  const experiment::NaiveBasis basis{.start = at("2024Q1"),
                                     .level = 92,
                                     .history = {{at("2023Q4"), 89}, {at("2024Q1"), 92}},
                                     .share = true};
  CHECK(growth(basis, "2024Q3") == 98.0);
  CHECK(growth(basis, "2025Q1") == 100.0);
}

TEST_CASE("a season repeats its year, and grows by the last year's growth", "[unit]") {
  const experiment::NaiveBasis basis{
      .start = at("2024Q1"),
      .level = 50,
      .history = {{at("2023Q1"), 40}, {at("2023Q2"), 60}, {at("2023Q4"), 90}, {at("2024Q1"), 50}},
      .seasonal = true};
  CHECK(persistence(basis, "2024Q2") == 60.0);
  CHECK(persistence(basis, "2024Q3") == 50.0);  // not in the history
  CHECK(persistence(basis, "2024Q4") == 90.0);
  CHECK(persistence(basis, "2025Q1") == 50.0);
  CHECK(persistence(basis, "2025Q2") == 60.0);
  CHECK(growth(basis, "2024Q2") == 75.0);   // 50 is a quarter more than 40
  CHECK(growth(basis, "2025Q2") == 93.75);  // two years on
}
