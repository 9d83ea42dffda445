#include "engine/market/certificate/decision_maker.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double proportional_tolerance = 1e-12;  // of Ω, relative to the row's largest weight

void check_sizes(const Demand& demand, const Supply& supply) {
  const Eigen::Index products = demand.products();
  const auto check = [products](const char* name, Eigen::Index size) {
    if (size == products) return;
    throw InvalidInput(
        fmt::format("{} has {} entries for {} products: give one each", name, size, products));
  };
  check("marginal cost", supply.marginal_cost.size());
  check("ownership, in rows,", supply.ownership.rows());
  check("ownership, in columns,", supply.ownership.cols());
  check("fraction received", supply.received.size());
  check("fixed price", supply.price_fixed.size());
  check("fringe", supply.fringe.size());
}

// A product that is sold has a margin; one that is priced also a condition.
void check_product(const Supply& supply, Eigen::Index i, bool priced) {
  if (!std::isfinite(supply.marginal_cost(i)) || !std::isfinite(supply.received(i))) {
    throw InvalidInput(
        fmt::format("marginal cost {} and fraction received {} of product {} must be finite",
                    supply.marginal_cost(i), supply.received(i), i));
  }
  if (!priced) return;
  if (!supply.ownership.row(i).allFinite() || !(supply.ownership(i, i) > 0.0)) {
    throw InvalidInput(fmt::format(
        "ownership: the weights of the owner of product {} must be finite, and its own above 0",
        i));
  }
  if (!(supply.received(i) > 0.0) || !(supply.fringe(i) >= 1.0) ||
      !std::isfinite(supply.fringe(i))) {
    throw InvalidInput(
        fmt::format("product {}: the fraction received, {}, must be above 0 and the firms behind "
                    "it, {}, at least 1",
                    i, supply.received(i), supply.fringe(i)));
  }
}

bool decides_with(const Supply& supply, const DecisionMaker& maker, Eigen::Index i) {
  const Eigen::Index first = maker.products.front();
  // In units of the first product's own weight, as maker.weight is.
  const double scale = maker.weight(i) / supply.ownership(i, i);
  if (maker.firms > 1.0 || !(scale > 0.0) || !(supply.ownership(i, first) > 0.0)) return false;
  const double largest = maker.weight.cwiseAbs().maxCoeff();
  return ((supply.ownership.row(i).transpose() * scale - maker.weight).cwiseAbs().maxCoeff()) <=
         proportional_tolerance * largest;
}

}  // namespace

bool is_offered(const Demand& demand, Eigen::Index product) {
  for (Eigen::Index c = 0; c < demand.cells(); ++c) {
    if (demand.weight(c) > 0.0 &&
        demand.utility(product, c) > -std::numeric_limits<double>::infinity()) {
      return true;
    }
  }
  return false;
}

std::vector<DecisionMaker> find_decision_makers(const Demand& demand, const Supply& supply) {
  check_sizes(demand, supply);
  std::vector<DecisionMaker> makers;
  for (Eigen::Index i = 0; i < demand.products(); ++i) {
    if (!is_offered(demand, i)) continue;
    const bool priced = std::isnan(supply.price_fixed(i));
    check_product(supply, i, priced);
    if (!priced) continue;
    const bool fringe = supply.fringe(i) > 1.0;
    const auto owner = std::find_if(makers.begin(), makers.end(), [&](const DecisionMaker& maker) {
      return !fringe && decides_with(supply, maker, i);
    });
    if (owner != makers.end()) {
      owner->products.push_back(i);
      continue;
    }
    DecisionMaker maker;
    maker.products = {i};
    maker.weight = supply.ownership.row(i).transpose() / supply.ownership(i, i);
    maker.firms = supply.fringe(i);
    makers.push_back(std::move(maker));
  }
  return makers;
}

}  // namespace entente::market
