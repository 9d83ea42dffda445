#include "engine/market/bargaining.hpp"

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

using namespace entente::market;

TEST_CASE("the bargaining price by hand", "[unit]") {
  InputBargain bargain;
  bargain.supplier_cost = 4.0;
  bargain.buyer_value = 20.0;
  // A sole supplier: 0.25 · 4 + 0.75 · 20.
  CHECK(compute_input_price(bargain, 0.25) == Approx(16.0));
  // Half the volume could come from elsewhere at 10: at most 20 − 0.5 · 10 = 15.
  bargain.replaceable = 0.5;
  bargain.alternative_price = 10.0;
  CHECK(compute_input_price(bargain, 0.25) == Approx(12.25));
  CHECK(compute_input_price(bargain, 1.0) == Approx(4.0));
  CHECK(compute_input_price(bargain, 0.0) == Approx(15.0));
}

TEST_CASE("the buyer's weight inverts the price", "[unit]") {
  const InputBargain bargain{4.0, 20.0, 0.5, 10.0};
  CHECK(compute_buyer_weight(bargain, 12.25) == Approx(0.25));
  CHECK_THROWS_AS(compute_buyer_weight(bargain, 4.0), Infeasible);
  CHECK_THROWS_AS(compute_buyer_weight(bargain, 15.5), Infeasible);
}

TEST_CASE("a pair without gain from trade has no price", "[unit]") {
  const InputBargain bargain{25.0, 20.0, 0.0, 0.0};
  CHECK_THROWS_WITH(compute_input_price(bargain, 0.5), entente::test::contains("no gain"));
  CHECK_THROWS_AS(compute_input_price({4.0, 20.0, 1.5, 10.0}, 0.5), Infeasible);
}
