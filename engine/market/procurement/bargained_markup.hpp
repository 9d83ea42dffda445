#pragma once

namespace entente::market {

/// What a seller gains on a posted price over which it bargains with buyers, in units of 1/α, and
/// its derivative by the log odds.
struct BargainedMarkup {
  double value;
  double slope;
};

/// K(x) = κ/(1 − s) with κ = (1−b) L/((1−b) L + b s/(1−s)), L = −ln(1 − s) and s = 1/(1 + e^−x):
/// the margin of a firm whose only product has the share s. b is the buyer's weight in [0,1]: at 0
/// K is 1/(1 − s), the margin of a posted price; at 1 it is 0. As s goes to 0, K goes to 1 − b. It
/// rises with x, without bound only at b = 0 or with ln of the odds.
/// log_odds: x, any number. No errors: the caller has checked b.
BargainedMarkup compute_bargained_markup(double log_odds, double buyer_weight);

}  // namespace entente::market
