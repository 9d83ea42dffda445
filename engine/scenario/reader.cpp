#include "engine/scenario/reader.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/scenario/document_check.hpp"
#include "engine/scenario/extends.hpp"
#include "engine/scenario/merge.hpp"
#include "engine/scenario/resolve.hpp"
#include "engine/scenario/set_override.hpp"
#include "engine/scenario/value_check.hpp"

namespace entente::scenario {
namespace {

void sort_by_place(Faults& faults) {
  std::stable_sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.location.file, a.location.line, a.location.column) <
           std::tie(b.location.file, b.location.line, b.location.column);
  });
}

/// Merges and checks documents, and what --set gives beside them; `faults` are those of loading.
ReadResult read_chain(const Chain& chain, const std::string& name, const Schema& schema,
                      const std::vector<std::string>& sets, Faults faults) {
  ReadResult result{std::nullopt, std::move(faults)};
  ValueCheck values(result.faults);
  Draft draft;
  for (const Node& document : chain.documents)
    merge(draft, check_document(document, schema, values));
  for (const std::string& override : sets)
    apply_override(override, schema, draft, chain.complete, values);
  // What a file that could not be read would have given must not be called missing.
  if (chain.complete) {
    Scenario scenario = resolve(std::move(draft), schema, name, values);
    if (result.faults.empty()) result.scenario = std::move(scenario);
  }
  sort_by_place(result.faults);
  return result;
}

}  // namespace

ReadResult read_scenario(const std::string& file, const Schema& schema,
                         const ReadOptions& options) {
  Faults faults;
  const Chain chain = load_chain(file, options, faults);
  return read_chain(chain, file, schema, options.sets, std::move(faults));
}

ReadResult read_scenario_text(const std::string& text, const std::string& name,
                              const Schema& schema) {
  ParsedDocument parsed = parse_document(text, name);
  if (!parsed.root) return {std::nullopt, {std::move(*parsed.fault)}};
  Chain chain;
  chain.documents.push_back(std::move(*parsed.root));
  return read_chain(chain, name, schema, {}, {});
}

}  // namespace entente::scenario
