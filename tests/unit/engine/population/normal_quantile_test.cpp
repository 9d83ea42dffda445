#include "engine/population/normal_quantile.hpp"

#include <cmath>

#include "engine/population/random_stream.hpp"
#include "tests/catch.hpp"

using namespace entente;
using namespace entente::population;

TEST_CASE("normal quantiles are those of the error function", "[unit]") {
  // Φ(x) = erfc(−x/√2)/2, in the centre, the near and the far tail of the approximation.
  for (const double p : {0.5, 0.3, 0.08, 0.075, 1e-3, 1e-10, 1e-12, 1e-15}) {
    const double x = lower_normal_quantile(p);
    CHECK(0.5 * std::erfc(-x / std::sqrt(2.0)) == Approx(p).epsilon(1e-13));
  }
  CHECK(lower_normal_quantile(0.5) == 0.0);
  CHECK(lower_normal_quantile(0.025) == Approx(-1.959963984540054).epsilon(1e-15));
}

TEST_CASE("normal draws have mean 0 and variance 1 and are keyed", "[unit]") {
  const std::uint64_t stream = stream_name("shock", "storm");
  constexpr int count = 20000;
  double sum = 0.0;
  double squares = 0.0;
  for (std::uint32_t replication = 0; replication < count; ++replication) {
    const double draw = Draws{7, replication}.normal(stream, 3);
    sum += draw;
    squares += draw * draw;
  }
  CHECK(std::abs(sum / count) < 4.0 / std::sqrt(count));
  CHECK(std::abs(squares / count - 1.0) < 4.0 * std::sqrt(2.0 / count));
  CHECK(Draws{7, 1}.normal(stream, 3) == Draws{7, 1}.normal(stream, 3));
  CHECK(Draws{7, 1}.normal(stream, 3) != Draws{7, 1}.normal(stream, 4));
}
