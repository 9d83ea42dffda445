#include "engine/market/demand.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "engine/market/cell_array.hpp"
#include "engine/market/cell_shares.hpp"
#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/markup_terms.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void validate_sizes(const Demand& demand) {
  if (demand.products() == 0) throw InvalidInput("demand: the market has no product");
  if (demand.weight.size() != demand.cells() || demand.price_sensitivity.size() != demand.cells()) {
    throw InvalidInput(fmt::format(
        "demand: utility has {} cells, weight {} and price_sensitivity {}; they must agree",
        demand.cells(), demand.weight.size(), demand.price_sensitivity.size()));
  }
  if (demand.nest.size() != 0 && demand.nest.size() != demand.products()) {
    throw InvalidInput(
        fmt::format("demand: nest names {} products of {}; give one for each, or none",
                    demand.nest.size(), demand.products()));
  }
}

void validate_nests(const Demand& demand) {
  for (Eigen::Index g = 0; g < demand.nesting.size(); ++g) {
    if (demand.nesting(g) > 0.0 && demand.nesting(g) <= 1.0) continue;
    throw InvalidInput(fmt::format("demand: nesting parameter {} of nest {} is outside (0, 1]",
                                   demand.nesting(g), g));
  }
  for (Eigen::Index j = 0; j < demand.products(); ++j) {
    if (demand.nest_of(j) >= 0 && demand.nest_of(j) < demand.nesting.size()) continue;
    throw InvalidInput(fmt::format("demand: product {} is in nest {}, but there are {} nests", j,
                                   demand.nest_of(j), demand.nesting.size()));
  }
}

void validate_cells(const Demand& demand) {
  double total = 0.0;
  for (Eigen::Index c = 0; c < demand.cells(); ++c) {
    const double weight = demand.weight(c);
    if (!(weight >= 0.0) || !std::isfinite(weight)) {
      throw InvalidInput(
          fmt::format("demand: weight {} of cell {} must be finite and not negative", weight, c));
    }
    total += weight;
    const double sensitivity = demand.price_sensitivity(c);
    if (!(sensitivity > 0.0) || !std::isfinite(sensitivity)) {
      throw InvalidInput(fmt::format(
          "demand: price sensitivity {} of cell {} must be finite and above 0; buyers who like "
          "high prices leave no best price",
          sensitivity, c));
    }
    for (Eigen::Index j = 0; j < demand.products(); ++j) {
      if (demand.utility(j, c) < infinity) continue;  // −∞ is not offered
      throw InvalidInput(
          fmt::format("demand: utility {} of product {} in cell {} is not a number "
                      "below infinity",
                      demand.utility(j, c), j, c));
    }
  }
  if (!(total > 0.0) || !std::isfinite(total)) {
    throw InvalidInput("demand has no active buyers: weights must have a finite sum above 0");
  }
}

}  // namespace

void validate_demand(const Demand& demand) {
  validate_sizes(demand);
  validate_nests(demand);
  validate_cells(demand);
}

namespace {

/// p or ln p of each product that somebody is offered, 0 of the others.
Eigen::VectorXd compute_price_terms(const Demand& demand,
                                    const Eigen::Ref<const Eigen::VectorXd>& prices) {
  const bool log_price = demand.price_term == PriceTerm::log;
  Eigen::VectorXd term = Eigen::VectorXd::Zero(demand.products());
  for (Eigen::Index j = 0; j < demand.products(); ++j) {
    if (!(demand.utility.row(j) > -infinity).any()) continue;
    if (!std::isfinite(prices(j)) || (log_price && prices(j) <= 0.0)) {
      throw MarketFailure(
          fmt::format("price of product {} is {}; prices must be finite, and above 0 with a log "
                      "price term",
                      j, prices(j)));
    }
    term(j) = log_price ? deterministic_log(prices(j)) : prices(j);
  }
  return term;
}

}  // namespace

Choice compute_choice(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& prices) {
  validate_demand(demand);
  const Eigen::Index products = demand.products();
  const Eigen::Index cells = demand.cells();
  if (prices.size() != products) {
    throw InvalidInput(fmt::format("choice: {} prices for {} products", prices.size(), products));
  }
  const Eigen::VectorXd term = compute_price_terms(demand, prices);
  Choice choice;
  choice.cell_share.resize(products, cells);
  choice.logsum.resize(cells);
  choice.share.setZero(products);
  double total = 0.0;
  double outside = 0.0;
  // Some cells at a time, whose arrays stay in the cache.
  constexpr Eigen::Index most_together = 64;
  CellArray base;
  CellArray sensitivity;
  CellShares shares;
  for (Eigen::Index first = 0; first < cells; first += most_together) {
    const Eigen::Index together = std::min(most_together, cells - first);
    base.ensure_shape(together, products);
    sensitivity.ensure_shape(together, 1);
    for (Eigen::Index c = 0; c < together; ++c) {
      sensitivity(c) = demand.price_sensitivity(first + c);
      for (Eigen::Index j = 0; j < products; ++j)
        base(c, j) = demand.utility(j, first + c) / demand.nesting(demand.nest_of(j));
    }
    shares.set_structure(demand.nesting, demand.nest, demand.outside_good, together, products);
    shares.evaluate(base, sensitivity, term);
    for (Eigen::Index c = 0; c < together; ++c) {
      const double weight = demand.weight(first + c);
      choice.logsum(first + c) = shares.logsum(c);
      if (weight > 0.0 && shares.logsum(c) == -infinity) {
        throw MarketFailure(fmt::format(
            "no product is offered to the buyers of cell {}, and without an outside good they must "
            "buy one",
            first + c));
      }
      for (Eigen::Index j = 0; j < products; ++j)
        choice.cell_share(j, first + c) = shares.share(c, j);
      total += weight;
      outside += weight * shares.outside(c);
      choice.share += weight * choice.cell_share.col(first + c).matrix();
    }
  }
  choice.share /= total;
  choice.outside_share = outside / total;
  return choice;
}

namespace {

/// Shares, h and G at given prices, see MarkupTerms.
struct PriceResponse {
  PriceResponse(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& prices) {
    terms.set_demand(demand);
    terms.evaluate(prices);
    terms.compute_diversion(diversion);
  }
  MarkupTerms terms;
  Eigen::MatrixXd diversion;  // J×J
};

}  // namespace

// ds_j/dx_i = −(s_i/h_i)(1{i=j} − G_ij).
Eigen::MatrixXd compute_share_jacobian(const Demand& demand,
                                       const Eigen::Ref<const Eigen::VectorXd>& prices) {
  const PriceResponse at(demand, prices);
  const Eigen::Index products = demand.products();
  Eigen::MatrixXd jacobian = Eigen::MatrixXd::Zero(products, products);
  for (Eigen::Index i = 0; i < products; ++i) {
    if (!at.terms.offered(i)) continue;
    const double response = at.terms.share(i) / (at.terms.inverse_response(i) *
                                                 (at.terms.log_price() ? prices(i) : 1.0));
    jacobian.col(i) = response * at.diversion.row(i).transpose();
    jacobian(i, i) -= response;
  }
  return jacobian;
}

// As Γ is symmetric, s_i/h_i G_ij = s_j/h_j G_ji: the ratio to s_j needs row j alone.
Eigen::MatrixXd compute_elasticities(const Demand& demand,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices) {
  const PriceResponse at(demand, prices);
  const Eigen::Index products = demand.products();
  Eigen::MatrixXd elasticities = Eigen::MatrixXd::Zero(products, products);
  for (Eigen::Index j = 0; j < products; ++j) {
    for (Eigen::Index i = 0; i < products; ++i) {
      if (!at.terms.offered(j) || !at.terms.offered(i)) continue;
      const double scale = at.terms.log_price() ? 1.0 : prices(i);
      const double own = i == j ? 1.0 : 0.0;
      elasticities(j, i) = -scale * (own - at.diversion(j, i)) / at.terms.inverse_response(j);
    }
  }
  return elasticities;
}

Eigen::VectorXd compute_own_elasticities(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices) {
  return compute_elasticities(demand, prices).diagonal();
}

Eigen::MatrixXd compute_diversion_ratios(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices) {
  PriceResponse at(demand, prices);
  for (Eigen::Index i = 0; i < at.diversion.rows(); ++i) {
    if (!at.terms.offered(i)) continue;
    at.diversion.row(i) /= 1.0 - at.diversion(i, i);
    at.diversion(i, i) = -1.0;
  }
  return std::move(at.diversion);
}

// In a cell the outside share o has do/dx_i = σ o s_i.
double compute_category_elasticity(const Demand& demand,
                                   const Eigen::Ref<const Eigen::VectorXd>& prices) {
  if (!demand.outside_good) return 0.0;
  const Choice choice = compute_choice(demand, prices);
  double slope = 0.0;
  double inside_total = 0.0;
  for (Eigen::Index c = 0; c < choice.cell_share.cols(); ++c) {
    const double inside = choice.cell_share.col(c).sum();
    if (!(demand.weight(c) > 0.0) || !(inside > 0.0)) continue;
    double spending = inside;  // Σ_j s_j (p_j or 1)
    if (demand.price_term == PriceTerm::linear) {
      spending = 0.0;
      for (Eigen::Index j = 0; j < prices.size(); ++j) {
        if (choice.cell_share(j, c) > 0.0) spending += choice.cell_share(j, c) * prices(j);
      }
    }
    // e^−logsum is the outside share also where 1 − inside has lost its figures.
    slope -= demand.weight(c) * demand.price_sensitivity(c) * spending *
             deterministic_exp(-choice.logsum(c));
    inside_total += demand.weight(c) * inside;
  }
  return inside_total > 0.0 ? slope / inside_total : 0.0;
}

}  // namespace entente::market
