#pragma once

#include <Eigen/Core>

#include "engine/scenario/field.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

/// [[taste]]: a characteristic of a market's products that consumers weigh differently.
scenario::Table taste_table();

/// What a product has of each: `characteristics`.
std::vector<scenario::Field> taste_product_fields();

/// How consumers of every durable and subscription market differ, and the types that stand for
/// them. Markets and products must be there.
void build_tastes(const scenario::Scenario& scenario, Economy& economy, scenario::Faults& faults);

/// Utility that the tastes of each cell give each product, J×C: Σ_k z_k·spread_k·x_jk. Cells must
/// be there.
Eigen::ArrayXXd utility_of_tastes(const Market& market);

}  // namespace entente::simulation
