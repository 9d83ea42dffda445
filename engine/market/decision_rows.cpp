#include "engine/market/decision_rows.hpp"

namespace entente::market {

void DecisionRows::set_ownership(const Supply& supply,
                                 const Eigen::Ref<const Eigen::VectorXi>& priced) {
  const Eigen::Index products = priced.size();
  const Eigen::MatrixXd& ownership = supply.ownership;
  rows_.clear();
  columns_.clear();
  weights_.clear();
  row_begin_.assign(1, 0);
  column_begin_.assign(1, 0);
  placed_.assign(static_cast<std::size_t>(products), 0);
  const auto relative = [&](Eigen::Index i, Eigen::Index j) {
    return ownership(i, j) / ownership(i, i);
  };
  const auto same_row = [&](Eigen::Index i, Eigen::Index k) {
    // First what differs for most: the weight on each other's products.
    if (relative(i, k) != 1.0 || relative(k, i) != 1.0) return false;
    for (Eigen::Index j = 0; j < products; ++j) {
      if (relative(i, j) != relative(k, j)) return false;
    }
    return true;
  };
  for (Eigen::Index i = 0; i < products; ++i) {
    if (priced(i) == 0 || placed_[static_cast<std::size_t>(i)] != 0) continue;
    for (Eigen::Index k = i; k < products; ++k) {
      if (priced(k) == 0 || placed_[static_cast<std::size_t>(k)] != 0 || !same_row(i, k)) continue;
      placed_[static_cast<std::size_t>(k)] = 1;
      rows_.push_back(static_cast<std::uint32_t>(k));
    }
    for (Eigen::Index j = 0; j < products; ++j) {
      if (ownership(i, j) == 0.0) continue;
      columns_.push_back(static_cast<std::uint32_t>(j));
      weights_.push_back(relative(i, j));
    }
    row_begin_.push_back(static_cast<std::uint32_t>(rows_.size()));
    column_begin_.push_back(static_cast<std::uint32_t>(columns_.size()));
  }
}

}  // namespace entente::market
