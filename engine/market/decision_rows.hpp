#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "engine/market/pricing.hpp"

namespace entente::market {

/// The ownership matrix as sellers see it: row i over its own weight, Ω_ij/Ω_ii, in sparse form.
/// Products with the same row are priced by the same decision maker.
class DecisionRows {
 public:
  /// priced: J, not 0 where the seller sets the price; other rows are left out.
  void set_ownership(const Supply& supply, const Eigen::Ref<const Eigen::VectorXi>& priced);

  Eigen::Index makers() const { return static_cast<Eigen::Index>(row_begin_.size()) - 1; }

  struct Range {
    const std::uint32_t* first;
    const std::uint32_t* last;
    const std::uint32_t* begin() const { return first; }
    const std::uint32_t* end() const { return last; }
    std::size_t size() const { return static_cast<std::size_t>(last - first); }
  };
  /// Products that decision maker d prices.
  Range rows(Eigen::Index d) const { return range(rows_, row_begin_, d); }
  /// Products whose profit d takes into account, its own among them, in product order.
  Range columns(Eigen::Index d) const { return range(columns_, column_begin_, d); }
  /// Weights of those columns, 1 for d's own.
  const double* weights(Eigen::Index d) const {
    return weights_.data() + column_begin_[static_cast<std::size_t>(d)];
  }

 private:
  static Range range(const std::vector<std::uint32_t>& values,
                     const std::vector<std::uint32_t>& begin, Eigen::Index d) {
    const auto at = static_cast<std::size_t>(d);
    return {values.data() + begin[at], values.data() + begin[at + 1]};
  }

  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> row_begin_;
  std::vector<std::uint32_t> columns_;
  std::vector<std::uint32_t> column_begin_;
  std::vector<double> weights_;
  std::vector<char> placed_;
};

}  // namespace entente::market
