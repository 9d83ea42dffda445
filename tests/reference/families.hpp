#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "tests/reference/answer.hpp"

namespace entente::reference {

/// A kind of case and what solves it. A solver sees the inputs of a case and never its answer.
struct Family {
  std::string_view schema;
  std::string_view name;
  Answer (*solve)(const nlohmann::json& inputs);
};

/// Every family there is a solver for.
std::span<const Family> all_families();

/// Null where there is none.
const Family* find_family(std::string_view schema, std::string_view name);

Answer solve_bertrand(const nlohmann::json& inputs);
Answer solve_merger(const nlohmann::json& inputs);
Answer solve_capacity(const nlohmann::json& inputs);
Answer solve_vertical_bargaining(const nlohmann::json& inputs);
Answer solve_vertical_sequential(const nlohmann::json& inputs);
Answer solve_second_score_auction(const nlohmann::json& inputs);
Answer solve_buyer_bargaining(const nlohmann::json& inputs);
Answer solve_multiplicity(const nlohmann::json& inputs);
Answer solve_random_numbers(const nlohmann::json& inputs);
Answer solve_paired_comparison(const nlohmann::json& inputs);
Answer solve_bands(const nlohmann::json& inputs);
Answer solve_csv_comparison(const nlohmann::json& inputs);
Answer solve_p_value_adjustment(const nlohmann::json& inputs);
Answer solve_series_metrics(const nlohmann::json& inputs);
Answer solve_stopping(const nlohmann::json& inputs);
Answer solve_properties(const nlohmann::json& inputs);
Answer solve_stopping_coverage(const nlohmann::json& inputs);

}  // namespace entente::reference
