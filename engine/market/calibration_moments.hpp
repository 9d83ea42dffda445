#pragma once

#include <Eigen/Core>
#include <optional>

#include "engine/market/calibration.hpp"
#include "engine/market/cell_shares.hpp"
#include "engine/market/share_inversion.hpp"

namespace entente::market {

/// The parameters that shares alone do not pin.
struct DemandParameters {
  double sensitivity = 1.0;  // mean α or η
  double nest = 1.0;         // λ
  double inertia = 0.0;      // κ_w, within-nest units
};

/// What demand implies at the observed prices once it reproduces the observed shares.
struct DemandMoments {
  double own_elasticity = 0.0;
  double category_elasticity = 0.0;
  double repeat_share = 0.0;
};

/// Maps parameters to moments, inverting shares at each call from the last call's result.
class MomentMap {
 public:
  /// References are kept. Throws Infeasible for targets that contradict the structure.
  MomentMap(const DemandTemplate& structure, const DemandTargets& targets);

  DemandMoments compute(const DemandParameters& parameters);
  /// Demand at the parameters, with utility beyond δ and inertia and δ itself (J).
  CalibratedDemand build(const DemandParameters& parameters);

 private:
  void validate_shares() const;
  void validate_elasticities() const;
  void validate_repeat_share() const;
  void fill_observed_cells();
  void start_mean_utility();
  Eigen::ArrayXXd invert_cells(double nest) const;  // J×C, utility with price

  const DemandTemplate& structure_;
  const DemandTargets& targets_;
  Eigen::Index products_;
  Eigen::Index cell_count_;
  Eigen::VectorXi offered_;       // J
  Eigen::ArrayXd weight_;         // C, sums to 1
  Eigen::VectorXd price_term_;    // J, p or ln p
  Eigen::VectorXd mean_utility_;  // J, δ_j less the mean price term
  std::optional<ShareInversion> inversion_;
  std::optional<CellShares> observed_;  // where cell shares are given
  CellArray base_;                      // C×J
};

}  // namespace entente::market
