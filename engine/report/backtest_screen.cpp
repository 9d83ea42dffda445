#include "engine/report/backtest_screen.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <vector>

namespace entente::report {

namespace {

using experiment::BacktestSeries;
using experiment::BranchForecast;

std::string ratio(const std::optional<double>& value) {
  return value ? fmt::format("{:+.2f}", *value) : "-";
}

std::string name_of(const std::string& market, const std::string& series,
                    const std::string& entity) {
  return market + " " + series + (entity.empty() ? "" : " " + entity);
}

std::string table(const std::vector<BacktestSeries>& series, const ScreenStyle& style) {
  std::size_t widest = 6;
  for (const BacktestSeries& each : series)
    widest = std::max(widest, name_of(each.market, each.series, each.entity).size());
  const auto line = [&](const std::string& name, const std::string& quarters,
                        const std::string& model, const std::string& persistence,
                        const std::string& growth, const std::string& skill,
                        const std::string& skill_growth, const std::string& crps,
                        const std::string& coverage, const std::string& verdict) {
    return fmt::format("  {:<{}} {:>2} {:>8} {:>8} {:>8} {:>7} {:>7} {:>7} {:>5}  {}", name, widest,
                       quarters, model, persistence, growth, skill, skill_growth, crps, coverage,
                       verdict);
  };
  std::string text = bold(line("series", "q", "model", "persist.", "growth", "skill", "growth",
                               "CRPS", "80%", "verdict"),
                          style) +
                     '\n';
  for (const BacktestSeries& each : series) {
    text += line(name_of(each.market, each.series, each.entity),
                 fmt::format("{}", each.forecasts.size()), amount(each.mae_model),
                 amount(each.mae_persistence), amount(each.mae_growth), ratio(each.skill),
                 ratio(each.skill_growth), ratio(each.crps_skill),
                 fmt::format("{:.2f}", each.coverage_80), name_of(each.verdict)) +
            '\n';
  }
  return text;
}

std::string branch_line(const BranchForecast& each) {
  if (!each.mean) return fmt::format("{} in no replication", each.happened ? "yes" : "no");
  return fmt::format("{} {} [{}, {}] in {}", each.happened ? "yes" : "no", amount(*each.mean),
                     amount(*each.q10), amount(*each.q90), each.replications);
}

/// The last observed quarter of each series of each branch, both states in one line.
std::string branches(const std::vector<BranchForecast>& forecasts, const ScreenStyle& style) {
  std::string text;
  std::string heading;
  for (const BranchForecast& yes : forecasts) {
    if (!yes.happened) continue;
    const auto same = [&](const BranchForecast& other) {
      return other.branch == yes.branch && other.series == yes.series && other.entity == yes.entity;
    };
    const bool later = std::ranges::any_of(forecasts, [&](const BranchForecast& other) {
      return same(other) && other.quarter > yes.quarter;
    });
    if (later) continue;
    const auto no = std::ranges::find_if(forecasts, [&](const BranchForecast& other) {
      return same(other) && !other.happened && other.quarter == yes.quarter;
    });
    if (yes.branch != heading) {
      heading = yes.branch;
      text += '\n' + bold("Branch " + heading, style) + '\n';
    }
    text +=
        fmt::format("  {} {}: observed {}; {}; {}\n", name_of(yes.market, yes.series, yes.entity),
                    to_text(yes.quarter), amount(yes.observed), branch_line(yes), branch_line(*no));
  }
  return text;
}

}  // namespace

std::string backtest_screen(const BacktestFacts& facts, const experiment::Backtest& backtest,
                            const ScreenStyle& style) {
  std::string text = bold(plain(facts.title), style) + '\n';
  text += fmt::format("Back-test, {}; {} replication{}, {:.1f} s\n\n", facts.sample,
                      facts.replications, facts.replications == 1 ? "" : "s", facts.seconds);
  text += table(backtest.series, style);
  text += branches(backtest.branches, style);
  text +=
      "\nMean absolute errors in each series' unit. Skill is 1 - model/persistence, the next "
      "against the\nlast growth carried on, CRPS against the better of the two; 80% is the "
      "part of quarters inside\nthe interval.";
  if (backtest.median_skill) {
    text += fmt::format(" Median skill without ties: {}.", ratio(backtest.median_skill));
  }
  return screen_text(text + "\nResults: " + facts.folder + '\n', style);
}

}  // namespace entente::report
