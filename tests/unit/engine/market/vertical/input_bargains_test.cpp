#include "engine/market/vertical/input_bargains.hpp"

#include <cmath>

#include "engine/market/failure.hpp"
#include "engine/market/vertical/vertical.hpp"
#include "tests/catch.hpp"

using namespace entente::market;
using Eigen::VectorXd;

namespace {

/// Two suppliers of one product of one buyer, which sells it at 10 beside an outside good, one unit
/// of the input each, at other costs of 2.
InputBargains two_suppliers() {
  InputBargains b;
  b.demand.price_term = PriceTerm::linear;
  b.demand.weight = VectorXd::Ones(1);
  b.demand.price_sensitivity = VectorXd::Constant(1, 0.5);
  b.demand.utility = Eigen::ArrayXXd::Constant(1, 1, 5.0);  // V = 0 at the price: half buy
  b.retail_price = VectorXd::Constant(1, 10.0);
  b.other_cost = VectorXd::Constant(1, 2.0);
  b.input_per_unit = VectorXd::Ones(1);
  b.buyer_firm = Eigen::VectorXi::Constant(1, 2);
  b.product = Eigen::VectorXi::Zero(2);
  b.supplier_firm = Eigen::Vector2i(0, 1);
  b.supplier_cost = Eigen::Vector2d(1.0, 1.0);
  b.share = Eigen::Vector2d(0.5, 0.5);
  b.buyer_weight = Eigen::Vector2d(0.5, 0.5);
  b.link_nesting = 1.0;
  return b;
}

}  // namespace

// Without one supplier utility falls by ln 2, so 1/3 buys instead of 1/2. The supplier loses
// (w − 1)/4. The buyer earns (8 − w)/2 with both and (8 − w)/3 with one: it loses (8 − w)/6. Equal
// weights: (w − 1)/4 = (8 − w)/6, w = 3.8.
TEST_CASE("two equal suppliers of a product, worked by hand", "[unit]") {
  const VectorXd w = compute_input_prices(two_suppliers());
  CHECK(w[0] == Approx(3.8).epsilon(1e-14));
  CHECK(w[1] == Approx(3.8).epsilon(1e-14));
}

// A sole supplier takes the product off the market: (w − 1)/2 = (8 − w)/2 at equal weights.
TEST_CASE("a sole supplier shares the whole value of the product", "[unit]") {
  InputBargains b = two_suppliers();
  b.share = Eigen::Vector2d(1.0, 0.0);
  CHECK(compute_input_prices(b)[0] == Approx(4.5).epsilon(1e-14));
  CHECK(compute_input_prices(b)[1] == 1.0);  // nothing is bargained: an offer at cost
}

TEST_CASE("a second supplier lowers the price, the more the better it replaces the first",
          "[unit]") {
  InputBargains b = two_suppliers();
  double last = 4.5;
  for (const double nesting : {1.0, 0.5, 0.2, 0.05}) {
    b.link_nesting = nesting;
    const double w = compute_input_prices(b)[0];
    CHECK(w < last);
    CHECK(w > 1.0);
    last = w;
  }
}

TEST_CASE("weights give back the prices they were inferred from", "[unit]") {
  InputBargains b = two_suppliers();
  b.buyer_weight = Eigen::Vector2d(0.9, 0.3);
  b.share = Eigen::Vector2d(0.7, 0.3);
  const VectorXd w = compute_input_prices(b);
  const VectorXd weight = compute_input_buyer_weights(b, w);
  CHECK(weight[0] == Approx(0.9).epsilon(1e-12));
  CHECK(weight[1] == Approx(0.3).epsilon(1e-12));
}

TEST_CASE("a price below cost or above the product's value has no weight", "[unit]") {
  const InputBargains b = two_suppliers();
  CHECK_THROWS_AS(compute_input_buyer_weights(b, Eigen::Vector2d(0.9, 3.8)), Infeasible);
  CHECK_THROWS_AS(compute_input_buyer_weights(b, Eigen::Vector2d(12.0, 3.8)), Infeasible);
}

TEST_CASE("the buyer with all weight pays cost", "[unit]") {
  InputBargains b = two_suppliers();
  b.buyer_weight.setOnes();
  CHECK(compute_input_prices(b).isApprox(b.supplier_cost, 1e-14));
}

TEST_CASE("dearer capacity elsewhere raises the price by the buyer's weight", "[unit]") {
  InputBargains b = two_suppliers();
  b.share = Eigen::Vector2d(1.0, 0.0);
  const double before = compute_input_prices(b)[0];
  b.supplier_cost[0] += 1.0;
  CHECK(compute_input_prices(b)[0] - before == Approx(0.5).epsilon(1e-13));
}

TEST_CASE("a supplier inside the buyer's firm delivers at cost", "[unit]") {
  InputBargains b = two_suppliers();
  b.supplier_firm[0] = 2;
  CHECK(compute_input_prices(b)[0] == 1.0);
}

// With one link a product there is nothing to substitute between links, so these are the contracts
// of the joint solution of both tiers.
TEST_CASE("at its own retail prices the joint solution of two tiers comes out", "[unit]") {
  for (const bool stakes : {false, true}) {
    VerticalMarket market;
    market.demand.price_term = PriceTerm::log;
    market.demand.weight = Eigen::Vector2d(0.6, 0.4);
    market.demand.price_sensitivity = Eigen::Vector2d(4.0, 5.0);
    market.demand.utility.resize(4, 2);
    market.demand.utility << 6.0, 8.0, 5.5, 8.5, 5.2, 7.0, 5.9, 8.2;
    market.upstream_cost = Eigen::Vector4d(1.0, 1.2, 0.8, 1.1);
    market.downstream_cost = Eigen::Vector4d(2.0, 1.5, 1.0, 1.8);
    market.upstream_firm = Eigen::Vector4i(0, 1, 0, 1);
    market.downstream_firm = Eigen::Vector4i(2, 2, 3, 4);
    market.buyer_weight = Eigen::Vector4d(0.6, 0.6, 0.5, 0.7);
    if (stakes) {
      market.interest = Eigen::MatrixXd::Identity(5, 5);
      market.interest(2, 0) = 0.2;
      market.interest(1, 4) = 0.3;
    }
    const VerticalPrices joint = compute_vertical_prices(market);
    InputBargains b;
    b.demand = market.demand;
    b.retail_price = joint.retail_price;
    b.other_cost = market.downstream_cost;
    b.input_per_unit = VectorXd::Ones(4);
    b.buyer_firm = market.downstream_firm;
    b.product = Eigen::Vector4i(0, 1, 2, 3);
    b.supplier_firm = market.upstream_firm;
    b.supplier_cost = market.upstream_cost;
    b.share = VectorXd::Ones(4);
    b.buyer_weight = market.buyer_weight;
    b.interest = market.interest;
    CHECK(compute_input_prices(b).isApprox(joint.wholesale_price, 1e-8));
  }
}

TEST_CASE("bargains that are none are refused", "[unit]") {
  InputBargains b = two_suppliers();
  b.share[0] = 1.5;
  CHECK_THROWS_AS(compute_input_prices(b), InvalidInput);
  b = two_suppliers();
  b.product[1] = 3;
  CHECK_THROWS_AS(compute_input_prices(b), InvalidInput);
  b = two_suppliers();
  b.link_nesting = 0.0;
  CHECK_THROWS_AS(compute_input_prices(b), InvalidInput);
}
