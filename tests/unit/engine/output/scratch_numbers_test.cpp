#include "engine/output/scratch_numbers.hpp"

#include <vector>

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente;
using entente::test::contains;
using entente::test::TemporaryFolder;
using Values = std::vector<double>;

TEST_CASE("scratch numbers are given back and leave no file", "[unit]") {
  const TemporaryFolder place;
  const output::ScratchNumbers numbers(place.path());
  CHECK(place.names().empty());
  numbers.write(3, Values{4, 5});
  numbers.write(0, Values{1, 2, 3});
  numbers.write(3, Values{6});
  Values read(5);
  numbers.read(0, read);
  CHECK(read == Values{1, 2, 3, 6, 5});
  numbers.read(4, std::span(read).first(1));
  CHECK(read.front() == 5.0);
  CHECK_THROWS_WITH(numbers.read(4, read), contains("ends too early"));
}

TEST_CASE("a place that takes no scratch numbers is told", "[unit]") {
  const TemporaryFolder place;
  CHECK_THROWS_WITH(output::ScratchNumbers(place.path() / "absent"), contains("cannot be written"));
}
