#include "models/chips/learning.hpp"

#include <cmath>

#include "engine/market/elementary.hpp"
#include "engine/simulation/supply/generation.hpp"

namespace entente::models::chips_market {

using scenario::Type;
using simulation::Index;

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Part of a supplier's sales that is of each generation, by what its buyers need and it may serve.
Eigen::VectorXd output_mix(const simulation::World& world, Index product, Index generations) {
  const simulation::Economy& economy = *world.economy;
  const Index market = economy.products[at(product)].market;
  Eigen::VectorXd mix = Eigen::VectorXd::Zero(generations);
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    const simulation::Link& link = economy.links[l];
    const auto row = static_cast<Index>(l);
    if (link.supplier != product) continue;
    Eigen::VectorXd part = Eigen::VectorXd::Zero(generations);
    part[0] = 1.0;  // residual buyers stay with the first
    for (const simulation::Input& input : economy.inputs) {
      if (input.product != link.buyer || input.market != market) continue;
      part = generation_mix(economy, input, world.quarter)
                 .cwiseProduct(world.link_access.row(row).head(generations).transpose());
    }
    if (part.sum() > 0.0) mix += world.link_volume[row] * part / part.sum();
  }
  if (mix.sum() > 0.0) return mix / mix.sum();
  mix[0] = 1.0;
  return mix;
}

}  // namespace

std::vector<scenario::Field> Learning::market_fields() {
  return {
      {.key = "learning_rate",
       .type = Type::figure,
       .unit = "fraction",
       .meaning = "Fall of a unit's cost with each doubling of its maker's experience.",
       .default_value = "0",
       .minimum = 0,
       .maximum = 0.5,
       .source = "Irwin & Klenow 1994"},
      {.key = "rival_experience",
       .type = Type::figure,
       .meaning = "Weight of rivals' experience against the maker's own.",
       .default_value = "0.333",
       .minimum = 0,
       .maximum = 1,
       .source = "Irwin & Klenow 1994"},
      {.key = "experience_loss",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Part of experience that is forgotten; 0.04 is 15% a year.",
       .default_value = "0.04",
       .minimum = 0,
       .maximum = 0.5},
      {.key = "initial_experience",
       .type = Type::figure,
       .unit = "quarters of output",
       .meaning = "Experience of quarter 0, in quarters of its output.",
       .default_value = "4",
       .minimum = 0.1,
       .maximum = 40},
      {.key = "new_generation_experience",
       .type = Type::figure,
       .meaning = "Part of the experience with a generation that helps with the next one.",
       .default_value = "0.333",
       .minimum = 0.01,
       .maximum = 1},
      {.key = "yield_part",
       .type = Type::figure,
       .meaning = "Elasticity of capacity to what learning saves: 1 where all of it is more good "
                  "units from the same lines.",
       .default_value = "1",
       .minimum = 0,
       .maximum = 1},
  };
}

Learning::Learning(const scenario::Scenario& scenario, const simulation::Economy& economy,
                   const std::string& model, std::size_t own, Index first)
    : own_(own), first_(first) {
  Index next = 0;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const simulation::Market& market = economy.markets[m];
    if (market.model != model || market.pricing != simulation::PricingKind::contract) continue;
    const scenario::Entry& entry = *scenario.find("market", market.id);
    const double rate = entry.number("learning_rate");
    if (rate <= 0.0) continue;
    const auto generations = std::max<Index>(1, static_cast<Index>(market.generations.size()));
    for (Index p = market.first; p < market.last; ++p) {
      makers_.push_back({p, static_cast<Index>(m), next,
                         -market::deterministic_log(1.0 - rate) / market::deterministic_log(2.0),
                         entry.number("rival_experience"), 1.0 - entry.number("experience_loss"),
                         entry.number("initial_experience"),
                         entry.number("new_generation_experience"), entry.number("yield_part"),
                         generations});
      next += generations + 1;
    }
  }
}

Index Learning::state_size() const {
  Index size = 0;
  for (const Maker& maker : makers_)
    size += maker.generations + 1;
  return size;
}

double Learning::experience(const Eigen::VectorXd& state, const Maker& maker,
                            Index generation) const {
  double total = 0.0;
  for (const Maker& other : makers_) {
    if (other.group != maker.group) continue;
    const double weight = other.product == maker.product ? 1.0 : maker.rival_weight;
    total += weight * state[first_ + other.state + generation];
  }
  return total;
}

double Learning::cost_factor(const simulation::World& world, const Maker& maker,
                             const Eigen::VectorXd& state) const {
  const Eigen::VectorXd mix = output_mix(world, maker.product, maker.generations);
  double factor = 0.0;
  for (Index g = 0; g < maker.generations; ++g) {
    if (mix[g] <= 0.0) continue;
    factor +=
        mix[g] * market::deterministic_exp(-maker.exponent *
                                           market::deterministic_log(experience(state, maker, g)));
  }
  return factor;
}

void Learning::remember_start(simulation::World& world) const {
  Eigen::VectorXd& state = world.model_state[own_];
  for (const Maker& maker : makers_) {
    double known = maker.initial_quarters * world.economy->products[at(maker.product)].quantity;
    for (Index g = 0; g < maker.generations; ++g) {
      state[first_ + maker.state + g] = known;
      known *= maker.new_generation;
    }
  }
  for (const Maker& maker : makers_)
    state[first_ + maker.state + maker.generations] = cost_factor(world, maker, state);
}

void Learning::lower_costs(const simulation::World& world, simulation::Quarter& quarter) const {
  const Eigen::VectorXd& state = world.model_state[own_];
  for (const Maker& maker : makers_) {
    quarter.own_cost_factor[maker.product] *=
        cost_factor(world, maker, state) / state[first_ + maker.state + maker.generations];
  }
}

double Learning::cost_index(const simulation::World& world, Index product) const {
  const Eigen::VectorXd& state = world.model_state[own_];
  for (const Maker& maker : makers_) {
    if (maker.product != product) continue;
    return 100.0 * cost_factor(world, maker, state) /
           state[first_ + maker.state + maker.generations];
  }
  return simulation::missing;
}

void Learning::learn(const simulation::World& world, const simulation::Quarter& quarter,
                     simulation::World& next) const {
  Eigen::VectorXd& state = next.model_state[own_];
  for (const Maker& maker : makers_) {
    const Eigen::VectorXd mix = output_mix(world, maker.product, maker.generations);
    for (Index g = 0; g < maker.generations; ++g) {
      double& known = state[first_ + maker.state + g];
      known = maker.kept * known + mix[g] * quarter.quantity[maker.product];
    }
  }
  for (const Maker& maker : makers_) {
    const double before = cost_factor(world, maker, world.model_state[own_]);
    const double after = cost_factor(next, maker, state);
    next.capacity[maker.product] *=
        market::deterministic_exp(maker.yield_part * market::deterministic_log(before / after));
  }
}

}  // namespace entente::models::chips_market
