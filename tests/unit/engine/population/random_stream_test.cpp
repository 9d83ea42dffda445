#include "engine/population/random_stream.hpp"

#include <cmath>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/catch.hpp"

using namespace entente::population;

namespace {

/// The first quarter in which the hazard fires, or 400.
std::uint32_t first_firing(const Draws& draws, double hazard, std::uint64_t stream) {
  std::uint32_t quarter = 0;
  while (quarter < 400 && !draws.fires(hazard, stream, quarter))
    ++quarter;
  return quarter;
}

}  // namespace

TEST_CASE("a draw depends on its key alone, not on what was drawn before", "[unit]") {
  const Draws draws{7, 3};
  const std::uint64_t alpha = stream_name("formation", "alpha");
  const std::uint64_t beta = stream_name("formation", "beta");
  std::vector<double> forth;
  for (std::uint32_t quarter = 0; quarter < 20; ++quarter) {
    forth.push_back(draws.uniform(alpha, quarter));
  }
  for (std::uint32_t quarter = 20; quarter-- > 0;) {
    (void)draws.uniform(beta, quarter, quarter);
    CHECK(draws.uniform(alpha, quarter) == forth[quarter]);
  }
}

TEST_CASE("every part of the key changes the draw", "[unit]") {
  const std::uint64_t stream = stream_name("formation", "alpha");
  std::set<double> seen = {Draws{7, 3}.uniform(stream, 5), Draws{8, 3}.uniform(stream, 5),
                           Draws{7, 4}.uniform(stream, 5), Draws{7, 3}.uniform(stream + 1, 5),
                           Draws{7, 3}.uniform(stream, 6), Draws{7, 3}.uniform(stream, 5, 1)};
  CHECK(seen.size() == 6);
}

TEST_CASE("streams are named by purpose and entity, not by their letters in a row", "[unit]") {
  CHECK(stream_name("formation", "alpha") != stream_name("dissolution", "alpha"));
  CHECK(stream_name("ab", "c") != stream_name("a", "bc"));
  CHECK(stream_name("abc", "") != stream_name("", "abc"));
  std::set<std::uint64_t> names;
  for (int i = 0; i < 10000; ++i)
    names.insert(stream_name("choice", "widget-" + std::to_string(i)));
  CHECK(names.size() == 10000);
}

TEST_CASE("a larger hazard never fires later", "[unit]") {
  const Draws draws{11, 0};
  for (int entity = 0; entity < 200; ++entity) {
    const std::uint64_t stream = stream_name("dissolution", "pact-" + std::to_string(entity));
    std::uint32_t before = 400;
    for (const double hazard : {0.01, 0.05, 0.2, 0.6, 0.99}) {
      const std::uint32_t now = first_firing(draws, hazard, stream);
      CHECK(now <= before);
      before = now;
    }
  }
}

TEST_CASE("a hazard of 0 never fires and one of 1 always does", "[unit]") {
  const Draws draws{1, 2};
  for (std::uint32_t quarter = 0; quarter < 1000; ++quarter) {
    CHECK_FALSE(draws.fires(0.0, 42, quarter));
    CHECK(draws.fires(1.0, 42, quarter));
  }
}

TEST_CASE("uniforms have the mean and variance of the unit interval", "[unit]") {
  const Draws draws{5, 0};
  constexpr int count = 20000;
  double sum = 0.0;
  double squares = 0.0;
  for (std::uint32_t number = 0; number < count; ++number) {
    const double draw = draws.uniform(9, 0, number);
    REQUIRE(draw >= 0.0);
    REQUIRE(draw < 1.0);
    sum += draw;
    squares += draw * draw;
  }
  // k = 4 standard errors: sd of U is √(1/12), of U² is √(4/45).
  CHECK(std::abs(sum / count - 0.5) < 4.0 * std::sqrt(1.0 / 12.0 / count));
  CHECK(std::abs(squares / count - 1.0 / 3.0) < 4.0 * std::sqrt(4.0 / 45.0 / count));
}

TEST_CASE("a block gives its four words in order and then no more", "[unit]") {
  BlockGenerator generator({1, 2, 3, 4});
  for (std::uint32_t word = 1; word <= 4; ++word)
    CHECK(generator() == word);
  CHECK_THROWS_AS(generator(), std::logic_error);
}

TEST_CASE("a keyed generator goes through the blocks of its key, two uniforms each", "[unit]") {
  const Draws draws{7, 3};
  const std::uint64_t stream = stream_name("choice", "widget");
  KeyedGenerator generator(draws, stream, 5);
  std::set<double> seen;
  for (std::uint32_t block = 0; block < 500; ++block) {
    const auto words = draws.block(stream, 5, block);
    for (const std::size_t half : {0u, 2u}) {
      const double uniform = generator.uniform();
      const double expected = words[half] / 0x1p32 + (words[half + 1] >> 11) / 0x1p53;
      REQUIRE(uniform == expected);
      REQUIRE(uniform < 1.0);
      seen.insert(uniform);
    }
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("parts of a stream do not meet, nor those of its neighbours", "[unit]") {
  const std::uint64_t stream = stream_name("choice", "widget");
  std::set<std::uint64_t> seen;
  for (std::uint64_t neighbour = 0; neighbour < 20; ++neighbour) {
    for (std::uint64_t part = 0; part < 500; ++part)
      seen.insert(substream(stream + neighbour, part));
  }
  CHECK(seen.size() == 10000);
}
