#pragma once

namespace entente::market {

/// One supplier-buyer pair that bargains over a linear input price. All in currency per unit.
struct InputBargain {
  double supplier_cost = 0.0;  // marginal cost, with the shadow price of binding capacity
  double buyer_value = 0.0;    // the most the buyer could pay: product price less its other costs
  double replaceable = 0.0;  // fraction of the volume other qualified suppliers could cover, [0,1]
  double alternative_price = 0.0;  // what the buyer pays them
};

/// Nash bargaining price (Horn & Wolinsky 1988): w = b·c + (1−b)·[v − ρ(v − w_alt)] with b the
/// *buyer's* weight in [0,1]. Throws Infeasible where there is no gain from trade.
double compute_input_price(const InputBargain& bargain, double buyer_weight);

/// The buyer's weight at which `price` is the bargaining price. Throws Infeasible outside (0,1).
double compute_buyer_weight(const InputBargain& bargain, double price);

}  // namespace entente::market
