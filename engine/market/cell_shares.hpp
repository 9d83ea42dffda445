#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/cell_array.hpp"
#include "engine/market/demand.hpp"

namespace entente::market {

/// Nested logit choice, cell by cell, with its memory. J products in G nests.
class CellShares {
 public:
  /// Nests, cells and products; keeps its memory where that suffices.
  void set_structure(const Eigen::Ref<const Eigen::VectorXd>& nesting_,
                     const Eigen::Ref<const Eigen::VectorXi>& nest, bool outside_good_,
                     Eigen::Index cells, Eigen::Index products);

  /// Computes everything below. `base` (C×J) is utility/λ without price, −∞ where not offered;
  /// `sensitivity` one value a cell; `price` (J) enters V/λ as −sensitivity·price/λ.
  void evaluate(const CellArray& base, const CellArray& sensitivity,
                const Eigen::Ref<const Eigen::VectorXd>& price);

  Eigen::Index nest_of(Eigen::Index product) const { return nest_(product); }
  double nesting_of(Eigen::Index product) const { return nesting(nest_(product)); }
  bool same_nest(Eigen::Index i, Eigen::Index j) const { return nest_(i) == nest_(j); }

  /// Probability lost in j when the utility of i rises, relative to that of i:
  /// λ_i s_j + 1{same nest}(1 − λ_i) s_{j|g}, so that ds_j/dV_i = s_i (1{i=j} − loss)/λ_i.
  double loss(Eigen::Index cell, Eigen::Index i, Eigen::Index j) const {
    const double nesting_i = nesting_of(i);
    double result = nesting_i * share(cell, j);
    if (same_nest(i, j)) result += (1.0 - nesting_i) * within(cell, j);
    return result;
  }

  Eigen::VectorXd nesting;  // G, λ
  bool outside_good = true;
  CellArray within;          // C×J, probability of j given that the cell buys in its nest
  CellArray share;           // C×J, probability of j
  CellArray outside;         // C, of the outside good, exact when tiny
  CellArray logsum;          // C, ln(1 + Σ_g D_g^λ), or ln Σ_g D_g^λ without an outside good
  CellArray scaled_utility;  // C×J, V/λ
  CellArray log_normaliser;  // C×G: ln s_j = V_j/λ − log_normaliser, also where s_j underflows

 private:
  Eigen::VectorXi nest_;
  std::vector<std::uint32_t> by_nest_;
  std::vector<std::uint32_t> nest_begin_;
};

}  // namespace entente::market
