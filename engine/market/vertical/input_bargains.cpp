#include "engine/market/vertical/input_bargains.hpp"

#include <Eigen/LU>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <vector>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

void require(bool holds, const char* what) {
  if (!holds) throw InvalidInput(fmt::format("input bargains: {}", what));
}

void validate(const InputBargains& b) {
  const Index products = b.demand.products();
  const Index links = b.product.size();
  require(b.retail_price.size() == products && b.other_cost.size() == products &&
              b.input_per_unit.size() == products && b.buyer_firm.size() == products,
          "prices, costs, input per unit and firms must be one a product");
  require(b.supplier_firm.size() == links && b.supplier_cost.size() == links &&
              b.share.size() == links && b.buyer_weight.size() == links,
          "firms, costs, shares and weights must be one a link");
  require(b.retail_price.allFinite() && b.other_cost.allFinite() && b.supplier_cost.allFinite(),
          "prices and costs must be finite");
  require(b.link_nesting > 0.0 && b.link_nesting <= 1.0, "link_nesting must be in (0, 1]");
  for (Index l = 0; l < links; ++l) {
    require(b.product[l] >= 0 && b.product[l] < products, "a link serves no product of the market");
    require(b.input_per_unit[b.product[l]] > 0.0, "a linked product takes none of the input");
    require(b.share[l] >= 0.0 && b.share[l] <= 1.0 + 1e-12, "a link's share is outside [0, 1]");
    require(b.buyer_weight[l] >= 0.0 && b.buyer_weight[l] <= 1.0,
            "a buyer's weight is outside [0, 1]");
  }
}

/// All bargains as linear functions of w: gains from trade of each link's two parties.
class Gains {
 public:
  explicit Gains(const InputBargains& bargains) : b_(bargains) {
    const Index links = b_.product.size();
    const VectorXd volume = volumes(compute_choice(b_.demand, b_.retail_price).share, -1);
    supplier_slope_.setZero(links, links);
    supplier_constant_.setZero(links);
    buyer_slope_ = supplier_slope_;
    buyer_constant_ = supplier_constant_;
    for (Index l = 0; l < links; ++l) {
      if (volume[l] > 0.0) describe(l, volume - volumes_without(l));
    }
    bargained_ = (volume.array() > 0.0);
    for (Index l = 0; l < links; ++l)
      bargained_[l] = bargained_[l] && b_.supplier_firm[l] != buyer(l);
  }

  /// b (1 − Ω_DU) GFT_U − (1 − b) (1 − Ω_UD) GFT_D = row · w + constant.
  Eigen::RowVectorXd row(Index l, double weight) const {
    return buyer_part(l, weight) * supplier_slope_.row(l) -
           supplier_part(l, weight) * buyer_slope_.row(l);
  }
  double constant(Index l, double weight) const {
    return buyer_part(l, weight) * supplier_constant_[l] -
           supplier_part(l, weight) * buyer_constant_[l];
  }
  /// Nothing is bargained over where nothing is sold, nor within one firm, where the input goes at
  /// cost.
  bool bargained(Index l) const { return bargained_[l]; }
  double supplier_gain(Index l, const VectorXd& w) const {
    return supplier_slope_.row(l).dot(w) + supplier_constant_[l];
  }
  double buyer_gain(Index l, const VectorXd& w) const {
    return buyer_slope_.row(l).dot(w) + buyer_constant_[l];
  }
  double buyer_part(Index l, double weight) const {
    return weight * (1.0 - interest(buyer(l), b_.supplier_firm[l]));
  }
  double supplier_part(Index l, double weight) const {
    return (1.0 - weight) * (1.0 - interest(b_.supplier_firm[l], buyer(l)));
  }

 private:
  Index buyer(Index l) const { return b_.buyer_firm[b_.product[l]]; }

  double interest(Index of, Index in) const {
    if (of == in) return 1.0;
    return b_.interest.size() == 0 ? 0.0 : b_.interest(of, in);
  }

  /// Input units on every link, L, when `absent` is not there (−1: all are).
  VectorXd volumes(const VectorXd& sold, Index absent) const {
    VectorXd volume(b_.product.size());
    for (Index k = 0; k < volume.size(); ++k) {
      const Index j = b_.product[k];
      double part = b_.share[k];
      if (absent >= 0 && b_.product[absent] == j) {
        const double left = 1.0 - b_.share[absent];
        part = k == absent || left <= 0.0 ? 0.0 : part / left;
      }
      volume[k] = sold[j] * part * b_.input_per_unit[j];
    }
    return volume;
  }

  VectorXd volumes_without(Index l) const {
    Demand demand = b_.demand;
    const double left = 1.0 - b_.share[l];
    if (left > 0.0) {
      demand.utility.row(b_.product[l]) += b_.link_nesting * deterministic_log(left);
    } else {
      demand.utility.row(b_.product[l]) = -std::numeric_limits<double>::infinity();
      // Buyers without an outside good who are left with nothing go without.
      for (Index c = 0; c < demand.cells(); ++c) {
        if (!(demand.utility.col(c).maxCoeff() > -std::numeric_limits<double>::max())) {
          demand.outside_good = true;
        }
      }
    }
    return volumes(compute_choice(demand, b_.retail_price).share, l);
  }

  void describe(Index l, const VectorXd& gained) {
    const Index supplier = b_.supplier_firm[l];
    for (Index k = 0; k < gained.size(); ++k) {
      const Index j = b_.product[k];
      const double value = (b_.retail_price[j] - b_.other_cost[j]) / b_.input_per_unit[j];
      const double upstream = interest(supplier, b_.supplier_firm[k]);
      const double downstream = interest(supplier, b_.buyer_firm[j]);
      supplier_slope_(l, k) = gained[k] * (upstream - downstream);
      supplier_constant_[l] += gained[k] * (downstream * value - upstream * b_.supplier_cost[k]);
      const double up = interest(buyer(l), b_.supplier_firm[k]);
      const double down = interest(buyer(l), b_.buyer_firm[j]);
      buyer_slope_(l, k) = gained[k] * (up - down);
      buyer_constant_[l] += gained[k] * (down * value - up * b_.supplier_cost[k]);
    }
  }

  const InputBargains& b_;
  MatrixXd supplier_slope_;                          // L×L
  VectorXd supplier_constant_;                       // L
  MatrixXd buyer_slope_;                             // L×L
  VectorXd buyer_constant_;                          // L
  Eigen::Array<bool, Eigen::Dynamic, 1> bargained_;  // L
};

/// Solves the bargains of links that trade; the others offer their cost.
VectorXd solve(const InputBargains& b, const Gains& gains, const std::vector<bool>& trades) {
  const Index links = b.product.size();
  MatrixXd system = MatrixXd::Identity(links, links);
  VectorXd right = b.supplier_cost;
  for (Index l = 0; l < links; ++l) {
    if (!trades[static_cast<std::size_t>(l)]) continue;
    system.row(l) = gains.row(l, b.buyer_weight[l]);
    const double scale = system.row(l).cwiseAbs().maxCoeff();
    right[l] = -gains.constant(l, b.buyer_weight[l]) / scale;
    system.row(l) /= scale;
  }
  const Eigen::PartialPivLU<MatrixXd> decomposition(system);
  VectorXd w = decomposition.solve(right);
  if (!w.allFinite()) {
    throw Infeasible(
        "input bargains: no prices satisfy all bargains at once; where a buyer's "
        "weight is 0 and rivals' links are as good, the price has no bound");
  }
  return w;
}

}  // namespace

VectorXd compute_input_prices(const InputBargains& bargains) {
  validate(bargains);
  const Gains gains(bargains);
  const Index links = bargains.product.size();
  std::vector<bool> trades(static_cast<std::size_t>(links));
  for (Index l = 0; l < links; ++l)
    trades[static_cast<std::size_t>(l)] = gains.bargained(l);
  // Each round ends the bargains that do not pay, so there are at most as many as links.
  while (true) {
    VectorXd w = solve(bargains, gains, trades);
    bool ended = false;
    for (Index l = 0; l < links; ++l) {
      if (!trades[static_cast<std::size_t>(l)]) continue;
      if (gains.supplier_gain(l, w) + gains.buyer_gain(l, w) >= 0.0) continue;
      trades[static_cast<std::size_t>(l)] = false;
      ended = true;
    }
    if (!ended) return w;
  }
}

VectorXd compute_input_buyer_weights(const InputBargains& bargains,
                                     const Eigen::Ref<const VectorXd>& prices) {
  validate(bargains);
  require(prices.size() == bargains.product.size(), "prices must be one a link");
  const Gains gains(bargains);
  VectorXd weight(prices.size());
  for (Index l = 0; l < prices.size(); ++l) {
    if (!gains.bargained(l)) {
      weight[l] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const double supplier = gains.buyer_part(l, 1.0) * gains.supplier_gain(l, prices);
    const double buyer = gains.supplier_part(l, 0.0) * gains.buyer_gain(l, prices);
    weight[l] = buyer / (supplier + buyer);
    if (supplier >= 0.0 && buyer >= 0.0 && supplier + buyer > 0.0) continue;
    throw NoBargain(
        fmt::format("at the price {:.6g} the supplier gains {:.3g} and the buyer {:.3g} by trading "
                    "(a share of the market's value), while the unit costs {:.6g}: no bargaining "
                    "weight in [0, 1] gives it",
                    prices[l], supplier, buyer, bargains.supplier_cost[l]),
        l);
  }
  return weight;
}

}  // namespace entente::market
