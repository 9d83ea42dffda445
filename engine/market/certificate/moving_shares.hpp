#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/demand.hpp"

namespace entente::market {

/// x of a price: the price itself, or its logarithm with a log price term. Throws InvalidInput,
/// naming the product, where the price is not finite, or not above 0 with a log price term.
double compute_price_position(const Demand& demand, Eigen::Index product, double price);

/// Choice probabilities of a few products whose prices move while all others are held. What the
/// others do in a cell is summed up once, so that an evaluation costs cells × moving products.
///
/// Prices enter as x. Only cells with buyers are kept. A nest is followed where its λ is below 1
/// and a moving product is in it; with λ = 1 products are plain logit. Arrays are cells × n, cells
/// × nests followed.
class MovingShares {
 public:
  /// moving: n product indices. prices: J; those of held products are held. Throws InvalidInput
  /// where an offered product's price is not valid, or where buyers without an outside good are
  /// offered nothing.
  MovingShares(const Demand& demand, const std::vector<Eigen::Index>& moving,
               const Eigen::Ref<const Eigen::VectorXd>& prices);

  /// Fills the members below at x, n.
  void evaluate(const Eigen::Ref<const Eigen::VectorXd>& x);

  /// ln s_tj of moving product j at the last x, cells: also where s_tj underflows.
  Eigen::ArrayXd compute_log_share(Eigen::Index j);

  /// Mean of value (J) over the held products, given that a buyer chooses a held one (or the
  /// outside good, whose value is 0): cells × (nests followed + 1), the last column for the
  /// products outside the nests followed.
  Eigen::ArrayXXd compute_held_mean(const Eigen::Ref<const Eigen::VectorXd>& value) const;

  /// Cell whose buyers can choose nothing but moving products, as there is no outside good; −1 if
  /// there is none.
  Eigen::Index captive_cell() const;

  /// Counts shares in units of e^−log_unit, for products that sell next to nothing. ≥ 0.
  void set_log_unit(double log_unit);

  Eigen::ArrayXd weight;           // sums to 1
  Eigen::ArrayXd sensitivity;      // α or η
  Eigen::ArrayXd nesting;          // n, λ of each product's nest
  std::vector<Eigen::Index> nest;  // n, nest followed, or −1 where λ = 1
  Eigen::ArrayXXd share;           // s_tj, in units of e^−log_unit
  Eigen::ArrayXXd within;          // s_{tj|g}, where its nest is followed
  Eigen::ArrayXXd nest_share;      // s_tg of each nest followed
  Eigen::ArrayXd rest_share;       // of held products outside the nests followed and outside good
  double unit = 1.0;               // e^−log_unit

 private:
  void gather_cells(const Demand& demand, const std::vector<Eigen::Index>& moving);
  void gather_held(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& prices);
  void check_choice_sets() const;
  void evaluate_plain();
  void evaluate_cell(Eigen::Index c);
  double sum_cell(Eigen::Index c);
  double log_share_of(Eigen::Index c, Eigen::Index j, double log_total) const;

  std::vector<Eigen::Index> cell_;       // index in demand
  std::vector<Eigen::Index> held_;       // offered products whose prices are held
  std::vector<Eigen::Index> held_nest_;  // nest followed of each, or the number of nests followed
  Eigen::ArrayXXd held_utility_;         // cells × held, V/λ
  Eigen::ArrayXXd held_sum_;  // cells × (nests followed + 1), ln Σ e^{V/λ}; last: of the rest
  Eigen::ArrayXXd base_;      // u/λ
  Eigen::ArrayXXd slope_;     // sensitivity/λ
  Eigen::ArrayXXd utility_;   // V/λ
  Eigen::ArrayXXd log_sum_;   // ln D_g
  Eigen::Array<bool, Eigen::Dynamic, 1> unsafe_;  // cells whose odds overflow
  double log_unit_ = 0.0;
  Eigen::VectorXd nest_lambda_;  // of each nest followed
};

}  // namespace entente::market
