#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::reference {

/// Who owns what: the matrix of the first-order conditions, and firms for totals and HHI.
struct Firms {
  Eigen::MatrixXd ownership;       // J×J, Ω, row = decision maker
  Eigen::VectorXi of_product;      // J, index into names
  std::vector<std::string> names;  // as the case has them, in order of first appearance
};

/// One market of a case: products in the case's order.
struct Market {
  market::Demand demand;
  Eigen::VectorXd marginal_cost;  // J, empty where the case has none
  Firms firms;                    // empty where the case has none
  double size = 1.0;              // number of buyers
  bool has_types = false;         // whether demand is mixed logit
};

Eigen::VectorXd read_vector(const nlohmann::json& array);
Eigen::MatrixXd read_matrix(const nlohmann::json& rows);
nlohmann::json to_json(const Eigen::Ref<const Eigen::VectorXd>& values);
nlohmann::json to_json(const std::vector<bool>& values);
/// Rows of a matrix.
nlohmann::json rows_to_json(const Eigen::Ref<const Eigen::MatrixXd>& values);

/// Names of entries that are texts or whole numbers.
std::vector<std::string> read_names(const nlohmann::json& array);

/// Index of each name among `known`, to which new names are added.
Eigen::VectorXi index_names(const std::vector<std::string>& names, std::vector<std::string>& known);

/// logit, nested_logit and mixed_logit; nests go with any of them.
market::Demand read_demand(const nlohmann::json& inputs);

/// From `ownership` (a firm's name for each product), `ownership_matrix`, or both. A matrix alone
/// makes firms, numbered from 0, of the products that count each other's profit in full.
Firms read_firms(const nlohmann::json& inputs);

Market read_market(const nlohmann::json& inputs);

/// The inputs after a change: those of `inputs`, without its `post`, that `change` does not
/// replace.
nlohmann::json change_inputs(const nlohmann::json& inputs, const nlohmann::json& change);

/// Marginal cost plus 1 / mean α, the plain mean over types: where stored solutions were started.
Eigen::VectorXd starting_prices(const market::Demand& demand,
                                const Eigen::Ref<const Eigen::VectorXd>& marginal_cost);

}  // namespace entente::reference
