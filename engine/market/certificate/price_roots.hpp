#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/certificate/nash_certificate.hpp"

namespace entente::market {

struct RootSearchOptions {
  double tolerance = 1e-12;          // of a root's residual
  int starts = 200;                  // points of low discrepancy, beside a grid of about 300
  int deflated_starts = 24;          // from which roots are sought that differ from those known
  Eigen::Index largest_market = 12;  // products whose sellers set the price
  CertificateOptions certificate;
};

/// Prices at which every first-order condition holds: a maximum, minimum or saddle of each profit.
struct PriceRoot {
  Eigen::VectorXd price;  // J, currency per unit
  double residual = 0.0;  // max |p − ζ(p)| / max(p, h), h the markup of a product without rivals
  double largest_curvature = 0.0;  // 1 per currency; see find_price_roots
  bool is_local_maximum = false;   // every decision maker's profit is, in its own prices
  NashCertificate certificate;
};

/// All first-order roots found, ascending by the price of product 0, then of product 1, and so on.
/// One price to be set: complete (PriceLine), but for a root where F touches 0 without crossing.
/// Several: Newton's method on analytic derivatives from a grid and from points of low discrepancy,
/// geometric in markups; from the best deviations at roots that are not Nash; and, to find what
/// these miss, on the conditions deflated by the roots known (Farrell, Birkisson & Funke 2015).
/// Several prices: no proof that none is missing.
///
/// largest_curvature: largest eigenvalue, over decision makers, of d²π/dp_i dp_j / √(s_i s_j) in
/// their own prices, with shares below 1e−300 counted as 1e−300; is_local_maximum takes the limit
/// instead of counting so. Products with a fixed price keep it, products nobody is offered have
/// their cost as price. Throws InvalidInput above largest_market, Infeasible as certify_nash does.
std::vector<PriceRoot> find_price_roots(const Demand& demand, const Supply& supply,
                                        const RootSearchOptions& options = {});

}  // namespace entente::market
