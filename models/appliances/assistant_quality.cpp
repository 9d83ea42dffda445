#include "models/appliances/assistant_quality.hpp"

#include <fmt/format.h>

#include "engine/market/elementary.hpp"

namespace entente::models::appliances_market {

using scenario::Field;
using scenario::Type;
using simulation::Index;

namespace {
constexpr double unnoticed = 1e-4;  // a share of use below which data do not tell
constexpr double doubtful_gain = 0.5;
}  // namespace

/// Use → compute of the host → quality → use: the loop's gain is what a log point of use comes back
/// as, at most Σ drivers' weights · θ_C / (1 − γ − θ_U). At 1 it feeds itself.
void AssistantQuality::close_loop(const scenario::Scenario& scenario,
                                  const simulation::Economy& economy,
                                  const simulation::Market& market, const scenario::Entry& entry,
                                  scenario::Faults& faults) {
  const double inner = 1.0 - market.network - entry.number("data_return");
  if (inner <= 0.0) return;  // said already
  Loop largest{market.id, "", 0.0};
  for (const scenario::Entry& account : scenario.all("account")) {
    double weight = 0.0;
    for (const scenario::Record& driver : account.records("drivers")) {
      if (market.sells(economy.find_product(driver.text("product")).value_or(-1)))
        weight += driver.number("weight");
    }
    const double gain = weight * entry.number("compute_return") / inner;
    if (gain > largest.gain) largest = {market.id, account.id, gain};
    if (gain < 1.0) continue;
    faults.push_back(account.fault(
        "drivers", "use that raises compute that raises quality would feed itself",
        "a loop gain, drivers' weights · compute_return / (1 − network − data_return), below 1",
        fmt::format("{:.3g}", gain)));
  }
  if (largest.gain > 0.0) loops_.push_back(largest);
}

std::vector<simulation::Diagnostic> AssistantQuality::diagnose() const {
  std::vector<simulation::Diagnostic> told;
  told.reserve(loops_.size());
  for (const Loop& loop : loops_) {
    told.push_back(
        {fmt::format("loop gain of market '{}', through account '{}'", loop.market, loop.account),
         loop.gain, doubtful_gain,
         "of a rise of use more than half comes back through the compute it drives, so "
         "that small errors of weights grow; at 1 the scenario is refused"});
  }
  return told;
}

std::vector<Field> AssistantQuality::market_fields() {
  return {
      {.key = "compute_return",
       .type = Type::figure,
       .unit = "utility",
       .meaning = "Quality θ_C per log point of its host's share of compute.",
       .default_value = "0",
       .minimum = 0,
       .maximum = 1},
      {.key = "data_return",
       .type = Type::figure,
       .unit = "utility",
       .meaning = "Quality θ_U per log point of its share of use; γ + θ_U must stay below 1.",
       .default_value = "0",
       .minimum = 0,
       .maximum = 1},
      {.key = "quality_inertia",
       .type = Type::figure,
       .meaning = "Part of the distance to its long-run quality that remains after a quarter.",
       .default_value = "0.85",
       .minimum = 0,
       .maximum = 1,
       .exclusive_maximum = true,
       .drawn = scenario::Drawn::by_loss},
  };
}

std::vector<Field> AssistantQuality::product_fields() {
  return {{.key = "compute_account",
           .type = Type::reference,
           .meaning = "Account whose stock of compute an assistant runs on.",
           .refers_to = {"account"}}};
}

AssistantQuality::AssistantQuality(const scenario::Scenario& scenario,
                                   const simulation::Economy& economy, const std::string& model,
                                   std::size_t own, scenario::Faults& faults)
    : own_(own) {
  for (const simulation::Market& market : economy.markets) {
    if (market.model != model || market.demand != simulation::DemandKind::allocation) continue;
    const scenario::Entry& entry = *scenario.find("market", market.id);
    const double data_return = entry.number("data_return");
    if (data_return + market.network >= 1.0) {
      faults.push_back(entry.fault(
          "data_return", "use would tip to one assistant whatever its start",
          "network + data_return below 1", fmt::format("{}", data_return + market.network)));
    }
    close_loop(scenario, economy, market, entry, faults);
    for (Index p = market.first; p < market.last; ++p) {
      const auto& product = economy.products[static_cast<std::size_t>(p)];
      const scenario::Entry& own_entry = *scenario.find("product", product.id);
      const Index account = own_entry.has("compute_account")
                                ? *economy.find_account(own_entry.text("compute_account"))
                                : -1;
      assistants_.push_back({p, account, entry.number("compute_return"), data_return,
                             entry.number("quality_inertia")});
    }
  }
}

double AssistantQuality::compute_share(const simulation::World& world, const Assistant& assistant) {
  if (assistant.account < 0) return 1.0;
  const Index market = world.economy->accounts[static_cast<std::size_t>(assistant.account)].market;
  double total = 0.0;
  for (std::size_t a = 0; a < world.economy->accounts.size(); ++a) {
    if (world.economy->accounts[a].market == market) {
      total += world.account_stock[static_cast<Index>(a)];
    }
  }
  return world.account_stock[assistant.account] / total;
}

void AssistantQuality::remember_start(simulation::World& world) const {
  const auto count = static_cast<Index>(assistants_.size());
  Eigen::VectorXd& state = world.model_state[own_];
  state = Eigen::VectorXd::Zero(2 * count);  // initial compute shares, then quality learnt
  for (Index k = 0; k < count; ++k) {
    state[k] = compute_share(world, assistants_[static_cast<std::size_t>(k)]);
  }
}

void AssistantQuality::improve(const simulation::World& world, simulation::World& next) const {
  const auto count = static_cast<Index>(assistants_.size());
  for (Index k = 0; k < count; ++k) {
    const Assistant& assistant = assistants_[static_cast<std::size_t>(k)];
    const auto& product = world.economy->products[static_cast<std::size_t>(assistant.product)];
    const double compute =
        market::deterministic_log(compute_share(world, assistant) / world.model_state[own_][k]);
    const double use = market::deterministic_log((world.base_share[assistant.product] + unnoticed) /
                                                 (product.base_share + unnoticed));
    const double target = assistant.compute_return * compute + assistant.data_return * use;
    const double learnt = world.model_state[own_][count + k];
    const double step = (1.0 - assistant.inertia) * (target - learnt);
    next.model_state[own_][count + k] = learnt + step;
    next.quality[assistant.product] += step;
  }
}

}  // namespace entente::models::appliances_market
