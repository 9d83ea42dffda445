#pragma once

#include <Eigen/Core>
#include <limits>
#include <string>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

enum class FigureKind { margin, elasticity, category_elasticity };

/// One observed figure of a market, made by the four functions below.
struct Figure {
  FigureKind kind = FigureKind::margin;
  Eigen::Index product = 0;   // whose margin, or whose share responds
  Eigen::Index price_of = 0;  // elasticity: whose price moves
  double value = 0.0;
  double weight = 1.0;  // > 0, of its squared relative residual; matters if over-identified
};

/// What the seller keeps of the price less marginal cost, currency per unit, > 0.
Figure observe_margin(Eigen::Index product, double value);
/// d ln s_j / d ln p_j, < 0.
Figure observe_own_elasticity(Eigen::Index product, double value);
/// d ln s_of / d ln p_to, > 0.
Figure observe_cross_elasticity(Eigen::Index of, Eigen::Index to, double value);
/// Of the inside share to a common relative change of all prices, < 0; needs an outside good.
Figure observe_category_elasticity(double value);

/// The figure in words, "margin of product 3".
std::string describe_figure(const Figure& figure);

/// What is known of one market. NaN stands for what is to be inferred. J products in market order,
/// G nests, C cells of buyers.
struct ObservedMarket {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

  Eigen::VectorXd price;  // J, currency per unit
  Eigen::VectorXd share;  // J, > 0, in proportion to quantities; their total does not matter
  bool outside_good = true;
  double outside_share = unknown;  // of all active buyers, in (0,1); unused without outside good

  PriceTerm price_term = PriceTerm::log;
  double price_sensitivity = unknown;                  // α or η, > 0
  Eigen::VectorXd nesting = Eigen::VectorXd::Ones(1);  // G, λ_g in (0,1]
  Eigen::VectorXi nest;                                // J; empty: all in nest 0
  bool common_nesting = false;                         // true: one λ for all nests without one

  // Known differences between buyers; left empty, they are alike. The sensitivity of cell c is
  // α·relative_sensitivity_c, its utility δ_j + taste_jc less the price term.
  Eigen::VectorXd weight;                // C, mass of active buyers
  Eigen::VectorXd relative_sensitivity;  // C, > 0
  Eigen::ArrayXXd taste;                 // J×C, −∞ is not offered

  /// Who sets prices, and marginal costs where observed (NaN elsewhere): each is a figure like a
  /// margin. Where a price is fixed it meets no first-order condition, and its cost is needed.
  Supply supply;
  Eigen::VectorXi capacity_bound;  // J, 1 where capacity binds and cost is needed; empty: nowhere

  std::vector<Figure> figures;

  Eigen::Index products() const { return price.size(); }
  Eigen::Index nest_of(Eigen::Index product) const { return nest.size() == 0 ? 0 : nest(product); }
};

/// Throws InvalidInput, naming the entry and a remedy, where sizes do not agree or a value is
/// outside the range stated above.
void validate_observed_market(const ObservedMarket& observed);

/// The observed costs and margins of products whose first-order condition does not give them (price
/// fixed or capacity bound), J; NaN for the others. Throws InvalidInput where none is given, or
/// two.
Eigen::VectorXd read_given_margins(const ObservedMarket& observed);

/// The figures that bear on demand: `figures` and the margins at observed costs, without those that
/// read_given_margins takes.
std::vector<Figure> collect_figures(const ObservedMarket& observed);

}  // namespace entente::market
