#include "engine/simulation/simulate.hpp"

#include "engine/simulation/fields/fields.hpp"
#include "engine/simulation/record/result_tables.hpp"
#include "engine/simulation/run_quarter.hpp"
#include "engine/simulation/state/simulation_failure.hpp"

namespace entente::simulation {

namespace {

/// Columns that may be empty must not hide what a computation lost.
void require_numbers(const World& world, const Quarter& quarter) {
  for (const Eigen::VectorXd* values :
       {&quarter.price, &quarter.marginal_cost, &quarter.quantity, &quarter.revenue,
        &quarter.profit, &quarter.link_price, &quarter.link_volume, &quarter.surplus_change}) {
    if (values->allFinite()) continue;
    throw SimulationFailure(
        to_text(world.economy->start + world.quarter) +
        ": a price, cost or quantity is not a number; report it with the scenario");
  }
}

}  // namespace

scenario::Schema full_schema(const std::vector<Model>& models) {
  scenario::Schema schema = engine_schema();
  for (const Model& model : models) {
    for (const AddedFields& added : model.fields)
      scenario::extend(schema, added.table, added.fields);
  }
  return schema;
}

std::vector<output::ResultTable> declared_tables(const std::vector<Model>& models) {
  std::vector<output::ResultTable> tables = engine_tables();
  for (const Model& model : models)
    add_series(model.series, tables);
  return tables;
}

std::vector<output::ResultTable> result_tables(const World& world) {
  std::vector<output::ResultTable> tables = engine_tables();
  for (const auto& added : world.economy->added_series)
    add_series(added, tables);
  add_rows(world, tables);
  return tables;
}

output::Results simulate(World world, std::uint64_t replication, int until) {
  output::Results results;
  advance(world, replication, until, results);
  return results;
}

void advance(World& world, std::uint64_t replication, int until, output::Results& results) {
  const population::Draws draws{world.economy->seed, static_cast<std::uint32_t>(replication)};
  const std::vector<output::ResultTable> tables = result_tables(world);
  while (world.quarter < until) {
    Quarter quarter;
    World next = run_quarter(move_on(world), draws, quarter);
    require_numbers(world, quarter);
    record_quarter(world, quarter, next, tables, results);
    world = std::move(next);
  }
}

}  // namespace entente::simulation
