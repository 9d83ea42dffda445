#include "engine/market/binding_set.hpp"

#include "tests/catch.hpp"

namespace {

using namespace entente::market;
using Binding = std::vector<Eigen::Index>;

/// Three capacities of one product each, a process that the first two share, one of the last two.
Eigen::MatrixXd five_resources() {
  Eigen::MatrixXd use = Eigen::MatrixXd::Zero(5, 3);
  use.topRows(3).setIdentity();
  use.row(3) << 1.0, 2.0, 0.0;
  use.row(4) << 0.0, 1.0, 1.0;
  return use;
}

Binding with_room(Binding binding, const Eigen::VectorXd& shadow_price, Eigen::Index resource,
                  bool one_at_a_time) {
  make_room(five_resources(), shadow_price, resource, one_at_a_time, binding);
  return binding;
}

Eigen::VectorXd prices(double a, double b, double c, double d, double e) {
  Eigen::VectorXd shadow_price(5);
  shadow_price << a, b, c, d, e;
  return shadow_price;
}

}  // namespace

TEST_CASE("an overfull resource takes the place of all that share a user with it", "[unit]") {
  const Eigen::VectorXd any = prices(3.0, 1.0, 2.0, 4.0, 5.0);
  CHECK(with_room({0, 1, 2}, any, 3, false) == Binding{2});
  CHECK(with_room({0, 1, 2}, any, 4, false) == Binding{0});
  CHECK(with_room({0, 3}, any, 1, false) == Binding{0});
  CHECK(with_room({0, 3}, any, 4, false) == Binding{0});
  CHECK(with_room({0, 3}, any, 2, false) == Binding{0, 3});
}

TEST_CASE("one at a time it takes the place of the cheapest of those", "[unit]") {
  CHECK(with_room({0, 1, 2}, prices(3.0, 1.0, 0.5, 4.0, 5.0), 3, true) == Binding{0, 2});
  CHECK(with_room({0, 1, 2}, prices(1.0, 3.0, 0.5, 4.0, 5.0), 3, true) == Binding{1, 2});
  CHECK(with_room({0, 1, 2}, prices(1.0, 1.0, 0.5, 4.0, 5.0), 3, true) == Binding{1, 2});
  // A negative one, about to be dropped, is the cheapest.
  CHECK(with_room({1, 2, 3}, prices(0.0, 2.0, -1.0, 1.0, 0.0), 4, true) == Binding{1, 3});
  CHECK(with_room({0}, prices(1.0, 1.0, 1.0, 1.0, 1.0), 4, true) == Binding{0});
}
