#pragma once

#include <Eigen/Core>
#include <Eigen/LU>
#include <array>
#include <string>

#include "engine/market/decision_rows.hpp"
#include "engine/market/markup_terms.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// The scarcity of what a product is made of, in currency per unit; J each.
struct Scarcity {
  Eigen::VectorXd own;        // in the product's own condition
  Eigen::VectorXd of_others;  // in the conditions of others who care for its profit
};

/// Solves the pricing conditions of one market at given costs and scarcity, by the ζ fixed point
/// (Morrow & Skerlos 2011) and, near the solution, Newton's method on the same conditions. Keeps
/// its memory from market to market: between markets of one size nothing is allocated.
class PriceSolver {
 public:
  /// References are kept: demand and supply must outlive their use. Throws InvalidInput.
  void set_market(const Demand& demand, const Supply& supply);

  /// Starts from `start`, with repairs where it is no valid price. Throws NoConvergence.
  void solve(const Eigen::Ref<const Eigen::VectorXd>& start, const PricingOptions& options,
             const Scarcity* scarcity = nullptr);

  /// Evaluates the conditions at given prices and scarcity without solving them. Returns the
  /// largest relative step of the fixed point.
  double evaluate_at(const Eigen::Ref<const Eigen::VectorXd>& prices, const Scarcity& scarcity);

  /// Derivatives of prices by scarcity at the last evaluation, J×J: dp_i/dμ_k, and Newton's step of
  /// prices at given scarcity (J; 0 at a solution). With `own_only` the scarcity of k moves k's own
  /// condition alone. Throws Infeasible where the conditions do not determine prices.
  void compute_response(bool own_only, Eigen::MatrixXd& response, Eigen::VectorXd& correction);

  /// Whether the product is offered to somebody and its seller sets the price.
  bool priced(Eigen::Index product) const { return priced_(product) != 0; }
  const MarkupTerms& terms() const { return terms_; }
  const DecisionRows& owners() const { return owners_; }

  Eigen::VectorXd price;  // J
  double residual = 0.0;  // max |p − ζ(p)| / max(1, |p|), over priced products
  int iterations = 0;     // evaluations of the conditions

 private:
  void repair_start(const Eigen::Ref<const Eigen::VectorXd>& start);
  double evaluate();  // all conditions at price; returns the largest step in relative terms
  void differentiate();
  void compute_fixed_point_step();
  void compute_right_side();
  void correct_chord();
  bool compute_newton_step(bool refresh);
  void apply_step(double fraction);
  [[noreturn]] void fail(const std::string& reason) const;

  const Demand* demand_ = nullptr;
  const Supply* supply_ = nullptr;
  PricingOptions options_;
  MarkupTerms terms_;
  DecisionRows owners_;
  Eigen::VectorXi priced_;
  Eigen::VectorXd own_part_;      // J, 1 over the number of firms behind a product
  Eigen::VectorXd own_scarcity_;  // J
  Eigen::VectorXd of_others_scarcity_;
  Eigen::VectorXd from_start_;  // J, prices at the beginning
  // At the last evaluation.
  Margins margins_;
  Eigen::VectorXd required_;   // J, right sides of the conditions
  Eigen::VectorXd condition_;  // J, margin − right side, currency
  Eigen::VectorXd step_;       // J, of p, or of ln p with a log price term
  // Memory of Newton's method.
  Eigen::VectorXd from_;
  Eigen::VectorXd last_step_;
  Eigen::VectorXd right_side_;
  Eigen::MatrixXd slope_;      // J×J, of the right sides
  Eigen::MatrixXd diversion_;  // J×J, G where somebody cares
  Eigen::MatrixXd system_;     // J×J, of the conditions by x, over scale
  Eigen::PartialPivLU<Eigen::MatrixXd> decomposition_;
  bool decomposed_ = false;
  static constexpr Eigen::Index most_chords = 6;  // steps by one decomposition
  std::array<Eigen::VectorXd, most_chords> past_steps_;
  Eigen::Index chords_ = 0;
};

}  // namespace entente::market
