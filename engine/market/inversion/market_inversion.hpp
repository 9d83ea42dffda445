#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/market/inversion/identification.hpp"
#include "engine/market/inversion/observed_market.hpp"

namespace entente::market {

struct InversionOptions {
  bool allow_nonpositive_cost = false;  // platforms that other revenue pays for
};

/// An observed figure beside what the inverted market shows.
struct FittedFigure {
  Figure observed;
  double fitted = 0.0;
  double residual = 0.0;  // fitted / observed − 1
};

/// A market whose equilibrium shows the observed prices and shares. J products, G nests.
struct InvertedMarket {
  Demand demand;                   // utility is δ + taste; holds λ
  Eigen::VectorXd mean_utility;    // J, δ; without an outside good δ of product 0 is 0
  double price_sensitivity = 0.0;  // α or η
  double outside_share = 0.0;
  Eigen::VectorXd marginal_cost;  // J, currency per unit
  Eigen::VectorXd markup;         // J, received·price − marginal_cost, currency per unit
  Eigen::VectorXd scarcity;       // J, ≥ 0, shadow price of capacity in markup; 0 where not bound
  std::vector<FittedFigure> fits;  // figures, then margins at observed costs
  double residual_norm = 0.0;    // √(Σ weight residual²), the square root of what is minimised
  bool over_identified = false;  // more figures than unknowns
  double stationarity =
      0.0;  // over-identified: largest cosine between residuals and a slope, ≤ 1e-7
};

/// Finds the parameters of demand, and marginal costs, behind observed prices and shares. Mean
/// utilities reproduce the shares (Berry 1994); α or η, each λ and the outside share, where NaN,
/// are pinned by the figures through the first-order conditions of pricing and the elasticities of
/// demand; costs are prices less the margins of the first-order conditions, or as observed where
/// these agree to 1e-10. As many figures as unknowns are met to 1e-12, relatively; more are fitted
/// by least squares of Σ weight (fitted/observed − 1)² over λ in (0,1].
///
/// Throws InvalidInput; Unidentified, naming the missing figure, where the figures' slopes leave an
/// unknown open at the result, or two results meet them all; Infeasible, with the feasible range,
/// where no λ in (0,1] meets them, or fits best, and where a marginal cost is not above 0, or a
/// bound capacity would have a negative shadow price; NoConvergence.
InvertedMarket invert_market(const ObservedMarket& observed, const InversionOptions& options = {});

/// "margin of product 3: 1.25 observed, 1.31 fitted (+4.8%)".
std::string describe_fit(const FittedFigure& fit);

}  // namespace entente::market
