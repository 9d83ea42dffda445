#include "engine/population/agents.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <numeric>

namespace entente::population {

namespace {

/// A 32-bit word as a uniform number in (0, 1): 2^-33 steps off both ends.
double to_unit(std::uint32_t word) {
  return (word + 0.5) * 0x1.0p-32;
}

/// 64 bits as a uniform number in [0, 1), 53 of them used.
double to_unit(std::uint32_t high, std::uint32_t low) {
  return static_cast<double>((std::uint64_t{high} << 32 | low) >> 11) * 0x1.0p-53;
}

/// Inverse of the cumulative choice probabilities of one cell.
std::uint16_t pick(const Eigen::Ref<const Eigen::ArrayXXd>& cumulative, Eigen::Index cell,
                   double uniform) {
  const Eigen::Index last = cumulative.rows() - 1;
  Eigen::Index choice = 0;
  while (choice < last && uniform >= cumulative(choice, cell))
    ++choice;
  return static_cast<std::uint16_t>(choice);
}

Eigen::ArrayXXd cumulate(const Eigen::Ref<const Eigen::ArrayXXd>& probability) {
  Eigen::ArrayXXd cumulative = probability;
  for (Eigen::Index row = 1; row < cumulative.rows(); ++row) {
    cumulative.row(row) += cumulative.row(row - 1);
  }
  return cumulative;
}

/// An agent's place in the queue for what falls short.
struct Ticket {
  std::uint32_t number;
  std::uint32_t agent;
  auto operator<=>(const Ticket&) const = default;
};

/// Rounding must not cost an individual its place.
constexpr double whole = 1e-9;

void count_flows(const Population& population, Purchases& purchases) {
  const Cells& cells = population.cells;
  Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic> counts =
      Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>::Zero(cells.count(),
                                                                        cells.products + 1);
  for (std::size_t agent = 0; agent < purchases.choice.size(); ++agent) {
    if (purchases.choice[agent] != Purchases::inactive) {
      ++counts(purchases.cell[agent], purchases.choice[agent]);
    }
  }
  purchases.flow = counts.cast<double>() / static_cast<double>(purchases.choice.size());
}

}  // namespace

void seat_agents(Population& population, std::uint64_t agents) {
  const Eigen::Index cells = population.cells.count();
  const double total = static_cast<double>(agents);
  std::vector<std::uint64_t> seats(static_cast<std::size_t>(cells));
  std::vector<double> remainder(seats.size());
  for (std::size_t cell = 0; cell < seats.size(); ++cell) {
    const double exact = population.holding[static_cast<Eigen::Index>(cell)] * total;
    seats[cell] = static_cast<std::uint64_t>(std::floor(exact));
    remainder[cell] = exact - std::floor(exact);
  }
  std::vector<std::size_t> order(seats.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
  std::uint64_t seated = std::accumulate(seats.begin(), seats.end(), std::uint64_t{0});
  for (std::size_t place = 0; seated < agents; place = (place + 1) % order.size(), ++seated) {
    ++seats[order[place]];
  }
  population.cell.clear();
  population.cell.reserve(agents);
  for (std::size_t cell = 0; cell < seats.size(); ++cell) {
    population.cell.insert(population.cell.end(), seats[cell], static_cast<std::uint16_t>(cell));
    population.holding[static_cast<Eigen::Index>(cell)] = static_cast<double>(seats[cell]) / total;
  }
}

Purchases choose_by_agents(const Population& population, const Activity& activity,
                           const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                           std::uint32_t quarter) {
  const Cells& cells = population.cells;
  const Eigen::ArrayXXd cumulative = cumulate(probability);
  Purchases purchases;
  purchases.cell = population.cell;
  purchases.choice.assign(population.cell.size(), Purchases::inactive);
  const double active = activity.newcomers + (1.0 - activity.newcomers) * activity.hazard;
  for (std::size_t agent = 0; agent < population.cell.size(); ++agent) {
    const auto words =
        draws.block(population.choice_stream, quarter, static_cast<std::uint32_t>(agent));
    // One uniform decides both: the lowest part are newcomers, the next the active of old.
    const double presence = to_unit(words[0]);
    if (presence >= active) continue;
    if (presence < activity.newcomers) {
      purchases.cell[agent] = static_cast<std::uint16_t>(
          cells.of(cells.type_of(population.cell[agent]), cells.products));
    }
    purchases.choice[agent] = pick(cumulative, purchases.cell[agent], to_unit(words[1], words[2]));
  }
  count_flows(population, purchases);
  return purchases;
}

void choose_again_by_agents(const Population& population, Purchases& purchases,
                            const Eigen::Ref<const Eigen::ArrayXXd>& served,
                            const Eigen::Ref<const Eigen::ArrayXXd>& probability,
                            const Draws& draws, std::uint32_t quarter, std::uint32_t round) {
  const Eigen::ArrayXXd cumulative = cumulate(probability);
  const Cells& cells = population.cells;
  // Rounds take their own stream, so that a longer queue disturbs nobody's first choice.
  const std::uint64_t stream = population.lottery_stream + round;
  const auto block = [&](std::uint32_t agent) { return draws.block(stream, quarter, agent); };
  std::vector<std::vector<Ticket>> queues(static_cast<std::size_t>(cells.count() * cells.products));
  for (std::size_t agent = 0; agent < purchases.choice.size(); ++agent) {
    const std::uint16_t wanted = purchases.choice[agent];
    if (wanted >= cells.products) continue;  // inactive or outside
    const std::uint16_t cell = purchases.cell[agent];
    if (served(cell, wanted) >= 1.0) continue;
    const auto number = static_cast<std::uint32_t>(agent);
    queues[static_cast<std::size_t>(cell * cells.products + wanted)].push_back(
        {block(number)[0], number});
  }
  for (std::vector<Ticket>& queue : queues) {
    if (queue.empty()) continue;
    const std::uint16_t cell = purchases.cell[queue.front().agent];
    const double share = served(cell, purchases.choice[queue.front().agent]);
    // The lowest numbers get it, whole individuals: what is delivered stays within the limit.
    const auto winners =
        static_cast<std::ptrdiff_t>(std::floor(share * static_cast<double>(queue.size()) + whole));
    std::nth_element(queue.begin(), queue.begin() + winners, queue.end());
    for (auto ticket = queue.begin() + winners; ticket != queue.end(); ++ticket) {
      const auto words = block(ticket->agent);
      purchases.choice[ticket->agent] = pick(cumulative, cell, to_unit(words[1], words[2]));
    }
  }
  count_flows(population, purchases);
}

void settle_agents(Population& population, const Purchases& purchases, WithoutPurchase rule) {
  const Cells& cells = population.cells;
  Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1> counts =
      Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1>::Zero(cells.count());
  for (std::size_t agent = 0; agent < purchases.choice.size(); ++agent) {
    const std::uint16_t choice = purchases.choice[agent];
    std::uint16_t cell = purchases.cell[agent];
    const bool bought = choice != Purchases::inactive && choice < cells.products;
    const bool gave_up = choice == cells.products && rule == WithoutPurchase::gives_up;
    if (bought || gave_up) {
      cell = static_cast<std::uint16_t>(cells.of(cells.type_of(cell), choice));
    }
    population.cell[agent] = cell;
    ++counts[cell];
  }
  population.holding = counts.cast<double>() / static_cast<double>(population.cell.size());
}

}  // namespace entente::population
