#include "engine/market/certificate/nash_certificate.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/market/certificate/decision_maker.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

NashCertificate certify_nash(const Demand& demand, const Supply& supply,
                             const Eigen::Ref<const Eigen::VectorXd>& prices,
                             const CertificateOptions& options) {
  validate_demand(demand);
  if (prices.size() != demand.products()) {
    throw InvalidInput(
        fmt::format("{} prices for {} products: give one each", prices.size(), demand.products()));
  }
  NashCertificate certificate;
  for (const DecisionMaker& maker : find_decision_makers(demand, supply)) {
    if (maker.firms > 1.0) continue;
    BestResponse response = find_best_response(demand, supply, maker, prices, options.search);
    certificate.evaluations += response.evaluations;
    if (!(response.gain > options.tolerance)) continue;
    certificate.deviations.push_back({maker.products, std::move(response.price),
                                      response.profit_before, response.profit, response.gain});
  }
  std::stable_sort(certificate.deviations.begin(), certificate.deviations.end(),
                   [](const Deviation& a, const Deviation& b) { return a.gain > b.gain; });
  if (!certificate.holds()) certificate.gain = certificate.deviations.front().gain;
  return certificate;
}

}  // namespace entente::market
