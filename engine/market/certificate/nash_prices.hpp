#pragma once

#include <Eigen/Core>

#include "engine/market/certificate/nash_certificate.hpp"
#include "engine/market/certificate/price_roots.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// No first-order root that was found is a Nash equilibrium in posted prices: there may be none.
/// Smooth the buyers' price sensitivities (more cells), or accept a root by its gain.
class NoNashPrices : public MarketFailure {
 public:
  NoNashPrices(const std::string& message, double smallest_gain_, int roots_tried_)
      : MarketFailure(message), smallest_gain(smallest_gain_), roots_tried(roots_tried_) {}
  double smallest_gain;  // of the roots' certificates, relative
  int roots_tried;
};

struct NashOptions {
  PricingOptions pricing;
  CertificateOptions certificate;
  RootSearchOptions roots;   // its certificate options are not read
  int response_rounds = 30;  // of best responses, where the first root is not Nash
};

struct CertifiedPrices {
  Prices prices;
  NashCertificate certificate;  // holds
  int roots_tried = 0;          // first-order roots that were certified
};

/// Bertrand-Nash prices that pass certify_nash. The root found from `start` (J) is tried first;
/// then that to which rounds of global best responses lead; then, in a market small enough, all
/// roots find_price_roots finds, of which the nearest to the first one is taken. Throws
/// NoNashPrices where none passes, and what compute_bertrand_prices and certify_nash throw.
CertifiedPrices compute_nash_prices(const Demand& demand, const Supply& supply,
                                    const Eigen::Ref<const Eigen::VectorXd>& start,
                                    const NashOptions& options = {});

}  // namespace entente::market
