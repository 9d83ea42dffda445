#include "engine/population/agents.hpp"

#include <memory>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "engine/population/agent_choice.hpp"

namespace entente::population {

namespace {

using Workspaces = tbb::enumerable_thread_specific<std::unique_ptr<Workspace>>;

/// Runs body(block number, workspace) for all blocks, on the threads there are.
template <class Body>
void for_each_block(std::size_t blocks, Workspaces& workspaces, const Body& body) {
  if (blocks == 1) {
    body(0, *workspaces.local());
    return;
  }
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(std::size_t{0}, blocks,
                      [&](std::size_t block) { body(block, *workspaces.local()); });
  });
}

/// Adds what a thread has counted.
void add_tallies(const Workspace& workspace, Purchases& purchases) {
  purchases.by_bounds += workspace.by_bounds;
  for (Eigen::Index type = 0; type < purchases.chosen.rows(); ++type) {
    const Tally& tally = workspace.tallies[static_cast<std::size_t>(type)];
    for (Eigen::Index state = 0; state < purchases.chosen.cols(); ++state) {
      const auto place = static_cast<std::size_t>(state);
      purchases.left(type, state) += tally.left(place);
      purchases.chosen(type, state) += tally.chosen(place);
      purchases.kept(type, state) += tally.kept(place);
    }
  }
}

}  // namespace

Purchases choose_by_agents(Population& population, const Activity& activity, const Offer& offer,
                           const Draws& draws, std::uint32_t quarter) {
  const Individuals& individuals = *population.individuals;
  const AlternativeTable table(offer, individuals);
  const Choosing choosing{table,
                          draw_key(draws, population.choice_stream, quarter),
                          draw_key(draws, substream(population.choice_stream, 2), quarter),
                          split_words(activity),
                          offer.without,
                          offer.may_fall_short};
  Purchases purchases;
  purchases.decisions = std::move(population.room);
  if (offer.may_fall_short) purchases.decisions.resize(individuals.blocks.size());
  Workspaces workspaces([&] { return std::make_unique<Workspace>(population, table.count()); });
  for_each_block(individuals.blocks.size(), workspaces, [&](std::size_t b, Workspace& workspace) {
    const AgentBlock& block = individuals.blocks[b];
    Decisions& decisions = offer.may_fall_short ? purchases.decisions[b] : workspace.passing;
    decisions.count = 0;
    if (!choosing.hazards.any) return;
    for (std::size_t bin = block.first_bin; bin < block.last_bin; ++bin)
      choose_in_bin(choosing, block, individuals.bins[bin], population, workspace, decisions);
  });
  purchases.left = CountTable::Zero(population.cells.types, population.cells.products + 1);
  purchases.chosen = purchases.left;
  purchases.kept = purchases.left;
  for (const auto& workspace : workspaces)
    add_tallies(*workspace, purchases);
  count_flow(population, purchases);
  return purchases;
}

void settle_agents(Population& population, Purchases& purchases) {
  const Cells& cells = population.cells;
  CountTable change = purchases.chosen + purchases.kept - purchases.left;
  change.col(cells.products) -= purchases.kept.rowwise().sum();
  for (Eigen::Index type = 0; type < cells.types; ++type) {
    for (Eigen::Index held = 0; held <= cells.products; ++held)
      population.count[cells.of(type, held)] += change(type, held);
  }
  population.holding =
      population.count.cast<double>() / static_cast<double>(population.individuals->count);
  population.room = std::move(purchases.decisions);
}

Eigen::VectorXd staying_by_agents(const Population& population, const Purchases& purchases) {
  const Cells& cells = population.cells;
  Counts staying = Counts::Zero(cells.products + 1);
  for (Eigen::Index type = 0; type < cells.types; ++type) {
    for (Eigen::Index held = 0; held <= cells.products; ++held)
      staying[held] += population.count[cells.of(type, held)] - purchases.left(type, held);
  }
  return staying.cast<double>() / static_cast<double>(population.individuals->count);
}

}  // namespace entente::population
