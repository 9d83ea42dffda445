#include "engine/market/cell_shares.hpp"

namespace entente::market {

void CellShares::set_structure(const Eigen::Ref<const Eigen::VectorXd>& nesting_,
                               const Eigen::Ref<const Eigen::VectorXi>& nest, bool outside_good_,
                               Eigen::Index cells, Eigen::Index products) {
  const Eigen::Index nests = nesting_.size();
  nesting = nesting_;
  outside_good = outside_good_;
  nest_.setZero(products);
  if (nest.size() > 0) nest_ = nest;
  by_nest_.clear();
  nest_begin_.clear();
  for (Eigen::Index g = 0; g < nests; ++g) {
    nest_begin_.push_back(static_cast<std::uint32_t>(by_nest_.size()));
    for (Eigen::Index j = 0; j < products; ++j) {
      if (nest_(j) == g) by_nest_.push_back(static_cast<std::uint32_t>(j));
    }
  }
  nest_begin_.push_back(static_cast<std::uint32_t>(by_nest_.size()));
  for (CellArray* array : {&within, &share, &scaled_utility})
    array->ensure_shape(cells, products);
  for (CellArray* array : {&outside, &logsum})
    array->ensure_shape(cells, 1);
  log_normaliser.ensure_shape(cells, nests);
}

void CellShares::evaluate(const CellArray& base, const CellArray& sensitivity,
                          const Eigen::Ref<const Eigen::VectorXd>& price) {
  ChoiceProblem problem;
  problem.blocks = static_cast<std::size_t>(base.blocks());
  problem.products = static_cast<std::size_t>(base.columns());
  problem.nests = static_cast<std::size_t>(nesting.size());
  problem.outside_good = outside_good;
  problem.by_nest = by_nest_.data();
  problem.nest_begin = nest_begin_.data();
  problem.nesting = nesting.data();
  problem.base = base.data();
  problem.sensitivity = sensitivity.data();
  problem.price = price.data();
  ChoiceResult result;
  result.scaled_utility = scaled_utility.data();
  result.within = within.data();
  result.share = share.data();
  result.log_normaliser = log_normaliser.data();
  result.outside = outside.data();
  result.logsum = logsum.data();
  compute_cell_choice(problem, result);
}

}  // namespace entente::market
