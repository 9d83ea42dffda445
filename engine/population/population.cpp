#include "engine/population/population.hpp"

#include "engine/population/agents.hpp"
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
  return population.representation == Representation::types
             ? choose_by_types(population, activity, probability)
             : choose_by_agents(population, activity, probability, draws, quarter);
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
  } else {
    for (std::size_t agent = 0; agent < purchases.choice.size(); ++agent) {
      if (purchases.choice[agent] == Purchases::inactive) {
        staying[cells.held_by(purchases.cell[agent])] += 1.0;
      }
    }
    staying /= static_cast<double>(purchases.choice.size());
  }
  return staying.head(cells.products);
}

void choose_again(const Population& population, Purchases& purchases,
                  const Eigen::Ref<const Eigen::ArrayXXd>& served,
                  const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                  std::uint32_t quarter, std::uint32_t round) {
  if (population.representation == Representation::types) {
    choose_again_by_types(purchases, served, probability);
  } else {
    choose_again_by_agents(population, purchases, served, probability, draws, quarter, round);
  }
}

void settle(Population& population, const Activity& activity, const Purchases& purchases,
            WithoutPurchase rule) {
  if (!population.cells.by_product_held) return;
  if (population.representation == Representation::types) {
    settle_types(population, activity, purchases, rule);
  } else {
    settle_agents(population, purchases, rule);
  }
}

}  // namespace entente::population
