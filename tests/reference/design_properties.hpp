#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>
#include <string>

namespace entente::reference {

// Looks at Latin hypercube designs, for the case design-lhs-invariants: each returns `holds`, or
// what it saw instead.

struct DesignSize {
  Eigen::Index points = 0;
  Eigen::Index dimensions = 0;
};

/// From {"n": points, "d": dimensions}.
DesignSize read_design_size(const nlohmann::json& of);

std::string look_at_cells(DesignSize size);
std::string look_at_distances(DesignSize size);
std::string look_at_seeds(DesignSize size);
std::string look_at_extension(DesignSize size);

}  // namespace entente::reference
