#pragma once

#include <Eigen/Core>
#include <Eigen/LU>

#include "engine/market/vertical/link_shares.hpp"
#include "engine/market/vertical/link_values.hpp"
#include "engine/market/vertical/retail_conditions.hpp"

namespace entente::market {

/// Newton's method for the retail conditions of n links, whatever sets the wholesale prices: with a
/// line search, steps that nobody loses by, and markup fixed-point steps p ← ζ(p) where it stalls.
class PriceSearch {
 public:
  virtual ~PriceSearch() = default;

  const LinkShares& shares() const { return shares_; }

  Eigen::VectorXd price;  // n, retail, currency per unit
  double residual = 0.0;  // largest condition in price units over max(1, p), at the last prices
  int iterations = 0;     // Newton and fixed-point steps; the caller sets it to 0

 protected:
  PriceSearch() = default;
  PriceSearch(const PriceSearch&) = default;
  PriceSearch(PriceSearch&&) = default;
  PriceSearch& operator=(const PriceSearch&) = default;
  PriceSearch& operator=(PriceSearch&&) = default;

  /// Fills shares_, worth_ and retail_ at `price`, then calls measure; false where it cannot.
  virtual bool evaluate() = 0;
  /// Fills system_ with the conditions' total derivatives by x, at the last evaluation.
  virtual void assemble() = 0;

  void assign_links(const Demand& demand, const LinkValues& values);
  /// Fills residual and merit_ from the conditions; false where they are not finite.
  bool measure();
  /// From `price` until a full Newton step is below the size of rounding; false where it gives up.
  bool search(int max_iterations);
  /// Whether the conditions are small in price units and against the markup: a price large enough
  /// would satisfy them all by rounding.
  bool is_root(double tolerance) const;

  const LinkValues* values_ = nullptr;
  LinkShares shares_;
  RetailConditions retail_;
  Eigen::Index removed_ = -1;     // link that is not offered, −1: none
  Eigen::VectorXd whole_margin_;  // n, p − c
  Eigen::MatrixXd worth_;         // n×F, values of units
  Eigen::MatrixXd system_;        // n×n
  Eigen::PartialPivLU<Eigen::MatrixXd> factors_;

 private:
  bool compute_newton_step();
  double relative_step() const;
  bool sells_at_profit() const;
  bool improve(double relative_step);
  bool take_fixed_point_steps(int steps);

  Eigen::VectorXd step_;  // n, of x
  Eigen::VectorXd from_;  // n
  double merit_ = 0.0;  // sum of squared conditions in price units, over p² with a log price term
};

}  // namespace entente::market
