#include <algorithm>
#include <vector>

#include "engine/experiment/comparison/multiplicity.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

namespace {

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values)
    value = std::min(1.0, factor * value);
  return values;
}

}  // namespace

// Bonferroni's is no step procedure, and Benjamini & Yekutieli's (2001) is that of Benjamini &
// Hochberg times the harmonic sum.
Answer solve_p_value_adjustment(const nlohmann::json& inputs) {
  const auto p_values = inputs.at("p").get<std::vector<double>>();
  double harmonic = 0.0;
  for (std::size_t rank = 1; rank <= p_values.size(); ++rank)
    harmonic += 1.0 / static_cast<double>(rank);
  Answer answer;
  const auto discovery = experiment::adjust_benjamini_hochberg(p_values);
  answer.outputs = {{"bonferroni", scaled(p_values, static_cast<double>(p_values.size()))},
                    {"holm", experiment::adjust_holm(p_values)},
                    {"benjamini_hochberg", discovery},
                    {"benjamini_yekutieli", scaled(discovery, harmonic)}};
  return answer;
}

}  // namespace entente::reference
