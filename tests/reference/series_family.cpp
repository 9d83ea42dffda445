#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/experiment/backtest/scores.hpp"
#include "engine/experiment/quantile.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

namespace {

using Values = std::vector<double>;

double mean(const Values& values) {
  double sum = 0.0;
  for (const double value : values)
    sum += value;
  return sum / static_cast<double>(values.size());
}

/// Mean product of the deviations, over n.
double covariance(const Values& left, const Values& right) {
  Values products(left.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    products[i] = (left[i] - mean(left)) * (right[i] - mean(right));
  return mean(products);
}

/// Dynamic time warping with absolute costs and steps of one.
double warping_distance(const Values& left, const Values& right) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Values last(right.size() + 1, infinity);
  last[0] = 0.0;
  for (const double value : left) {
    Values next(right.size() + 1, infinity);
    for (std::size_t j = 1; j < next.size(); ++j) {
      next[j] = std::abs(value - right[j - 1]) + std::min({last[j], last[j - 1], next[j - 1]});
    }
    last = next;
  }
  return last.back();
}

void add_errors(const Values& observed, const Values& simulated, nlohmann::json& outputs) {
  Values errors;
  Values sizes;
  Values relative;
  Values squares;
  Values observed_squares;
  Values simulated_squares;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    errors.push_back(simulated[i] - observed[i]);
    sizes.push_back(std::abs(errors[i]));
    relative.push_back(std::abs(errors[i] / observed[i]));
    squares.push_back(errors[i] * errors[i]);
    observed_squares.push_back(observed[i] * observed[i]);
    simulated_squares.push_back(simulated[i] * simulated[i]);
  }
  const double square = mean(squares);
  const double observed_deviation = std::sqrt(covariance(observed, observed));
  const double simulated_deviation = std::sqrt(covariance(simulated, simulated));
  const double correlation =
      covariance(observed, simulated) / (observed_deviation * simulated_deviation);
  outputs["rmse"] = std::sqrt(square);
  outputs["mae"] = mean(sizes);
  outputs["bias"] = mean(errors);
  outputs["mape"] = mean(relative);
  outputs["max_abs"] = *std::ranges::max_element(sizes);
  outputs["nse_r2"] = 1.0 - square / covariance(observed, observed);
  outputs["theil_u1"] =
      std::sqrt(square) / (std::sqrt(mean(observed_squares)) + std::sqrt(mean(simulated_squares)));
  const double spread = simulated_deviation - observed_deviation;
  outputs["theil_decomposition"] = {{"bias", mean(errors) * mean(errors) / square},
                                    {"variance", spread * spread / square},
                                    {"covariance", 2.0 * (1.0 - correlation) * simulated_deviation *
                                                       observed_deviation / square}};
  outputs["dtw_abs"] = warping_distance(observed, simulated);
  outputs["kge"] =
      1.0 - std::hypot(correlation - 1.0, simulated_deviation / observed_deviation - 1.0,
                       mean(simulated) / mean(observed) - 1.0);
}

void add_ensemble_scores(const Values& observed, const std::vector<Values>& ensemble,
                         nlohmann::json& outputs) {
  constexpr double level = 0.1;  // outside the interval
  Values scores;
  Values intervals;
  Values covered;
  for (std::size_t time = 0; time < observed.size(); ++time) {
    Values members;
    for (const Values& member : ensemble)
      members.push_back(member[time]);
    std::ranges::sort(members);
    const double seen = observed[time];
    const double low = experiment::sorted_quantile(members, level / 2);
    const double high = experiment::sorted_quantile(members, 1.0 - level / 2);
    scores.push_back(experiment::compute_crps(members, seen));
    intervals.push_back(high - low + 2.0 / level * std::max({low - seen, seen - high, 0.0}));
    covered.push_back(low <= seen && seen <= high ? 1.0 : 0.0);
    outputs["pit_ranks"].push_back(std::ranges::lower_bound(members, seen) - members.begin());
  }
  outputs["crps_ensemble_mean"] = mean(scores);
  outputs["interval_score_90_mean"] = mean(intervals);
  outputs["coverage_90"] = mean(covered);
}

}  // namespace

Answer solve_series_metrics(const nlohmann::json& inputs) {
  const auto observed = inputs.at("observed").get<Values>();
  Answer answer;
  add_errors(observed, inputs.at("simulated").get<Values>(), answer.outputs);
  add_ensemble_scores(observed, inputs.at("ensemble").get<std::vector<Values>>(), answer.outputs);
  return answer;
}

}  // namespace entente::reference
