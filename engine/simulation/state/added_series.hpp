#pragma once

#include <Eigen/Core>
#include <functional>
#include <string>

#include "engine/output/result_table.hpp"

namespace entente::simulation {

class Dynamics;
struct Moment;

/// A column that a model adds to one of the engine's result tables.
struct AddedSeries {
  std::string table;  // "products"
  output::Series series;
  /// Its value for an entity of the table, `missing` where it has none. `own` is the model as bound
  /// to the scenario.
  std::function<double(const Dynamics& own, const Moment& moment, Eigen::Index entity)> value;
};

}  // namespace entente::simulation
