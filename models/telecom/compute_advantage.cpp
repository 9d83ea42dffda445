#include "models/telecom/compute_advantage.hpp"

#include "engine/market/elementary.hpp"

namespace entente::models::telecom_market {

using scenario::Type;
using simulation::Index;

std::vector<scenario::Field> ComputeAdvantage::market_fields() {
  return {
      {.key = "compute_market",
       .type = Type::reference,
       .meaning = "Market whose accounts hold the providers' compute.",
       .refers_to = {"market"}},
      {.key = "compute_elasticity",
       .type = Type::figure,
       .unit = "fraction of price",
       .meaning =
           "Willingness to pay gained per log point that a provider's compute grows above the "
           "providers' mean.",
       .default_value = "0",
       .minimum = 0,
       .maximum = 1},
  };
}

ComputeAdvantage::ComputeAdvantage(const scenario::Scenario& scenario,
                                   const simulation::Economy& economy, const std::string& model,
                                   scenario::Faults& faults) {
  for (const simulation::Market& market : economy.markets) {
    if (market.model != model) continue;
    const scenario::Entry& entry = *scenario.find("market", market.id);
    Rivalry rivalry{entry.number("compute_elasticity"), {}};
    if (rivalry.elasticity <= 0.0) continue;
    if (!entry.has("compute_market")) {
      faults.push_back(entry.fault("compute_elasticity", "needs a compute_market"));
      continue;
    }
    const Index compute = *economy.find_market(entry.text("compute_market"));
    for (Index p = market.first; p < market.last; ++p) {
      for (std::size_t a = 0; a < economy.accounts.size(); ++a) {
        if (economy.accounts[a].market == compute &&
            economy.accounts[a].firm == economy.products[static_cast<std::size_t>(p)].firm) {
          rivalry.providers.push_back({p, static_cast<Index>(a)});
        }
      }
    }
    rivalries_.push_back(std::move(rivalry));
  }
}

void ComputeAdvantage::raise_quality(const simulation::World& world,
                                     simulation::World& next) const {
  for (const Rivalry& rivalry : rivalries_) {
    double mean = 0.0;
    double weight = 0.0;
    std::vector<double> growth;
    for (const Provider& provider : rivalry.providers) {
      growth.push_back(market::deterministic_log(next.account_stock[provider.account] /
                                                 world.account_stock[provider.account]));
      mean += world.base_share[provider.product] * growth.back();
      weight += world.base_share[provider.product];
    }
    for (std::size_t k = 0; k < rivalry.providers.size(); ++k) {
      next.quality[rivalry.providers[k].product] +=
          rivalry.elasticity * (growth[k] - mean / weight);
    }
  }
}

}  // namespace entente::models::telecom_market
