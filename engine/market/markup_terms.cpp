#include "engine/market/markup_terms.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

// Below this the relative precision of sums of shares is no longer safe from underflow.
constexpr double smallest_safe_share = 1e-200;
constexpr double infinity = std::numeric_limits<double>::infinity();

ColumnList list_columns(const CellArray& values, const std::uint32_t* list, std::size_t count) {
  return {values.data(), static_cast<std::size_t>(values.columns()), list, count};
}

ColumnList list_columns(const CellArray& values, const DecisionRows::Range& range) {
  return list_columns(values, range.first, range.size());
}

}  // namespace

void MarkupTerms::set_demand(const Demand& demand) {
  validate_demand(demand);
  const Eigen::Index product_count = demand.products();
  populated_.clear();
  double total = 0.0;
  for (Eigen::Index c = 0; c < demand.cells(); ++c) {
    if (!(demand.weight(c) > 0.0)) continue;
    populated_.push_back(c);
    total += demand.weight(c);
  }
  const auto cell_count = static_cast<Eigen::Index>(populated_.size());
  log_price_ = demand.price_term == PriceTerm::log;
  nested_ = demand.nesting.minCoeff() < 1.0;
  cells_.set_structure(demand.nesting, demand.nest, demand.outside_good, cell_count, product_count);
  for (CellArray* array : {&weight_, &sensitivity_, &response_, &margin_by_share_, &own_,
                           &response_margin_, &scratch_})
    array->ensure_shape(cell_count, 1);
  base_.ensure_shape(cell_count, product_count);
  offered_.setZero(product_count);
  for (Eigen::Index j = 0; j < product_count; ++j) {
    const double nesting = cells_.nesting_of(j);
    for (Eigen::Index c = 0; c < cell_count; ++c) {
      const double utility = demand.utility(j, populated_[static_cast<std::size_t>(c)]);
      if (utility > -infinity) offered_(j) = 1;
      base_(c, j) = utility / nesting;
    }
  }
  for (Eigen::Index c = 0; c < cell_count; ++c) {
    const Eigen::Index from = populated_[static_cast<std::size_t>(c)];
    weight_(c) = demand.weight(from) / total;
    sensitivity_(c) = demand.price_sensitivity(from);
    response_(c) = weight_(c) * sensitivity_(c);
  }
  all_.resize(static_cast<std::size_t>(product_count));
  for (std::size_t j = 0; j < all_.size(); ++j)
    all_[j] = static_cast<std::uint32_t>(j);
  for (Eigen::VectorXd* vector :
       {&share, &inverse_response, &price_term_, &responding_, &mean_sensitivity_})
    vector->setZero(product_count);
}

void MarkupTerms::evaluate(const Eigen::Ref<const Eigen::VectorXd>& prices) {
  if (prices.size() != products()) {
    throw InvalidInput(fmt::format("demand: {} prices for {} products", prices.size(), products()));
  }
  for (Eigen::Index j = 0; j < products(); ++j) {
    if (!offered(j)) continue;
    const double price = prices(j);
    if (!std::isfinite(price) || (log_price_ && price <= 0.0)) {
      throw MarketFailure(
          fmt::format("price of product {} is {}; prices must be finite, and above 0 with a log "
                      "price term",
                      j, price));
    }
    price_term_(j) = log_price_ ? deterministic_log(price) : price;
  }
  cells_.evaluate(base_, sensitivity_, price_term_);
  const auto blocks = static_cast<std::size_t>(weight_.blocks());
  const ColumnList shares = list_columns(cells_.share, all_.data(), all_.size());
  sum_over_cells(blocks, shares, weight_.data(), share.data());
  sum_over_cells(blocks, shares, response_.data(), responding_.data());
  const std::uint32_t only = 0;
  sum_over_cells(blocks, list_columns(cells_.outside, &only, 1), weight_.data(), &outside_share);
  for (Eigen::Index j = 0; j < products(); ++j) {
    if (!offered(j)) continue;
    mean_sensitivity_(j) = underflows(j) ? limit_weights(j, scratch_) : responding_(j) / share(j);
    inverse_response(j) = cells_.nesting_of(j) / mean_sensitivity_(j);
  }
}

bool MarkupTerms::underflows(Eigen::Index product) const {
  return !(share(product) > smallest_safe_share);
}

// Cells in proportion to how strongly the buyers of a product respond to its price, where its
// shares underflow: in logarithms, relative to the largest, as only ratios between cells matter.
// Returns the mean sensitivity of the product's buyers.
double MarkupTerms::limit_weights(Eigen::Index product, CellArray& weights) const {
  const Eigen::Index nest = cells_.nest_of(product);
  const Eigen::Index cell_count = weight_.cells();
  double largest = -infinity;
  weights.column().setZero();  // what fills up the last block weighs nothing
  for (Eigen::Index c = 0; c < cell_count; ++c) {
    weights(c) = cells_.scaled_utility(c, product) - cells_.log_normaliser(c, nest);
    largest = std::max(largest, weights(c));
  }
  double buyers = 0.0;
  double responding = 0.0;
  for (Eigen::Index c = 0; c < cell_count; ++c) {
    weights(c) = weight_(c) * deterministic_exp(weights(c) - largest);
    buyers += weights(c);
    weights(c) *= sensitivity_(c);
    responding += weights(c);
  }
  weights.column() /= responding;
  return responding / buyers;
}

void MarkupTerms::weigh_buyers() {
  response_weight_.ensure_shape(weight_.cells(), products());
  for (Eigen::Index j = 0; j < products(); ++j) {
    if (!offered(j)) continue;
    if (underflows(j)) {
      limit_weights(j, scratch_);
      response_weight_.column(j) = scratch_.column();
    } else {
      response_weight_.column(j) =
          (1.0 / responding_(j)) * response_.column() * cells_.share.column(j);
    }
  }
}

// Σ_j W_ij s_j, and nest by nest Σ_j W_ij s_{j|g}, over what a decision maker cares for.
void MarkupTerms::sum_rows(const DecisionRows& owners, const Margins& margins, Eigen::Index d) {
  const auto blocks = static_cast<std::size_t>(weight_.blocks());
  const DecisionRows::Range columns = owners.columns(d);
  const double* weights = owners.weights(d);
  weighted_.resize(columns.size());
  for (std::size_t k = 0; k < columns.size(); ++k)
    weighted_[k] = weights[k] * margins.of_others(columns.first[k]);
  combine_columns(blocks, list_columns(cells_.share, columns), weighted_.data(),
                  margin_by_share_.data());
}

void MarkupTerms::sum_nest(const DecisionRows& owners, const Margins& margins, Eigen::Index d,
                           Eigen::Index nest) {
  const auto blocks = static_cast<std::size_t>(weight_.blocks());
  columns_.clear();
  weighted_.clear();
  const DecisionRows::Range columns = owners.columns(d);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const std::uint32_t j = columns.first[k];
    if (cells_.nest_of(j) != nest) continue;
    columns_.push_back(j);
    weighted_.push_back(owners.weights(d)[k] * margins.of_others(j));
  }
  combine_columns(blocks, list_columns(cells_.within, columns_.data(), columns_.size()),
                  weighted_.data(), margin_by_within_.data());
}

void MarkupTerms::compute_required(const DecisionRows& owners, const Margins& margins,
                                   Eigen::VectorXd& required) {
  const auto blocks = static_cast<std::size_t>(weight_.blocks());
  margin_by_within_.ensure_shape(weight_.cells(), 1);
  for (Eigen::Index d = 0; d < owners.makers(); ++d) {
    sum_rows(owners, margins, d);
    const DecisionRows::Range rows = owners.rows(d);
    Eigen::Index summed = -1;
    for (const std::uint32_t i : rows) {
      const Eigen::Index nest = cells_.nest_of(i);
      const double nesting = cells_.nesting(nest);
      if (nest != summed) {
        own_.column() = margin_by_share_.column();
        if (nesting < 1.0) {
          sum_nest(owners, margins, d, nest);
          own_.column() = nesting * own_.column() + (1.0 - nesting) * margin_by_within_.column();
        }
        response_margin_.column() = response_.column() * own_.column();
        summed = nest;
      }
      if (underflows(i)) {
        limit_weights(i, scratch_);
        required(i) = (scratch_.column() * own_.column()).sum();
      } else {
        sum_over_cells(blocks, list_columns(cells_.share, &i, 1), response_margin_.data(),
                       required.data());
        required(i) /= responding_(i);
      }
      const double excess = margins.own(i) - margins.of_others(i);
      if (excess != 0.0) required(i) += excess * compute_own_diversion(i);
      required(i) += margins.scale(i) * inverse_response(i);
    }
  }
}

double MarkupTerms::compute_own_diversion(Eigen::Index i) {
  if (underflows(i)) {
    limit_weights(i, scratch_);
  } else {
    scratch_.column() = response_.column() * cells_.share.column(i) / responding_(i);
  }
  const double nesting = cells_.nesting_of(i);
  return (scratch_.column() *
          (nesting * cells_.share.column(i) + (1.0 - nesting) * cells_.within.column(i)))
      .sum();
}

void MarkupTerms::multiply(const CellArray& left, const std::uint32_t* rows, std::size_t row_count,
                           const CellArray& right, const std::uint32_t* columns,
                           std::size_t column_count) {
  multiply_over_cells(static_cast<std::size_t>(weight_.blocks()),
                      list_columns(left, rows, row_count),
                      list_columns(right, columns, column_count), product_.data(),
                      static_cast<std::size_t>(products()));
}

void MarkupTerms::compute_diversion(Eigen::MatrixXd& diversion) {
  weigh_buyers();
  product_.resize(products(), products());
  multiply(response_weight_, all_.data(), all_.size(), cells_.share, all_.data(), all_.size());
  diversion.resize(products(), products());
  for (Eigen::Index i = 0; i < products(); ++i)
    diversion.row(i) = cells_.nesting_of(i) * product_.row(i);
  if (!nested_) return;
  multiply(response_weight_, all_.data(), all_.size(), cells_.within, all_.data(), all_.size());
  for (Eigen::Index i = 0; i < products(); ++i) {
    for (Eigen::Index j = 0; j < products(); ++j) {
      if (cells_.same_nest(i, j)) diversion(i, j) += (1.0 - cells_.nesting_of(i)) * product_(i, j);
    }
  }
}

// With a_i = λ_i Σ_j W_ij s_j + (1−λ_i) Σ_{j~i} W_ij s_{j|g} in a cell, A_i = Σ_c r_ci a_ci the
// right side without h, r the response weights and σ the sensitivity. In a cell
//   d ln s_i/dx_k = −(σ/λ_i)(1{ik} − loss_ik),   ds_{j|g}/dx_k = −(σ/λ_g) s_{j|g}(1{jk} − s_{k|g}),
// so that every derivative is a sum over cells of a factor of row i times s_k or s_{k|g}.
void MarkupTerms::differentiate(const DecisionRows& owners, const Margins& margins,
                                Eigen::MatrixXd& slope, Eigen::MatrixXd& diversion) {
  const Eigen::Index cell_count = weight_.cells();
  weigh_buyers();
  for (CellArray* array : {&left_, &left_within_, &sensitive_weight_, &nest_left_})
    array->ensure_shape(cell_count, products());
  margin_by_within_.ensure_shape(cell_count, 1);
  product_.resize(products(), products());
  slope.setZero(products(), products());
  diversion.setZero(products(), products());
  for (Eigen::Index d = 0; d < owners.makers(); ++d) {
    sum_rows(owners, margins, d);
    for (const std::uint32_t i : owners.rows(d))
      fill_factors(owners, margins, d, i, slope);
    add_owned_terms(owners, margins, d, slope, diversion);
  }
  add_share_terms(owners, margins, slope);
}

// The factors of s_k (but for what depends on the nest of k) and of s_{k|g}, and the own terms.
void MarkupTerms::fill_factors(const DecisionRows& owners, const Margins& margins, Eigen::Index d,
                               Eigen::Index i, Eigen::MatrixXd& slope) {
  const double nesting = cells_.nesting_of(i);
  const double excess = margins.own(i) - margins.of_others(i);
  const double scale = margins.scale(i);
  const CellArray::ConstColumn weight = std::as_const(response_weight_).column(i);
  const CellArray::ConstColumn sensitivity = std::as_const(sensitivity_).column();
  CellArray::Column sensitive = sensitive_weight_.column(i);
  sensitive = weight * sensitivity;
  CellArray::Column by_share = own_.column();
  by_share = margin_by_share_.column() + excess * cells_.share.column(i);
  CellArray::Column mean = scratch_.column();  // a_i
  mean = by_share;
  if (nesting < 1.0) {
    sum_nest(owners, margins, d, cells_.nest_of(i));
    margin_by_within_.column() += excess * cells_.within.column(i);
    mean = nesting * by_share + (1.0 - nesting) * margin_by_within_.column();
  }
  mean -= (weight * mean).sum();
  const double own = (sensitive * mean).sum();
  // Of h = λ/(mean sensitivity of i's buyers).
  CellArray::Column response = response_margin_.column();
  response = scale * weight * (1.0 - sensitivity / mean_sensitivity_(i));
  left_.column(i) = sensitive * (mean + nesting * by_share) + nesting * response;
  if (nesting < 1.0) {
    left_within_.column(i) =
        (1.0 - nesting) * (sensitive * (mean + margin_by_within_.column()) / nesting + response);
  }
  slope(i, i) = scale * (sensitive.sum() / mean_sensitivity_(i) - 1.0) - own / nesting;
}

// What only the products that the decision maker cares for have: −W_ik times the own slopes.
void MarkupTerms::add_owned_terms(const DecisionRows& owners, const Margins& margins,
                                  Eigen::Index d, Eigen::MatrixXd& slope,
                                  Eigen::MatrixXd& diversion) {
  const DecisionRows::Range rows = owners.rows(d);
  const DecisionRows::Range columns = owners.columns(d);
  const auto add = [&](const CellArray& right, const auto& factor, bool same_nest_only) {
    multiply(sensitive_weight_, rows.first, rows.size(), right, columns.first, columns.size());
    for (const std::uint32_t i : rows) {
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const std::uint32_t j = columns.first[k];
        if (same_nest_only && !cells_.same_nest(i, j)) continue;
        const double margin = j == i ? margins.own(i) : owners.weights(d)[k] * margins.of_others(j);
        slope(i, j) -= factor(i, j) * margin * product_(i, j);
      }
    }
    multiply(response_weight_, rows.first, rows.size(), right, columns.first, columns.size());
    for (const std::uint32_t i : rows) {
      const double part = same_nest_only ? 1.0 - cells_.nesting_of(i) : cells_.nesting_of(i);
      for (const std::uint32_t j : columns) {
        if (!same_nest_only || cells_.same_nest(i, j)) diversion(i, j) += part * product_(i, j);
      }
    }
  };
  add(
      cells_.share,
      [&](Eigen::Index i, Eigen::Index k) { return cells_.nesting_of(i) / cells_.nesting_of(k); },
      false);
  if (!nested_) return;
  add(
      cells_.within,
      [&](Eigen::Index i, Eigen::Index) {
        return (1.0 - cells_.nesting_of(i)) / cells_.nesting_of(i);
      },
      true);
}

// Sums over cells of the factors times s_k and s_{k|g}, for all k nest by nest.
void MarkupTerms::add_share_terms(const DecisionRows& owners, const Margins& margins,
                                  Eigen::MatrixXd& slope) {
  rows_.clear();
  for (Eigen::Index d = 0; d < owners.makers(); ++d)
    rows_.insert(rows_.end(), owners.rows(d).begin(), owners.rows(d).end());
  const auto add = [&](const CellArray& left, const CellArray& right, bool same_nest_only) {
    multiply(left, rows_.data(), rows_.size(), right, nest_columns_.data(), nest_columns_.size());
    for (const std::uint32_t i : rows_) {
      for (const std::uint32_t k : nest_columns_) {
        if (!same_nest_only || cells_.same_nest(i, k)) slope(i, k) += product_(i, k);
      }
    }
  };
  const auto list_nest = [&](const auto& includes) {
    nest_columns_.clear();
    for (const std::uint32_t k : all_) {
      if (includes(cells_.nest_of(k))) nest_columns_.push_back(k);
    }
  };
  list_nest([&](Eigen::Index g) { return cells_.nesting(g) == 1.0; });
  if (!nest_columns_.empty()) add(left_, cells_.share, false);
  for (Eigen::Index g = 0; g < cells_.nesting.size(); ++g) {
    const double nesting = cells_.nesting(g);
    if (nesting == 1.0) continue;
    list_nest([&](Eigen::Index h) { return h == g; });
    for (Eigen::Index d = 0; d < owners.makers(); ++d) {
      sum_nest(owners, margins, d, g);
      for (const std::uint32_t i : owners.rows(d)) {
        CellArray::Column factor = nest_left_.column(i);
        factor = margin_by_within_.column();
        if (cells_.nest_of(i) == g) {
          factor += (margins.own(i) - margins.of_others(i)) * cells_.within.column(i);
        }
        factor = left_.column(i) + cells_.nesting_of(i) * (1.0 - nesting) / nesting *
                                       sensitive_weight_.column(i) * factor;
      }
    }
    add(nest_left_, cells_.share, false);
    add(left_within_, cells_.within, true);
  }
}

}  // namespace entente::market
