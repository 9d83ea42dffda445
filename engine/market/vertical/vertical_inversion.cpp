#include <Eigen/LU>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"
#include "engine/market/vertical/disagreement.hpp"
#include "engine/market/vertical/link_shares.hpp"
#include "engine/market/vertical/link_values.hpp"
#include "engine/market/vertical/retail_conditions.hpp"
#include "engine/market/vertical/sequential_contracts.hpp"
#include "engine/market/vertical/vertical.hpp"

namespace entente::market {

namespace {

/// Observed prices of the offered links, with everything the conditions need to know about them.
struct ObservedMarket {
  LinkValues values;
  LinkShares shares;
  Eigen::VectorXd wholesale;        // n
  Eigen::VectorXd retail;           // n
  Eigen::VectorXd upstream_margin;  // n, 0 on integrated links
};

void require_prices(const VerticalMarket& market, const Eigen::Ref<const Eigen::VectorXd>& prices,
                    const char* quantity) {
  if (prices.size() != market.demand.products()) {
    throw InvalidInput(fmt::format("{} prices: {} entries for {} links; give one a link", quantity,
                                   prices.size(), market.demand.products()));
  }
}

ObservedMarket observe(const VerticalMarket& market,
                       const Eigen::Ref<const Eigen::VectorXd>& wholesale_prices,
                       const Eigen::Ref<const Eigen::VectorXd>& retail_prices) {
  ObservedMarket observed;
  // Sequential timing admits b = 0, which the inversions may meet.
  observed.values.assign(market, ContractTiming::sequential);
  require_prices(market, wholesale_prices, "wholesale");
  require_prices(market, retail_prices, "retail");
  const LinkValues& values = observed.values;
  const Eigen::Index n = values.links();
  observed.wholesale.resize(n);
  observed.retail.resize(n);
  observed.upstream_margin.setZero(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::Index j = values.link[static_cast<std::size_t>(i)];
    observed.wholesale(i) =
        values.integrated(i) != 0 ? values.upstream_cost(i) : wholesale_prices(j);
    observed.retail(i) = retail_prices(j);
    if (!std::isfinite(observed.wholesale(i)) || !std::isfinite(observed.retail(i))) {
      throw InvalidInput(
          fmt::format("prices of link {} are {} wholesale and {} retail; they must be "
                      "finite",
                      j, wholesale_prices(j), retail_prices(j)));
    }
    observed.upstream_margin(i) = observed.wholesale(i) - values.upstream_cost(i);
  }
  observed.shares.assign(market.demand, values.link);
  if (!observed.shares.evaluate(observed.retail)) {
    throw InvalidInput(
        "retail prices give no shares; they must be finite, and above 0 with a log price term");
  }
  return observed;
}

// Solves for one margin a link; a matrix without full rank has no answer.
Eigen::VectorXd solve_margins(const Eigen::MatrixXd& system, const Eigen::VectorXd& right_side,
                              const char* conditions) {
  const Eigen::FullPivLU<Eigen::MatrixXd> factors(system);
  Eigen::VectorXd margins = factors.solve(right_side);
  if (!factors.isInvertible() || !margins.allFinite()) {
    throw Infeasible(fmt::format(
        "no margins satisfy the {} at these prices: a firm without rivals and outside good has no "
        "best price",
        conditions));
  }
  return margins;
}

Eigen::VectorXd spread(const VerticalMarket& market, const LinkValues& values,
                       const Eigen::VectorXd& margins) {
  Eigen::VectorXd all = Eigen::VectorXd::Zero(market.demand.products());
  for (Eigen::Index i = 0; i < values.links(); ++i)
    all(values.link[static_cast<std::size_t>(i)]) = margins(i);
  return all;
}

// A gain of the size of rounding is none: at b = 1 the supplier's is exactly 0 only on paper.
double compute_weight(Eigen::Index link, double price, double for_supplier, double for_buyer) {
  const double rounding = 1e-12 * (std::abs(for_supplier) + std::abs(for_buyer));
  if (std::abs(for_supplier) <= rounding) for_supplier = 0.0;
  if (std::abs(for_buyer) <= rounding) for_buyer = 0.0;
  const bool valid = for_supplier >= 0.0 && for_buyer >= 0.0 && for_supplier + for_buyer > 0.0;
  if (!valid) {
    throw Infeasible(fmt::format(
        "no buyer weight in [0, 1] gives the wholesale price {} of link {}: per unit the supplier "
        "gains {:.6g} and the buyer {:.6g} from the contract; the price must lie between the "
        "supplier's cost and what the buyer would pay at most",
        price, link, for_supplier, for_buyer));
  }
  return for_buyer / (for_supplier + for_buyer);
}

Eigen::VectorXd compute_sequential_weights(const VerticalMarket& market,
                                           const ObservedMarket& observed) {
  const LinkValues& values = observed.values;
  SequentialContracts contracts;
  contracts.assign(market.demand, values);
  if (!contracts.observe(observed.retail, observed.upstream_margin, VerticalOptions().tolerance)) {
    throw Infeasible(
        "buyer weights under sequential timing: no retail equilibrium was found without some link, "
        "or a link's share is negligible; leave that link out");
  }
  Eigen::VectorXd weights = Eigen::VectorXd::Ones(market.demand.products());
  for (Eigen::Index i = 0; i < values.links(); ++i) {
    if (values.integrated(i) != 0) continue;
    const SequentialContracts::Bargain& bargain = contracts.bargain(i);
    const Eigen::Index j = values.link[static_cast<std::size_t>(i)];
    weights(j) =
        compute_weight(j, observed.wholesale(i), -bargain.buyer_slope * bargain.supplier_gain,
                       bargain.supplier_slope * bargain.buyer_gain);
  }
  return weights;
}

}  // namespace

Eigen::VectorXd compute_buyer_weights(const VerticalMarket& market,
                                      const Eigen::Ref<const Eigen::VectorXd>& wholesale_prices,
                                      const Eigen::Ref<const Eigen::VectorXd>& retail_prices,
                                      ContractTiming timing) {
  VerticalMarket unread = market;
  unread.buyer_weight = Eigen::VectorXd::Constant(market.demand.products(), 0.5);
  const ObservedMarket observed = observe(unread, wholesale_prices, retail_prices);
  if (timing == ContractTiming::sequential) return compute_sequential_weights(market, observed);
  const LinkValues& values = observed.values;
  Disagreement disagreement;
  disagreement.assign(observed.shares);
  if (!disagreement.evaluate(observed.shares))
    throw Infeasible("buyer weights: one link has all buyers, and nobody an alternative to it");
  const Eigen::VectorXd whole_margin = observed.retail - values.cost;
  Eigen::MatrixXd worth;
  values.value(whole_margin, observed.upstream_margin, worth);
  Eigen::VectorXd weights = Eigen::VectorXd::Ones(market.demand.products());
  for (Eigen::Index i = 0; i < values.links(); ++i) {
    if (values.integrated(i) != 0) continue;
    const double supplier_gain = disagreement.change.row(i).dot(worth.col(values.supplier(i)));
    const double buyer_gain = disagreement.change.row(i).dot(worth.col(values.buyer(i)));
    const Eigen::Index j = values.link[static_cast<std::size_t>(i)];
    weights(j) =
        compute_weight(j, observed.wholesale(i), supplier_gain * (1.0 - values.buyer_stake(i)),
                       buyer_gain * (1.0 - values.supplier_stake(i)));
  }
  return weights;
}

// The conditions are linear in the units' values, and those in the margins.
Eigen::VectorXd compute_implied_downstream_margins(
    const VerticalMarket& market, const Eigen::Ref<const Eigen::VectorXd>& wholesale_prices,
    const Eigen::Ref<const Eigen::VectorXd>& retail_prices) {
  VerticalMarket unread = market;
  unread.downstream_cost = Eigen::VectorXd::Zero(market.demand.products());
  const ObservedMarket observed = observe(unread, wholesale_prices, retail_prices);
  const LinkValues& values = observed.values;
  const Eigen::Index n = values.links();
  RetailConditions retail;
  retail.assign(observed.shares, values);
  // Values of units of which the buyers keep nothing downstream: p − c replaced by w − c.
  Eigen::MatrixXd worth;
  values.value(observed.upstream_margin, observed.upstream_margin, worth);
  retail.evaluate(observed.shares, values, worth);
  retail.differentiate(observed.shares, values, worth);
  Eigen::MatrixXd system(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index k = 0; k < n; ++k)
      system(i, k) = retail.worth_slope(i, k) * values.margin_weight(k, values.buyer(i));
  }
  const Eigen::VectorXd right_side = -retail.condition;
  return spread(market, values, solve_margins(system, right_side, "retail conditions"));
}

Eigen::VectorXd compute_implied_upstream_margins(
    const VerticalMarket& market, const Eigen::Ref<const Eigen::VectorXd>& wholesale_prices,
    const Eigen::Ref<const Eigen::VectorXd>& retail_prices) {
  const ObservedMarket observed = observe(market, wholesale_prices, retail_prices);
  const LinkValues& values = observed.values;
  const Eigen::Index n = values.links();
  Disagreement disagreement;
  disagreement.assign(observed.shares);
  if (!disagreement.evaluate(observed.shares))
    throw Infeasible("upstream margins: one link has all buyers, and nobody an alternative to it");
  Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n, n);
  Eigen::VectorXd right_side = Eigen::VectorXd::Zero(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    if (values.integrated(i) != 0) continue;
    const BargainSides sides = compute_bargain_sides(values, i);
    const int up = values.supplier(i);
    const int down = values.buyer(i);
    for (Eigen::Index k = 0; k < n; ++k) {
      const double by_margin = sides.supplier * values.margin_weight(k, up) -
                               sides.buyer * values.margin_weight(k, down);
      const double by_transfer = sides.supplier * values.transfer_weight(k, up) -
                                 sides.buyer * values.transfer_weight(k, down);
      const double change = disagreement.change(i, k);
      // With p and w given, p − c moves with w − c_up: value = weight on up · (w − c_up) + …
      system(i, k) = change * (by_margin + by_transfer);
      const double downstream =
          observed.retail(k) - observed.wholesale(k) - (values.cost(k) - values.upstream_cost(k));
      right_side(i) -= change * by_margin * downstream;
    }
  }
  return spread(market, values, solve_margins(system, right_side, "bargains"));
}

}  // namespace entente::market
