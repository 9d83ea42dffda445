#pragma once

#include <Eigen/Core>
#include <memory>

#include "engine/market/demand.hpp"

namespace entente::market {

/// When retail prices are set: together with the contracts, so that a failed bargain leaves them as
/// they are, or after the contracts, so that they answer to every wholesale price and to a failure.
enum class ContractTiming { simultaneous, sequential };

/// Supply in two tiers. A link sells the input of one supplier in a product of one buyer; L links
/// in market order, firms by index.
///
/// Firm f values a unit sold on link j at v_fj = Ω_f,up(j) (w − c_up) + Ω_f,down(j) (p − w −
/// c_down). Each buyer sets its links' retail prices to maximise Σ_j v_fj s_j, and each link's
/// supplier and buyer bargain over a linear wholesale price w, given all the others (Nash-in-Nash:
/// Horn & Wolinsky 1988; with integrated firms Sheu & Taragin 2021).
struct VerticalMarket {
  Demand demand;  // one product per link; utility −∞ in all cells: the link is absent
  Eigen::VectorXd upstream_cost;    // L, currency per unit, with the shadow price of capacity
  Eigen::VectorXd downstream_cost;  // L, currency per unit, besides the input
  Eigen::VectorXi upstream_firm;    // L, firm index of the supplier
  Eigen::VectorXi downstream_firm;  // L, of the buyer; the same firm: integrated, w is the cost
  Eigen::VectorXd buyer_weight;     // L, b in [0,1], Nash weight of the buyer; 1: w near the cost
  Eigen::MatrixXd interest;  // F×F, Ω: row f, weight that who decides for f puts on g's profit, 1
                             // on the diagonal; empty: the identity
};

struct VerticalOptions {
  double tolerance = 1e-10;         // of the residual
  int max_iterations = 500;         // from each of a few starts
  Eigen::VectorXd retail_start;     // L, currency per unit, warm start; empty: none
  Eigen::VectorXd wholesale_start;  // L, likewise; read by sequential timing alone
};

/// Absent links have share 0, margins 0 and prices equal to cost; integrated ones w equal to cost.
struct VerticalPrices {
  Eigen::VectorXd wholesale_price;    // L, w, currency per unit
  Eigen::VectorXd retail_price;       // L, p, currency per unit
  Eigen::VectorXd upstream_margin;    // L, w − upstream cost
  Eigen::VectorXd downstream_margin;  // L, p − w − downstream cost
  Choice choice;                      // at the retail prices
  double residual = 0.0;  // largest condition, retail or bargain, in price units over max(1, p)
  int iterations = 0;     // Newton and fixed-point steps
};

/// Wholesale and retail prices at which every retail first-order condition and every bargain hold.
///
/// Simultaneous timing: b (1−Ω_DU) GFT_U = (1−b) (1−Ω_UD) GFT_D on each link, where
/// GFT_f = Σ_j v_fj (s_j − s_j'), s' the shares without that link at the same prices. Sequential
/// timing: (1−b) (dΠ_U/dw) GFT_D + b (dΠ_D/dw) GFT_U = 0 with total derivatives through the retail
/// equilibrium, and GFT against the retail equilibrium without the link.
///
/// Throws InvalidInput where the arrays describe no market (sizes, costs not finite or too large
/// for the price sensitivity, b outside [0,1], no link offered, stakes outside [0,1] between the
/// parties of a link); Infeasible where no contract can be agreed (b = 0 under simultaneous timing,
/// a party that values the other's profit like its own but not conversely); NoConvergence above
/// tolerance.
VerticalPrices compute_vertical_prices(const VerticalMarket& market,
                                       ContractTiming timing = ContractTiming::simultaneous,
                                       const VerticalOptions& options = {});

/// The same, keeping its memory from one market to the next.
class VerticalSolver {
 public:
  VerticalSolver();
  ~VerticalSolver();
  VerticalSolver(VerticalSolver&& other) noexcept;
  VerticalSolver& operator=(VerticalSolver&& other) noexcept;
  VerticalSolver(const VerticalSolver&) = delete;
  VerticalSolver& operator=(const VerticalSolver&) = delete;

  /// The answer stays valid until the next call.
  const VerticalPrices& solve(const VerticalMarket& market,
                              ContractTiming timing = ContractTiming::simultaneous,
                              const VerticalOptions& options = {});

 private:
  struct Workspace;
  std::unique_ptr<Workspace> workspace_;
};

/// Buyers' weights at which the observed prices are the bargains' outcome, L; 1 on links without a
/// bargain (absent or integrated). The market's buyer_weight is not read. Under sequential timing
/// retail prices are taken to be in equilibrium, see compute_implied_downstream_margins. Throws
/// Infeasible, naming the link, where no b in [0,1] gives the wholesale price.
Eigen::VectorXd compute_buyer_weights(const VerticalMarket& market,
                                      const Eigen::Ref<const Eigen::VectorXd>& wholesale_prices,
                                      const Eigen::Ref<const Eigen::VectorXd>& retail_prices,
                                      ContractTiming timing = ContractTiming::simultaneous);

/// Margins p − w − c_down at which the retail conditions hold at observed prices, L, 0 on absent
/// links; the downstream cost follows. The market's downstream_cost is not read. Throws Infeasible
/// where no margins do.
Eigen::VectorXd compute_implied_downstream_margins(
    const VerticalMarket& market, const Eigen::Ref<const Eigen::VectorXd>& wholesale_prices,
    const Eigen::Ref<const Eigen::VectorXd>& retail_prices);

/// Margins w − c_up at which the simultaneous bargains hold at observed prices, given downstream
/// costs and b, L, 0 on absent and integrated links; the upstream cost follows. The market's
/// upstream_cost matters on integrated links alone. Throws Infeasible where no margins do.
Eigen::VectorXd compute_implied_upstream_margins(
    const VerticalMarket& market, const Eigen::Ref<const Eigen::VectorXd>& wholesale_prices,
    const Eigen::Ref<const Eigen::VectorXd>& retail_prices);

}  // namespace entente::market
