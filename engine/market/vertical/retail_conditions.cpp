#include "engine/market/vertical/retail_conditions.hpp"

namespace entente::market {

void RetailConditions::assign(const LinkShares& shares, const LinkValues& values) {
  const Eigen::Index n = shares.links();
  condition.resize(n);
  price_slope.resize(n, n);
  worth_slope.resize(n, n);
  log_share_slope.resize(n, n);
  profit_slope.resize(n, values.firms());
  mean_worth_.resize(values.firms());
  nest_worth_.resize(shares.nests(), values.firms());
  mean_excess_.resize(n);
  worth_slope_by_row_.resize(n, n);
  price_slope_by_row_.resize(n, n);
}

void RetailConditions::compute_means(const LinkShares& shares, const Eigen::MatrixXd& worth,
                                     Eigen::Index c) {
  for (Eigen::Index f = 0; f < worth.cols(); ++f) {
    double mean = 0.0;
    for (Eigen::Index j = 0; j < shares.links(); ++j)
      mean += shares.share(j, c) * worth(j, f);
    mean_worth_(f) = mean;
  }
  if (!shares.nested) return;
  nest_worth_.setZero();
  for (Eigen::Index f = 0; f < worth.cols(); ++f) {
    for (Eigen::Index j = 0; j < shares.links(); ++j)
      nest_worth_(shares.nest(j), f) += shares.within(j, c) * worth(j, f);
  }
}

void RetailConditions::evaluate(const LinkShares& shares, const LinkValues& values,
                                const Eigen::MatrixXd& worth, Eigen::Index removed) {
  removed_ = removed;
  mean_excess_.setZero();
  for (Eigen::Index c = 0; c < shares.cells(); ++c) {
    compute_means(shares, worth, c);
    const double sensitivity = shares.sensitivity(c);
    for (Eigen::Index i = 0; i < shares.links(); ++i) {
      const int f = values.buyer(i);
      const double nesting = shares.nesting(shares.nest(i));
      double excess = worth(i, f) - nesting * mean_worth_(f);
      if (shares.nested) excess -= (1.0 - nesting) * nest_worth_(shares.nest(i), f);
      mean_excess_(i) += shares.buyers(i, c) * sensitivity * excess;
    }
  }
  for (Eigen::Index i = 0; i < shares.links(); ++i) {
    const double nesting = shares.nesting(shares.nest(i));
    condition(i) = i == removed ? 0.0 : mean_excess_(i) - nesting * shares.price_slope(i);
  }
}

// In a cell dV_k = −σ dx_k, and Σ_j v_j ds_j/dV_k = s_k (v_k/λ_k − Σ s v − (1−λ_k)/λ_k Σ_g s_{j|g}
// v).
void RetailConditions::add_cell_slopes(const LinkShares& shares, const LinkValues& values,
                                       const Eigen::MatrixXd& worth, Eigen::Index c) {
  const Eigen::Index n = shares.links();
  const double sensitivity = shares.sensitivity(c);
  const bool several_cells = shares.cells() > 1;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double response = shares.buyers(i, c) * sensitivity;
    if (response == 0.0) continue;
    const int f = values.buyer(i);
    const int own = shares.nest(i);
    const double nesting = shares.nesting(own);
    const double mean = mean_worth_(f);
    double excess = 0.0;  // of this cell, where cells change their parts among buyers
    if (several_cells) {
      excess = worth(i, f) - nesting * mean;
      if (shares.nested) excess -= (1.0 - nesting) * nest_worth_(own, f);
    }
    for (Eigen::Index k = 0; k < n; ++k) {
      double loss = nesting * shares.share(k, c);
      double slope = 0.0;
      if (shares.nested) {
        const int g = shares.nest(k);
        const double inverse = 1.0 / shares.nesting(g);
        slope = nesting * shares.share(k, c) *
                (worth(k, f) * inverse - mean - (inverse - 1.0) * nest_worth_(g, f));
        if (g == own) {
          loss += (1.0 - nesting) * shares.within(k, c);
          slope += (inverse - 1.0) * shares.within(k, c) * (worth(k, f) - nest_worth_(g, f));
        }
      } else {
        slope = shares.share(k, c) * (worth(k, f) - mean);
      }
      worth_slope_by_row_(k, i) -= response * loss;
      price_slope_by_row_(k, i) += response * sensitivity * (slope + excess * loss / nesting);
    }
    price_slope_by_row_(i, i) -= response * sensitivity * excess / nesting;
  }
}

void RetailConditions::differentiate(const LinkShares& shares, const LinkValues& values,
                                     const Eigen::MatrixXd& worth) {
  const Eigen::Index n = shares.links();
  worth_slope_by_row_.setZero();
  price_slope_by_row_.setZero();
  for (Eigen::Index c = 0; c < shares.cells(); ++c) {
    compute_means(shares, worth, c);
    add_cell_slopes(shares, values, worth, c);
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    worth_slope_by_row_(i, i) += shares.mean_sensitivity(i);
    const double nesting = shares.nesting(shares.nest(i));
    log_share_slope.col(i) = worth_slope_by_row_.col(i) / nesting;
    // The cells' parts among the buyers of i change with ln s_ci − ln s_i; within one cell they do
    // not.
    if (shares.cells() > 1) price_slope_by_row_.col(i) += mean_excess_(i) * log_share_slope.col(i);
    if (shares.log_price) price_slope_by_row_(i, i) -= nesting * shares.price_slope(i);
    if (i == removed_) {
      worth_slope_by_row_.col(i).setZero();
      price_slope_by_row_.col(i).setZero();
    }
  }
  worth_slope = worth_slope_by_row_.transpose();
  price_slope = price_slope_by_row_.transpose();
}

void RetailConditions::compute_profit_slope(const LinkShares& shares,
                                            const Eigen::MatrixXd& worth) {
  profit_slope.setZero();
  for (Eigen::Index c = 0; c < shares.cells(); ++c) {
    compute_means(shares, worth, c);
    const double response = shares.weight(c) * shares.sensitivity(c);
    for (Eigen::Index f = 0; f < worth.cols(); ++f) {
      for (Eigen::Index k = 0; k < shares.links(); ++k) {
        double value = worth(k, f) - mean_worth_(f);
        if (shares.nested) {
          const double inverse = 1.0 / shares.nesting(shares.nest(k));
          value = worth(k, f) * inverse - mean_worth_(f) -
                  (inverse - 1.0) * nest_worth_(shares.nest(k), f);
        }
        profit_slope(k, f) -= response * shares.share(k, c) * value;
      }
    }
  }
}

}  // namespace entente::market
