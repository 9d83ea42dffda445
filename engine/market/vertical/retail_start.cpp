#include "engine/market/vertical/retail_start.hpp"

#include <algorithm>
#include <cmath>

#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

// A common shift of x by ln(inside/outside)/σ makes half of a cell buy; over several cells, again.
void raise_until_half_buy(LinkShares& shares, double sensitivity, Eigen::VectorXd& prices) {
  constexpr int most_shifts = 20;
  for (int attempt = 0; attempt < most_shifts && shares.evaluate(prices); ++attempt) {
    const double outside = (shares.weight * shares.outside).sum();
    if (outside == 0.0 || outside >= 0.5) return;
    const double shift = (0.05 + deterministic_log((1.0 - outside) / outside)) / sensitivity;
    for (double& price : prices)
      price = shares.log_price ? price * deterministic_exp(shift) : price + shift;
  }
}

}  // namespace

void make_retail_start(const LinkValues& values, LinkShares& shares, double scale,
                       Eigen::VectorXd& prices) {
  const double sensitivity = (shares.weight * shares.sensitivity).sum();
  prices.resize(values.links());
  for (Eigen::Index i = 0; i < values.links(); ++i) {
    const double b = values.integrated(i) != 0 ? 1.0 : std::max(values.buyer_weight(i), 0.02);
    const double markup = scale / (b * sensitivity);
    const double cost = values.cost(i);
    prices(i) = cost + markup;
    if (shares.log_price)
      prices(i) = cost > 0.0 ? cost / (1.0 - std::min(0.9, markup)) : std::max(1.0, -cost);
  }
  raise_until_half_buy(shares, sensitivity, prices);
}

}  // namespace entente::market
