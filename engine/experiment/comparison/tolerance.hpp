#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/scenario/diagnostic.hpp"

namespace entente::experiment {

/// Two numbers are as good as equal when |a − b| ≤ absolute + relative · max(|a|, |b|).
struct CellTolerance {
  double absolute = 0.0;
  double relative = 0.0;

  bool allows(double base, double other) const;
};

/// Tolerances by column; `everywhere` holds for the rest.
struct Tolerances {
  CellTolerance everywhere;
  std::map<std::string, CellTolerance> columns;

  const CellTolerance& of(const std::string& column) const;
};

/// Reads texts such as `price_usd=0.01` and `hhi=0,1e-6`: column=absolute[,relative]; the column
/// `*` stands for all that are not named. Appends a fault for each that is not so, or whose column
/// is not among `columns`.
Tolerances read_tolerances(const std::vector<std::string>& texts, const CellTolerance& everywhere,
                           const std::vector<std::string>& columns, scenario::Faults& faults);

}  // namespace entente::experiment
