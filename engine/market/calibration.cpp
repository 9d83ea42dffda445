#include "engine/market/calibration.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <vector>

#include "engine/market/calibration_moments.hpp"
#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double share_tolerance = 1e-12;
constexpr double target_tolerance = 1e-10;
constexpr double newton_target = 1e-13;
constexpr double smallest_nest = 1e-4;
constexpr double largest_inertia = 64.0;
constexpr double bound_slack = 1e-9;  // λ or κ_w past its bound by less is rounding

/// The smallest outside share at which some λ ≤ 1 fits both elasticities (without inertia).
std::string describe_feasible_outside_share(const DemandTemplate& structure,
                                            const DemandTargets& targets) {
  const Eigen::Index own = targets.own_elasticity.product;
  const double inside = targets.shares.sum();
  const double within = targets.shares(own) / inside;
  double relative_price = 1.0;
  if (structure.price_term == PriceTerm::linear) {
    double spending = 0.0;
    for (Eigen::Index j = 0; j < targets.shares.size(); ++j) {
      if (targets.shares(j) > 0.0) spending += targets.shares(j) * targets.prices(j);
    }
    relative_price = targets.prices(own) * inside / spending;
  }
  const double category = std::abs(*targets.category_elasticity) * relative_price;
  const double spare = std::abs(targets.own_elasticity.value) - category * within;
  const double bound = spare > 0.0 ? category * (1.0 - within) / spare : 1.0;
  if (!(bound < 1.0)) return "no outside share below 1 does (taking buyers as alike)";
  return fmt::format(
      "the outside share among active buyers must be at least {:.4g} (taking buyers "
      "as alike), and is {:.4g}",
      bound, 1.0 - inside);
}

[[noreturn]] void throw_nest_infeasible(const DemandTemplate& structure,
                                        const DemandTargets& targets, const std::string& detail) {
  throw Infeasible(fmt::format(
      "calibration: no nest parameter in (0, 1] gives own elasticity {} of product {} together "
      "with category elasticity {}: {}; {}",
      targets.own_elasticity.value, targets.own_elasticity.product, *targets.category_elasticity,
      detail, describe_feasible_outside_share(structure, targets)));
}

/// A bracketed root of an increasing function by the Illinois variant of regula falsi, with
/// bisection every third step. Returns the better end.
double find_root(const std::function<double(double)>& function, double low, double high,
                 double value_low, double value_high) {
  double scaled_low = value_low;
  double scaled_high = value_high;
  for (int iteration = 0; iteration < 200; ++iteration) {
    if (value_low == 0.0 || value_high == 0.0) break;
    double middle = (low * scaled_high - high * scaled_low) / (scaled_high - scaled_low);
    const bool between = middle > low && middle < high;
    if (iteration % 3 == 2 || !between) middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;  // no double is left between
    const double value = function(middle);
    if ((value < 0.0) == (value_low < 0.0)) {
      low = middle;
      value_low = scaled_low = value;
      scaled_high *= 0.5;
    } else {
      high = middle;
      value_high = scaled_high = value;
      scaled_low *= 0.5;
    }
    if (std::min(std::abs(value_low), std::abs(value_high)) < newton_target) break;
  }
  return std::abs(value_low) < std::abs(value_high) ? low : high;
}

/// Finds the pinned parameters: Newton on all of them together, and where that fails nested
/// searches, one parameter for one figure, in which each figure is monotone.
class ParameterSearch {
 public:
  ParameterSearch(const DemandTemplate& structure, const DemandTargets& targets)
      : structure_(structure), targets_(targets), map_(structure, targets) {}

  CalibratedDemand run() {
    DemandParameters parameters = start();
    bool solved = solve_by_newton(parameters);
    if (solved && targets_.category_elasticity && parameters.nest > 1.0) {
      // With strong inertia there may be another root below 1.
      if (parameters.nest > 1.0 + bound_slack) {
        nest_above_one_ = parameters.nest;
        solved = false;
      } else {
        parameters.nest = 1.0;
      }
    }
    if (!solved) parameters = solve_nested();
    if (targets_.repeat_share && parameters.inertia < 0.0) {
      if (parameters.inertia < -bound_slack) throw_inertia_infeasible("below that without inertia");
      parameters.inertia = 0.0;
    }
    CalibratedDemand result = map_.build(parameters);
    result.residual = measure_residual(result);
    return result;
  }

 private:
  /// Closed forms for buyers who are alike.
  DemandParameters start() const {
    DemandParameters parameters;
    parameters.nest = targets_.nest;
    parameters.inertia = targets_.repeat_share ? 2.0 : targets_.inertia;
    const double scale = structure_.price_term == PriceTerm::log
                             ? 1.0
                             : targets_.prices(targets_.own_elasticity.product);
    const double share = targets_.shares(targets_.own_elasticity.product);
    const double inside = targets_.shares.sum();
    const double within = share / inside;
    const double own = -targets_.own_elasticity.value;
    if (targets_.category_elasticity) {
      const double category = -*targets_.category_elasticity / (1.0 - inside);
      // own λ = category (1 − within) + category λ (within − share), at equal prices
      const double nest = category * (1.0 - within) / (own - category * (within - share));
      parameters.nest = nest > 0.0 ? std::clamp(nest, 0.02, 1.0) : 1.0;
    }
    const double loss = parameters.nest * share + (1.0 - parameters.nest) * within;
    parameters.sensitivity = own * parameters.nest / (scale * std::max(1.0 - loss, 1e-6));
    return parameters;
  }

  /// Logs of moments over targets, in the order sensitivity, nest, inertia of the pinned ones.
  Eigen::VectorXd compute_misses(const DemandParameters& parameters) {
    const DemandMoments moments = map_.compute(parameters);
    Eigen::VectorXd misses(pinned());
    Eigen::Index k = 0;
    misses(k++) = log_ratio(moments.own_elasticity, targets_.own_elasticity.value);
    if (targets_.category_elasticity) {
      misses(k++) = log_ratio(moments.category_elasticity, *targets_.category_elasticity);
    }
    if (targets_.repeat_share) misses(k) = log_ratio(moments.repeat_share, *targets_.repeat_share);
    return misses;
  }

  static double log_ratio(double value, double target) {
    return deterministic_log(std::max(value / target, 1e-300));
  }

  Eigen::Index pinned() const {
    return 1 + (targets_.category_elasticity ? 1 : 0) + (targets_.repeat_share ? 1 : 0);
  }

  DemandParameters move(const DemandParameters& from, const Eigen::VectorXd& step) const {
    DemandParameters to = from;
    Eigen::Index k = 0;
    to.sensitivity *= deterministic_exp(step(k++));
    if (targets_.category_elasticity) {
      to.nest = std::clamp(from.nest * deterministic_exp(step(k++)), smallest_nest, 30.0);
    }
    if (targets_.repeat_share) {
      to.inertia = std::clamp(from.inertia + step(k), -4.0, largest_inertia);
    }
    return to;
  }

  bool solve_by_newton(DemandParameters& parameters) {
    constexpr double difference = 1e-6;
    constexpr double largest_step = 1.0;
    const Eigen::Index count = pinned();
    try {
      Eigen::VectorXd misses = compute_misses(parameters);
      for (int iteration = 0; iteration < 40; ++iteration) {
        const double worst = misses.cwiseAbs().maxCoeff();
        if (worst < newton_target) return true;
        Eigen::MatrixXd slope(count, count);
        for (Eigen::Index k = 0; k < count; ++k) {
          Eigen::VectorXd nudge = Eigen::VectorXd::Zero(count);
          nudge(k) = difference;
          slope.col(k) = (compute_misses(move(parameters, nudge)) - misses) / difference;
        }
        Eigen::VectorXd step = -slope.partialPivLu().solve(misses);
        if (!step.allFinite()) return false;
        step *= std::min(1.0, largest_step / step.cwiseAbs().maxCoeff());
        bool improved = false;
        for (int halving = 0; halving < 6 && !improved; ++halving) {
          const DemandParameters trial = move(parameters, step);
          const Eigen::VectorXd next = compute_misses(trial);
          improved = next.cwiseAbs().maxCoeff() < worst;
          if (improved) {
            parameters = trial;
            misses = next;
          }
          step *= 0.5;
        }
        if (!improved) return worst < 0.1 * target_tolerance;
      }
      return misses.cwiseAbs().maxCoeff() < 0.1 * target_tolerance;
    } catch (const NoConvergence&) {
      return false;
    }
  }

  /// α at which the own elasticity fits; proportional to it where buyers are equally sensitive.
  double fit_sensitivity(DemandParameters& parameters) {
    const auto miss = [&](double log_sensitivity) {
      parameters.sensitivity = deterministic_exp(log_sensitivity);
      return log_ratio(map_.compute(parameters).own_elasticity, targets_.own_elasticity.value);
    };
    double at = deterministic_log(parameters.sensitivity);
    double value = miss(at);
    double other = at;
    double other_value = value;
    for (int tries = 0; tries < 60 && (other_value < 0.0) == (value < 0.0); ++tries) {
      if (std::abs(other_value) < 0.1 * target_tolerance) return other_value;
      at = other;
      value = other_value;
      other = at - std::clamp(1.5 * value, -2.0, 2.0);
      other_value = miss(other);
    }
    if ((other_value < 0.0) == (value < 0.0)) {
      throw Infeasible(
          fmt::format("calibration: no price sensitivity gives own elasticity {} of product {} "
                      "(nearest: {:.4g})",
                      targets_.own_elasticity.value, targets_.own_elasticity.product,
                      targets_.own_elasticity.value * deterministic_exp(other_value)));
    }
    const double root = at < other ? find_root(miss, at, other, value, other_value)
                                   : find_root(miss, other, at, other_value, value);
    return miss(root);
  }

  /// λ (and α) at given inertia; the miss of the category elasticity is returned, below 0 where
  /// even λ = 1 leaves the category too inelastic.
  double fit_nest(DemandParameters& parameters) {
    if (!targets_.category_elasticity) {
      fit_sensitivity(parameters);
      return 0.0;
    }
    const auto miss = [&](double log_nest) {
      parameters.nest = deterministic_exp(log_nest);
      fit_sensitivity(parameters);
      return log_ratio(map_.compute(parameters).category_elasticity, *targets_.category_elasticity);
    };
    double high = 0.0;
    double value_high = miss(high);
    const double value_at_one = value_high;
    for (int k = 1; k <= 30 && value_high <= 0.0; ++k) {
      // Increasing in λ, except at times under strong inertia: look for an interval that is.
      high = -0.1 * k;
      value_high = miss(high);
    }
    if (value_high <= 0.0) {
      miss(0.0);
      return value_at_one;
    }
    double low = high - 0.5;
    double value_low = miss(low);
    while (value_low > 0.0) {
      if (low < deterministic_log(smallest_nest)) {
        throw_nest_infeasible(structure_, targets_, "it would be nearly 0");
      }
      low -= 0.5;
      value_low = miss(low);
    }
    return miss(find_root(miss, low, high, value_low, value_high));
  }

  [[noreturn]] void throw_inertia_infeasible(const std::string& detail) const {
    throw Infeasible(fmt::format("calibration: no inertia gives a repeat share of {}: it is {}",
                                 *targets_.repeat_share, detail));
  }

  DemandParameters solve_nested() {
    DemandParameters parameters = start();
    double category_miss = 0.0;
    if (!targets_.repeat_share) {
      category_miss = fit_nest(parameters);
    } else {
      const auto miss = [&](double inertia) {
        parameters.inertia = inertia;
        category_miss = fit_nest(parameters);
        return log_ratio(map_.compute(parameters).repeat_share, *targets_.repeat_share);
      };
      double low = 0.0;
      double value_low = miss(low);
      if (value_low > bound_slack) throw_inertia_infeasible("below that without inertia");
      double high = 0.5;
      double value_high = miss(high);
      while (value_high < 0.0) {
        low = high;
        value_low = value_high;
        high *= 2.0;
        if (high > largest_inertia) {
          throw_inertia_infeasible(
              fmt::format("above what shares allow, {:.4g} at most",
                          *targets_.repeat_share * deterministic_exp(value_low)));
        }
        value_high = miss(high);
      }
      miss(find_root(miss, low, high, value_low, value_high));
    }
    if (category_miss < -target_tolerance) {
      throw_nest_infeasible(
          structure_, targets_,
          nest_above_one_ > 1.0
              ? fmt::format("it would be {:.4g}", nest_above_one_)
              : fmt::format("at most {:.4g} is possible",
                            *targets_.category_elasticity * deterministic_exp(category_miss)));
    }
    return parameters;
  }

  /// The worst relative miss of any figure, from the finished demand alone.
  double measure_residual(const CalibratedDemand& result) const {
    const Choice choice = compute_choice(result.demand, targets_.prices);
    const double inside = structure_.outside_good ? 1.0 : targets_.shares.sum();
    double share_miss = 0.0;
    double worst = 0.0;
    const auto compare_share = [&](double value, double target) {
      share_miss = std::max(share_miss, std::abs(value - target));
      if (target > 0.0) worst = std::max(worst, std::abs(value / target - 1.0));
    };
    for (Eigen::Index j = 0; j < targets_.shares.size(); ++j) {
      if (!targets_.cell_shares) compare_share(choice.share(j), targets_.shares(j) / inside);
    }
    if (targets_.cell_shares) {
      for (Eigen::Index c = 0; c < structure_.weight.size(); ++c) {
        const auto column = targets_.cell_shares->col(c);
        const double total = structure_.outside_good ? 1.0 : column.sum();
        if (!(total > 0.0)) continue;
        for (Eigen::Index j = 0; j < column.size(); ++j) {
          compare_share(choice.cell_share(j, c), column(j) / total);
        }
      }
    }
    const Eigen::VectorXd own = compute_own_elasticities(result.demand, targets_.prices);
    worst = std::max(
        worst,
        std::abs(own(targets_.own_elasticity.product) / targets_.own_elasticity.value - 1.0));
    if (targets_.category_elasticity) {
      const double category = compute_category_elasticity(result.demand, targets_.prices);
      worst = std::max(worst, std::abs(category / *targets_.category_elasticity - 1.0));
    }
    if (targets_.repeat_share) {
      double holders = 0.0;
      double repeats = 0.0;
      for (Eigen::Index c = 0; c < structure_.weight.size(); ++c) {
        const int current = structure_.current_product(c);
        if (current < 0) continue;
        holders += structure_.weight(c);
        repeats += structure_.weight(c) * choice.cell_share(current, c);
      }
      worst = std::max(worst, std::abs(repeats / holders / *targets_.repeat_share - 1.0));
    }
    if (!(share_miss <= share_tolerance) || !(worst <= target_tolerance)) {
      throw NoConvergence(
          fmt::format("calibration: figures are missed by {:.3g} (shares by {:.3g}); a nest "
                      "parameter near 0 or shares near 0 leave too few figures of precision",
                      worst, share_miss),
          worst, 0);
    }
    return worst;
  }

  const DemandTemplate& structure_;
  const DemandTargets& targets_;
  MomentMap map_;
  double nest_above_one_ = 0.0;  // a root of the conditions that is no λ
};

}  // namespace

CalibratedDemand calibrate_demand(const DemandTemplate& structure, const DemandTargets& targets) {
  return ParameterSearch(structure, targets).run();
}

}  // namespace entente::market
