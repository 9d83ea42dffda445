#include "engine/market/outcome/surplus.hpp"

#include <fmt/format.h>

#include "engine/market/failure.hpp"
#include "engine/market/outcome/logsum_change.hpp"

namespace entente::market {

namespace {

void check_logsum(const Demand& demand, const Eigen::VectorXd& logsum) {
  const Eigen::Index cells = demand.weight.size();
  if (demand.price_sensitivity.size() == cells && logsum.size() == cells) return;
  throw InvalidInput(fmt::format("surplus: {} weights, {} price sensitivities and {} logsums",
                                 cells, demand.price_sensitivity.size(), logsum.size()));
}

/// Mean over buyers of logsum (C) in money. spending_per_buyer is read with a log price term.
double to_money(const Demand& demand, const Eigen::VectorXd& logsum,
                const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer) {
  check_logsum(demand, logsum);
  const bool log_price = demand.price_term == PriceTerm::log;
  if (log_price && spending_per_buyer.size() != demand.weight.size()) {
    throw InvalidInput(
        fmt::format("surplus: with a log price term each cell needs its spending per buyer; there "
                    "are {} for {} cells",
                    spending_per_buyer.size(), demand.weight.size()));
  }
  double sum = 0.0;
  double total = 0.0;
  for (Eigen::Index c = 0; c < demand.weight.size(); ++c) {
    if (!(demand.weight(c) > 0.0)) continue;
    double value = logsum(c) / demand.price_sensitivity(c);
    if (log_price) value *= spending_per_buyer(c);
    sum += demand.weight(c) * value;
    total += demand.weight(c);
  }
  if (!(total > 0.0)) throw InvalidInput("surplus: every cell of buyers has weight 0");
  return sum / total;
}

void require_same_buyers(const Demand& before, const Demand& after) {
  const bool same =
      before.price_term == after.price_term && before.outside_good == after.outside_good &&
      before.weight.size() == after.weight.size() &&
      before.price_sensitivity.size() == after.price_sensitivity.size() &&
      before.weight == after.weight && before.price_sensitivity == after.price_sensitivity;
  if (same) return;
  throw InvalidInput(
      "compensating variation: before and after must have the same buyers: price term, outside "
      "good, weights and price sensitivities");
}

/// A loss as a positive number, and no loss as 0 rather than −0.
double to_harm(double change) {
  return 0.0 - change;
}

}  // namespace

double compute_consumer_surplus(const Demand& demand, const Choice& choice) {
  if (demand.price_term == PriceTerm::log) {
    throw InvalidInput(
        "consumer surplus: with a log price term only changes have a value in money; use "
        "compute_surplus_change");
  }
  return to_money(demand, choice.logsum, Eigen::VectorXd());
}

double compute_surplus_change(const Demand& demand, const Choice& before, const Choice& after,
                              const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer) {
  check_logsum(demand, before.logsum);
  check_logsum(demand, after.logsum);
  return to_money(demand, after.logsum - before.logsum, spending_per_buyer);
}

double compute_compensating_variation(const Demand& before, const Choice& before_choice,
                                      const Demand& after, const Choice& after_choice,
                                      const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer) {
  require_same_buyers(before, after);
  return to_harm(compute_surplus_change(before, before_choice, after_choice, spending_per_buyer));
}

double compute_compensating_variation(const Demand& before,
                                      const Eigen::Ref<const Eigen::VectorXd>& before_prices,
                                      const Demand& after,
                                      const Eigen::Ref<const Eigen::VectorXd>& after_prices,
                                      const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer) {
  require_same_buyers(before, after);
  return to_harm(to_money(before, compute_logsum_change(before, before_prices, after, after_prices),
                          spending_per_buyer));
}

Eigen::VectorXd compute_spending(const Choice& choice,
                                 const Eigen::Ref<const Eigen::VectorXd>& prices) {
  if (choice.cell_share.rows() != prices.size()) {
    throw InvalidInput(fmt::format("spending: {} prices for {} products", prices.size(),
                                   choice.cell_share.rows()));
  }
  Eigen::VectorXd spending = Eigen::VectorXd::Zero(choice.cell_share.cols());
  for (Eigen::Index c = 0; c < choice.cell_share.cols(); ++c) {
    for (Eigen::Index j = 0; j < prices.size(); ++j) {
      // The price of a product that is not offered need not be a number.
      if (choice.cell_share(j, c) > 0.0) spending(c) += choice.cell_share(j, c) * prices(j);
    }
  }
  return spending;
}

}  // namespace entente::market
