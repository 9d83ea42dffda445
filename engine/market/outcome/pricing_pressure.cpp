#include "engine/market/outcome/pricing_pressure.hpp"

#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

void check_ownership(const char* when, const Eigen::Ref<const Eigen::MatrixXd>& ownership,
                     Eigen::Index products) {
  const bool valid = ownership.rows() == products && ownership.cols() == products &&
                     ownership.allFinite() && (ownership.diagonal().array() > 0.0).all();
  if (valid) return;
  throw InvalidInput(fmt::format(
      "pricing pressure: the ownership matrix {} must be {}×{} and finite, with weights "
      "above 0 on its diagonal",
      when, products, products));
}

void check_supply(const Supply& supply, Eigen::Index products) {
  if (supply.marginal_cost.size() == products && supply.received.size() == products) return;
  throw InvalidInput(
      fmt::format("pricing pressure: {} marginal costs and {} received parts for {} products",
                  supply.marginal_cost.size(), supply.received.size(), products));
}

}  // namespace

Eigen::VectorXd compute_gross_pressure(const Eigen::Ref<const Eigen::MatrixXd>& diversion,
                                       const Eigen::Ref<const Eigen::VectorXd>& markup,
                                       const Eigen::Ref<const Eigen::MatrixXd>& ownership_before,
                                       const Eigen::Ref<const Eigen::MatrixXd>& ownership_after) {
  const Eigen::Index products = markup.size();
  check_ownership("before", ownership_before, products);
  check_ownership("after", ownership_after, products);
  if (diversion.rows() != products || diversion.cols() != products) {
    throw InvalidInput(fmt::format("pricing pressure: diversion is {}×{} for {} products",
                                   diversion.rows(), diversion.cols(), products));
  }
  Eigen::VectorXd pressure = Eigen::VectorXd::Zero(products);
  for (Eigen::Index i = 0; i < products; ++i) {
    for (Eigen::Index j = 0; j < products; ++j) {
      if (i == j) continue;
      const double change = ownership_after(i, j) / ownership_after(i, i) -
                            ownership_before(i, j) / ownership_before(i, i);
      // A product without a price has no part in a deal that leaves it alone.
      if (change != 0.0) pressure(i) += change * diversion(i, j) * markup(j);
    }
    if (!std::isfinite(pressure(i))) {
      throw InvalidInput(fmt::format(
          "pricing pressure on product {} is not finite; check diversion ratios and markups", i));
    }
  }
  return pressure;
}

Eigen::VectorXd compute_guppi(const Eigen::Ref<const Eigen::VectorXd>& gross_pressure,
                              const Eigen::Ref<const Eigen::VectorXd>& prices) {
  if (gross_pressure.size() != prices.size()) {
    throw InvalidInput(
        fmt::format("GUPPI: {} pressures and {} prices", gross_pressure.size(), prices.size()));
  }
  Eigen::VectorXd index = Eigen::VectorXd::Zero(prices.size());
  for (Eigen::Index i = 0; i < prices.size(); ++i) {
    if (gross_pressure(i) == 0.0) continue;
    if (!(prices(i) > 0.0)) {
      throw InvalidInput(
          fmt::format("GUPPI: the price of product {} is {}; a fraction of it needs a price above "
                      "0, use the pressure in currency",
                      i, prices(i)));
    }
    index(i) = gross_pressure(i) / prices(i);
  }
  return index;
}

PricingPressure compute_pricing_pressure(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices,
                                         const Supply& before, const Supply& after) {
  check_supply(before, prices.size());
  check_supply(after, prices.size());
  const Eigen::VectorXd markup = before.received.cwiseProduct(prices) - before.marginal_cost;
  PricingPressure pressure;
  pressure.diversion = compute_diversion_ratios(demand, prices);
  pressure.gross =
      compute_gross_pressure(pressure.diversion, markup, before.ownership, after.ownership);
  pressure.guppi = compute_guppi(pressure.gross, prices);
  pressure.net = pressure.gross - (before.marginal_cost - after.marginal_cost);
  return pressure;
}

}  // namespace entente::market
