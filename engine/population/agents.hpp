#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/population/population.hpp"

namespace entente::population {

/// How individuals of a market differ: D tastes, standard normal, that of price first; none where
/// all are alike. Each type stands for a stratum of consumers: those whose tastes lie in its part
/// of the normal distribution.
struct TasteDesign {
  Eigen::MatrixXd node;    // T×D, tastes of each type
  Eigen::MatrixXd below;   // T×D, probability of a taste below the stratum's
  Eigen::MatrixXd above;   // T×D, probability of a taste above them
  bool individual = true;  // each draws its own; false: all of a stratum have the type's
};

/// Makes N individuals of a population whose `holding` is known: whole ones in each cell by largest
/// remainder, tastes drawn by (market, number). N ≤ 2^32 − 64·T.
void recruit(Population& population, const TasteDesign& design, std::uint64_t agents,
             const Draws& draws);

/// What individuals choose among in a quarter. The utility of product j to one with tastes z is
///   V_j = common_j + e^(price_spread·z_0)/normaliser · price_j + Σ_k z_k·characteristic_jk
///         + inertia·1[j is held],
/// nested logit with parameter λ beside an outside good of utility 0 (McFadden 1978).
struct Offer {
  Eigen::VectorXd common;          // J, −∞: not on offer
  Eigen::VectorXd price;           // J, of the mean consumer
  Eigen::MatrixXd characteristic;  // J×(D − 1), utility of one standard deviation of taste
  double price_spread = 0.0;       // σ
  double normaliser = 1.0;
  double inertia = 0.0;
  double nesting = 1.0;
  bool outside_good = true;
  WithoutPurchase without = WithoutPurchase::keeps;
  bool may_fall_short = true;  // whether decisions are kept for choose_again_by_agents
  /// Streams of the taste shocks that each individual has for the products and, last, the outside
  /// good (J + 1). Empty: shocks are integrated out, each choice is drawn by its probabilities.
  std::vector<std::uint64_t> shock_stream;
};

/// The agents representation: agent i of a market has its own keyed draws, by (market, i). Blocks
/// of agents are spread over the threads there are; results do not depend on how.
Purchases choose_by_agents(Population& population, const Activity& activity, const Offer& offer,
                           const Draws& draws, std::uint32_t quarter);

/// Of those who chose j only `served` (J, [0,1]) get it, by keyed lottery; the others choose again
/// among what is left.
void choose_again_by_agents(Population& population, Purchases& purchases,
                            const Eigen::Ref<const Eigen::VectorXd>& served, const Offer& left,
                            const Draws& draws, std::uint32_t quarter, std::uint32_t round);

/// Counts who holds what now, and takes the room of the decisions back.
void settle_agents(Population& population, Purchases& purchases);

/// Agents who stay with what they hold, J + 1, fraction of all.
Eigen::VectorXd staying_by_agents(const Population& population, const Purchases& purchases);

}  // namespace entente::population
