#include "tests/cli/terminal.hpp"

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::test;
using Words = std::vector<std::string>;

namespace {

const Words small_run = {
    "run", shipped("baseline.toml"), "--set", "run.quarters=3", "--replications", "3", "-o", "run"};

}  // namespace

TEST_CASE("a terminal gets the screen in its width, its letters and its colour", "[cli]") {
  const TemporaryFolder place;
  const auto usual = shown_on_terminal(place.path(), small_run);
  CHECK_THAT(usual,
             contains("\033[1m") && contains("█") && contains(" → ") && contains("Results: run"));
  CHECK_THAT(usual, contains("10% and 90% quantile"));
  const auto plain = shown_on_terminal(place.path(), small_run,
                                       {{"NO_COLOR", "1"}, {"LC_ALL", "C"}, {"COLUMNS", "70"}});
  CHECK_THAT(plain, !contains("\033[1m") && !contains("█") && contains(" > "));
  CHECK_THAT(plain, !contains("10% and 90% quantile"));
}

TEST_CASE("quiet shows nothing on a terminal", "[cli]") {
  const TemporaryFolder place;
  auto words = small_run;
  words.emplace_back("--quiet");
  CHECK(shown_on_terminal(place.path(), words).empty());
  CHECK(place.names() == Words{"run"});
}

TEST_CASE("a run as JSON is all that standard output gets, finished before or not", "[cli]") {
  const TemporaryFolder place;
  auto words = small_run;
  words.insert(words.end(), {"--json", "--resume", "--quiet"});
  const auto first = run_program(place.path(), words);
  INFO(first.err);
  REQUIRE(first.code == 0);
  CHECK(first.err.empty());
  CHECK(first.out.starts_with("{\"runs\":[{\"folder\":\"run\",\"scenario\":"));
  CHECK(first.out.find('\n') == first.out.size() - 1);
  CHECK_THAT(first.out, contains("\"replications\":3,\"failed\":[]") &&
                            contains("\"quarters\":[\"2024Q1\",\"2024Q2\",\"2024Q3\"]") &&
                            contains("\"hhi\":{\"n\":[3,3,3],\"mean\":["));
  CHECK(run_program(place.path(), words).out == first.out);
}
