#include "tests/reference/market_inputs.hpp"

#include <algorithm>

#include "tests/reference/case.hpp"

namespace entente::reference {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Eigen::VectorXi;
using market::Demand;
using nlohmann::json;

Index length(const json& array) {
  return static_cast<Index>(array.size());
}

void read_nests(const json& inputs, Demand& demand) {
  demand.nesting = VectorXd::Ones(1);
  if (!inputs.contains("nests")) return;
  const json& nests = inputs.at("nests");
  demand.nest.resize(length(nests));
  for (Index j = 0; j < demand.nest.size(); ++j)
    demand.nest(j) = nests.at(static_cast<std::size_t>(j)).get<int>();
  demand.nesting = read_vector(inputs.at("lambda_by_nest"));
}

/// V_tj = δ_j + x_j·β_t + α_t p_j.
void read_types(const json& inputs, Demand& demand) {
  demand.weight = read_vector(inputs.at("type_weights"));
  demand.price_sensitivity = -read_vector(inputs.at("type_alpha"));
  const MatrixXd characteristics = read_matrix(inputs.at("x"));
  const MatrixXd tastes = read_matrix(inputs.at("type_beta"));
  const VectorXd mean = read_vector(inputs.at("delta"));
  const MatrixXd taste_utility = characteristics * tastes.transpose();
  demand.utility = (taste_utility.colwise() + mean).array();
}

/// Products i and j belong to one firm where each counts the other's profit in full.
Firms group_products(const MatrixXd& ownership) {
  const Index J = ownership.rows();
  Firms firms{ownership, VectorXi::Constant(J, -1), {}};
  for (Index j = 0; j < J; ++j) {
    if (firms.of_product(j) < 0) {
      firms.of_product(j) = static_cast<int>(firms.names.size());
      firms.names.push_back(std::to_string(firms.names.size()));
    }
    for (Index k = j + 1; k < J; ++k) {
      const bool together = ownership(j, k) == 1.0 && ownership(k, j) == 1.0;
      if (together && firms.of_product(k) < 0) firms.of_product(k) = firms.of_product(j);
    }
  }
  return firms;
}

}  // namespace

VectorXd read_vector(const json& array) {
  VectorXd values(length(array));
  for (Index i = 0; i < values.size(); ++i)
    values(i) = array.at(static_cast<std::size_t>(i)).get<double>();
  return values;
}

MatrixXd read_matrix(const json& rows) {
  const Index columns = rows.empty() ? 0 : length(rows.front());
  MatrixXd values(length(rows), columns);
  for (Index i = 0; i < values.rows(); ++i) {
    const VectorXd row = read_vector(rows.at(static_cast<std::size_t>(i)));
    if (row.size() != columns) throw UnreadableCase("a matrix has rows of different lengths");
    values.row(i) = row.transpose();
  }
  return values;
}

json to_json(const Eigen::Ref<const VectorXd>& values) {
  return std::vector<double>(values.begin(), values.end());
}

json to_json(const std::vector<bool>& values) {
  json array = values;
  return array;
}

json rows_to_json(const Eigen::Ref<const MatrixXd>& values) {
  json rows = json::array();
  for (Index i = 0; i < values.rows(); ++i)
    rows.push_back(to_json(values.row(i).transpose()));
  return rows;
}

std::vector<std::string> read_names(const json& array) {
  std::vector<std::string> names;
  for (const json& name : array)
    names.push_back(name.is_string() ? name.get<std::string>() : name.dump());
  return names;
}

VectorXi index_names(const std::vector<std::string>& names, std::vector<std::string>& known) {
  VectorXi indices(static_cast<Index>(names.size()));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto place = std::ranges::find(known, names[i]);
    indices(static_cast<Index>(i)) = static_cast<int>(place - known.begin());
    if (place == known.end()) known.push_back(names[i]);
  }
  return indices;
}

Demand read_demand(const json& inputs) {
  Demand demand;
  const auto type = inputs.at("type").get<std::string>();
  demand.price_term = market::PriceTerm::linear;
  demand.outside_good = inputs.value("outside_good", true);
  read_nests(inputs, demand);
  if (type == "mixed_logit") {
    read_types(inputs, demand);
  } else if (type == "logit" || type == "nested_logit") {
    demand.weight = VectorXd::Ones(1);
    demand.price_sensitivity = VectorXd::Constant(1, -inputs.at("alpha").get<double>());
    demand.utility = read_vector(inputs.at("delta")).array();
  } else {
    throw UnreadableCase("unknown type of demand '" + type + "'");
  }
  return demand;
}

Firms read_firms(const json& inputs) {
  const bool has_matrix = inputs.contains("ownership_matrix");
  if (!inputs.contains("ownership")) {
    if (!has_matrix) throw UnreadableCase("neither ownership nor ownership_matrix is given");
    return group_products(read_matrix(inputs.at("ownership_matrix")));
  }
  Firms firms;
  firms.of_product = index_names(read_names(inputs.at("ownership")), firms.names);
  firms.ownership = has_matrix ? read_matrix(inputs.at("ownership_matrix"))
                               : market::make_ownership(firms.of_product);
  return firms;
}

Market read_market(const json& inputs) {
  Market market;
  market.demand = read_demand(inputs.at("demand"));
  market.has_types = inputs.at("demand").contains("type_weights");
  market.size = inputs.value("market_size", 1.0);
  market.marginal_cost = read_vector(inputs.at("marginal_cost"));
  market.firms = read_firms(inputs);
  return market;
}

json change_inputs(const json& inputs, const json& change) {
  json changed = inputs;
  changed.erase("post");
  if (change.contains("ownership") || change.contains("ownership_matrix")) {
    changed.erase("ownership");
    changed.erase("ownership_matrix");
  }
  for (const auto& [key, value] : change.items()) {
    if (!value.is_null()) changed[key] = value;
  }
  return changed;
}

VectorXd starting_prices(const Demand& demand, const Eigen::Ref<const VectorXd>& marginal_cost) {
  return marginal_cost.array() + 1.0 / demand.price_sensitivity.mean();
}

}  // namespace entente::reference
