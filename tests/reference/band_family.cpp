#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/experiment/comparison/band.hpp"
#include "engine/experiment/comparison/sample.hpp"
#include "engine/experiment/quantile.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

namespace {

using nlohmann::json;

Eigen::MatrixXd matrix(const json& rows) {
  Eigen::MatrixXd result(static_cast<Eigen::Index>(rows.size()),
                         static_cast<Eigen::Index>(rows.at(0).size()));
  for (Eigen::Index row = 0; row < result.rows(); ++row) {
    for (Eigen::Index column = 0; column < result.cols(); ++column)
      result(row, column) =
          rows.at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column));
  }
  return result;
}

experiment::BootstrapWeights weights_of(const json& resamples, Eigen::Index replications) {
  experiment::BootstrapWeights weights =
      experiment::BootstrapWeights::Zero(static_cast<Eigen::Index>(resamples.size()), replications);
  for (Eigen::Index sample = 0; sample < weights.rows(); ++sample) {
    for (const json& drawn : resamples.at(static_cast<std::size_t>(sample)))
      weights(sample, drawn.get<Eigen::Index>()) += 1;
  }
  return weights;
}

/// Modified band depth (López-Pintado & Romo 2009) with bands of two curves: the share of time that
/// a curve spends within the band of a pair, over all pairs.
std::vector<double> band_depth(const Eigen::MatrixXd& curves) {
  std::vector<double> depths;
  for (Eigen::Index curve = 0; curve < curves.rows(); ++curve) {
    double inside = 0.0;
    double all = 0.0;
    for (Eigen::Index first = 0; first < curves.rows(); ++first) {
      for (Eigen::Index second = first + 1; second < curves.rows(); ++second) {
        for (Eigen::Index time = 0; time < curves.cols(); ++time) {
          const auto [low, high] = std::minmax(curves(first, time), curves(second, time));
          all += 1.0;
          if (low <= curves(curve, time) && curves(curve, time) <= high) inside += 1.0;
        }
      }
    }
    depths.push_back(inside / all);
  }
  return depths;
}

}  // namespace

Answer solve_bands(const nlohmann::json& inputs) {
  const Eigen::MatrixXd curves = matrix(inputs.at("replications_by_time"));
  Answer answer;
  json& outputs = answer.outputs;
  for (Eigen::Index time = 0; time < curves.cols(); ++time) {
    std::vector<double> values(curves.col(time).begin(), curves.col(time).end());
    const auto sample = experiment::describe_sample(values);
    outputs["mean"].push_back(sample.mean);
    outputs["sd"].push_back(std::sqrt(sample.variance));
    std::ranges::sort(values);
    for (const char* const probability : {"0.05", "0.25", "0.5", "0.75", "0.95"}) {
      outputs["quantiles"][probability].push_back(
          experiment::sorted_quantile(values, std::stod(probability)));
    }
  }
  outputs["quantile_type"] = "R type 7 (linear)";
  const auto depths = band_depth(curves);
  outputs["modified_band_depth_J2"] = depths;
  outputs["median_curve_index"] = std::ranges::max_element(depths) - depths.begin();
  const json& resamples = inputs.at("bootstrap_index");
  if (!resamples.is_null()) {
    const auto weights = weights_of(resamples, curves.rows());
    outputs["sup_t_critical_95_for_given_resamples"] = solve_timed(
        answer, [&] { return experiment::sup_t_critical(curves, weights, 0.95); },
        [](double) { return 0; });
  }
  return answer;
}

}  // namespace entente::reference
