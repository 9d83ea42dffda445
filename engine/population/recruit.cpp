#include <algorithm>
#include <memory>

#include "engine/population/agent_choice.hpp"
#include "engine/population/seats.hpp"

namespace entente::population {

namespace {

/// Seats a bin with products in proportion to what is left to hand out in its stratum.
void hand_out(const AgentBin& bin, Eigen::Ref<Counts> left, std::uint16_t* held) {
  const Eigen::VectorXd share = left.cast<double>() / static_cast<double>(left.sum());
  Counts seats = seat_by_largest_remainder(share, static_cast<std::int64_t>(bin.count));
  // Rounding of the shares may seat one more than there is: another product has it to spare.
  for (Eigen::Index state = 0; state < seats.size(); ++state) {
    while (seats[state] > left[state]) {
      Eigen::Index most = 0;
      (left - seats).maxCoeff(&most);
      --seats[state];
      ++seats[most];
    }
  }
  left -= seats;
  std::uint16_t* next = held + bin.begin;
  for (Eigen::Index state = 0; state < seats.size(); ++state)
    next = std::fill_n(next, seats[state], static_cast<std::uint16_t>(state));
}

}  // namespace

void recruit(Population& population, const TasteDesign& design, std::uint64_t agents,
             const Draws& draws) {
  const Cells& cells = population.cells;
  const Eigen::Index states = cells.products + 1;
  population.count =
      seat_by_largest_remainder(population.holding, static_cast<std::int64_t>(agents));
  population.holding = population.count.cast<double>() / static_cast<double>(agents);
  std::vector<std::size_t> strata;
  for (Eigen::Index type = 0; type < cells.types; ++type) {
    strata.push_back(
        static_cast<std::size_t>(population.count.segment(type * states, states).sum()));
  }
  population.individuals = std::make_shared<const Individuals>(
      make_individuals(design, strata, draw_key(draws, substream(population.choice_stream, 1), 0)));
  population.held = LargeArray<std::uint16_t>(agents + vector_padding);
  // Vectors read over the end and look up what those hold.
  std::fill_n(population.held.data() + agents, vector_padding, std::uint16_t{0});
  Counts left = population.count;
  for (const AgentBlock& block : population.individuals->blocks) {
    for (std::size_t bin = block.first_bin; bin < block.last_bin; ++bin) {
      hand_out(population.individuals->bins[bin], left.segment(block.stratum * states, states),
               population.held.data());
    }
  }
}

}  // namespace entente::population
