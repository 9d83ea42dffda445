#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/population/individuals.hpp"
#include "engine/population/large_array.hpp"
#include "engine/population/random_stream.hpp"
#include "engine/population/whole_numbers.hpp"

namespace entente::population {

/// How consumers of a market fall into cells that choose alike. Types differ in tastes; in markets
/// with inertia a cell is a type and the product it holds now (J means none), product fastest.
struct Cells {
  Eigen::Index types = 1;
  Eigen::Index products = 0;  // J
  bool by_product_held = true;

  Eigen::Index count() const { return by_product_held ? types * (products + 1) : types; }
  Eigen::Index of(Eigen::Index type, Eigen::Index held) const {
    return by_product_held ? type * (products + 1) + held : type;
  }
  Eigen::Index type_of(Eigen::Index cell) const {
    return by_product_held ? cell / (products + 1) : cell;
  }
  Eigen::Index held_by(Eigen::Index cell) const {
    return by_product_held ? cell % (products + 1) : products;
  }
};

enum class Representation {
  types,   // the exact large-N limit by cell: deterministic
  counts,  // whole consumers by cell, drawn together: the cost does not depend on N
  agents   // N individuals with tastes of their own, each drawing its own choice
};

/// The decisions of a block of agents, in order. Vectors of the processor write over the end, so
/// the arrays are longer than `count`.
struct Decisions {
  std::size_t count = 0;
  std::vector<std::uint32_t> agent;   // place in the block, newcomer's flag, product held before
  std::vector<std::uint16_t> choice;  // product chosen, J outside
};

/// The consumers of one market between quarters. `holding` is always there (for whole
/// consumers: their number/N), so that pricing and recording read one thing.
struct Population {
  Cells cells;
  Representation representation = Representation::types;
  Eigen::VectorXd holding;         // C, fraction of consumers, sums to 1
  Counts count;                    // whole consumers by cell, C; empty in types
  LargeArray<std::uint16_t> held;  // agents: product held by each, J: none; of those who are active
                                   // this quarter already what they chose
  std::shared_ptr<const Individuals> individuals;  // agents, from `recruit` on
  std::vector<Decisions> room;                     // agents: of last quarter, to be used again
  std::uint64_t choice_stream = 0;                 // keyed by the market id
  std::uint64_t lottery_stream = 0;
};

/// Whole consumers, up to 10^18, by largest remainder of `holding`.
void seat_counts(Population& population, std::uint64_t consumers);

/// What an active consumer who takes the outside good does with the product it held.
enum class WithoutPurchase { keeps, gives_up };

/// Who reconsiders this quarter: a constant hazard, plus newcomers who replace a fraction of all
/// consumers, hold nothing and are always active (a growing market).
struct Activity {
  double hazard = 1.0;     // [0, 1]
  double newcomers = 0.0;  // [0, 1), fraction of this quarter's consumers
};

/// Mass of active consumers by cell as sellers expect it, C, in fractions of this quarter's
/// consumers.
Eigen::VectorXd expected_active(const Population& population, const Activity& activity);

/// One quarter's choices before they are settled.
struct Purchases {
  Eigen::MatrixXd flow;  // fraction of consumers choosing j (J: outside) by cell, C×(J+1); of
                         // agents who choose one by one in a single row
  CountTable choosing;   // counts: the consumers of `flow`, C×(J+1)
  Counts staying;        // counts: who is not active, C
  std::vector<Decisions> decisions;  // agents: by block
  CountTable left;    // agents: who was active, by stratum and the product they held, T×(J+1)
  CountTable chosen;  // agents: what those chose, T×(J+1)
  CountTable kept;    // agents: of those who chose the outside good, what they keep, T×(J+1)
  std::int64_t by_bounds = 0;  // agents: of the active, for how many bounds drew a candidate

  Eigen::VectorXd by_product() const { return flow.colwise().sum().head(flow.cols() - 1); }
};

/// Consumers who were not active and keep the product they hold, J, fraction of this quarter's
/// consumers.
Eigen::VectorXd inactive_by_product(const Population& population, const Activity& activity,
                                    const Purchases& purchases);

/// Active consumers of types or counts choose; agents do in agents.hpp. probability: (J+1)×C, row J
/// the outside good, columns sum to 1.
Purchases choose(const Population& population, const Activity& activity,
                 const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                 std::uint32_t quarter);

/// Deliveries fall short: of those in cell c who chose j only `served` (C×J, [0,1]) get it, by
/// keyed lottery; the others choose again by `probability` (as in `choose`, without what is sold
/// out).
void choose_again(const Population& population, Purchases& purchases,
                  const Eigen::Ref<const Eigen::ArrayXXd>& served,
                  const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                  std::uint32_t quarter, std::uint32_t round);

/// The population after the quarter. Only for cells by product held; else it does not change.
/// Agents have carried out their decisions already, by the rule of their offer.
void settle(Population& population, const Activity& activity, Purchases& purchases,
            WithoutPurchase rule);

/// Memory that the consumers take for each of them.
double bytes_per_consumer(const Population& population);

}  // namespace entente::population
