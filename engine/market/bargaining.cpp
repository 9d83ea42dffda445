#include "engine/market/bargaining.hpp"

#include <fmt/format.h>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

/// What the buyer would pay at most, given what it would do without the supplier.
double compute_willingness(const InputBargain& bargain) {
  const bool valid = bargain.replaceable >= 0.0 && bargain.replaceable <= 1.0;
  if (!valid) {
    throw Infeasible(
        fmt::format("input price: replaceable fraction {} is outside [0, 1]", bargain.replaceable));
  }
  const double willingness =
      bargain.buyer_value - bargain.replaceable * (bargain.buyer_value - bargain.alternative_price);
  if (!(willingness >= bargain.supplier_cost)) {
    throw Infeasible(fmt::format(
        "input price: no gain from trade, the buyer would pay at most {} and the unit costs {}",
        willingness, bargain.supplier_cost));
  }
  return willingness;
}

}  // namespace

double compute_input_price(const InputBargain& bargain, double buyer_weight) {
  const bool valid = buyer_weight >= 0.0 && buyer_weight <= 1.0;
  if (!valid) {
    throw Infeasible(fmt::format("input price: buyer weight {} is outside [0, 1]", buyer_weight));
  }
  return buyer_weight * bargain.supplier_cost + (1.0 - buyer_weight) * compute_willingness(bargain);
}

double compute_buyer_weight(const InputBargain& bargain, double price) {
  const double willingness = compute_willingness(bargain);
  const double gain = willingness - bargain.supplier_cost;
  const double weight = (willingness - price) / gain;
  const bool valid = weight > 0.0 && weight < 1.0;
  if (!valid) {
    throw Infeasible(
        fmt::format("input price {} is not between the unit's cost {} and the {} the "
                    "buyer would pay at most: no bargaining weight in (0, 1) gives it",
                    price, bargain.supplier_cost, willingness));
  }
  return weight;
}

}  // namespace entente::market
