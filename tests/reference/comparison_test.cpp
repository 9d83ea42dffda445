#include "tests/reference/comparison.hpp"

#include <limits>
#include <string>

#include "tests/catch.hpp"

namespace entente::reference {
namespace {

using nlohmann::json;

Comparison compare_texts(const std::string& expected, const std::string& seen) {
  return compare(json::parse(expected), json::parse(seen), {}, "outputs");
}

/// Path of the first failure; empty where there is none.
std::string failure(const std::string& expected, const std::string& seen) {
  const Comparison found = compare_texts(expected, seen);
  return found.failures.empty() ? "" : found.failures.front().path;
}

bool gain_agrees(double stored, const json& seen) {
  Comparison found;
  compare_deviation_gains({{"global_deviation_gain_pre", stored}, {"starts", 3}},
                          {{"global_deviation_gain_pre", seen}}, found);
  return found.passed();
}

}  // namespace

TEST_CASE("numbers agree within 1e-12 + 1e-9 of the expected one", "[reference]") {
  CHECK(failure("[2.0]", "[2.0000000019]").empty());  // 1.9e-9 ≤ 1e-12 + 2e-9
  CHECK(failure("[2.0]", "[2.0000000021]") == "outputs/0");
  CHECK(failure("[-2.0]", "[-2.0000000021]") == "outputs/0");
  CHECK(failure("[0.0]", "[0.9e-12]").empty());
  CHECK(failure("[0.0]", "[1.1e-12]") == "outputs/0");
  CHECK(failure("[3]", "[3.0]").empty());  // whole or not is a matter of writing
  CHECK(failure("[3]", "[3.000003]") == "outputs/0");
}

TEST_CASE("the worst error is relative to the expected number, or to 1e-3 if that is larger",
          "[reference]") {
  const Comparison found = compare_texts(R"({"a": 2.0, "b": [1e-6, 4.0]})",
                                         R"({"a": 2.000000001, "b": [1.0000005e-6, 4.0]})");
  CHECK(found.passed());
  CHECK(found.values == 3);
  CHECK(found.worst_path == "outputs/a");
  CHECK(found.worst_relative_error == Approx(5e-10).epsilon(1e-6));  // 5e-13/1e-3 is the same size
}

TEST_CASE("a number that is not finite fails", "[reference]") {
  const json expected = {{"price", 1.0}, {"share", 0.0}};
  for (const double number :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    const Comparison found =
        compare(expected, {{"price", number}, {"share", number}}, {}, "outputs");
    CHECK(found.failures.size() == 2);
    CHECK(found.failures.front().seen == "not finite");
    CHECK(found.worst_relative_error == std::numeric_limits<double>::infinity());
  }
  CHECK(failure("[1.0]", "[null]") == "outputs/0");
}

TEST_CASE("what the answer lacks fails and what it has besides does not", "[reference]") {
  CHECK(failure(R"({"a": {"b": 1.0}})", R"({"a": {"c": 1.0}})") == "outputs/a/b");
  CHECK(failure(R"({"a": {"b": null}})", R"({"a": {}})") == "outputs/a/b");
  CHECK(failure(R"({"a": 1.0})", R"({"a": 1.0, "b": 2.0})").empty());
  CHECK(failure("[1.0, 2.0]", "[1.0]") == "outputs");
  CHECK(failure("[1.0]", "[1.0, 2.0]") == "outputs");
  CHECK(failure("[1.0]", "null") == "outputs");
}

TEST_CASE("truth values, nothing and names are compared and notes are not", "[reference]") {
  CHECK(failure("[true, null]", "[true, null]").empty());
  CHECK(failure("[true]", "[false]") == "outputs/0");
  CHECK(failure("[true]", "[1]") == "outputs/0");
  CHECK(failure("[null]", "[0.0]") == "outputs/0");
  CHECK(failure(R"({"firm": "2"})", R"({"firm": "1"})") == "outputs/firm");
  CHECK(failure(R"({"note": "so"})", "{}").empty());
  CHECK_FALSE(compare_texts(R"({"note": "so"})", "{}").passed());  // nothing was compared
}

TEST_CASE("numbers that were stored less exactly have a tolerance of their own", "[reference]") {
  const auto passes = [](const std::string& key) {
    return failure("{\"" + key + "\": [1.0]}", "{\"" + key + "\": [1.000000009]}").empty();
  };
  CHECK(passes("soc_max_scaled_eigenvalue"));
  CHECK_FALSE(passes("price"));
  CHECK(failure(R"({"deviation": {"price": [1.0]}})", R"({"deviation": {"price": [1.000000009]}})")
            .empty());
  CHECK(failure(R"({"deviation": {"price": [1.0]}})",
                R"({"deviation": {"price": [1.000000011]}})") == "outputs/deviation/price/0");
}

TEST_CASE("a deviation must be found where one is known and only there", "[reference]") {
  CHECK(gain_agrees(0.0, 0.0));
  CHECK_FALSE(gain_agrees(0.0, 1e-8));
  CHECK(gain_agrees(3.5, 3.5));
  CHECK(gain_agrees(3.5, 3.6));
  CHECK_FALSE(gain_agrees(3.5, 3.4));
  CHECK_FALSE(gain_agrees(3.5, 0.0));
  CHECK_FALSE(gain_agrees(0.0, "profit grows without bound"));
}

TEST_CASE("a deviation that was not sought fails where the case knows of one", "[reference]") {
  Comparison found;
  compare_deviation_gains({{"global_deviation_gain_pre", 0.0}}, nullptr, found);
  CHECK(found.failures.size() == 1);
}

TEST_CASE("the worst failure is named first", "[reference]") {
  CHECK(failure("[1.0, 1.0, 1.0]", "[1.1, 1.3, 1.2]") == "outputs/1");
  CHECK(compare_texts("[1.0, 1.0, 1.0]", "[1.1, 1.3, 1.2]").failures.size() == 3);
}

}  // namespace entente::reference
