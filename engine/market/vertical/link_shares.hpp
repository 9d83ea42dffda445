#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/demand.hpp"

namespace entente::market {

/// Choice among n offered links, cell by cell, with its memory, as vertical conditions need it: n
/// links by C cells, so that one cell's links lie side by side. Any nested or mixed logit; the
/// price variable x is p, or ln p with a log price term.
class LinkShares {
 public:
  /// Copies what it needs. links: indices of products of `demand`. Cells without weight are left
  /// out.
  void assign(const Demand& demand, const std::vector<Eigen::Index>& links);

  /// Fills what follows. prices: n, currency per unit. `removed` is not offered (−1: none). False
  /// where a price is no price, or utilities overflow; throws Infeasible where buyers who must buy
  /// are left with nothing.
  bool evaluate(const Eigen::VectorXd& prices, Eigen::Index removed = -1);

  Eigen::Index links() const { return nest.size(); }
  Eigen::Index cells() const { return sensitivity.size(); }
  Eigen::Index nests() const { return nesting.size(); }
  /// ln of Σ within over the other links of i's nest, also where those shares underflow; −∞ where
  /// there are none.
  double log_remaining(Eigen::Index i, Eigen::Index c) const;
  /// ln within of link k.
  double log_within(Eigen::Index k, Eigen::Index c) const;

  bool log_price = false;
  bool nested = false;         // some λ differs from 1
  Eigen::VectorXi nest;        // n; all 0 where no λ differs from 1
  Eigen::VectorXd nesting;     // G, λ
  Eigen::ArrayXd weight;       // C, of total 1
  Eigen::ArrayXd sensitivity;  // C, α or η
  Eigen::ArrayXXd share;       // n×C, probability of the link
  Eigen::ArrayXXd within;      // n×C, given that the cell buys in its nest
  Eigen::ArrayXXd nest_share;  // G×C
  Eigen::ArrayXd outside;      // C, exact when tiny
  Eigen::ArrayXXd nest_rest;   // G×C, 1 − nest_share, exact when tiny
  Eigen::ArrayXXd buyers;      // n×C, ω: cells' parts among the buyers of a link, also where its
                               // share underflows; 0 for a removed link
  Eigen::VectorXd total;       // n, share over all cells
  Eigen::VectorXd mean_sensitivity;  // n, Σ_c ω σ
  Eigen::VectorXd price_slope;       // n, dp/dx: 1, or p

 private:
  bool evaluate_cell(Eigen::Index c, Eigen::Index removed);
  void weigh_buyers(Eigen::Index removed);
  double log_share(Eigen::Index j, Eigen::Index c) const;

  std::vector<Eigen::Index> link_;  // n, index in the market
  bool outside_good_ = true;
  Eigen::ArrayXXd base_;            // n×C, utility/λ
  Eigen::ArrayXXd scaled_;          // n×C, V/λ
  Eigen::ArrayXXd log_nest_sum_;    // G×C, ln Σ exp(V/λ)
  Eigen::ArrayXd top_;              // C, largest inclusive value
  Eigen::ArrayXd denominator_;      // C, sum over nests and the outside good over e^top
  Eigen::ArrayXd inverse_nesting_;  // n
  Eigen::ArrayXd price_;            // n, x
  Eigen::ArrayXd largest_;          // G
  Eigen::ArrayXd sum_;              // G
};

}  // namespace entente::market
