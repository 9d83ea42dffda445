#include "engine/market/vertical/vertical.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

using namespace entente::market;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Suppliers 0..S−1, buyers S..S+B−1, every supplier linked to every buyer, supplier by supplier;
/// plain logit, all links a little different.
VerticalMarket make_market(int suppliers, int buyers) {
  const Eigen::Index links = Eigen::Index{suppliers} * buyers;
  VerticalMarket market;
  market.demand.price_term = PriceTerm::linear;
  market.demand.weight.setOnes(1);
  market.demand.price_sensitivity.setOnes(1);
  market.demand.utility.resize(links, 1);
  market.upstream_cost.resize(links);
  market.downstream_cost.resize(links);
  market.upstream_firm.resize(links);
  market.downstream_firm.resize(links);
  market.buyer_weight.resize(links);
  for (int i = 0; i < links; ++i) {
    market.demand.utility(i, 0) = 3.0 - 0.25 * ((i * 7) % 5);
    market.upstream_cost(i) = 0.5 + 0.1 * ((i * 3) % 4);
    market.downstream_cost(i) = 0.2 + 0.05 * (i % 3);
    market.upstream_firm(i) = i / buyers;
    market.downstream_firm(i) = suppliers + i % buyers;
    market.buyer_weight(i) = 0.35 + 0.1 * ((i * 5) % 4);
  }
  return market;
}

/// Two cells, a nest for each buyer's product, stakes, and firm 0 on both sides of link 0.
VerticalMarket make_rich_market(PriceTerm price_term) {
  VerticalMarket market = make_market(2, 2);
  Demand& demand = market.demand;
  demand.price_term = price_term;
  demand.nesting = Eigen::Vector2d(0.4, 0.7);
  demand.nest = Eigen::Vector4i(0, 1, 0, 1);
  demand.weight = Eigen::Vector2d(2.0, 1.0);
  demand.price_sensitivity =
      price_term == PriceTerm::log ? Eigen::Vector2d(4.0, 6.0) : Eigen::Vector2d(0.8, 1.3);
  demand.utility.resize(4, 2);
  demand.utility << 3.0, 2.0, 2.6, 2.9, 2.2, 3.1, 3.3, 2.4;
  market.downstream_firm = Eigen::Vector4i(0, 3, 0, 3);
  market.buyer_weight = Eigen::Vector4d(0.3, 0.6, 0.5, 0.7);
  market.interest = Eigen::Matrix4d::Identity();
  market.interest(1, 3) = 0.3;  // supplier 1 counts in buyer 3
  market.interest(3, 0) = 0.2;  // buyer 3 counts in supplier 0 and its own rival
  return market;
}

/// What firm f maximises at given prices, from market profits, per buyer.
double compute_value(const VerticalMarket& market, const Eigen::VectorXd& wholesale,
                     const Eigen::VectorXd& retail, int firm, Eigen::Index removed = -1) {
  Demand demand = market.demand;
  if (removed >= 0) demand.utility.row(removed).setConstant(-infinity);
  const Eigen::VectorXd share = compute_choice(demand, retail).share;
  double value = 0.0;
  const auto interest = [&](int other) {
    if (other == firm) return 1.0;
    return market.interest.size() == 0 ? 0.0 : market.interest(firm, other);
  };
  for (Eigen::Index j = 0; j < share.size(); ++j) {
    value +=
        share(j) * (interest(market.upstream_firm(j)) * (wholesale(j) - market.upstream_cost(j)) +
                    interest(market.downstream_firm(j)) *
                        (retail(j) - wholesale(j) - market.downstream_cost(j)));
  }
  return value;
}

void check_retail_price(const VerticalMarket& market, const VerticalPrices& prices,
                        Eigen::Index i) {
  constexpr double width = 2e-6;
  Eigen::VectorXd high = prices.retail_price;
  Eigen::VectorXd low = prices.retail_price;
  high(i) += width;
  low(i) -= width;
  const int firm = market.downstream_firm(i);
  const double slope = (compute_value(market, prices.wholesale_price, high, firm) -
                        compute_value(market, prices.wholesale_price, low, firm)) /
                       (2.0 * width);
  CHECK(slope == Approx(0.0).margin(2e-9));
}

void check_contract(const VerticalMarket& market, const VerticalPrices& prices, Eigen::Index i) {
  const int up = market.upstream_firm(i);
  const int down = market.downstream_firm(i);
  const double share = prices.choice.share(i);
  const auto gain = [&](int firm, double step) {
    Eigen::VectorXd moved = prices.wholesale_price;
    moved(i) += step;
    return (compute_value(market, moved, prices.retail_price, firm) -
            compute_value(market, moved, prices.retail_price, firm, i)) /
           share;
  };
  const auto log_nash_product = [&](double step) {
    return (1.0 - market.buyer_weight(i)) * std::log(gain(up, step)) +
           market.buyer_weight(i) * std::log(gain(down, step));
  };
  const double smaller_gain = std::min(gain(up, 0.0), gain(down, 0.0));
  REQUIRE(smaller_gain > 0.0);
  const double width = 1e-3 * smaller_gain;
  const double slope = (log_nash_product(width) - log_nash_product(-width)) / (2.0 * width);
  CHECK(slope * smaller_gain == Approx(0.0).margin(3e-6));
  CHECK(log_nash_product(0.2 * smaller_gain) < log_nash_product(0.0));
  CHECK(log_nash_product(-0.2 * smaller_gain) < log_nash_product(0.0));
}

void check_conditions(const VerticalMarket& market, const VerticalPrices& prices) {
  CHECK(prices.residual < 1e-12);
  for (Eigen::Index i = 0; i < prices.retail_price.size(); ++i) {
    check_retail_price(market, prices, i);
    if (market.upstream_firm(i) == market.downstream_firm(i)) {
      CHECK(prices.wholesale_price(i) == market.upstream_cost(i));
    } else {
      check_contract(market, prices, i);
    }
  }
}

void check_equal(const VerticalPrices& one, const VerticalPrices& other, double tolerance = 1e-11) {
  REQUIRE(one.retail_price.size() == other.retail_price.size());
  CHECK((one.retail_price - other.retail_price).cwiseAbs().maxCoeff() < tolerance);
  CHECK((one.wholesale_price - other.wholesale_price).cwiseAbs().maxCoeff() < tolerance);
}

}  // namespace

// With one link b (w − c) = (1−b)(p − w − c') and the markup of a single seller is 1/(α(1−s)).
TEST_CASE("a bilateral monopoly splits the margin by weight", "[unit]") {
  VerticalMarket market = make_market(1, 1);
  market.buyer_weight(0) = 0.25;
  const VerticalPrices prices = compute_vertical_prices(market);
  CHECK(prices.residual < 1e-12);
  CHECK(prices.upstream_margin(0) == Approx(3.0 * prices.downstream_margin(0)).epsilon(1e-12));
  const double share = prices.choice.share(0);
  CHECK(prices.downstream_margin(0) * (1.0 - share) == Approx(1.0).epsilon(1e-12));
  CHECK(share == Approx(1.0 / (1.0 + std::exp(prices.retail_price(0) - 3.0))).epsilon(1e-12));
}

TEST_CASE("every retail price and every contract is the best its parties can do", "[unit]") {
  check_conditions(make_market(3, 2), compute_vertical_prices(make_market(3, 2)));
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    VerticalMarket market = make_rich_market(term);
    check_conditions(market, compute_vertical_prices(market));
    market.demand.outside_good = false;
    market.downstream_firm = Eigen::Vector4i(2, 3, 2, 3);
    check_conditions(market, compute_vertical_prices(market));
  }
  VerticalMarket both = make_market(2, 2);
  both.downstream_firm = Eigen::Vector4i(0, 1, 0, 1);
  check_conditions(both, compute_vertical_prices(both));
}

TEST_CASE("a buyer with all the weight pays the cost", "[unit]") {
  VerticalMarket market = make_market(2, 2);
  market.buyer_weight.setOnes();
  const VerticalPrices prices = compute_vertical_prices(market);
  CHECK(prices.wholesale_price == market.upstream_cost);
  market.buyer_weight.setConstant(0.999);
  const VerticalPrices near = compute_vertical_prices(market);
  CHECK((near.wholesale_price - market.upstream_cost).cwiseAbs().maxCoeff() < 0.01);
  CHECK((near.wholesale_price - market.upstream_cost).minCoeff() > 0.0);
}

TEST_CASE("nests without meaning change nothing", "[unit]") {
  VerticalMarket market = make_market(2, 2);
  const VerticalPrices plain = compute_vertical_prices(market);
  market.demand.nest = Eigen::Vector4i(0, 1, 0, 1);
  market.demand.nesting = Eigen::Vector2d(1.0, 1.0);
  check_equal(compute_vertical_prices(market), plain);
  market.demand.nesting = Eigen::Vector2d(1.0 - 1e-9, 1.0 - 1e-9);
  check_equal(compute_vertical_prices(market), plain, 1e-7);
  // A nest of one product is no nest, whatever its λ.
  market.demand.nest = Eigen::Vector4i(0, 1, 2, 3);
  market.demand.nesting = Eigen::Vector4d(0.2, 0.5, 0.7, 1.0);
  check_equal(compute_vertical_prices(market), plain);
  check_equal(compute_vertical_prices(market, ContractTiming::sequential),
              compute_vertical_prices(make_market(2, 2), ContractTiming::sequential));
}

TEST_CASE("cells of equal buyers are one cell", "[unit]") {
  VerticalMarket market = make_market(2, 2);
  VerticalMarket cells = market;
  cells.demand.weight = Eigen::Vector3d(1.0, 0.0, 2.5);
  cells.demand.price_sensitivity = Eigen::Vector3d(1.0, 7.0, 1.0);
  cells.demand.utility.resize(4, 3);
  for (int c = 0; c < 3; ++c)
    cells.demand.utility.col(c) = market.demand.utility.col(0);
  for (const ContractTiming timing : {ContractTiming::simultaneous, ContractTiming::sequential})
    check_equal(compute_vertical_prices(cells, timing), compute_vertical_prices(market, timing));
}

TEST_CASE("the order of links and the names of firms do not matter", "[unit]") {
  const VerticalMarket market = make_rich_market(PriceTerm::linear);
  VerticalMarket other = market;
  const Eigen::Vector4i from(2, 0, 3, 1);
  const Eigen::Vector4i name(3, 0, 2, 1);  // of firms
  for (int i = 0; i < 4; ++i) {
    const int j = from(i);
    other.demand.utility.row(i) = market.demand.utility.row(j);
    other.demand.nest(i) = market.demand.nest(j);
    other.upstream_cost(i) = market.upstream_cost(j);
    other.downstream_cost(i) = market.downstream_cost(j);
    other.buyer_weight(i) = market.buyer_weight(j);
    other.upstream_firm(i) = name(market.upstream_firm(j));
    other.downstream_firm(i) = name(market.downstream_firm(j));
  }
  for (int f = 0; f < 4; ++f) {
    for (int g = 0; g < 4; ++g)
      other.interest(name(f), name(g)) = market.interest(f, g);
  }
  for (const ContractTiming timing : {ContractTiming::simultaneous, ContractTiming::sequential}) {
    const VerticalPrices one = compute_vertical_prices(market, timing);
    const VerticalPrices two = compute_vertical_prices(other, timing);
    for (int i = 0; i < 4; ++i) {
      CHECK(two.retail_price(i) == Approx(one.retail_price(from(i))).epsilon(1e-11));
      CHECK(two.wholesale_price(i) == Approx(one.wholesale_price(from(i))).epsilon(1e-11));
    }
  }
}

TEST_CASE("an absent link is as if it were not listed", "[unit]") {
  VerticalMarket market = make_market(2, 2);
  market.demand.utility.row(3).setConstant(-infinity);
  VerticalMarket listed = make_market(2, 2);
  listed.demand.utility = listed.demand.utility.topRows(3).eval();
  listed.upstream_cost.conservativeResize(3);
  listed.downstream_cost.conservativeResize(3);
  listed.upstream_firm.conservativeResize(3);
  listed.downstream_firm.conservativeResize(3);
  listed.buyer_weight.conservativeResize(3);
  for (const ContractTiming timing : {ContractTiming::simultaneous, ContractTiming::sequential}) {
    const VerticalPrices one = compute_vertical_prices(market, timing);
    const VerticalPrices two = compute_vertical_prices(listed, timing);
    CHECK((one.retail_price.head(3) - two.retail_price).cwiseAbs().maxCoeff() < 1e-12);
    CHECK(one.choice.share(3) == 0.0);
    CHECK(one.downstream_margin(3) == Approx(0.0).margin(1e-15));
    CHECK(one.wholesale_price(3) == market.upstream_cost(3));
  }
}

// ECONOMICS of stakes: with one link, buyer and supplier that count each other's profit in part
// charge less than strangers and more than one firm.
TEST_CASE("mutual stakes lie between separation and integration", "[unit]") {
  VerticalMarket market = make_market(1, 1);
  const double separate = compute_vertical_prices(market).retail_price(0);
  market.downstream_firm(0) = 0;
  const double integrated = compute_vertical_prices(market).retail_price(0);
  market.downstream_firm(0) = 1;
  double before = separate;
  for (const double stake : {0.25, 0.5, 0.9}) {
    market.interest = Eigen::Matrix2d::Identity();
    market.interest(0, 1) = stake;
    market.interest(1, 0) = stake;
    const double price = compute_vertical_prices(market).retail_price(0);
    CHECK(price < before);
    CHECK(price > integrated);
    before = price;
  }
  market.interest.setOnes();
  const VerticalPrices full = compute_vertical_prices(market);
  CHECK(full.retail_price(0) == Approx(integrated).epsilon(1e-12));
  CHECK(full.wholesale_price(0) == market.upstream_cost(0));
}

TEST_CASE("a link that hardly sells has its limiting prices", "[unit]") {
  VerticalMarket market = make_market(2, 2);
  market.demand.utility(1, 0) = -40.0;
  const VerticalPrices tiny = compute_vertical_prices(market);
  market.demand.utility(1, 0) = -5000.0;
  const VerticalPrices none = compute_vertical_prices(market);
  CHECK(none.choice.share(1) == 0.0);
  check_equal(tiny, none, 1e-10);
}

TEST_CASE("links of one product that are nearly the same share a nest", "[unit]") {
  VerticalMarket market = make_market(3, 2);
  market.demand.nest.resize(6);
  market.demand.nest << 0, 1, 0, 1, 0, 1;
  market.demand.nesting = Eigen::Vector2d(0.1, 0.05);
  market.demand.utility.setConstant(3.0);
  market.demand.utility(2, 0) = 3.05;
  check_conditions(market, compute_vertical_prices(market));
  market.demand.nesting.setConstant(0.005);
  CHECK(compute_vertical_prices(market).residual < 1e-10);
}

TEST_CASE("a warm start leads to the same prices in fewer steps", "[unit]") {
  VerticalMarket market = make_market(3, 3);
  VerticalOptions options;
  VerticalSolver solver;
  for (const ContractTiming timing : {ContractTiming::simultaneous, ContractTiming::sequential}) {
    const VerticalPrices cold = solver.solve(market, timing);
    options.retail_start = cold.retail_price;
    options.wholesale_start = cold.wholesale_price;
    const VerticalPrices warm = solver.solve(market, timing, options);
    check_equal(cold, warm);
    CHECK(warm.iterations < cold.iterations);
  }
  // A start far off is no obstacle.
  for (const double price : {-50.0, 1e3, 1e14}) {
    options.retail_start.setConstant(price);
    check_equal(compute_vertical_prices(market), compute_vertical_prices(market, {}, options));
  }
}

TEST_CASE("a solver that has seen other markets gives the same bits", "[unit]") {
  VerticalSolver solver;
  solver.solve(make_rich_market(PriceTerm::log));
  solver.solve(make_market(3, 3), ContractTiming::sequential);
  for (const ContractTiming timing : {ContractTiming::simultaneous, ContractTiming::sequential}) {
    const VerticalPrices again = solver.solve(make_market(2, 3), timing);
    const VerticalPrices fresh = compute_vertical_prices(make_market(2, 3), timing);
    CHECK(again.retail_price == fresh.retail_price);
    CHECK(again.wholesale_price == fresh.wholesale_price);
  }
}

TEST_CASE("arrays that describe no vertical market are refused", "[unit]") {
  const VerticalMarket good = make_market(2, 2);
  const auto refuse = [&](const auto& spoil, const std::string& part) {
    for (const ContractTiming timing : {ContractTiming::simultaneous, ContractTiming::sequential}) {
      VerticalMarket market = good;
      spoil(market);
      CHECK_THROWS_AS(compute_vertical_prices(market, timing), InvalidInput);
      CHECK_THROWS_WITH(compute_vertical_prices(market, timing), entente::test::contains(part));
    }
  };
  refuse([](VerticalMarket& m) { m.upstream_cost.conservativeResize(3); }, "upstream_cost");
  refuse([](VerticalMarket& m) { m.downstream_firm.resize(0); }, "downstream_firm");
  refuse([](VerticalMarket& m) { m.upstream_cost(2) = not_a_number; }, "link 2");
  refuse([](VerticalMarket& m) { m.downstream_cost(1) = infinity; }, "link 1");
  refuse([](VerticalMarket& m) { m.upstream_cost(1) = 1e300; }, "link 1");
  refuse([](VerticalMarket& m) { m.buyer_weight(3) = 1.5; }, "buyer_weight of link 3");
  refuse([](VerticalMarket& m) { m.buyer_weight(0) = not_a_number; }, "buyer_weight of link 0");
  refuse([](VerticalMarket& m) { m.upstream_firm(0) = -1; }, "link 0");
  refuse([](VerticalMarket& m) { m.demand.utility.setConstant(-infinity); }, "no link is offered");
  refuse([](VerticalMarket& m) { m.interest.setIdentity(3, 3); }, "3 firms");
  refuse([](VerticalMarket& m) { m.interest.setIdentity(4, 3); }, "4x3");
  refuse([](VerticalMarket& m) { m.interest.setConstant(4, 4, not_a_number); }, "firm 0");
  refuse(
      [](VerticalMarket& m) {
        m.interest.setIdentity(4, 4);
        m.interest(0, 2) = 1.2;
      },
      "above 1");
  VerticalMarket market = good;
  market.demand.price_sensitivity(0) = 0.0;
  CHECK_THROWS_AS(compute_vertical_prices(market), InvalidInput);
  VerticalOptions options;
  options.retail_start.setOnes(3);
  CHECK_THROWS_WITH(compute_vertical_prices(good, {}, options), entente::test::contains("start"));
  options.retail_start.setConstant(4, not_a_number);
  CHECK_THROWS_AS(compute_vertical_prices(good, {}, options), InvalidInput);
}

TEST_CASE("a contract that nobody can agree on is refused", "[unit]") {
  VerticalMarket market = make_market(2, 2);
  market.buyer_weight(2) = 0.0;
  CHECK_THROWS_AS(compute_vertical_prices(market), Infeasible);
  CHECK_THROWS_WITH(compute_vertical_prices(market), entente::test::contains("link 2"));
  // Of an integrated link the weight is not asked for.
  market.downstream_firm = Eigen::Vector4i(2, 3, 1, 3);
  CHECK_NOTHROW(compute_vertical_prices(market));
  market = make_market(2, 2);
  market.interest.setIdentity(4, 4);
  market.interest(0, 2) = 1.0;
  CHECK_THROWS_AS(compute_vertical_prices(market), Infeasible);
}

// Without an outside good a sole supplier's price is bounded by nothing.
TEST_CASE("a market without equilibrium is not answered", "[unit]") {
  VerticalMarket market = make_market(1, 2);
  market.demand.outside_good = false;
  CHECK_THROWS_AS(compute_vertical_prices(market), NoConvergence);
  market = make_market(2, 1);
  market.demand.outside_good = false;
  CHECK_THROWS_AS(compute_vertical_prices(market), NoConvergence);
  market = make_market(2, 2);
  VerticalOptions options;
  options.max_iterations = 1;
  CHECK_THROWS_AS(compute_vertical_prices(market, {}, options), NoConvergence);
}
