#include "engine/experiment/backtest/branch_forecasts.hpp"

#include <cmath>
#include <stdexcept>

#include "engine/experiment/backtest/model_series.hpp"
#include "engine/experiment/summary.hpp"

namespace entente::experiment {

namespace {

/// Whether a link has access in the last quarter, for each replication.
std::vector<bool> find_happened(const Outcome& outcome, const simulation::Economy& economy,
                                const std::string& link) {
  const auto supply = TableView::find(outcome, "supply");
  const auto access = supply ? supply->series("access") : std::nullopt;
  if (!access) throw std::logic_error("the outcome has no access of links");
  std::vector<bool> happened(supply->replications(), false);
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    if (economy.links[l].id != link) continue;
    for (std::size_t r = 0; r < happened.size(); ++r)
      happened[r] = supply->value(r, supply->quarters() - 1, l, *access) > 0.0;
  }
  return happened;
}

BranchForecast make_forecast(const ModelSeries& model, std::size_t quarter,
                             const std::vector<bool>& happened, bool state) {
  std::vector<double> members;
  for (std::size_t r = 0; r < happened.size(); ++r) {
    const double value = model.value(r, quarter);
    if (happened[r] == state && !std::isnan(value)) members.push_back(value);
  }
  BranchForecast forecast;
  forecast.happened = state;
  forecast.replications = members.size();
  if (members.empty()) return forecast;
  const Statistics over = compute_statistics(std::move(members));
  forecast.mean = over.mean;
  forecast.q10 = over.q10;
  forecast.q90 = over.q90;
  return forecast;
}

}  // namespace

std::vector<BranchForecast> branch_forecasts(const std::vector<ObservedSeries>& observed,
                                             const Outcome& outcome,
                                             const scenario::Scenario& scenario,
                                             const simulation::Economy& economy) {
  std::vector<BranchForecast> forecasts;
  for (const scenario::Entry& branch : scenario.all("branch")) {
    const std::vector<bool> happened = find_happened(outcome, economy, branch.text("link"));
    for (const bool state : {true, false}) {
      for (const ObservedSeries& series : observed) {
        if (series.market != branch.text("market")) continue;
        const ModelSeries model(outcome, series);
        for (const auto& [quarter, value] : series.values) {
          const auto index = static_cast<std::size_t>(quarter - economy.start);
          BranchForecast forecast = make_forecast(model, index, happened, state);
          forecast.branch = branch.id;
          forecast.market = series.market;
          forecast.series = simulation::name_of(series.measure);
          forecast.entity = series.entity;
          forecast.quarter = quarter;
          forecast.observed = value;
          forecasts.push_back(std::move(forecast));
        }
      }
    }
  }
  return forecasts;
}

}  // namespace entente::experiment
