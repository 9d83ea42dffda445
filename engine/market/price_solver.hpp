#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "engine/market/markup_terms.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// Solves the pricing conditions of one market when a known set of products sells exactly its
/// capacity (the empty set is plain Bertrand-Nash). The price of such a product clears its market,
/// and its own first-order condition gives the shadow price μ instead. Effective cost c + μ stands
/// in every condition in which the product's margin appears, also in those of firms that only hold
/// a stake in it.
class PriceSolver {
 public:
  /// References are kept: demand and supply must outlive the solver.
  PriceSolver(const Demand& demand, const Supply& supply, const PricingOptions& options);

  /// Starts from `start`, with repairs where it is no valid price. binding: product indices;
  /// target_share: J, read at those indices. Throws NoConvergence.
  void solve(const Eigen::Ref<const Eigen::VectorXd>& start,
             const std::vector<Eigen::Index>& binding,
             const Eigen::Ref<const Eigen::VectorXd>& target_share);

  /// Whether the product is offered to somebody and its seller sets the price.
  bool priced(Eigen::Index product) const { return priced_(product) != 0; }
  /// Ω_ij/Ω_ii G_ij at the last prices, the own term divided by the number of fringe firms.
  double diversion_weight(Eigen::Index i, Eigen::Index j) const;
  const MarkupTerms& terms() const { return terms_; }

  Eigen::VectorXd price;         // J
  Eigen::VectorXd shadow_price;  // J, of either sign for binding products, 0 elsewhere
  double residual = 0.0;  // max |p − ζ(p)| / max(1, p), over products that are not binding
  int iterations = 0;

 private:
  void begin(const Eigen::Ref<const Eigen::VectorXd>& start,
             const std::vector<Eigen::Index>& binding,
             const Eigen::Ref<const Eigen::VectorXd>& target_share);
  void verify() const;  // throws where the last prices are not good enough
  void repair_start(const Eigen::Ref<const Eigen::VectorXd>& start);
  double evaluate();  // all conditions at price; returns the largest step in relative terms
  void solve_shadow_prices();
  void compute_fixed_point_step();
  void compute_clearing_step();
  double compute_clearing_slope(Eigen::Index j, Eigen::Index k) const;
  bool compute_newton_step();
  void assemble_newton();
  void apply_step(const Eigen::VectorXd& from, double fraction);
  [[noreturn]] void fail(const std::string& reason) const;

  const Demand& demand_;
  const Supply& supply_;
  PricingOptions options_;
  MarkupTerms terms_;
  Eigen::Index products_;
  Eigen::VectorXi priced_;
  Eigen::MatrixXd relative_ownership_;  // J×J, Ω_ij/Ω_ii, own term over the number of fringe firms
  std::vector<Eigen::Index> binding_;
  std::vector<Eigen::Index> free_;  // priced and not binding
  Eigen::VectorXd target_share_;
  double target_rest_ = 0.0;
  Eigen::VectorXd from_start_;  // J, prices at the beginning
  // At the last evaluation.
  Eigen::VectorXd effective_margin_;  // J, received·p − c − μ
  Eigen::VectorXd condition_;  // J, margin − Σ_j (Ω_ij/Ω_ii) G_ij margin_j − h, currency
  Eigen::VectorXd clearing_;   // J, ln(s/rest) − ln(target/rest), at binding products
  bool determined_ = true;     // whether the shadow prices are
  double rest_ = 0.0;          // share of everything but the binding products
  Eigen::VectorXd step_;       // J, of p, or of ln p with a log price term
  Eigen::MatrixXd weights_;
  Eigen::MatrixXd diversion_slope_;
  Eigen::MatrixXd response_slope_;
  Eigen::MatrixXd system_;
  Eigen::VectorXd right_side_;
  Eigen::MatrixXd small_system_;
  Eigen::VectorXd small_right_side_;
};

}  // namespace entente::market
