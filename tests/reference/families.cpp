#include "tests/reference/families.hpp"

#include <algorithm>
#include <array>

namespace entente::reference {

namespace {

constexpr std::string_view equilibrium = "entente-io-ref/1";
constexpr std::string_view experiment = "entente-ref-1";

constexpr std::array families = {
    Family{equilibrium, "logit_bertrand", solve_bertrand},
    Family{equilibrium, "nested_logit_bertrand", solve_bertrand},
    Family{equilibrium, "mixed_logit_bertrand", solve_bertrand},
    Family{equilibrium, "logit_merger", solve_merger},
    Family{equilibrium, "nested_logit_merger", solve_merger},
    Family{equilibrium, "mixed_logit_merger", solve_merger},
    Family{equilibrium, "mixed_logit_multiplicity", solve_multiplicity},
    Family{equilibrium, "capacity_logit", solve_capacity},
    Family{equilibrium, "vertical_bargaining", solve_vertical_bargaining},
    Family{equilibrium, "vertical_sequential", solve_vertical_sequential},
    Family{equilibrium, "auction2nd_logit", solve_second_score_auction},
    Family{equilibrium, "bargaining_logit", solve_buyer_bargaining},
    Family{experiment, "rng/known-answer", solve_random_numbers},
    Family{experiment, "comparison/paired", solve_paired_comparison},
    Family{experiment, "comparison/edge", solve_paired_comparison},
    Family{experiment, "comparison/bands", solve_bands},
    Family{experiment, "comparison/csv", solve_csv_comparison},
    Family{experiment, "comparison/multiplicity", solve_p_value_adjustment},
    Family{experiment, "comparison/series", solve_series_metrics},
    Family{experiment, "replications/stopping", solve_stopping},
    Family{experiment, "property", solve_properties},
    Family{experiment, "replications/stopping-coverage", solve_stopping_coverage},
};

}  // namespace

std::span<const Family> all_families() {
  return families;
}

const Family* find_family(std::string_view schema, std::string_view name) {
  const auto found = std::ranges::find_if(families, [&](const Family& family) {
    return family.schema == schema && family.name == name;
  });
  return found == families.end() ? nullptr : found;
}

}  // namespace entente::reference
