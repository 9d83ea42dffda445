#include "engine/experiment/comparison/table_difference.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

// The cases' exit code 1 says that the tables differ.
Answer solve_csv_comparison(const nlohmann::json& inputs) {
  using nlohmann::json;
  scenario::Faults faults;
  const auto base = experiment::read_table("left", inputs.at("left"), faults);
  const auto other = experiment::read_table("right", inputs.at("right"), faults);
  const auto keys = experiment::find_keys(base, other, inputs.at("keys"), faults);
  const experiment::Tolerances tolerances{{inputs.at("atol"), inputs.at("rtol")}, {}};
  Answer answer;
  if (!faults.empty()) return answer;
  const auto found = solve_timed(
      answer, [&] { return experiment::compare_tables(base, other, keys, tolerances); },
      [](const auto&) { return 0; });
  json changed = json::array();
  for (const auto& cell : found.changed) {
    changed.push_back(
        {{"key", cell.keys}, {"column", cell.column}, {"left", cell.base}, {"right", cell.other}});
  }
  answer.outputs = {{"changed_cells", changed},
                    {"rows_only_left", found.rows_only_base},
                    {"rows_only_right", found.rows_only_other},
                    {"columns_only_left", found.columns_only_base},
                    {"columns_only_right", found.columns_only_other},
                    {"exit_code", found.differs() ? 1 : 0}};
  return answer;
}

}  // namespace entente::reference
