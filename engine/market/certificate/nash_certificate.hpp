#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/certificate/best_response.hpp"
#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

struct CertificateOptions {
  double tolerance = 1e-9;  // relative gains up to it are rounding
  BestResponseOptions search;
};

/// A price change of one decision maker, the others' prices held.
struct Deviation {
  std::vector<Eigen::Index> products;  // of the decision maker, ascending
  Eigen::VectorXd price;               // their best prices found, currency per unit
  double profit = 0.0;            // its objective at the given prices, currency per active buyer
  double deviation_profit = 0.0;  // and at its best prices
  double gain = 0.0;              // deviation_profit/profit − 1
};

/// Whether prices are a Nash equilibrium, as far as a global search can tell.
struct NashCertificate {
  double gain = 0.0;                  // largest relative gain, 0 where none was found
  std::vector<Deviation> deviations;  // best first, one a decision maker; empty if Nash
  int evaluations = 0;                // of a profit
  bool holds() const { return deviations.empty(); }
};

/// Searches each decision maker's best prices, the others' held, as find_best_response does: in
/// mixed logit prices may satisfy every first-order condition and yet be far from best responses.
/// In plain and nested logit the conditions have one root (Konovalov & Sandor 2010; Morrow &
/// Skerlos 2011), and the search confirms it.
///
/// A decision maker is who sets the products whose rows of Ω are proportional; its objective is
/// Σ_j Ω_ij (received_j p_j − c_j) s_j over Ω_ii, i its first product. Products with a fixed price
/// never deviate. A product with fringe > 1 is left out: demand does not say what one of its firms
/// would sell at a price of its own.
///
/// prices: J, currency per unit. Throws InvalidInput, or Infeasible where some decision maker's
/// profit grows without bound in its prices.
NashCertificate certify_nash(const Demand& demand, const Supply& supply,
                             const Eigen::Ref<const Eigen::VectorXd>& prices,
                             const CertificateOptions& options = {});

}  // namespace entente::market
