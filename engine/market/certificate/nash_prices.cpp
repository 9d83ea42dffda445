#include "engine/market/certificate/nash_prices.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <optional>

#include "engine/market/certificate/best_response.hpp"
#include "engine/market/certificate/decision_maker.hpp"

namespace entente::market {

namespace {

constexpr double same_price = 1e-8;  // relative

double measure_distance(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  double largest = 0.0;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    const double scale = std::max(std::abs(a(i)), std::abs(b(i)));
    if (scale > 0.0) largest = std::max(largest, std::abs(a(i) - b(i)) / scale);
  }
  return largest;
}

// Everybody in turn at its best prices until nobody gains. Nothing where they go round in circles.
std::optional<Eigen::VectorXd> iterate_best_responses(const Demand& demand, const Supply& supply,
                                                      Eigen::VectorXd prices,
                                                      const NashOptions& options) {
  const std::vector<DecisionMaker> makers = find_decision_makers(demand, supply);
  for (int round = 0; round < options.response_rounds; ++round) {
    bool moved = false;
    for (const DecisionMaker& maker : makers) {
      if (maker.firms > 1.0) continue;
      const BestResponse response =
          find_best_response(demand, supply, maker, prices, options.certificate.search);
      if (!(response.gain > options.certificate.tolerance)) continue;
      moved = true;
      for (std::size_t k = 0; k < maker.products.size(); ++k)
        prices(maker.products[k]) = response.price(static_cast<Eigen::Index>(k));
    }
    if (!moved) return prices;
  }
  return std::nullopt;
}

}  // namespace

CertifiedPrices compute_nash_prices(const Demand& demand, const Supply& supply,
                                    const Eigen::Ref<const Eigen::VectorXd>& start,
                                    const NashOptions& options) {
  CertifiedPrices result;
  double smallest_gain = std::numeric_limits<double>::infinity();
  const auto passes = [&](Prices prices) {
    result.certificate = certify_nash(demand, supply, prices.price, options.certificate);
    ++result.roots_tried;
    result.prices = std::move(prices);
    smallest_gain = std::min(smallest_gain, result.certificate.gain);
    return result.certificate.holds();
  };
  if (passes(compute_bertrand_prices(demand, supply, start, options.pricing))) return result;
  const Eigen::VectorXd first = result.prices.price;

  const std::optional<Eigen::VectorXd> settled =
      iterate_best_responses(demand, supply, first, options);
  if (settled) {
    Prices prices = compute_bertrand_prices(demand, supply, *settled, options.pricing);
    if (measure_distance(prices.price, first) > same_price && passes(std::move(prices))) {
      return result;
    }
  }

  const auto priced = supply.price_fixed.array().isNaN().count();
  if (priced > options.roots.largest_market) {
    throw NoNashPrices(
        fmt::format("posted prices: a seller gains {:.3g} of its profit by leaving the first-order "
                    "root found, best responses {}, and {} prices are too many to search for all "
                    "roots (at most {}); start elsewhere, or accept the root by its gain",
                    smallest_gain, settled ? "lead to no better one" : "go round in circles",
                    priced, options.roots.largest_market),
        smallest_gain, result.roots_tried);
  }
  RootSearchOptions root_options = options.roots;
  root_options.certificate = options.certificate;
  const PriceRoot* nearest = nullptr;
  const std::vector<PriceRoot> roots = find_price_roots(demand, supply, root_options);
  for (const PriceRoot& root : roots) {
    const bool tried = measure_distance(root.price, first) < same_price ||
                       measure_distance(root.price, result.prices.price) < same_price;
    if (!tried) ++result.roots_tried;
    smallest_gain = std::min(smallest_gain, root.certificate.gain);
    if (!root.certificate.holds()) continue;
    if (nearest == nullptr ||
        measure_distance(root.price, first) < measure_distance(nearest->price, first)) {
      nearest = &root;
    }
  }
  if (nearest == nullptr) {
    throw NoNashPrices(
        fmt::format("posted prices: none of the {} first-order roots found is a Nash equilibrium; "
                    "at the best of them a seller gains {:.3g} of its profit by another price; "
                    "there may be no equilibrium in posted prices: check how far the buyers' price "
                    "sensitivities lie apart, or accept a root by its gain",
                    result.roots_tried, smallest_gain),
        smallest_gain, result.roots_tried);
  }
  result.certificate = nearest->certificate;
  result.prices.price = nearest->price;
  result.prices.markup = supply.received.cwiseProduct(nearest->price) - supply.marginal_cost;
  result.prices.residual = nearest->residual;
  return result;
}

}  // namespace entente::market
