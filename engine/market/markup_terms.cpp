#include "engine/market/markup_terms.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

// Below this the relative precision of sums of shares is no longer safe from underflow.
constexpr double smallest_safe_share = 1e-200;

std::vector<Eigen::Index> find_populated_cells(const Demand& demand) {
  std::vector<Eigen::Index> cells;
  for (Eigen::Index c = 0; c < demand.weight.size(); ++c) {
    if (demand.weight(c) > 0.0) cells.push_back(c);
  }
  if (cells.empty()) throw MarketFailure("demand has no active buyers: every cell has weight 0");
  return cells;
}

}  // namespace

MarkupTerms::MarkupTerms(const Demand& demand)
    : log_price_(demand.price_term == PriceTerm::log),
      cells_(demand.nest, demand.outside_good, (demand.weight.array() > 0.0).count(),
             demand.utility.rows()) {
  const std::vector<Eigen::Index> populated = find_populated_cells(demand);
  const auto cell_count = static_cast<Eigen::Index>(populated.size());
  const Eigen::Index products = demand.utility.rows();
  weight_.resize(cell_count);
  sensitivity_.resize(cell_count);
  scaled_base_.resize(cell_count, products);
  double total = 0.0;
  for (Eigen::Index c = 0; c < cell_count; ++c) {
    const Eigen::Index from = populated[static_cast<std::size_t>(c)];
    total += demand.weight(from);
    weight_(c) = demand.weight(from);
    sensitivity_(c) = demand.price_sensitivity(from);
    for (Eigen::Index j = 0; j < products; ++j) {
      scaled_base_(c, j) = demand.utility(j, from) / demand.nest;
    }
  }
  weight_ /= total;
  scaled_slope_ = sensitivity_ / demand.nest;
  offered_.resize(products);
  for (Eigen::Index j = 0; j < products; ++j) {
    offered_(j) = (scaled_base_.col(j) > -std::numeric_limits<double>::infinity()).any() ? 1 : 0;
  }
  share.resize(products);
  inverse_response.setZero(products);
  diversion.setZero(products, products);
  scaled_utility_.resize(cell_count, products);
  response_weight_.resize(cell_count, products);
  mean_sensitivity_.setZero(products);
  loss_weight_.resize(cell_count, products);
  within_weight_.resize(cell_count, products);
  response_slope_.resize(cell_count, products);
  excess_.resize(cell_count);
}

// Cells in proportion to how strongly the buyers of a product respond to its price.
void MarkupTerms::weigh_buyers(Eigen::Index product) {
  auto column = response_weight_.col(product);
  if (offered_(product) == 0) {
    column.setZero();
    return;
  }
  if (share(product) > smallest_safe_share) {
    column = weight_ * cells_.share.col(product) / share(product);
  } else {
    // In logarithms, relative to the largest: only ratios between cells matter.
    column = scaled_utility_.col(product) - cells_.log_normaliser;
    column -= column.maxCoeff();
    for (double& value : column)
      value = deterministic_exp(value);
    column *= weight_;
    column /= column.sum();
  }
  column *= sensitivity_;
  mean_sensitivity_(product) = column.sum();
  column /= mean_sensitivity_(product);
  inverse_response(product) = cells_.nest / mean_sensitivity_(product);
}

void MarkupTerms::evaluate(const Eigen::Ref<const Eigen::VectorXd>& prices) {
  const Eigen::Index products = share.size();
  for (Eigen::Index j = 0; j < products; ++j) {
    if (offered_(j) == 0) {
      scaled_utility_.col(j) = scaled_base_.col(j);
      continue;
    }
    const double price = prices(j);
    if (!std::isfinite(price) || (log_price_ && price <= 0.0)) {
      throw MarketFailure("price of product " + std::to_string(j) + " is " + std::to_string(price) +
                          "; prices must be finite, and above 0 with a log price term");
    }
    const double term = log_price_ ? deterministic_log(price) : price;
    scaled_utility_.col(j) = scaled_base_.col(j) - scaled_slope_ * term;
  }
  cells_.evaluate(scaled_utility_);
  for (Eigen::Index j = 0; j < products; ++j) {
    share(j) = (weight_ * cells_.share.col(j)).sum();
    weigh_buyers(j);
  }
  outside_share = (weight_ * cells_.outside).sum();
  for (Eigen::Index j = 0; j < products; ++j) {
    for (Eigen::Index i = 0; i < products; ++i) {
      diversion(i, j) = (response_weight_.col(i) * cells_.own_loss.col(j)).sum();
    }
  }
}

// With b = own_loss, a = response_weight and σ the sensitivity: d ln s_i/dx_k = −(σ/λ)(1{ik} −
// b_k), ds_j/dx_k = −(σ/λ) s_j (1{jk} − b_k), ds_{j|g}/dx_k = −(σ/λ) s_{j|g} (1{jk} − s_{k|g}).
void MarkupTerms::differentiate(const Eigen::MatrixXd& weights,
                                Eigen::MatrixXd& weighted_diversion_slope,
                                Eigen::MatrixXd& inverse_response_slope) {
  const Eigen::Index products = share.size();
  const double nest = cells_.nest;
  for (Eigen::Index i = 0; i < products; ++i) {
    auto by_loss = loss_weight_.col(i);      // first Σ_j W_ij s_j, then the factor of b_k
    auto by_within = within_weight_.col(i);  // first Σ_j W_ij s_{j|g}, then the factor of s_{k|g}
    by_loss.setZero();
    by_within.setZero();
    for (Eigen::Index j = 0; j < products; ++j) {
      if (weights(i, j) == 0.0) continue;
      by_loss += weights(i, j) * cells_.share.col(j);
      by_within += weights(i, j) * cells_.within.col(j);
    }
    double mean = 0.0;  // Σ_j W_ij G_ij
    for (Eigen::Index j = 0; j < products; ++j)
      mean += weights(i, j) * diversion(i, j);
    excess_ = nest * by_loss + (1.0 - nest) * by_within - mean;  // at cell level
    response_slope_.col(i) = response_weight_.col(i) * sensitivity_;
    const double own = (response_slope_.col(i) * excess_).sum();
    by_loss = response_slope_.col(i) * (excess_ + nest * by_loss);
    by_within = (1.0 - nest) * response_slope_.col(i) * by_within;
    const double mean_slope = response_slope_.col(i).sum();
    const double sensitivity = mean_sensitivity_(i);
    for (Eigen::Index k = 0; k < products; ++k) {
      const double slope_loss = (response_slope_.col(i) * cells_.own_loss.col(k)).sum();
      const double curvature =
          (by_loss * cells_.own_loss.col(k)).sum() + (by_within * cells_.within.col(k)).sum();
      const double same = i == k ? 1.0 : 0.0;
      weighted_diversion_slope(i, k) = (curvature - weights(i, k) * slope_loss - same * own) / nest;
      inverse_response_slope(i, k) =
          offered_(i) == 0
              ? 0.0
              : (same * (mean_slope - sensitivity) - (slope_loss - sensitivity * diversion(i, k))) /
                    sensitivity;
    }
  }
}

}  // namespace entente::market
