#include "engine/experiment/run_results.hpp"

#include "engine/experiment/choice_paths.hpp"
#include "engine/experiment/convergence.hpp"
#include "engine/experiment/deals.hpp"
#include "engine/experiment/ensemble/ensemble.hpp"
#include "engine/experiment/summary.hpp"
#include "engine/output/csv.hpp"

namespace entente::experiment {

std::vector<std::string> result_file_names(const std::vector<output::ResultTable>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size() + 2);
  for (const auto& table : tables)
    names.push_back(table.name + ".csv");
  names.emplace_back("summary.csv");
  names.emplace_back("manifest.json");
  return names;
}

void describe_outcome(const Outcome& outcome, output::Manifest& manifest) {
  manifest.files = result_file_names(*outcome.tables);
  manifest.files.pop_back();  // the manifest does not list itself
  const auto pricing = convergence(outcome);
  manifest.convergence = {pricing.markets_priced, pricing.worst_residual};
  manifest.choice_paths = choice_paths(outcome);
  manifest.deals.clear();
  for (const auto& deal : deal_outcomes(outcome)) {
    manifest.deals.push_back({deal.id, deal.kind, static_cast<std::int64_t>(deal.formed)});
  }
}

void write_results(output::ResultFolder& folder, const Outcome& outcome,
                   const std::vector<std::uint64_t>& replications,
                   const std::vector<std::string>& quarters, const output::Manifest& manifest,
                   const std::atomic<bool>* cancelled) {
  const auto stop_if_cancelled = [&] {
    if (cancelled != nullptr && cancelled->load()) throw Cancelled();
  };
  const auto stoppable = [&](const output::TextSink& sink) -> output::TextSink {
    return [&](std::string_view text) {
      stop_if_cancelled();
      sink(text);
    };
  };

  for (std::size_t t = 0; t < outcome.tables->size(); ++t) {
    const auto& table = (*outcome.tables)[t];
    const auto view = *TableView::find(outcome, table.name);
    folder.write(table.name + ".csv", [&](const output::TextSink& sink) {
      sink(output::csv_header(table));
      for (std::size_t r = 0; r < replications.size(); ++r) {
        const output::Results::TableValues values{view.values(r)};
        output::write_csv_rows(table, quarters, {replications[r], &values}, stoppable(sink));
      }
    });
  }
  folder.write("summary.csv", [&](const output::TextSink& sink) {
    write_summary(outcome, quarters, stoppable(sink));
  });
  folder.write("manifest.json",
               [&](const output::TextSink& sink) { sink(output::to_json(manifest)); });
  stop_if_cancelled();
  folder.commit();
}

}  // namespace entente::experiment
