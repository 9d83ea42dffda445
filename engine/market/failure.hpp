#pragma once

#include <stdexcept>
#include <string>

namespace entente::market {

/// A market computation that has no trustworthy answer. The message names the quantity, the
/// residual and a remedy; callers add market and quarter.
class MarketFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An iteration that ended above its tolerance.
class NoConvergence : public MarketFailure {
 public:
  NoConvergence(const std::string& message, double residual_, int iterations_)
      : MarketFailure(message), residual(residual_), iterations(iterations_) {}
  double residual;
  int iterations;
};

/// Arguments that describe no market: sizes that do not agree, a price sensitivity that is not
/// positive, a cost that is not finite. Whoever fills the arrays should have refused them.
class InvalidInput : public MarketFailure {
 public:
  using MarketFailure::MarketFailure;
};

/// Figures that no parameters of the declared form can produce.
class Infeasible : public MarketFailure {
 public:
  using MarketFailure::MarketFailure;
};

}  // namespace entente::market
