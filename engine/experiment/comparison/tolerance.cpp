#include "engine/experiment/comparison/tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/experiment/comparison/keyed_table.hpp"

namespace entente::experiment {

namespace {

std::optional<double> read_size(const std::string& text) {
  const auto number = cell_number(text);
  return number && *number >= 0.0 && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace

bool CellTolerance::allows(double base, double other) const {
  if (base == other || (std::isnan(base) && std::isnan(other))) return true;
  // An infinity is near nothing but itself; its distance in proportion would be infinite too.
  if (!std::isfinite(base) || !std::isfinite(other)) return false;
  return std::abs(base - other) <= absolute + relative * std::max(std::abs(base), std::abs(other));
}

const CellTolerance& Tolerances::of(const std::string& column) const {
  const auto found = columns.find(column);
  return found == columns.end() ? everywhere : found->second;
}

Tolerances read_tolerances(const std::vector<std::string>& texts, const CellTolerance& everywhere,
                           const std::vector<std::string>& columns, scenario::Faults& faults) {
  Tolerances tolerances{everywhere, {}};
  for (const auto& text : texts) {
    const auto equals = text.rfind('=');
    const auto column = text.substr(0, equals);
    const auto sizes = equals == std::string::npos ? std::string() : text.substr(equals + 1);
    const auto comma = sizes.find(',');
    const auto absolute = read_size(sizes.substr(0, comma));
    const auto relative =
        comma == std::string::npos ? std::optional(0.0) : read_size(sizes.substr(comma + 1));
    if (!absolute || !relative) {
      faults.push_back({.location = {"--tolerance"},
                        .message = "is not column=absolute[,relative]",
                        .expected = "numbers from 0, as in price_usd=0.01 or hhi=0,1e-6",
                        .seen = text});
    } else if (column == "*") {
      tolerances.everywhere = {*absolute, *relative};
    } else if (std::ranges::find(columns, column) == columns.end()) {
      const auto near = scenario::nearest_name(column, columns);
      faults.push_back({.location = {"--tolerance"},
                        .message = "there is no column '" + column + "'",
                        .hint = near.empty() ? "" : "did you mean '" + near + "'?"});
    } else {
      tolerances.columns[column] = {*absolute, *relative};
    }
  }
  return tolerances;
}

}  // namespace entente::experiment
