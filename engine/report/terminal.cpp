#include "engine/report/terminal.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <vector>

#include "engine/experiment/deals.hpp"
#include "engine/report/market_lines.hpp"

namespace entente::report {

namespace {

using experiment::Outcome;

std::vector<std::string> deal_lines(const Outcome& outcome, std::size_t limit,
                                    const ScreenStyle& style) {
  const auto deals = experiment::deal_outcomes(outcome);
  if (deals.empty()) return {};
  constexpr std::size_t kind_columns = 19;
  constexpr std::size_t formed_columns = 15;
  const std::string strength_heading = "strength at the end";
  const std::size_t others = kind_columns + formed_columns + width(strength_heading);
  const std::size_t id_columns =
      std::clamp<std::size_t>(style.columns - std::min(style.columns, others), 20, 44);
  std::vector<std::string> lines = {
      bold(fit(padded("Deals", id_columns) + padded("kind", kind_columns) +
                   padded("formed", formed_columns) + strength_heading,
               style.columns),
           style)};
  const std::size_t shown = deals.size() + 1 > limit ? limit - 2 : deals.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& deal = deals[i];
    const auto formed = fmt::format("{} of {}", deal.formed, outcome.results->replications());
    const auto strength =
        deal.final_strength ? fmt::format("{:.2f}", *deal.final_strength) : std::string("-");
    lines.push_back(fit("  " + padded(fit(deal.id, id_columns - 3), id_columns - 2) +
                            padded(fit(deal.kind, kind_columns - 1), kind_columns) +
                            padded(formed, formed_columns) + strength,
                        style.columns));
  }
  if (shown < deals.size()) {
    lines.push_back(fmt::format("  and {} more, in partnerships.csv", deals.size() - shown));
  }
  return lines;
}

}  // namespace

std::string run_screen(const RunFacts& facts, const Outcome& outcome, const ScreenStyle& style) {
  const std::size_t replications = outcome.results->replications();
  std::vector<std::string> lines = {bold(fit(facts.title, style.columns), style)};
  lines.push_back(
      fit(fmt::format("{} quarters {} to {}, {} replication{}, {}, {:.1f} s on {} thread{}",
                      outcome.quarters, facts.first_quarter, facts.last_quarter, replications,
                      replications == 1 ? "" : "s", facts.representation, facts.seconds,
                      facts.threads, facts.threads == 1 ? "" : "s"),
          style.columns));
  if (facts.parameter_redraws > 0) {
    lines.push_back(
        fit(fmt::format("{} draw{} of parameters had an infeasible quarter 0 and "
                        "{} drawn anew",
                        facts.parameter_redraws, facts.parameter_redraws == 1 ? "" : "s",
                        facts.parameter_redraws == 1 ? "was" : "were"),
            style.columns));
  }
  for (const auto* line : {&facts.stopping, &facts.branching}) {
    if (!line->empty()) lines.push_back(fit(*line, style.columns));
  }
  // Besides the two tables: a blank before each, and the folder.
  const std::size_t frame = lines.size() + 3;
  const std::size_t room = style.lines > frame ? style.lines - frame : 0;
  constexpr std::size_t fewest_market_lines = 19;
  constexpr std::size_t fewest_deal_lines = 3;
  const auto deals = deal_lines(
      outcome, std::max(fewest_deal_lines, room - std::min(room, fewest_market_lines)), style);
  const auto markets = market_lines(outcome, room - std::min(room, deals.size()), style);
  for (const auto* table : {&deals, &markets}) {
    if (table->empty()) continue;
    lines.emplace_back();
    lines.insert(lines.end(), table->begin(), table->end());
  }
  lines.push_back(fit("Results: " + facts.folder, style.columns));
  return screen_text(lines, style);
}

}  // namespace entente::report
