#include "engine/simulation/build/observed_quantities.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "engine/simulation/build/given_preferences.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;
using scenario::Scenario;

namespace {

constexpr double share_tolerance = 1e-6;  // percent

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Unit shares of the products of one market, J, sum 1; zero for entrants.
Eigen::VectorXd observe_unit_shares(const Scenario& scenario, const Economy& economy,
                                    const Market& market, double& volume, Faults& faults) {
  Eigen::VectorXd weight = Eigen::VectorXd::Zero(market.products());
  bool any_share = false;
  bool any_volume = false;
  double total_share = 0.0;
  const Entry* last = nullptr;
  for (Index j = 0; j < market.products(); ++j) {
    const Product& product = economy.products[at(market.first + j)];
    const Entry& entry = *scenario.find("product", product.id);
    const bool has_share = entry.has("share");
    const bool has_volume = entry.has("volume");
    if (product.entry_share > 0.0) {
      if (has_share || has_volume) {
        faults.push_back(entry.fault("entry_share",
                                     "a product sold in quarter 0 cannot enter later",
                                     "either a share (or volume) or an entry_share"));
      }
      continue;
    }
    if (has_share == has_volume) {
      faults.push_back(
          entry.fault("share", "a product needs either a share or a volume in quarter 0"));
      continue;
    }
    any_share = any_share || has_share;
    any_volume = any_volume || has_volume;
    last = &entry;
    weight[j] = has_share ? entry.number("share") : entry.number("volume");
    if (weight[j] <= 0.0) {
      faults.push_back(entry.fault(has_share ? "share" : "volume",
                                   "a product without sales cannot be calibrated",
                                   "a number above 0, or an entry_share for a later entrant"));
    }
    if (has_share) total_share += weight[j];
    if (has_share && market.share_of == "revenue" && product.price > 0.0)
      weight[j] /= product.price;
  }
  if (last != nullptr && any_share && any_volume) {
    faults.push_back(last->fault("share",
                                 fmt::format("market '{}' mixes shares and volumes", market.id),
                                 "one of them for all its products"));
  } else if (any_share && std::abs(total_share - 100.0) > share_tolerance) {
    faults.push_back(last->fault("share",
                                 fmt::format("shares of market '{}' do not sum", market.id),
                                 "shares that sum to 100", fmt::format("{:.10g}", total_share),
                                 "a residual seller takes what rounding leaves"));
  }
  volume = any_volume ? weight.sum() : 0.0;
  const double total = weight.sum();
  if (total > 0.0) weight /= total;
  return weight;
}

void observe_market(const Scenario& scenario, Economy& economy, Market& market, Faults& faults) {
  const Entry& entry = *scenario.find("market", market.id);
  double volume = 0.0;
  const std::size_t faults_before = faults.size();
  const Eigen::VectorXd unit_share = observe_unit_shares(scenario, economy, market, volume, faults);
  if (faults.size() > faults_before) return;
  const int sources =
      (volume > 0.0 ? 1 : 0) + (entry.has("revenue_usd_bn") ? 1 : 0) + (entry.has("size") ? 1 : 0);
  if (sources != 1) {
    faults.push_back(entry.fault("size", "the market's size must be given exactly once",
                                 "revenue_usd_bn, size, or a volume of each product"));
    return;
  }
  double mean_price = 0.0;
  for (Index j = 0; j < market.products(); ++j) {
    mean_price += unit_share[j] * economy.products[at(market.first + j)].price;
  }
  if (entry.has("revenue_usd_bn") && mean_price <= 0.0) {
    faults.push_back(entry.fault("revenue_usd_bn", "a free market has no revenue to size it by"));
    return;
  }
  market.quantity = volume > 0.0        ? volume
                    : entry.has("size") ? entry.number("size")
                                        : entry.number("revenue_usd_bn") /
                                              (mean_price * market.usd_bn_per_currency_unit);
  for (Index j = 0; j < market.products(); ++j) {
    economy.products[at(market.first + j)].quantity = unit_share[j] * market.quantity;
  }
  for (Index j = 0; j < market.products(); ++j) {
    const Product& product = economy.products[at(market.first + j)];
    if (market.demand == DemandKind::subscription) break;  // running contracts need no capacity
    if (product.quantity > product.capacity * (1.0 + 1e-9)) {
      faults.push_back(scenario.find("product", product.id)
                           ->fault("capacity", "the capacity is below what was sold in quarter 0",
                                   fmt::format("at least {:.10g}", product.quantity),
                                   fmt::format("{:.10g}", product.capacity)));
    }
  }
  market.free = market.pricing == PricingKind::given && mean_price <= 0.0;
}

/// Quantities that one account bought, J.
Eigen::VectorXd read_purchases(const Entry& entry, const Economy& economy, const Market& market,
                               Faults& faults) {
  Eigen::VectorXd bought = Eigen::VectorXd::Zero(market.products());
  for (const scenario::Record& part : entry.records("purchases")) {
    const Index product = *economy.find_product(part.text("product"));
    if (!market.sells(product)) {
      faults.push_back(part.fault("product", "the account's market does not sell this product"));
    } else if (economy.products[at(product)].entry_share > 0.0) {
      faults.push_back(part.fault("product", "the product is not sold in quarter 0"));
    } else {
      bought[product - market.first] += part.number("volume");
    }
  }
  return bought;
}

/// accounts × J. The residual account takes what the others leave of each product.
Eigen::MatrixXd observe_accounts(const Scenario& scenario, Economy& economy, const Market& market,
                                 Faults& faults) {
  const auto count = static_cast<Index>(market.accounts.size());
  Eigen::VectorXd sold(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    sold[j] = economy.products[at(market.first + j)].quantity;
  }
  Eigen::MatrixXd bought = Eigen::MatrixXd::Zero(count, market.products());
  Index residual = -1;
  const Entry* last = nullptr;
  for (Index a = 0; a < count; ++a) {
    Account& account = economy.accounts[at(market.accounts[at(a)])];
    const Entry& entry = *scenario.find("account", account.id);
    last = &entry;
    if (entry.has("share") && !entry.records("purchases").empty()) {
      faults.push_back(entry.fault("share", "an account has either a share or purchases"));
    } else if (entry.has("share")) {
      bought.row(a) = entry.number("share") / 100.0 * sold.transpose();
    } else if (!entry.records("purchases").empty()) {
      bought.row(a) = read_purchases(entry, economy, market, faults).transpose();
    } else if (residual >= 0) {
      faults.push_back(entry.fault("share", "only one account of a market can be the residual one",
                                   "a share or purchases for all others"));
    } else {
      residual = a;
    }
    account.share = bought.row(a).sum() / market.quantity;
    if (a != residual && account.share <= 0.0) {
      faults.push_back(entry.fault("share", "an account that buys nothing cannot be calibrated"));
    }
  }
  if (residual >= 0) {
    Account& account = economy.accounts[at(market.accounts[at(residual)])];
    bought.row(residual) = sold.transpose() - bought.colwise().sum();
    account.share = bought.row(residual).sum() / market.quantity;
    for (Index j = 0; j < market.products(); ++j) {
      // What rounding leaves of a product wholly sold to others is nothing.
      if (std::abs(bought(residual, j)) < 1e-9 * market.quantity) bought(residual, j) = 0.0;
      if (bought(residual, j) < 0.0) {
        faults.push_back(scenario.find("account", account.id)
                             ->fault("share",
                                     fmt::format("other accounts buy more of '{}' than is "
                                                 "sold",
                                                 economy.products[at(market.first + j)].id),
                                     fmt::format("at most {:.10g}", sold[j]),
                                     fmt::format("{:.10g}", sold[j] - bought(residual, j))));
      }
    }
  } else if ((bought.colwise().sum().transpose() - sold).cwiseAbs().maxCoeff() >
             share_tolerance * market.quantity) {
    faults.push_back(
        last->fault("share",
                    fmt::format("accounts of market '{}' do not sum to what its "
                                "products sold",
                                market.id),
                    "shares that sum to 100, or one residual account",
                    fmt::format("{:.10g} percent", 100.0 * bought.sum() / market.quantity)));
  }
  return bought;
}

void observe_links(const Scenario& scenario, Economy& economy, Faults& faults) {
  std::vector<double> bought_share(economy.inputs.size(), 0.0);
  std::vector<double> committed(economy.products.size(), 0.0);
  for (Link& link : economy.links) {
    const Product& supplier = economy.products[at(link.supplier)];
    link.price = supplier.price;
    if (link.buyer < 0) continue;
    for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
      const Input& input = economy.inputs[i];
      if (input.product != link.buyer || input.market != supplier.market) continue;
      const double need =
          input_quantity_per_unit(economy, input) * economy.products[at(input.product)].quantity;
      link.volume = link.share * need;
      bought_share[i] += link.share;
      committed[at(link.supplier)] += link.volume;
    }
  }
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    const Input& input = economy.inputs[i];
    const bool contract = economy.markets[at(input.market)].pricing == PricingKind::contract;
    const bool sold_now = economy.products[at(input.product)].quantity > 0.0;
    if (contract && sold_now && std::abs(bought_share[i] - 1.0) > 1e-8) {
      faults.push_back(scenario.find("input", input.id)
                           ->fault("market", "links to this product do not sum",
                                   "shares that sum to 100",
                                   fmt::format("{:.10g}", 100.0 * bought_share[i])));
    }
  }
  for (std::size_t p = 0; p < economy.products.size(); ++p) {
    const Product& product = economy.products[p];
    const bool residual = std::ranges::any_of(
        economy.links, [&](const Link& link) { return link.residual() && at(link.supplier) == p; });
    if (residual || economy.markets[at(product.market)].pricing != PricingKind::contract) continue;
    if (std::abs(product.quantity - committed[p]) > 1e-9 * product.quantity) {
      faults.push_back(
          scenario.find("product", product.id)
              ->fault("share", "links do not take what the supplier sells",
                      fmt::format("{:.10g}, or a residual link without buyer", product.quantity),
                      fmt::format("{:.10g}", committed[p])));
    }
  }
  for (Link& link : economy.links) {
    if (!link.residual()) continue;
    const double sold = economy.products[at(link.supplier)].quantity;
    link.volume = sold - committed[at(link.supplier)];
    if (link.volume < -1e-9 * sold) {
      faults.push_back(scenario.find("link", link.id)
                           ->fault("supplier", "named buyers take more than the supplier sells",
                                   fmt::format("at most {:.6g}", sold),
                                   fmt::format("{:.6g}", committed[at(link.supplier)])));
    }
  }
}

}  // namespace

std::vector<Eigen::MatrixXd> observe_quantities(const Scenario& scenario, Economy& economy,
                                                Faults& faults) {
  std::vector<Eigen::MatrixXd> bought(economy.markets.size());
  for (Market& market : economy.markets) {
    if (market.given_preferences) {
      read_given_base(scenario, economy, market, faults);
    } else {
      observe_market(scenario, economy, market, faults);
    }
  }
  if (!faults.empty()) return bought;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    if (economy.markets[m].demand == DemandKind::allocation &&
        economy.markets[m].pricing != PricingKind::contract) {
      bought[m] = observe_accounts(scenario, economy, economy.markets[m], faults);
    }
  }
  if (!faults.empty()) return bought;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    if (market.pricing != PricingKind::bargained) continue;
    for (Index a = 0; a < bought[m].rows(); ++a) {
      for (Index j = 0; j < market.products(); ++j) {
        Link& link = economy.links[at(market.link_of(j, a))];
        link.volume = bought[m](a, j);
        link.share = link.volume / bought[m].row(a).sum();
      }
    }
  }
  observe_links(scenario, economy, faults);
  return bought;
}

}  // namespace entente::simulation
