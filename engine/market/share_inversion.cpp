#include "engine/market/share_inversion.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr int most_iterations = 500;
constexpr double target_miss = 3e-14;  // of ln share; a few roundings of utility
constexpr double acceptable_miss = 1e-12;
constexpr double largest_step = 4.0;  // of utility

}  // namespace

ShareInversion::ShareInversion(const Eigen::ArrayXd& weight, const Eigen::VectorXd& target_share,
                               const Eigen::VectorXi& offered, Eigen::VectorXi nest,
                               bool outside_good)
    : target_share_(target_share), nest_(std::move(nest)), share_(target_share.size()) {
  cells.outside_good = outside_good;
  weight_.resize(weight.size(), 1);
  unit_slope_.resize(weight.size(), 1);
  for (Eigen::Index c = 0; c < weight.size(); ++c) {
    weight_(c) = weight(c);
    unit_slope_(c) = -1.0;
  }
  scaled_base_.resize(weight.size(), target_share.size());
  target_rest_ = 1.0 - target_share.sum();
  if (!outside_good) target_rest_ = target_share.maxCoeff(&reference_);
  for (Eigen::Index j = 0; j < target_share.size(); ++j) {
    if (offered(j) != 0 && j != reference_) solved_.push_back(j);
  }
  const auto count = static_cast<Eigen::Index>(solved_.size());
  miss_.setZero(count);
  step_.setZero(count);
  slope_.resize(count, count);
}

double ShareInversion::evaluate(const Eigen::VectorXd& mean_utility) {
  cells.evaluate(scaled_base_, unit_slope_, mean_utility);
  constexpr double smallest = std::numeric_limits<double>::min();
  for (Eigen::Index j = 0; j < share_.size(); ++j)
    share_(j) = std::max((weight_.column() * cells.share.column(j)).sum(), smallest);
  rest_ = reference_ < 0 ? std::max((weight_.column() * cells.outside.column()).sum(), smallest)
                         : share_(reference_);
  double worst = 0.0;
  rest_miss_ = deterministic_log(rest_ / target_rest_);
  for (std::size_t k = 0; k < solved_.size(); ++k) {
    const Eigen::Index j = solved_[k];
    // As a ratio to the rest the problem is linear for a single cell of plain logit.
    const double miss = deterministic_log(share_(j) / target_share_(j)) - rest_miss_;
    miss_(static_cast<Eigen::Index>(k)) = miss;
    worst = std::max(worst, std::abs(miss));
  }
  return worst;
}

// ds_j/dδ_k = Σ_c w s_k (1{jk} − loss_kj)/λ_k.
double ShareInversion::compute_slope(Eigen::Index j, Eigen::Index k) const {
  const double nesting = cells.nesting_of(k);
  const CellArray::ConstColumn share = cells.share.column(k);
  double lost = nesting * (weight_.column() * share * cells.share.column(j)).sum();
  if (cells.same_nest(j, k))
    lost += (1.0 - nesting) * (weight_.column() * share * cells.within.column(j)).sum();
  return ((j == k ? share_(j) : 0.0) - lost) / nesting;
}

void ShareInversion::compute_newton_step() {
  for (std::size_t column = 0; column < solved_.size(); ++column) {
    const Eigen::Index k = solved_[column];
    const double rest_slope =
        reference_ < 0 ? -(weight_.column() * cells.outside.column() * cells.share.column(k)).sum()
                       : compute_slope(reference_, k);
    for (std::size_t row = 0; row < solved_.size(); ++row) {
      const Eigen::Index j = solved_[row];
      slope_(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) =
          compute_slope(j, k) / share_(j) - rest_slope / rest_;
    }
  }
  step_ = -slope_.partialPivLu().solve(miss_);
  const double largest = step_.allFinite() ? step_.cwiseAbs().maxCoeff() : 0.0;
  if (largest > largest_step) step_ *= largest_step / largest;
}

void ShareInversion::solve(const Eigen::Ref<const Eigen::VectorXd>& nesting, const CellArray& base,
                           Eigen::VectorXd& mean_utility) {
  cells.set_structure(nesting, nest_, cells.outside_good, base.cells(), base.columns());
  for (Eigen::Index j = 0; j < base.columns(); ++j)
    scaled_base_.column(j) = base.column(j) / cells.nesting_of(j);
  double worst = evaluate(mean_utility);
  Eigen::VectorXd from = mean_utility;
  const auto move = [&](double fraction) {
    for (std::size_t k = 0; k < solved_.size(); ++k) {
      mean_utility(solved_[k]) = from(solved_[k]) + fraction * step_(static_cast<Eigen::Index>(k));
    }
    return evaluate(mean_utility);
  };
  for (int iteration = 0; iteration < most_iterations && worst > target_miss; ++iteration) {
    from = mean_utility;
    compute_newton_step();
    double fraction = 1.0;
    double next = step_.allFinite() ? move(fraction) : std::numeric_limits<double>::infinity();
    while (!(next < worst) && step_.allFinite() && fraction > 0.1 && worst > acceptable_miss) {
      fraction *= 0.5;
      next = move(fraction);
    }
    if (!(next < worst)) {
      if (worst <= acceptable_miss) {  // what is left is rounding
        mean_utility = from;
        worst = evaluate(mean_utility);
        break;
      }
      mean_utility = from;
      evaluate(mean_utility);
      // Berry, Levinsohn & Pakes: δ + λ (ln target − ln s), a contraction.
      step_ = -nesting.minCoeff() * (miss_.array() + (reference_ < 0 ? rest_miss_ : 0.0)).matrix();
      next = move(1.0);
    }
    worst = next;
  }
  if (!(worst <= acceptable_miss)) {
    throw NoConvergence(
        fmt::format("calibration: no mean utilities reproduce the observed shares (relative miss "
                    "{:.3g}); check that each product's share is below the mass of buyers to whom "
                    "it is offered",
                    worst),
        worst, most_iterations);
  }
}

}  // namespace entente::market
