#pragma once

#include <array>
#include <vector>

#include "engine/population/agent_kernel.hpp"
#include "engine/population/agents.hpp"
#include "engine/population/filter_kernel.hpp"
#include "engine/population/individuals.hpp"

namespace entente::population {

/// An offer as the kernels read it: products on offer in rows, in powers of 2, single precision.
class AlternativeTable {
 public:
  AlternativeTable(const Offer& offer, const Individuals& individuals);

  std::size_t count() const { return product_at_.size() - 1; }
  Alternatives of_stratum(Eigen::Index stratum) const;
  AlternativeColumns columns() const;

  /// Whether rejection by bounds serves: plain logit among so many products that a weight less for
  /// each is worth the table.
  bool may_use_bounds() const;

 private:
  Alternatives common_;
  std::vector<float> row_;
  std::array<std::vector<float>, 3> column_;  // of common utility, price and first characteristic
  std::vector<float> centre_;                 // strata × tastes
  std::vector<std::int32_t> place_of_;
  std::vector<std::int32_t> product_at_;
  std::vector<std::uint64_t> shock_stream_;
};

}  // namespace entente::population
