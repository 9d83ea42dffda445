#pragma once

#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <vector>

namespace entente::bench {

/// The equilibrium of plain or mixed logit as a textbook writes it down: shares cell by cell with
/// std::exp, the full matrix of derivatives, and markups m ← −(Ω∘J)⁻¹ s solved for and added to
/// cost (Berry, Levinsohn & Pakes 1995) until prices stand still. To be measured beside the engine.
struct TextbookMarket {
  Eigen::VectorXd weight;         // T, sums to 1
  Eigen::VectorXd sensitivity;    // T, α
  Eigen::MatrixXd utility;        // J×T
  Eigen::VectorXd marginal_cost;  // J
  Eigen::MatrixXd ownership;      // J×J, 0 or 1

  void evaluate(const Eigen::VectorXd& prices, Eigen::VectorXd& share,
                Eigen::MatrixXd& slope) const {
    const Eigen::Index products = prices.size();
    share = Eigen::VectorXd::Zero(products);
    slope = Eigen::MatrixXd::Zero(products, products);
    for (Eigen::Index t = 0; t < weight.size(); ++t) {
      Eigen::VectorXd odds(products);
      double total = 1.0;
      for (Eigen::Index j = 0; j < products; ++j) {
        odds(j) = std::exp(utility(j, t) - sensitivity(t) * prices(j));
        total += odds(j);
      }
      const Eigen::VectorXd choice = odds / total;
      share += weight(t) * choice;
      for (Eigen::Index i = 0; i < products; ++i) {
        for (Eigen::Index j = 0; j < products; ++j) {
          const double own = i == j ? choice(i) : 0.0;
          slope(i, j) -= weight(t) * sensitivity(t) * (own - choice(i) * choice(j));
        }
      }
    }
  }

  /// Returns the number of iterations, or −1 where it gave up.
  int solve(Eigen::VectorXd& prices, double tolerance = 1e-10) const {
    Eigen::VectorXd share;
    Eigen::MatrixXd slope;
    for (int iteration = 1; iteration <= 5000; ++iteration) {
      evaluate(prices, share, slope);
      const Eigen::MatrixXd system = ownership.cwiseProduct(slope.transpose());
      const Eigen::VectorXd next = marginal_cost - system.fullPivLu().solve(share);
      const double step = (next - prices).cwiseAbs().maxCoeff();
      prices = next;
      if (step < tolerance * prices.cwiseAbs().maxCoeff()) return iteration;
    }
    return -1;
  }
};

/// Contracts and retail prices of plain logit without integrated firms (Sheu & Taragin 2021), both
/// sides' margins solved for in turn at the present prices until prices stand still.
struct TextbookVerticalMarket {
  double sensitivity = 1.0;
  Eigen::VectorXd utility;          // L
  Eigen::VectorXd upstream_cost;    // L
  Eigen::VectorXd downstream_cost;  // L
  Eigen::VectorXd buyer_weight;     // L
  Eigen::MatrixXd same_supplier;    // L×L, 0 or 1
  Eigen::MatrixXd same_buyer;       // L×L, 0 or 1

  /// Returns the number of iterations, or −1 where it gave up.
  int solve(Eigen::VectorXd& prices, double tolerance = 1e-10) const {
    const Eigen::Index links = prices.size();
    for (int iteration = 1; iteration <= 5000; ++iteration) {
      Eigen::VectorXd share(links);
      double total = 1.0;
      for (Eigen::Index j = 0; j < links; ++j) {
        share(j) = std::exp(utility(j) - sensitivity * prices(j));
        total += share(j);
      }
      share /= total;
      Eigen::MatrixXd slope(links, links);
      Eigen::MatrixXd loss(links, links);  // of sales in j without link i
      for (Eigen::Index i = 0; i < links; ++i) {
        for (Eigen::Index j = 0; j < links; ++j) {
          slope(i, j) = -sensitivity * ((i == j ? share(i) : 0.0) - share(i) * share(j));
          loss(i, j) = i == j ? share(i) : -share(i) * share(j) / (1.0 - share(i));
        }
      }
      const Eigen::VectorXd retail =
          -same_buyer.cwiseProduct(slope).fullPivLu().solve(share).eval();
      const Eigen::MatrixXd supplier_side =
          buyer_weight.asDiagonal() * same_supplier.cwiseProduct(loss);
      const Eigen::MatrixXd buyer_side =
          (1.0 - buyer_weight.array()).matrix().asDiagonal() * same_buyer.cwiseProduct(loss);
      const Eigen::VectorXd wholesale = supplier_side.fullPivLu().solve(buyer_side * retail);
      const Eigen::VectorXd next = upstream_cost + wholesale + downstream_cost + retail;
      const double step = (next - prices).cwiseAbs().maxCoeff();
      prices = next;
      if (step < tolerance * prices.cwiseAbs().maxCoeff()) return iteration;
    }
    return -1;
  }
};

}  // namespace entente::bench
