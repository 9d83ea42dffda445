#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "engine/population/random_stream.hpp"

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
  types,  // the exact large-N limit by cell: deterministic
  agents  // N individuals, each drawing its own choice
};

/// The consumers of one market between quarters. `holding` is always there (for agents: counts/N),
/// so that pricing and recording read one thing.
struct Population {
  Cells cells;
  Representation representation = Representation::types;
  Eigen::VectorXd holding;          // C, fraction of consumers, sums to 1
  std::vector<std::uint16_t> cell;  // agents: cell of each, empty in types
  std::uint64_t choice_stream = 0;  // keyed by the market id
  std::uint64_t lottery_stream = 0;
};

/// Puts N agents into cells by largest remainder of `holding`. Agent i's place depends on N and
/// `holding` alone.
void seat_agents(Population& population, std::uint64_t agents);

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
  Eigen::MatrixXd flow;  // C×(J+1), fraction of consumers in cell c choosing j; J: outside
  std::vector<std::uint16_t> cell;    // agents: the cell each chose in (newcomers change theirs)
  std::vector<std::uint16_t> choice;  // agents: product chosen, J outside, `inactive` else
  static constexpr std::uint16_t inactive = UINT16_MAX;

  Eigen::VectorXd by_product() const { return flow.colwise().sum().head(flow.cols() - 1); }
};

/// Consumers who were not active and keep the product they hold, J, fraction of this quarter's
/// consumers.
Eigen::VectorXd inactive_by_product(const Population& population, const Activity& activity,
                                    const Purchases& purchases);

/// Active consumers choose. probability: (J+1)×C, row J the outside good, columns sum to 1.
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

/// What an active consumer who takes the outside good does with the product it held.
enum class WithoutPurchase { keeps, gives_up };

/// The population after the quarter. Only for cells by product held; else it does not change.
void settle(Population& population, const Activity& activity, const Purchases& purchases,
            WithoutPurchase rule);

}  // namespace entente::population
