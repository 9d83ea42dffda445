#include "engine/population/population.hpp"

#include <stdexcept>

#include "engine/population/agents.hpp"
#include "engine/population/counts.hpp"
#include "engine/population/types.hpp"

namespace entente::population {

Eigen::VectorXd expected_active(const Population& population, const Activity& activity) {
  const Cells& cells = population.cells;
  Eigen::VectorXd active = (1.0 - activity.newcomers) * activity.hazard * population.holding;
  if (activity.newcomers > 0.0) {
    for (Eigen::Index cell = 0; cell < cells.count(); ++cell) {
      active[cells.of(cells.type_of(cell), cells.products)] +=
          activity.newcomers * population.holding[cell];
    }
  }
  return active;
}

Purchases choose(const Population& population, const Activity& activity,
                 const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                 std::uint32_t quarter) {
  switch (population.representation) {
    case Representation::types:
      return choose_by_types(population, activity, probability);
    case Representation::counts:
      return choose_by_counts(population, activity, probability, draws, quarter);
    case Representation::agents:
      break;
  }
  throw std::logic_error("agents do not choose by the probabilities of cells");
}

Eigen::VectorXd inactive_by_product(const Population& population, const Activity& activity,
                                    const Purchases& purchases) {
  const Cells& cells = population.cells;
  Eigen::VectorXd staying = Eigen::VectorXd::Zero(cells.products + 1);
  if (population.representation == Representation::types) {
    for (Eigen::Index cell = 0; cell < cells.count(); ++cell) {
      staying[cells.held_by(cell)] += population.holding[cell];
    }
    staying *= (1.0 - activity.newcomers) * (1.0 - activity.hazard);
  } else if (population.representation == Representation::counts) {
    staying = staying_by_counts(population, purchases);
  } else {
    staying = staying_by_agents(population, purchases);
  }
  return staying.head(cells.products);
}

void choose_again(const Population& population, Purchases& purchases,
                  const Eigen::Ref<const Eigen::ArrayXXd>& served,
                  const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                  std::uint32_t quarter, std::uint32_t round) {
  if (population.representation == Representation::types) {
    choose_again_by_types(purchases, served, probability);
  } else if (population.representation == Representation::counts) {
    choose_again_by_counts(population, purchases, served, probability, draws, quarter, round);
  } else {
    throw std::logic_error("agents do not choose by the probabilities of cells");
  }
}

void settle(Population& population, const Activity& activity, Purchases& purchases,
            WithoutPurchase rule) {
  if (!population.cells.by_product_held) return;
  if (population.representation == Representation::types) {
    settle_types(population, activity, purchases, rule);
  } else if (population.representation == Representation::counts) {
    settle_counts(population, purchases, rule);
  } else {
    settle_agents(population, purchases);
  }
}

double bytes_per_consumer(const Population& population) {
  const double consumers =
      population.count.size() > 0 ? static_cast<double>(population.count.sum()) : 1.0;
  double bytes = static_cast<double>(population.holding.size() + population.count.size()) * 8.0 +
                 static_cast<double>(population.held.capacity()) * sizeof(std::uint16_t);
  for (const Decisions& decisions : population.room) {
    bytes += static_cast<double>(decisions.agent.capacity()) * sizeof(std::uint32_t) +
             static_cast<double>(decisions.choice.capacity()) * sizeof(std::uint16_t);
  }
  if (population.individuals) {
    for (const auto& words : population.individuals->taste)
      bytes += static_cast<double>(words.capacity()) * sizeof(std::uint32_t);
    bytes += static_cast<double>(population.individuals->blocks.capacity()) * sizeof(AgentBlock);
  }
  return bytes / consumers;
}

}  // namespace entente::population
