#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "engine/market/certificate/price_box.hpp"
#include "engine/market/certificate/pricing_conditions.hpp"

namespace entente::market {

/// Newton's method on the first-order conditions of several decision makers, and the roots found.
class RootSearch {
 public:
  /// conditions, box: of the same makers; kept. tolerance: of a root's residual.
  RootSearch(PricingConditions& conditions, const PriceBox& box, double tolerance)
      : conditions_(conditions), box_(box), tolerance_(tolerance) {}

  /// Damped Newton from x; a new root is added. Says whether one was.
  bool try_start(const Eigen::VectorXd& x);

  /// Newton on the conditions times Π_k (1 + 1/|x − root_k|²), which has no root where those are
  /// known, from start; then as try_start.
  bool try_deflated(const Eigen::VectorXd& start);

  const std::vector<Eigen::VectorXd>& roots() const { return roots_; }

  /// Sum over roots of the sign of det(−dF/dx). It is 1 if none is missing and none degenerate, as
  /// all conditions point back inside at the borders of a box large enough (Poincaré & Hopf):
  /// anything else says that the search is not over.
  int index() const { return index_; }

 private:
  void evaluate(const Eigen::VectorXd& x);
  std::optional<Eigen::VectorXd> compute_step() const;
  double limit_step(const Eigen::VectorXd& x, const Eigen::VectorXd& step) const;
  double measure(const Eigen::VectorXd& difference) const;
  std::optional<Eigen::VectorXd> solve(Eigen::VectorXd x);

  PricingConditions& conditions_;
  const PriceBox& box_;
  double tolerance_;
  std::vector<Eigen::VectorXd> roots_;
  int index_ = 0;
  // At the last evaluation.
  Eigen::VectorXd condition_;  // F over its own weight and received (and price): no unit
  Eigen::MatrixXd jacobian_;
};

}  // namespace entente::market
