#include "engine/report/stopping_words.hpp"

#include <limits>

#include "tests/catch.hpp"

using namespace entente;
using output::Manifest;
using report::stopping_line;
using report::stopping_miss;
using test::contains;

namespace {

Manifest::Stopping sample() {
  Manifest::Stopping stopping;
  stopping.confidence = 0.95;
  stopping.minimum = 20;
  stopping.look_ahead = 5;
  stopping.most = 400;
  stopping.series = {{"markets.hhi", 0.05, true}, {"markets.unserved", 0.05, true}};
  stopping.met = true;
  stopping.widest = {"markets.hhi", "phones", "2030Q4", 400, 4000.0, 180.0};
  return stopping;
}

}  // namespace

TEST_CASE("the screen says how well means are known", "[unit]") {
  auto stopping = sample();
  CHECK(stopping_line(stopping) ==
        "95% intervals within 5%; widest 4000 ± 180 (4.5%): markets.hhi of phones");
  stopping.series[1] = {"markets.unserved", 0.25, false};
  CHECK_THAT(stopping_line(stopping), contains("95% intervals as narrow as asked; widest"));
  stopping.series = {{"markets.hhi", 200.0, false}};
  CHECK_THAT(stopping_line(stopping), contains("95% intervals within 200; widest"));
  stopping.met = false;
  CHECK_THAT(stopping_line(stopping), contains("95% intervals not all within 200; widest"));
  stopping.widest.reset();
  CHECK(stopping_line(stopping) == "no mean has a value");
}

TEST_CASE("a run that was not precise says what it would take", "[unit]") {
  auto stopping = sample();
  stopping.met = false;
  stopping.widest->half_width = 400.0;
  stopping.needed = 1680;
  CHECK(stopping_miss(stopping) ==
        "400 replications, the most allowed, were not enough: the 95% interval of markets.hhi of "
        "phones in 2030Q4 is 4000 ± 400 (10%), wider than 5%; it would take some 1680 "
        "replications: raise --most-replications or --precision");
  stopping.widest->half_width = 100.0;
  CHECK_THAT(stopping_miss(stopping), contains("(2.5%), not yet for long within 5%"));
}

TEST_CASE("a mean near 0 is better asked for in its unit", "[unit]") {
  auto stopping = sample();
  stopping.met = false;
  stopping.widest = {"markets.unserved", "phones", "2030Q4", 400, 0.0, 2.0};
  CHECK_THAT(stopping_miss(stopping),
             contains("is 0 ± 2, wider than 5%; no number of replications can be told; where means "
                      "are near 0, ask in the unit of the series: --precision-of "
                      "markets.unserved=SIZE"));
  stopping.needed = 2'000'000;
  CHECK_THAT(stopping_miss(stopping), contains("some 2000000 replications; where means are near"));
  stopping.series[1] = {"markets.unserved", 1e-9, false};
  CHECK_THAT(stopping_miss(stopping), contains("some 2000000 replications: raise --precision"));
}

TEST_CASE("a mean of too few values, or of none, is told", "[unit]") {
  auto stopping = sample();
  stopping.met = false;
  stopping.widest->values = 3;
  stopping.needed = 2667;
  CHECK_THAT(stopping_miss(stopping),
             contains("only 3 have a value of markets.hhi of phones in 2030Q4, and 20 are the "
                      "fewest; it would take some 2667 replications"));
  stopping.widest.reset();
  CHECK_THAT(stopping_miss(stopping), contains("no series asked for has a value"));
}
