#include "engine/market/procurement/bargained_markup.hpp"

#include "engine/market/elementary.hpp"

namespace entente::market {

BargainedMarkup compute_bargained_markup(double log_odds, double buyer_weight) {
  const double seller_weight = 1.0 - buyer_weight;
  if (log_odds <= 0.0) {
    constexpr double smallest_safe_odds = 1e-290;
    const double odds = deterministic_exp(log_odds);
    if (odds < smallest_safe_odds) return {seller_weight, 0.0};
    const double loss = deterministic_log1p(odds);  // L
    const double share = odds / (1.0 + odds);
    const double denominator = seller_weight * (loss / odds) + buyer_weight;
    const double value = seller_weight * (loss / odds) * (1.0 + odds) / denominator;
    const double growth =
        share / loss + share - (seller_weight * (share / odds) + buyer_weight) / denominator;
    return {value, value * growth};
  }
  // Divided by the odds, which may overflow.
  const double inverse_odds = deterministic_exp(-log_odds);
  const double loss = log_odds + deterministic_log1p(inverse_odds);
  const double share = 1.0 / (1.0 + inverse_odds);
  const double denominator = seller_weight * loss * inverse_odds + buyer_weight;
  const double value = seller_weight * loss * (1.0 + inverse_odds) / denominator;
  const double growth =
      share / loss + share - (seller_weight * share * inverse_odds + buyer_weight) / denominator;
  return {value, value * growth};
}

}  // namespace entente::market
