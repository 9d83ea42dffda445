#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/market/inversion/observed_market.hpp"

namespace entente::market {

enum class UnknownKind { price_sensitivity, nesting, outside_share };

/// A parameter that prices and shares leave open.
struct Unknown {
  UnknownKind kind = UnknownKind::price_sensitivity;
  std::vector<Eigen::Index> nests;  // those that share the λ
};

/// The unknown in words, "λ of nest 1".
std::string describe_unknown(const Unknown& unknown);

/// Maps the N unknowns of a market to demand that reproduces its shares at its prices, and to the
/// figures an observer would then see. The unknowns are coordinates without bounds: ln α, ln λ (≤
/// 0) and ln(s_0/(1 − s_0)), in the order of `unknowns`.
class FigureMap {
 public:
  /// Keeps a reference. The market must be valid.
  explicit FigureMap(const ObservedMarket& observed);

  const ObservedMarket& observed() const { return observed_; }
  const std::vector<Unknown>& unknowns() const { return unknowns_; }
  Eigen::Index count() const { return static_cast<Eigen::Index>(unknowns_.size()); }
  const Eigen::VectorXd& lower() const { return lower_; }  // N
  const Eigen::VectorXd& upper() const { return upper_; }  // N

  /// A place to start from: α suits the scale of prices, λ and s_0 are given.
  Eigen::VectorXd make_point(double nesting, double outside_share) const;

  double price_sensitivity(const Eigen::VectorXd& point) const;  // α or η
  double outside_share(const Eigen::VectorXd& point) const;      // 0 without an outside good
  Eigen::VectorXd nesting(const Eigen::VectorXd& point) const;   // G

  /// Demand at the unknowns, whose utility is δ + taste. Throws NoConvergence and Infeasible.
  Demand build_demand(const Eigen::VectorXd& point) const;

  /// Markups at which the first-order conditions hold, J; where a price is fixed, as given.
  Eigen::VectorXd compute_markups(const Demand& demand) const;

  /// What the figures would be, in their order. Throws Infeasible where one is not finite.
  Eigen::VectorXd compute_figures(const Eigen::VectorXd& point,
                                  const std::vector<Figure>& figures) const;

 private:
  void add_unknowns();
  double inside_share(const Eigen::VectorXd& point) const;
  /// δ + α x, J, of buyers who are alike.
  Eigen::VectorXd invert_shares(const Eigen::VectorXd& point) const;

  const ObservedMarket& observed_;
  std::vector<Unknown> unknowns_;
  Eigen::VectorXd lower_;
  Eigen::VectorXd upper_;
  Eigen::VectorXd price_term_;  // J, x: p or ln p
  double price_scale_ = 1.0;    // of x: largest |p|, or 1
  Supply supply_;               // with the margins that are given
};

}  // namespace entente::market
