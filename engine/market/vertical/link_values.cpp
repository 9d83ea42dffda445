#include "engine/market/vertical/link_values.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

// A linear price term sees α·p: beyond this the rounding of p itself would blur the markup 1/α.
constexpr double largest_cost_utility = 1e8;

void require_size(Eigen::Index size, Eigen::Index links, const char* quantity) {
  if (size != links) {
    throw InvalidInput(fmt::format(
        "vertical market: {} has {} entries for {} links; give one a link", quantity, size, links));
  }
}

void validate_links(const VerticalMarket& market) {
  const Eigen::Index links = market.demand.products();
  require_size(market.upstream_cost.size(), links, "upstream_cost");
  require_size(market.downstream_cost.size(), links, "downstream_cost");
  require_size(market.upstream_firm.size(), links, "upstream_firm");
  require_size(market.downstream_firm.size(), links, "downstream_firm");
  require_size(market.buyer_weight.size(), links, "buyer_weight");
  const double sensitivity = market.demand.price_term == PriceTerm::linear
                                 ? market.demand.price_sensitivity.maxCoeff()
                                 : 0.0;
  for (Eigen::Index i = 0; i < links; ++i) {
    const double b = market.buyer_weight(i);
    const bool valid = b >= 0.0 && b <= 1.0;
    if (!valid) {
      throw InvalidInput(
          fmt::format("buyer_weight of link {} is {}; a Nash weight lies in [0, 1]", i, b));
    }
    const double size = std::abs(market.upstream_cost(i)) + std::abs(market.downstream_cost(i));
    if (!std::isfinite(size)) {
      throw InvalidInput(
          fmt::format("costs of link {} are {} upstream and {} downstream; they must "
                      "be finite",
                      i, market.upstream_cost(i), market.downstream_cost(i)));
    }
    if (size * sensitivity > largest_cost_utility || size > 1e100) {
      throw InvalidInput(fmt::format(
          "costs of link {} add up to {}, too much for a price sensitivity of {}: markups would be "
          "lost in rounding; check the units",
          i, size, sensitivity));
    }
    if (market.upstream_firm(i) < 0 || market.downstream_firm(i) < 0) {
      throw InvalidInput(fmt::format("link {} joins firms {} and {}; firm indices count from 0", i,
                                     market.upstream_firm(i), market.downstream_firm(i)));
    }
  }
}

void validate_interest(const VerticalMarket& market) {
  const Eigen::MatrixXd& interest = market.interest;
  if (interest.size() == 0) return;
  if (interest.rows() != interest.cols()) {
    throw InvalidInput(fmt::format("interest is {}x{}; give one row and one column a firm",
                                   interest.rows(), interest.cols()));
  }
  for (Eigen::Index f = 0; f < interest.rows(); ++f) {
    for (Eigen::Index g = 0; g < interest.cols(); ++g) {
      const double weight = interest(f, g);
      const bool valid = f == g ? weight == 1.0 : weight >= 0.0 && weight <= 1e6;
      if (!valid) {
        throw InvalidInput(
            fmt::format("interest of firm {} in firm {} is {}; it must be 1 on the diagonal and a "
                        "finite number not below 0 elsewhere",
                        f, g, weight));
      }
    }
  }
  for (Eigen::Index i = 0; i < market.upstream_firm.size(); ++i) {
    const int largest = std::max(market.upstream_firm(i), market.downstream_firm(i));
    if (largest >= interest.rows()) {
      throw InvalidInput(fmt::format("link {} names firm {}, but interest has {} firms", i, largest,
                                     interest.rows()));
    }
  }
}

double interest_of(const VerticalMarket& market, int decider, int other) {
  if (decider == other) return 1.0;
  return market.interest.size() == 0 ? 0.0 : market.interest(decider, other);
}

}  // namespace

void LinkValues::collect_links(const VerticalMarket& market) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Demand& demand = market.demand;
  link.clear();
  for (Eigen::Index j = 0; j < demand.products(); ++j) {
    bool offered = false;
    for (Eigen::Index c = 0; c < demand.cells(); ++c)
      offered = offered || (demand.utility(j, c) > -infinity && demand.weight(c) > 0.0);
    if (offered) link.push_back(j);
  }
  if (link.empty())
    throw InvalidInput("vertical market: no link is offered; give one a utility above −∞");
}

void LinkValues::collect_firms(const VerticalMarket& market) {
  firm.clear();
  for (const Eigen::Index j : link) {
    firm.push_back(market.upstream_firm(j));
    firm.push_back(market.downstream_firm(j));
  }
  std::sort(firm.begin(), firm.end());
  firm.erase(std::unique(firm.begin(), firm.end()), firm.end());
}

int LinkValues::position(int firm_index) const {
  return static_cast<int>(std::lower_bound(firm.begin(), firm.end(), firm_index) - firm.begin());
}

void LinkValues::assign(const VerticalMarket& market, ContractTiming timing) {
  validate_demand(market.demand);
  validate_links(market);
  validate_interest(market);
  collect_links(market);
  collect_firms(market);
  const Eigen::Index n = links();
  supplier.resize(n);
  buyer.resize(n);
  integrated.resize(n);
  upstream_cost.resize(n);
  cost.resize(n);
  buyer_weight.resize(n);
  supplier_stake.resize(n);
  buyer_stake.resize(n);
  margin_weight.resize(n, firms());
  transfer_weight.resize(n, firms());
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::Index j = link[static_cast<std::size_t>(i)];
    const int up = market.upstream_firm(j);
    const int down = market.downstream_firm(j);
    supplier(i) = position(up);
    buyer(i) = position(down);
    upstream_cost(i) = market.upstream_cost(j);
    cost(i) = market.upstream_cost(j) + market.downstream_cost(j);
    buyer_weight(i) = market.buyer_weight(j);
    supplier_stake(i) = interest_of(market, up, down);
    buyer_stake(i) = interest_of(market, down, up);
    integrated(i) = supplier_stake(i) == 1.0 && buyer_stake(i) == 1.0 ? 1 : 0;
    for (Eigen::Index f = 0; f < firms(); ++f) {
      const int decider = firm[static_cast<std::size_t>(f)];
      margin_weight(i, f) = interest_of(market, decider, down);
      transfer_weight(i, f) = interest_of(market, decider, up) - margin_weight(i, f);
    }
    if (integrated(i) != 0) continue;
    if (supplier_stake(i) > 1.0 || buyer_stake(i) > 1.0) {
      throw InvalidInput(fmt::format(
          "the parties of link {} put weights {} and {} on each other's profit; above 1 "
          "they would rather give than take, and no bargain is defined",
          j, supplier_stake(i), buyer_stake(i)));
    }
    if (supplier_stake(i) == 1.0 || buyer_stake(i) == 1.0) {
      throw Infeasible(fmt::format(
          "link {}: one party values the other's profit like its own, but not conversely, so that "
          "no wholesale price is agreed; make the link integrated, or the stake smaller",
          j));
    }
    if (timing == ContractTiming::simultaneous && buyer_weight(i) == 0.0) {
      throw Infeasible(fmt::format(
          "link {}: with buyer_weight 0 the supplier would take all, and no retail price is high "
          "enough for that; give the buyer some weight, or use sequential timing",
          j));
    }
  }
}

void LinkValues::value(const Eigen::VectorXd& whole_margin, const Eigen::VectorXd& upstream_margin,
                       Eigen::MatrixXd& values) const {
  values.resize(links(), firms());
  for (Eigen::Index f = 0; f < firms(); ++f) {
    values.col(f) = margin_weight.col(f).cwiseProduct(whole_margin) +
                    transfer_weight.col(f).cwiseProduct(upstream_margin);
  }
}

BargainSides compute_bargain_sides(const LinkValues& values, Eigen::Index i) {
  if (values.integrated(i) != 0) return {};
  return {values.buyer_weight(i) / (1.0 - values.supplier_stake(i)),
          (1.0 - values.buyer_weight(i)) / (1.0 - values.buyer_stake(i))};
}

}  // namespace entente::market
