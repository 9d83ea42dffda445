#include "engine/market/calibration_moments.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double sum_tolerance = 1e-9;

}  // namespace

MomentMap::MomentMap(const DemandTemplate& structure, const DemandTargets& targets)
    : structure_(structure),
      targets_(targets),
      products_(targets.prices.size()),
      cell_count_(structure.weight.size()),
      offered_(products_),
      weight_(structure.weight.array() / structure.weight.sum()),
      price_term_(Eigen::VectorXd::Zero(products_)) {
  for (Eigen::Index j = 0; j < products_; ++j) {
    const bool offered = targets.cell_shares ? (targets.cell_shares->row(j) > 0.0).any()
                                             : (structure.offset.row(j) > -infinity).any();
    offered_(j) = offered ? 1 : 0;
  }
  validate_shares();
  validate_elasticities();
  validate_repeat_share();
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (offered_(j) == 0) continue;
    price_term_(j) = structure.price_term == PriceTerm::log ? deterministic_log(targets.prices(j))
                                                            : targets.prices(j);
  }
  if (targets.cell_shares) {
    fill_observed_cells();
    return;
  }
  Eigen::VectorXd shares = targets.shares;
  if (!structure.outside_good) shares /= shares.sum();
  inversion_.emplace(weight_, shares, offered_, Eigen::VectorXi(), structure.outside_good);
  base_.resize(cell_count_, products_);
  start_mean_utility();
}

void MomentMap::validate_shares() const {
  if (!(weight_.sum() > 0.5)) throw Infeasible("calibration: there are no active buyers");
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (offered_(j) == 0 && targets_.shares(j) == 0.0) continue;
    if (!(targets_.prices(j) > 0.0) || !std::isfinite(targets_.prices(j))) {
      throw Infeasible(
          fmt::format("calibration: price {} of product {} is not above 0", targets_.prices(j), j));
    }
    if (offered_(j) == 0 || !(targets_.shares(j) > 0.0)) {
      throw Infeasible(fmt::format(
          "calibration: product {} has share {} and is {}offered; a product has a share above 0 "
          "exactly if it is offered to somebody",
          j, targets_.shares(j), offered_(j) == 0 ? "not " : ""));
    }
  }
  const double inside = targets_.shares.sum();
  if (structure_.outside_good ? !(inside < 1.0) : std::abs(inside - 1.0) > sum_tolerance) {
    throw Infeasible(fmt::format("calibration: shares sum to {}, {}", inside,
                                 structure_.outside_good
                                     ? "which leaves nothing for the outside good"
                                     : "but without an outside good they must sum to 1"));
  }
}

void MomentMap::validate_elasticities() const {
  if (!(targets_.own_elasticity.value < 0.0) || offered_(targets_.own_elasticity.product) == 0) {
    throw Infeasible(fmt::format(
        "calibration: own elasticity {} of product {} must be negative, of a product on offer",
        targets_.own_elasticity.value, targets_.own_elasticity.product));
  }
  if (targets_.category_elasticity) {
    if (!structure_.outside_good) {
      throw Infeasible(
          "calibration: without an outside good the category elasticity is 0 and may not be given");
    }
    if (!(*targets_.category_elasticity < 0.0)) {
      throw Infeasible(fmt::format("calibration: category elasticity {} must be negative",
                                   *targets_.category_elasticity));
    }
  } else if (const bool valid = targets_.nest > 0.0 && targets_.nest <= 1.0; !valid) {
    throw Infeasible(
        fmt::format("calibration: nest parameter {} is outside (0, 1]", targets_.nest));
  }
}

void MomentMap::validate_repeat_share() const {
  if (!targets_.repeat_share) return;
  double holders = 0.0;
  for (Eigen::Index c = 0; c < cell_count_; ++c) {
    if (structure_.current_product(c) >= 0) holders += weight_(c);
  }
  const bool valid = *targets_.repeat_share > 0.0 && *targets_.repeat_share < 1.0;
  if (targets_.cell_shares || !(holders > 0.0) || !valid) {
    throw Infeasible(fmt::format("calibration: a repeat share of {} {}", *targets_.repeat_share,
                                 targets_.cell_shares
                                     ? "may not be given beside cell shares, which contain it"
                                 : holders > 0.0 ? "is outside (0, 1)"
                                                 : "needs active buyers who hold a product"));
  }
}

void MomentMap::fill_observed_cells() {
  const Eigen::ArrayXXd& observed = *targets_.cell_shares;
  CellShares& cells = observed_.emplace();
  cells.set_structure(Eigen::VectorXd::Ones(1), Eigen::VectorXi(), structure_.outside_good,
                      cell_count_, products_);
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(products_);
  for (Eigen::Index c = 0; c < cell_count_; ++c) {
    const double inside = observed.col(c).sum();
    const bool valid =
        structure_.outside_good ? inside < 1.0 : std::abs(inside - 1.0) < sum_tolerance;
    if ((weight_(c) > 0.0 && !valid) || !(observed.col(c) >= 0.0).all()) {
      throw Infeasible(fmt::format(
          "calibration: shares of cell {} sum to {}; they must not be negative and sum to {}", c,
          inside, structure_.outside_good ? "less than 1" : "1 without an outside good"));
    }
    cells.outside(c) = structure_.outside_good ? 1.0 - inside : 0.0;
    for (Eigen::Index j = 0; j < products_; ++j) {
      cells.within(c, j) = inside > 0.0 ? observed(j, c) / inside : 0.0;
      cells.share(c, j) = structure_.outside_good ? observed(j, c) : cells.within(c, j);
    }
    mean += weight_(c) * observed.col(c).matrix();
  }
  const double worst = (mean - targets_.shares).cwiseAbs().maxCoeff();
  if (worst > sum_tolerance) {
    throw Infeasible(fmt::format(
        "calibration: cell shares do not average to the market's shares (off by {:.3g})", worst));
  }
}

void MomentMap::start_mean_utility() {
  mean_utility_.setZero(products_);
  const double inside = targets_.shares.sum();
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (offered_(j) == 0) continue;
    const double outside = structure_.outside_good ? 1.0 - inside : 1.0;
    double offset = 0.0;
    double reached = 0.0;
    for (Eigen::Index c = 0; c < cell_count_; ++c) {
      if (structure_.offset(j, c) == -infinity) continue;
      offset += weight_(c) * structure_.offset(j, c);
      reached += weight_(c);
    }
    if (!(reached > 0.0)) {
      throw Infeasible(
          fmt::format("calibration: nobody is active to whom product {} is offered", j));
    }
    mean_utility_(j) = 0.5 * deterministic_log(targets_.shares(j) / inside) +
                       deterministic_log(inside / outside) - offset / reached;
  }
}

DemandMoments MomentMap::compute(const DemandParameters& parameters) {
  const double nest = parameters.nest;
  if (inversion_) {
    for (Eigen::Index c = 0; c < cell_count_; ++c) {
      // δ absorbs the mean price term, so that shares need inverting again only where
      // sensitivities differ between cells.
      const double deviation =
          parameters.sensitivity * (structure_.sensitivity_multiplier(c) - 1.0);
      for (Eigen::Index j = 0; j < products_; ++j) {
        base_(c, j) = structure_.offset(j, c) - deviation * price_term_(j);
      }
      const int current = structure_.current_product(c);
      if (current >= 0) base_(c, current) += nest * parameters.inertia;
    }
    const Eigen::VectorXd last = mean_utility_;
    try {
      inversion_->solve(Eigen::VectorXd::Constant(1, nest), base_, mean_utility_);
    } catch (const MarketFailure&) {
      mean_utility_ = last;
      throw;
    }
  } else {
    observed_->nesting(0) = nest;
  }
  const CellShares& cells = inversion_ ? inversion_->cells : *observed_;

  const bool log_price = structure_.price_term == PriceTerm::log;
  const Eigen::Index own = targets_.own_elasticity.product;
  DemandMoments moments;
  double own_share = 0.0;
  double inside = 0.0;
  double holders = 0.0;
  for (Eigen::Index c = 0; c < cell_count_; ++c) {
    if (!(weight_(c) > 0.0)) continue;
    const double slope = weight_(c) * parameters.sensitivity * structure_.sensitivity_multiplier(c);
    moments.own_elasticity -= slope * cells.share(c, own) * (1.0 - cells.loss(c, own, own)) / nest;
    own_share += weight_(c) * cells.share(c, own);
    double spending = 0.0;
    for (Eigen::Index j = 0; j < products_; ++j) {
      inside += weight_(c) * cells.share(c, j);
      if (offered_(j) != 0) spending += cells.share(c, j) * (log_price ? 1.0 : targets_.prices(j));
    }
    moments.category_elasticity -= slope * cells.outside(c) * spending;
    const int current = structure_.current_product(c);
    if (current < 0) continue;
    holders += weight_(c);
    moments.repeat_share += weight_(c) * cells.share(c, current);
  }
  moments.own_elasticity *= (log_price ? 1.0 : targets_.prices(own)) / own_share;
  moments.category_elasticity /= inside;
  if (holders > 0.0) moments.repeat_share /= holders;
  return moments;
}

// V_j = λ ln s_{j|g} + ln(s_g/s_0), with s_g/s_0 := 1 without an outside good.
Eigen::ArrayXXd MomentMap::invert_cells(double nest) const {
  Eigen::ArrayXXd utility(products_, cell_count_);
  for (Eigen::Index c = 0; c < cell_count_; ++c) {
    double odds = 1.0;
    if (structure_.outside_good) {
      odds = 0.0;
      for (Eigen::Index j = 0; j < products_; ++j)
        odds += observed_->share(c, j) / observed_->outside(c);
    }
    for (Eigen::Index j = 0; j < products_; ++j) {
      const double within = observed_->within(c, j);
      utility(j, c) =
          within > 0.0 ? nest * deterministic_log(within) + deterministic_log(odds) : -infinity;
    }
  }
  return utility;
}

CalibratedDemand MomentMap::build(const DemandParameters& parameters) {
  compute(parameters);
  CalibratedDemand result;
  result.price_sensitivity = parameters.sensitivity;
  result.nest = parameters.nest;
  result.inertia = parameters.nest * parameters.inertia;
  Demand& demand = result.demand;
  demand.price_term = structure_.price_term;
  demand.nesting(0) = parameters.nest;
  demand.outside_good = structure_.outside_good;
  demand.weight = structure_.weight;
  demand.price_sensitivity = parameters.sensitivity * structure_.sensitivity_multiplier;
  result.mean_utility = Eigen::VectorXd::Zero(products_);
  if (inversion_) {
    for (Eigen::Index j = 0; j < products_; ++j) {
      if (offered_(j) == 0) continue;
      result.mean_utility(j) = mean_utility_(j) + parameters.sensitivity * price_term_(j);
    }
    result.cell_utility = structure_.offset;
  } else {
    result.cell_utility = invert_cells(parameters.nest);
    for (Eigen::Index c = 0; c < cell_count_; ++c) {
      result.cell_utility.col(c) += demand.price_sensitivity(c) * price_term_.array();
      const int current = structure_.current_product(c);
      if (current >= 0) result.cell_utility(current, c) -= result.inertia;
    }
  }
  demand.utility = result.cell_utility;
  for (Eigen::Index c = 0; c < cell_count_; ++c) {
    demand.utility.col(c) += result.mean_utility.array();
    const int current = structure_.current_product(c);
    if (current >= 0) demand.utility(current, c) += result.inertia;
  }
  return result;
}

}  // namespace entente::market
