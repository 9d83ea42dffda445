#include "engine/experiment/backtest/backtest.hpp"

#include <algorithm>
#include <cmath>

#include "engine/experiment/backtest/branch_forecasts.hpp"
#include "engine/experiment/backtest/model_series.hpp"
#include "engine/experiment/backtest/naive_forecast.hpp"
#include "engine/experiment/backtest/scores.hpp"
#include "engine/experiment/summary.hpp"

namespace entente::experiment {

namespace {

// Below these errors of persistence a series moved less than its figures are rounded.
constexpr double share_rounding = 0.5;   // percentage points
constexpr double size_rounding = 0.005;  // of the observed mean
constexpr double same = 1e-9;            // relative: what rounding of the arithmetic may leave

/// Values in [[history]] are in the model's units.
NaiveBasis naive_basis(const ObservedSeries& series, double level,
                       const scenario::Scenario& scenario, const simulation::Economy& economy) {
  NaiveBasis basis{economy.start, level, {}, simulation::is_share(series.measure), false};
  const bool counts_units = !simulation::counts_revenue(series.measure);
  basis.seasonal = counts_units && scenario.find("market", series.market)->flag("seasonal");
  for (const scenario::Entry& entry : scenario.all("history")) {
    const std::string firm = entry.has("entity") ? entry.text("entity") : std::string{};
    if (entry.text("market") != series.market || firm != series.firm ||
        entry.text("series") != simulation::name_of(series.measure)) {
      continue;
    }
    for (const scenario::Record& point : entry.records("points"))
      basis.history.emplace(point.quarter("quarter"), point.number("value") / series.model_units);
  }
  return basis;
}

Forecast make_forecast(const NaiveBasis& basis, std::vector<double> members,
                       scenario::QuarterDate quarter, double observed) {
  const Statistics over = compute_statistics(members);
  return {.quarter = quarter,
          .observed = observed,
          .mean = over.mean,
          .q10 = over.q10,
          .q50 = over.q50,
          .q90 = over.q90,
          .persistence = persistence_forecast(basis, quarter),
          .growth = growth_forecast(basis, quarter),
          .crps = compute_crps(std::move(members), observed)};
}

Verdict judge(const BacktestSeries& scored, bool share, double mean_observed) {
  const double floor = share ? share_rounding : size_rounding * mean_observed;
  if (scored.mae_persistence < floor) return Verdict::tie;
  const double better = std::min(scored.mae_persistence, scored.mae_growth);
  if (std::abs(scored.mae_model - better) <= same * better) return Verdict::tie;
  return scored.mae_model < better ? Verdict::better : Verdict::worse;
}

void score(BacktestSeries& scored, bool share) {
  const auto count = static_cast<double>(scored.forecasts.size());
  double observed = 0.0;
  double crps = 0.0;
  double covered = 0.0;
  for (const Forecast& each : scored.forecasts) {
    scored.mae_model += std::abs(each.mean - each.observed) / count;
    scored.mae_persistence += std::abs(each.persistence - each.observed) / count;
    scored.mae_growth += std::abs(each.growth - each.observed) / count;
    observed += each.observed / count;
    crps += each.crps / count;
    if (each.q10 <= each.observed && each.observed <= each.q90) covered += 1.0;
  }
  scored.coverage_80 = covered / count;
  // What the arithmetic leaves of a perfect forecast is no reference.
  const auto reference = [&](double error) { return error > same * observed ? error : 0.0; };
  const double persistence = reference(scored.mae_persistence);
  const double growth = reference(scored.mae_growth);
  scored.skill = compute_skill(scored.mae_model, persistence);
  scored.skill_growth = compute_skill(scored.mae_model, growth);
  // A naive forecast is one value, whose ranked probability score is its absolute error.
  scored.crps_skill = compute_skill(crps, std::min(persistence, growth));
  scored.verdict = judge(scored, share, observed);
}

std::optional<double> median_skill(const std::vector<BacktestSeries>& series) {
  std::vector<double> skills;
  for (const BacktestSeries& each : series) {
    if (each.verdict != Verdict::tie && each.skill) skills.push_back(*each.skill);
  }
  if (skills.empty()) return std::nullopt;
  return compute_statistics(std::move(skills)).q50;
}

}  // namespace

const char* name_of(Verdict verdict) {
  if (verdict == Verdict::tie) return "tie";
  return verdict == Verdict::better ? "better" : "worse";
}

Backtest compute_backtest(const std::vector<ObservedSeries>& observed, const Outcome& outcome,
                          const Outcome& start, const scenario::Scenario& scenario,
                          const simulation::Economy& economy) {
  Backtest backtest;
  for (const ObservedSeries& series : observed) {
    const ModelSeries model(outcome, series);
    const double level = ModelSeries(start, series).values(0).front();
    const NaiveBasis basis = naive_basis(series, level, scenario, economy);
    BacktestSeries scored{.market = series.market,
                          .series = simulation::name_of(series.measure),
                          .entity = series.entity,
                          .unit = series.unit};
    for (const auto& [quarter, value] : series.values) {
      const auto index = static_cast<std::size_t>(quarter - economy.start);
      scored.forecasts.push_back(make_forecast(basis, model.values(index), quarter, value));
    }
    score(scored, simulation::is_share(series.measure));
    backtest.series.push_back(std::move(scored));
  }
  backtest.branches = branch_forecasts(observed, outcome, scenario, economy);
  backtest.median_skill = median_skill(backtest.series);
  return backtest;
}

}  // namespace entente::experiment
