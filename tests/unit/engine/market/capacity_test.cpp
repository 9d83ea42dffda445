#include "engine/market/capacity.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double infinity = std::numeric_limits<double>::infinity();

Eigen::VectorXd to_vector(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

struct Market {
  Demand demand;
  Supply supply;
};

Market make_market(double alpha, const std::vector<double>& utility,
                   const std::vector<double>& cost, const std::vector<int>& firm) {
  Market market;
  const auto products = static_cast<Eigen::Index>(cost.size());
  market.demand.price_term = PriceTerm::linear;
  market.demand.utility = to_vector(utility).array();
  market.demand.weight = Eigen::VectorXd::Ones(1);
  market.demand.price_sensitivity = Eigen::VectorXd::Constant(1, alpha);
  market.supply.marginal_cost = to_vector(cost);
  market.supply.ownership = Eigen::MatrixXd::Zero(products, products);
  for (Eigen::Index i = 0; i < products; ++i) {
    for (Eigen::Index j = 0; j < products; ++j) {
      const bool same = firm[static_cast<std::size_t>(i)] == firm[static_cast<std::size_t>(j)];
      market.supply.ownership(i, j) = same ? 1.0 : 0.0;
    }
  }
  market.supply.received = Eigen::VectorXd::Ones(products);
  market.supply.fringe = Eigen::VectorXd::Ones(products);
  market.supply.price_fixed =
      Eigen::VectorXd::Constant(products, std::numeric_limits<double>::quiet_NaN());
  return market;
}

struct ReferenceCase {
  const char* name;
  double alpha;
  std::vector<double> utility;
  std::vector<double> cost;
  std::vector<int> firm;
  std::vector<double> capacity;
  std::vector<double> price;
  std::vector<double> shadow_price;
};

}  // namespace

TEST_CASE("capacity prices agree with 40-digit reference cases", "[unit]") {
  const std::vector<ReferenceCase> cases = {
      {"one of four firms is full",
       1.0,
       {1, 1.5, 1.2, 0.8},
       {0.5, 0.5, 0.6, 0.4},
       {0, 1, 2, 3},
       {30, 10, 30, 30},
       {1.7167546698091103, 2.7941634362678376, 1.8385833075559863, 1.596799421602988},
       {0, 1.1830523251567266, 0, 0}},
      {"one product of a two-product firm is full",
       1.0,
       {1, 1.5, 1.2, 0.8},
       {0.5, 0.5, 0.6, 0.4},
       {0, 0, 1, 1},
       {30, 8, 30, 30},
       {1.8505643051156346, 3.159095882019661, 2.0707322831590576, 1.8707322831590576},
       {0, 1.3085315769040264, 0, 0}},
      {"a capacity of 1e-8 of the market",
       1.0,
       {1, 1.5},
       {0.5, 0.5},
       {0, 1},
       {1e-6, 50},
       {18.971426330198785, 2.067143284738351},
       {17.471426320198784, 0}},
      {"nine of twelve are full",
       1.3,
       {-0.34216639047351016, 1.186124492160952, -0.6818327630164296, 0.718887118027854,
        -0.19076071070543033, 1.390457637338241, 0.6004177317117938, 0.0457757322325002,
        1.3789959998612518, 2.285143087215217, 1.8005658844791719, 2.165424356732648},
       {0.9967206454590902, 0.8224710743021717, 0.9416629319131913, 0.583491519327183,
        0.36061350329069064, 0.46696596449150196, 0.9687194605758906, 0.5922981302396197,
        0.7050138021381245, 0.8459458693913411, 0.4064640137627057, 0.3192334832594708},
       {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
       {3.5267598140109317, 8.314187117510862, 4.954208269533183, 5.631940843548298,
        11.029248042000555, 3.219746356403765, 5.036231749057948, 3.573599921594026,
        8.018920056253439, 9.097282572843515, 5.46987111017746, 9.199693071360727},
       {1.7838710253288055, 1.9630818647545853, 1.7246008105284458, 1.9032909859782794,
        1.1774364949579104, 2.850000254692979, 1.898157597710088, 1.735421186177084,
        2.139259632531119, 2.7392404735151907, 2.7578123925191522, 2.6385380876584117},
       {0, 0.3016251883760395, 0, 0.5046605561904387, 0, 1.5882122678666883, 0.11941260487217244,
        0.3453842949702454, 0.5979534431963969, 1.0470814314019445, 1.5376070052232222,
        1.4721370173605908}},
  };
  for (const ReferenceCase& reference : cases) {
    INFO(reference.name);
    const Market market =
        make_market(reference.alpha, reference.utility, reference.cost, reference.firm);
    const Eigen::VectorXd start = market.supply.marginal_cost.array() + 1.0 / reference.alpha;
    const CapacityPrices result =
        compute_capacity_prices(market.demand, market.supply, 100.0,
                                make_product_capacities(to_vector(reference.capacity)), start);
    CHECK(result.prices.residual <= 1e-10);
    for (std::size_t j = 0; j < reference.cost.size(); ++j) {
      const auto product = static_cast<Eigen::Index>(j);
      CHECK(result.prices.price(product) == Approx(reference.price[j]).epsilon(1e-9));
      CHECK(result.shadow_price(product) == Approx(reference.shadow_price[j]).epsilon(1e-9));
    }
  }
}

TEST_CASE("slack capacity leaves Bertrand prices and shadow prices of exactly zero", "[unit]") {
  const Market market = make_market(1.0, {1.0, 2.0}, {0.5, 0.7}, {0, 1});
  const Eigen::Vector2d start(2.0, 2.0);
  const Prices free = compute_bertrand_prices(market.demand, market.supply, start);
  const CapacityPrices slack =
      compute_capacity_prices(market.demand, market.supply, 100.0,
                              make_product_capacities(Eigen::Vector2d(infinity, 90.0)), start);
  CHECK(slack.shadow_price.maxCoeff() == 0.0);
  CHECK((slack.prices.price - free.price).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("the guess taken from starting prices is corrected", "[unit]") {
  // At the start product 0 is cheap and overfull; at the solution its capacity is slack.
  const Market market = make_market(1.0, {1.0, 2.0}, {0.5, 0.7}, {0, 1});
  const CapacityPrices result = compute_capacity_prices(
      market.demand, market.supply, 1.0, make_product_capacities(Eigen::Vector2d(0.5, 0.2)),
      Eigen::Vector2d(0.01, 9.0));
  CHECK(result.shadow_price(0) == 0.0);
  CHECK(result.shadow_price(1) > 0.0);
  CHECK(compute_choice(market.demand, result.prices.price).share(1) == Approx(0.2).epsilon(1e-10));
}

TEST_CASE("a held price does not clear capacity", "[unit]") {
  Market market = make_market(1.0, {1.0, 2.0}, {0.5, 0.7}, {0, 1});
  market.supply.price_fixed(1) = 1.0;
  const CapacityPrices result = compute_capacity_prices(
      market.demand, market.supply, 1.0, make_product_capacities(Eigen::Vector2d(infinity, 0.01)),
      Eigen::Vector2d(1.0, 1.0));
  CHECK(result.prices.price(1) == 1.0);
  CHECK(result.shadow_price(1) == 0.0);
}

TEST_CASE("capacities that no price can ration are infeasible", "[unit]") {
  Market market = make_market(1.0, {1.0, 2.0}, {0.5, 0.7}, {0, 1});
  CHECK_THROWS_AS(compute_capacity_prices(market.demand, market.supply, 1.0,
                                          make_product_capacities(Eigen::Vector2d(0.0, 1.0)),
                                          Eigen::Vector2d(1.0, 1.0)),
                  Infeasible);
  market.demand.outside_good = false;
  CHECK_THROWS_AS(compute_capacity_prices(market.demand, market.supply, 1.0,
                                          make_product_capacities(Eigen::Vector2d(0.4, 0.5)),
                                          Eigen::Vector2d(1.0, 1.0)),
                  Infeasible);
}

namespace {

/// Three makers of one product each, capacities of their own, and a process that all share, of
/// which the second takes twice as much.
Resources share_process(const Eigen::Vector3d& own, double shared) {
  Resources resources;
  resources.use = Eigen::MatrixXd::Zero(4, 3);
  resources.use.topRows(3).setIdentity();
  resources.use.row(3) << 1.0, 2.0, 1.0;
  resources.capacity.resize(4);
  resources.capacity << own, shared;
  return resources;
}

/// Prices and shadow prices of such a market, whose conditions are checked by hand: a logit seller
/// of one product adds 1/(α(1 − s)) to its cost and to the worth of what a unit takes.
CapacityPrices check_conditions(const Market& market, const Resources& resources) {
  constexpr double size = 100.0;
  CapacityPrices result = compute_capacity_prices(market.demand, market.supply, size, resources,
                                                  Eigen::Vector3d::Constant(1.5));
  CHECK(result.prices.residual < 1e-10);
  const Eigen::VectorXd share = compute_choice(market.demand, result.prices.price).share;
  const Eigen::VectorXd used = size * resources.use * share;
  for (Eigen::Index k = 0; k < used.size(); ++k) {
    CAPTURE(k, used(k), resources.capacity(k), result.shadow_price(k));
    CHECK(used(k) <= resources.capacity(k) * (1.0 + 1e-9));
    CHECK(result.shadow_price(k) >= 0.0);
    if (used(k) < resources.capacity(k) * (1.0 - 1e-9)) CHECK(result.shadow_price(k) == 0.0);
  }
  const Eigen::VectorXd worth = resources.use.transpose() * result.shadow_price;
  for (Eigen::Index j = 0; j < share.size(); ++j) {
    const double cost = market.supply.marginal_cost(j) + worth(j);
    CHECK(result.effective_cost(j) == Approx(cost).epsilon(1e-12));
    CHECK(result.prices.price(j) == Approx(cost + 1.0 / (1.0 - share(j))).epsilon(1e-10));
  }
  return result;
}

Market three_makers() {
  return make_market(1.0, {1.0, 1.5, 1.2}, {0.5, 0.5, 0.6}, {0, 1, 2});
}

Eigen::Vector3d free_quantities(const Market& market) {
  const Prices free =
      compute_bertrand_prices(market.demand, market.supply, Eigen::Vector3d::Constant(1.5));
  return 100.0 * compute_choice(market.demand, free.price).share;
}

double use_of_process(const Eigen::Vector3d& quantity) {
  return quantity(0) + 2.0 * quantity(1) + quantity(2);
}

}  // namespace

TEST_CASE("a shared resource may bind alone beside own capacities", "[unit]") {
  const Market market = three_makers();
  const Eigen::Vector3d free = free_quantities(market);
  const CapacityPrices result =
      check_conditions(market, share_process(1.5 * free, 0.8 * use_of_process(free)));
  CHECK(result.shadow_price(3) > 0.01);
  CHECK(result.shadow_price.head(3).isZero(0.0));
}

TEST_CASE("a shared resource with room for all full makers is worth nothing", "[unit]") {
  const Market market = three_makers();
  const Eigen::Vector3d own = 0.8 * free_quantities(market);
  const CapacityPrices result =
      check_conditions(market, share_process(own, 1.05 * use_of_process(own)));
  CHECK(result.shadow_price(3) == 0.0);
  CHECK(result.shadow_price.head(3).minCoeff() > 0.01);
  // With room for exactly what they make, prices are the same, whatever it is worth.
  const CapacityPrices exact = check_conditions(market, share_process(own, use_of_process(own)));
  CHECK((exact.prices.price - result.prices.price).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("four resources that all bind at first come down to three that can", "[unit]") {
  // Own capacities and the shared one cannot all be full: three products, four limits.
  const Market market = three_makers();
  const Eigen::Vector3d own = 0.8 * free_quantities(market);
  for (const double part : {0.999, 0.97, 0.9, 0.7, 0.4}) {
    CAPTURE(part);
    const CapacityPrices result =
        check_conditions(market, share_process(own, part * use_of_process(own)));
    CHECK(result.shadow_price(3) > 0.0);
    CHECK((result.shadow_price.array() > 0.0).count() <= 3);
    // The maker that takes most of what is scarce gives way first.
    CHECK(result.shadow_price(1) == 0.0);
  }
  // One own capacity below its part, the shared one short of the rest.
  const CapacityPrices mixed = check_conditions(
      market, share_process(Eigen::Vector3d(own(0), 90.0, own(2)), use_of_process(own)));
  CHECK(mixed.shadow_price(3) > 0.0);
}

TEST_CASE("of two processes that limit one maker the tighter takes the other's place", "[unit]") {
  // Both are overfull at first, and full ones whose uses are parallel have no prices of their own.
  const Market market = make_market(1.0, {0.97, 2.49}, {0.74, 0.91}, {0, 1});
  Resources resources;
  resources.use.resize(4, 2);
  resources.use << 1.0, 0.0, 0.0, 1.0, 0.5, 1.0, 0.0, 1.5;
  resources.capacity.resize(4);
  resources.capacity << 4.49, 15.97, 43.74, 31.24;
  const CapacityPrices result = compute_capacity_prices(market.demand, market.supply, 100.0,
                                                        resources, Eigen::Vector2d(1.5, 1.5));
  const Eigen::VectorXd sold = 100.0 * compute_choice(market.demand, result.prices.price).share;
  CHECK(sold(0) == Approx(4.49).epsilon(1e-9));
  CHECK(sold(1) == Approx(15.97).epsilon(1e-9));
  CHECK(result.shadow_price(3) == 0.0);
}
