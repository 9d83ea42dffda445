#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/population/agents.hpp"
#include "engine/simulation/build/taste_types.hpp"
#include "tests/catch.hpp"

namespace entente::test {

/// Strata and tastes as a market has them: nodes of price sensitivity, then of other tastes. No
/// nodes: all are alike.
inline population::TasteDesign taste_design(const std::vector<int>& nodes, bool individual) {
  population::TasteDesign design;
  design.individual = individual;
  if (nodes.empty()) {
    design.node.resize(1, 0);
    design.below = design.above = design.node;
    return design;
  }
  const auto types = simulation::make_taste_types(nodes[0], 0.0, {nodes.begin() + 1, nodes.end()});
  design.node = types.node;
  design.below = types.below;
  design.above = types.above;
  return design;
}

/// Agents of whom one in J + 1 holds each product, in every type.
inline population::Population recruit_evenly(Eigen::Index products, const std::vector<int>& nodes,
                                             bool individual, std::uint64_t agents,
                                             const population::Draws& draws) {
  population::Population population;
  population.representation = population::Representation::agents;
  Eigen::VectorXd weight = Eigen::VectorXd::Ones(1);
  if (!nodes.empty())
    weight = simulation::make_taste_types(nodes[0], 0.0, {nodes.begin() + 1, nodes.end()}).weight;
  population.cells = {weight.size(), products, true};
  population.holding.resize(population.cells.count());
  for (Eigen::Index cell = 0; cell < population.holding.size(); ++cell) {
    population.holding[cell] =
        weight[population.cells.type_of(cell)] / static_cast<double>(products + 1);
  }
  population.holding /= population.holding.sum();
  population.choice_stream = population::stream_name("choice", "widget");
  population.lottery_stream = population::stream_name("lottery", "widget");
  population::recruit(population, taste_design(nodes, individual), agents, draws);
  return population;
}

/// J products that differ a little in everything.
inline population::Offer make_offer(Eigen::Index products, std::size_t tastes) {
  population::Offer offer;
  offer.common.resize(products);
  offer.price.resize(products);
  offer.characteristic.resize(products,
                              tastes > 1 ? static_cast<Eigen::Index>(tastes) - 1 : Eigen::Index{0});
  for (Eigen::Index j = 0; j < products; ++j) {
    offer.common[j] = 0.9 * std::sin(1.0 + 2.0 * static_cast<double>(j)) + 0.5;
    offer.price[j] = -0.6 - 0.5 * std::cos(static_cast<double>(j));
    for (Eigen::Index k = 0; k < offer.characteristic.cols(); ++k)
      offer.characteristic(j, k) = 0.7 * std::sin(static_cast<double>(3 * j + 5 * k));
  }
  if (tastes > 0) {
    offer.price_spread = 0.5;
    offer.normaliser = 1.1;
  }
  return offer;
}

inline std::vector<double> tastes_of(const population::Individuals& individuals,
                                     Eigen::Index stratum, std::size_t agent) {
  std::vector<double> tastes;
  for (std::size_t k = 0; k < individuals.tastes; ++k) {
    if (individuals.taste.empty()) {
      tastes.push_back(individuals.node(stratum, static_cast<Eigen::Index>(k)));
      continue;
    }
    const std::uint32_t word = individuals.taste[k / 2][agent];
    const auto steps = static_cast<std::int16_t>(k % 2 == 0 ? word & 0xffffU : word >> 16U);
    tastes.push_back(static_cast<double>(steps) / 4096.0);
  }
  return tastes;
}

/// Nested logit in double, J + 1.
inline Eigen::VectorXd choice_probability(const population::Offer& offer,
                                          const std::vector<double>& tastes, Eigen::Index held) {
  const Eigen::Index products = offer.common.size();
  Eigen::VectorXd utility = offer.common;
  const double multiplier =
      tastes.empty() ? 1.0 : std::exp(offer.price_spread * tastes[0]) / offer.normaliser;
  for (Eigen::Index j = 0; j < products; ++j) {
    utility[j] += multiplier * offer.price[j] + (j == held ? offer.inertia : 0.0);
    for (std::size_t k = 1; k < tastes.size(); ++k)
      utility[j] += tastes[k] * offer.characteristic(j, static_cast<Eigen::Index>(k) - 1);
  }
  Eigen::VectorXd probability = Eigen::VectorXd::Zero(products + 1);
  const double most = utility.maxCoeff();
  if (most == -std::numeric_limits<double>::infinity()) {
    probability[products] = 1.0;
    return probability;
  }
  const Eigen::ArrayXd weight = ((utility.array() - most) / offer.nesting).exp();
  const double inclusive = most + offer.nesting * std::log(weight.sum());
  const double inside = offer.outside_good ? 1.0 / (1.0 + std::exp(-inclusive)) : 1.0;
  probability.head(products) = (weight / weight.sum() * inside).matrix();
  probability[products] = 1.0 - inside;
  return probability;
}

/// visit(agent, stratum, held before: J for none and for newcomers, choice) for all who decided.
template <class Visit>
void for_each_decision(const population::Population& population,
                       const population::Purchases& purchases, const Visit& visit) {
  const auto& blocks = population.individuals->blocks;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const population::Decisions& decisions = purchases.decisions[b];
    for (std::size_t i = 0; i < decisions.count; ++i) {
      const std::uint32_t word = decisions.agent[i];
      const bool is_new = (word & population::Deciders::newcomer) != 0;
      visit(blocks[b].begin + (word & population::Deciders::place_mask), blocks[b].stratum,
            is_new ? population.cells.products : static_cast<Eigen::Index>(word >> 16U),
            static_cast<Eigen::Index>(decisions.choice[i]));
    }
  }
}

/// Choices of some decisions, grouped, against the sum of everyone's own probabilities.
class ChoiceScores {
 public:
  ChoiceScores(Eigen::Index groups, Eigen::Index choices)
      : seen_(Eigen::MatrixXd::Zero(groups, choices)), expected_(seen_), variance_(seen_) {}

  void add(Eigen::Index group, const Eigen::VectorXd& probability, Eigen::Index choice) {
    seen_(group, choice) += 1.0;
    expected_.row(group) += probability.transpose();
    variance_.row(group) += (probability.array() * (1.0 - probability.array())).matrix();
  }

  /// Every score within 5, their squares 1 on average, nothing chosen that cannot be.
  void check() const {
    double squares = 0.0;
    int terms = 0;
    for (Eigen::Index group = 0; group < seen_.rows(); ++group) {
      for (Eigen::Index choice = 0; choice < seen_.cols(); ++choice) {
        const double variance = variance_(group, choice);
        CAPTURE(group, choice, seen_(group, choice), expected_(group, choice));
        if (variance < 1e-6) {
          CHECK(std::abs(seen_(group, choice) - expected_(group, choice)) < 0.5);
        }
        if (variance < 25.0) continue;  // too few to be normal
        const double score =
            (seen_(group, choice) - expected_(group, choice)) / std::sqrt(variance);
        CHECK(std::abs(score) < 5.0);
        squares += score * score;
        ++terms;
      }
    }
    if (terms == 0) return;
    CAPTURE(terms);
    CHECK(squares / terms < 1.0 + 5.0 * std::sqrt(2.0 / terms));
  }

 private:
  Eigen::MatrixXd seen_;
  Eigen::MatrixXd expected_;
  Eigen::MatrixXd variance_;
};

/// Everyone's choice follows their own nested logit: by the product they held, and by whether they
/// mind the price more or less than most.
inline void check_choices(const population::Population& population,
                          const population::Purchases& purchases, const population::Offer& offer) {
  const Eigen::Index products = population.cells.products;
  ChoiceScores scores(4 * (products + 1), products + 1);
  for_each_decision(
      population, purchases,
      [&](std::size_t agent, Eigen::Index stratum, Eigen::Index held, Eigen::Index choice) {
        const auto tastes = tastes_of(*population.individuals, stratum, agent);
        Eigen::Index group = 0;
        if (!tastes.empty() && tastes[0] > 0.0) group += 1;
        if (tastes.size() > 1 && tastes.back() > 0.0) group += 2;
        scores.add(group * (products + 1) + held, choice_probability(offer, tastes, held), choice);
      });
  scores.check();
}

/// Individuals by type and what they hold, C.
inline population::Counts recount(const population::Population& population) {
  population::Counts count = population::Counts::Zero(population.cells.count());
  for (const population::AgentBlock& block : population.individuals->blocks) {
    for (std::size_t agent = block.begin; agent < block.begin + block.count; ++agent)
      ++count[population.cells.of(block.stratum, population.held[agent])];
  }
  return count;
}

}  // namespace entente::test
