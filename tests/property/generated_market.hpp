#pragma once

#include <Eigen/Core>
#include <limits>
#include <random>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::test {

/// Random but valid markets from a fixed seed.
class MarketGenerator {
 public:
  explicit MarketGenerator(unsigned seed) : random_(seed) {}

  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  Eigen::Index integer(Eigen::Index low, Eigen::Index high) {
    return std::uniform_int_distribution<Eigen::Index>(low, high)(random_);
  }
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }

  /// One to three nests. Cells differ in weight, sensitivity and tastes; some hold a product, some
  /// are not offered one.
  market::Demand make_demand() {
    market::Demand demand;
    const Eigen::Index products = integer(2, 8);
    const Eigen::Index cells = integer(1, 40);
    demand.price_term = chance(0.5) ? market::PriceTerm::log : market::PriceTerm::linear;
    demand.nesting.resize(chance(0.4) ? integer(2, 3) : 1);
    for (double& nesting : demand.nesting)
      nesting = chance(0.2) ? 1.0 : uniform(0.1, 1.0);
    if (demand.nesting.size() > 1) {
      demand.nest.resize(products);
      for (int& nest : demand.nest)
        nest = static_cast<int>(integer(0, demand.nesting.size() - 1));
    }
    demand.outside_good = chance(0.8);
    // Without an outside good a common rise of all prices loses no buyers, so that with a log term
    // an equilibrium exists only where rivalry alone makes demand elastic.
    if (!demand.outside_good) demand.nesting *= 0.4;
    const double sensitivity = uniform(demand.outside_good ? 1.6 : 3.0, 4.0);
    demand.weight.resize(cells);
    demand.price_sensitivity.resize(cells);
    demand.utility.resize(products, cells);
    Eigen::VectorXd quality(products);
    for (double& value : quality)
      value = uniform(-2.0, 4.0);
    for (Eigen::Index c = 0; c < cells; ++c) {
      demand.weight(c) = uniform(0.05, 2.0);
      demand.price_sensitivity(c) = sensitivity * uniform(0.8, 1.25);
      for (Eigen::Index j = 0; j < products; ++j) {
        demand.utility(j, c) = quality(j) + uniform(-0.5, 0.5);
        if (j > 1 && c > 0 && chance(0.05)) {
          demand.utility(j, c) = -std::numeric_limits<double>::infinity();
        }
      }
      if (chance(0.6)) {
        const Eigen::Index held = integer(0, products - 1);
        demand.utility(held, c) += demand.nesting(demand.nest_of(held)) * 2.0;
      }
    }
    return demand;
  }

  /// Some firms own two products, some hold stakes; products 0 and 1 never have one owner.
  market::Supply make_supply(Eigen::Index products) {
    market::Supply supply;
    supply.marginal_cost.resize(products);
    supply.received.resize(products);
    for (Eigen::Index j = 0; j < products; ++j) {
      supply.marginal_cost(j) = uniform(0.3, 1.5);
      supply.received(j) = chance(0.3) ? uniform(0.7, 1.0) : 1.0;
    }
    supply.fringe = Eigen::VectorXd::Ones(products);
    supply.price_fixed =
        Eigen::VectorXd::Constant(products, std::numeric_limits<double>::quiet_NaN());
    supply.ownership = Eigen::MatrixXd::Identity(products, products);
    for (Eigen::Index j = 2; j < products; ++j) {
      const Eigen::Index other = integer(0, j - 1);
      if (chance(0.4) && supply.ownership.row(other).sum() == 1.0) {
        supply.ownership(j, other) = supply.ownership(other, j) = 1.0;
      } else if (chance(0.3)) {
        supply.ownership(j, other) = uniform(0.05, 0.4);
      }
    }
    return supply;
  }

 private:
  std::mt19937_64 random_;
};

/// Prices to start from: a common markup over what the seller needs.
inline Eigen::VectorXd make_start(const market::Supply& supply) {
  return 1.5 * supply.marginal_cost.cwiseQuotient(supply.received);
}

}  // namespace entente::test
