#include "engine/simulation/build/baseline_certificate.hpp"

#include <fmt/format.h>

#include "engine/market/certificate/nash_certificate.hpp"
#include "engine/market/failure.hpp"
#include "engine/simulation/markets/posted_market.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/steps/partner.hpp"
#include "engine/simulation/steps/steps.hpp"

namespace entente::simulation {

namespace {

BaselineCertificate certify(const World& world, const Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[static_cast<std::size_t>(m)];
  PostedMarket posted = describe_posted_market(world, quarter, m);
  hold_settled_prices(settled_prices(world, quarter, m), posted);
  posted.supply.marginal_cost += quarter.shadow_price.segment(market.first, market.products());
  BaselineCertificate result;
  result.market = market.id;
  try {
    const market::NashCertificate certificate = market::certify_nash(
        posted.demand, posted.supply, quarter.price.segment(market.first, market.products()));
    result.gain = certificate.gain;
    result.evaluations = certificate.evaluations;
    if (!certificate.holds()) {
      const market::Deviation& best = certificate.deviations.front();
      const Index product = market.first + best.products.front();
      result.product = economy.products[static_cast<std::size_t>(product)].id;
      result.price = best.price[0];
    }
  } catch (const market::MarketFailure& failure) {
    result.not_certified = failure.what();
  }
  return result;
}

}  // namespace

std::vector<BaselineCertificate> certify_baseline(const World& world) {
  Quarter quarter;
  expect_quarter(world, quarter);
  set_prices(world, quarter);
  std::vector<BaselineCertificate> certificates;
  for (std::size_t m = 0; m < world.economy->markets.size(); ++m) {
    const Market& market = world.economy->markets[m];
    if (market.free || market.pricing == PricingKind::contract ||
        market.pricing == PricingKind::bargained) {
      continue;
    }
    // Prices that answer no demand are no best replies.
    if (settled_prices(world, quarter, static_cast<Index>(m)).allFinite()) continue;
    certificates.push_back(certify(world, quarter, static_cast<Index>(m)));
  }
  return certificates;
}

std::string describe_certificate(const BaselineCertificate& certificate) {
  if (!certificate.not_certified.empty()) {
    return fmt::format("market '{}': its prices at quarter 0 could not be certified: {}",
                       certificate.market, certificate.not_certified);
  }
  if (certificate.product.empty()) return {};
  return fmt::format(
      "market '{}': its prices at quarter 0 are no equilibrium: the owner of '{}' would gain "
      "{:.3g}% "
      "at a price of {:.6g}; its buyers differ so much that the first-order conditions are not "
      "enough: use fewer or closer taste types, or another elasticity",
      certificate.market, certificate.product, 100.0 * certificate.gain, certificate.price);
}

}  // namespace entente::simulation
