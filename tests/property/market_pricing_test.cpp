#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/market/capacity.hpp"
#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"
#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

namespace {

using namespace entente::market;
using entente::test::make_start;
using entente::test::MarketGenerator;

constexpr int markets = 300;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Worst first-order condition over the seller's revenue, from shares and their derivatives alone:
/// Ω_ii r_i s_i + Σ_j Ω_ij (ds_j/dp_i) (r_j p_j − c_j).
double measure_condition(const Demand& demand, const Supply& supply, const Eigen::VectorXd& prices,
                         const Eigen::VectorXd& cost) {
  const Choice choice = compute_choice(demand, prices);
  const Eigen::MatrixXd slopes = compute_share_jacobian(demand, prices);
  const Eigen::VectorXd margin = supply.received.cwiseProduct(prices) - cost;
  double worst = 0.0;
  for (Eigen::Index i = 0; i < prices.size(); ++i) {
    double condition = supply.ownership(i, i) * supply.received(i) * choice.share(i);
    for (Eigen::Index j = 0; j < prices.size(); ++j) {
      condition += supply.ownership(i, j) * slopes(j, i) * margin(j);
    }
    worst = std::max(worst, std::abs(condition) / choice.share(i));
  }
  return worst;
}

/// Without an outside good a rival's capacity can leave the others buyers who must buy from them
/// at any price; with a log price term no equilibrium exists then.
bool rivals_may_be_captive(const Demand& demand) {
  return !demand.outside_good && demand.price_term == PriceTerm::log;
}

}  // namespace

TEST_CASE("shares and the outside share sum to one", "[property]") {
  MarketGenerator generator(11);
  for (int k = 0; k < markets; ++k) {
    const Demand demand = generator.make_demand();
    const Eigen::VectorXd prices =
        Eigen::VectorXd::Constant(demand.utility.rows(), generator.uniform(0.5, 4.0));
    const Choice choice = compute_choice(demand, prices);
    CHECK(std::abs(choice.share.sum() + choice.outside_share - 1.0) < 1e-14);
    CHECK((choice.cell_share >= 0.0).all());
    if (!demand.outside_good) CHECK(choice.outside_share == 0.0);
  }
}

TEST_CASE("the share Jacobian matches finite differences", "[property]") {
  MarketGenerator generator(12);
  for (int k = 0; k < markets; ++k) {
    const Demand demand = generator.make_demand();
    Eigen::VectorXd prices(demand.utility.rows());
    for (double& price : prices)
      price = generator.uniform(0.7, 3.0);
    const Choice choice = compute_choice(demand, prices);
    const Eigen::MatrixXd slopes = compute_share_jacobian(demand, prices);
    const Eigen::VectorXd own = compute_own_elasticities(demand, prices);
    const double step = 1e-5;
    for (Eigen::Index i = 0; i < prices.size(); ++i) {
      Eigen::VectorXd moved = prices;
      moved(i) += step;
      const Eigen::VectorXd above = compute_choice(demand, moved).share;
      moved(i) -= 2.0 * step;
      const Eigen::VectorXd below = compute_choice(demand, moved).share;
      const Eigen::VectorXd difference = (above - below) / (2.0 * step);
      CHECK((difference - slopes.col(i)).cwiseAbs().maxCoeff() < 1e-7);
      CHECK(own(i) ==
            Approx(slopes(i, i) * prices(i) / choice.share(i)).epsilon(1e-9).margin(1e-12));
    }
    const auto inside_at = [&](double factor) {
      return compute_choice(demand, factor * prices).share.sum();
    };
    const double category =
        (std::log(inside_at(1.0 + step)) - std::log(inside_at(1.0 - step))) / (2.0 * step);
    CHECK(compute_category_elasticity(demand, prices) == Approx(category).margin(1e-7));
  }
}

TEST_CASE("prices satisfy the first-order conditions", "[property]") {
  MarketGenerator generator(13);
  int several_roots = 0;
  for (int k = 0; k < markets; ++k) {
    INFO("market " << k);
    const Demand demand = generator.make_demand();
    const Supply supply = generator.make_supply(demand.utility.rows());
    const Prices prices = compute_bertrand_prices(demand, supply, make_start(supply));
    CHECK(prices.residual <= 1e-10);
    CHECK(measure_condition(demand, supply, prices.price, supply.marginal_cost) < 1e-8);
    const Eigen::VectorXd implied = compute_implied_markups(demand, supply, prices.price);
    CHECK((implied - prices.markup).cwiseAbs().maxCoeff() < 1e-7 * prices.price.maxCoeff());
    const Prices again = compute_bertrand_prices(demand, supply, 3.0 * make_start(supply));
    CHECK(measure_condition(demand, supply, again.price, supply.marginal_cost) < 1e-8);
    const double apart =
        ((again.price - prices.price).array() / prices.price.array()).abs().maxCoeff();
    if (apart > 1e-8) ++several_roots;
  }
  // Buyers who differ can leave a market two roots; nearly all have one.
  CHECK(several_roots <= markets / 100);
}

TEST_CASE("relabelling products changes no price", "[property]") {
  MarketGenerator generator(14);
  for (int k = 0; k < markets; ++k) {
    const Demand demand = generator.make_demand();
    const Supply supply = generator.make_supply(demand.utility.rows());
    Demand relabelled = demand;
    relabelled.utility = demand.utility.colwise().reverse().eval();
    relabelled.nest = demand.nest.reverse().eval();
    Supply reversed = supply;
    reversed.marginal_cost = supply.marginal_cost.reverse().eval();
    reversed.received = supply.received.reverse().eval();
    reversed.ownership = supply.ownership.reverse().eval();
    const Prices prices = compute_bertrand_prices(demand, supply, make_start(supply));
    const Prices other = compute_bertrand_prices(relabelled, reversed, make_start(reversed));
    const Eigen::ArrayXd change = prices.price.array() / other.price.array().reverse() - 1.0;
    CHECK(change.abs().maxCoeff() < 1e-10);
  }
}

TEST_CASE("scaling an owner's row of weights changes nothing", "[property]") {
  // The row of an owner who counts all its profits double, or an owner of itself alone.
  MarketGenerator generator(15);
  for (int k = 0; k < markets; ++k) {
    const Demand demand = generator.make_demand();
    const Supply supply = generator.make_supply(demand.utility.rows());
    Supply doubled = supply;
    doubled.ownership.row(0) *= 2.0;
    const Eigen::VectorXd start = make_start(supply);
    const Prices prices = compute_bertrand_prices(demand, supply, start);
    CHECK(compute_bertrand_prices(demand, doubled, start).price == prices.price);
  }
}

TEST_CASE("another currency changes no share where price enters in logarithms", "[property]") {
  MarketGenerator generator(16);
  for (int k = 0; k < markets; ++k) {
    Demand demand = generator.make_demand();
    if (demand.price_term != PriceTerm::log) continue;
    const Supply supply = generator.make_supply(demand.utility.rows());
    const Prices prices = compute_bertrand_prices(demand, supply, make_start(supply));
    const Eigen::VectorXd share = compute_choice(demand, prices.price).share;
    const double rate = 1330.0;
    for (Eigen::Index c = 0; c < demand.weight.size(); ++c) {
      demand.utility.col(c) += demand.price_sensitivity(c) * std::log(rate);
    }
    Supply converted = supply;
    converted.marginal_cost *= rate;
    const Prices other = compute_bertrand_prices(demand, converted, rate * make_start(supply));
    CHECK((compute_choice(demand, other.price).share - share).cwiseAbs().maxCoeff() < 1e-10);
    CHECK((other.price.array() / prices.price.array() / rate - 1.0).abs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("capacity prices satisfy the conditions of Karush, Kuhn and Tucker", "[property]") {
  MarketGenerator generator(17);
  int binding = 0;
  int slack = 0;
  for (int k = 0; k < 2 * markets; ++k) {
    INFO("market " << k);
    const Demand demand = generator.make_demand();
    if (rivals_may_be_captive(demand)) continue;
    const Supply supply = generator.make_supply(demand.utility.rows());
    const Eigen::VectorXd start = make_start(supply);
    const Prices free = compute_bertrand_prices(demand, supply, start);
    const Eigen::VectorXd unconstrained = compute_choice(demand, free.price).share;
    const double size = generator.uniform(10.0, 1e6);
    Eigen::VectorXd capacity(start.size());
    for (Eigen::Index j = 0; j < start.size(); ++j) {
      // From 1% to 200% of free demand; the first product takes what others cannot deliver.
      const double factor = std::pow(10.0, generator.uniform(-2.0, 0.3));
      const bool limited = j > 0 && generator.chance(0.7);
      capacity(j) = limited ? size * factor * unconstrained(j) : infinity;
    }
    const CapacityPrices result = compute_capacity_prices(
        demand, supply, size, make_product_capacities(capacity), k % 2 == 0 ? start : free.price);
    const Eigen::VectorXd& price = result.prices.price;
    const Eigen::VectorXd demanded = size * compute_choice(demand, price).share;
    for (Eigen::Index j = 0; j < start.size(); ++j) {
      CHECK(demanded(j) <= capacity(j) * (1.0 + 1e-9));
      CHECK(result.shadow_price(j) >= 0.0);
      if (result.shadow_price(j) > 0.0) {
        CHECK(demanded(j) == Approx(capacity(j)).epsilon(1e-9));
        ++binding;
      } else if (std::isfinite(capacity(j))) {
        ++slack;
      }
    }
    const Eigen::VectorXd effective = supply.marginal_cost + result.shadow_price;
    CHECK(measure_condition(demand, supply, price, effective) < 1e-7);
  }
  CHECK(binding > markets);
  CHECK(slack > markets / 10);
}

TEST_CASE("a binding capacity raises its product's price", "[property]") {
  MarketGenerator generator(18);
  for (int k = 0; k < markets; ++k) {
    const Demand demand = generator.make_demand();
    if (rivals_may_be_captive(demand)) continue;
    Supply supply = generator.make_supply(demand.utility.rows());
    supply.ownership.setIdentity();
    const Prices free = compute_bertrand_prices(demand, supply, make_start(supply));
    const Eigen::VectorXd share = compute_choice(demand, free.price).share;
    Eigen::VectorXd capacity = Eigen::VectorXd::Constant(share.size(), infinity);
    capacity(1) = share(1) * generator.uniform(0.05, 0.98);
    const CapacityPrices tight =
        compute_capacity_prices(demand, supply, 1.0, make_product_capacities(capacity), free.price);
    CHECK(tight.shadow_price(1) > 0.0);
    CHECK(tight.prices.price(1) > free.price(1));
    capacity(1) = share(1) * 1.0001;
    const CapacityPrices loose =
        compute_capacity_prices(demand, supply, 1.0, make_product_capacities(capacity), free.price);
    CHECK(loose.shadow_price(1) == 0.0);
    CHECK((loose.prices.price - free.price).cwiseAbs().maxCoeff() < 1e-9);
  }
}
