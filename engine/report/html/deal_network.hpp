#pragma once

#include <string>
#include <vector>

#include "engine/output/manifest.hpp"

namespace entente::report {

struct DealParties {
  std::string deal;
  std::vector<std::string> parties;
};

/// Who is party to which deal, from the scenario as resolved.
std::vector<DealParties> read_parties(const std::string& scenario_text);

/// An SVG of firms at the left and deals at the right with a line for each party. Empty without
/// deals. Texts are escaped.
std::string deal_network(const std::vector<DealParties>& deals);

}  // namespace entente::report
