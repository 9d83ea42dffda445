#include "tests/reference/bca.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/experiment/quantile.hpp"
#include "engine/population/normal_quantile.hpp"
#include "engine/population/random_stream.hpp"

namespace entente::reference {

namespace {

using Values = std::vector<double>;

double normal_quantile(double probability) {
  return probability < 0.5 ? population::lower_normal_quantile(probability)
                           : -population::lower_normal_quantile(1.0 - probability);
}

double normal_probability(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

double mean_of(const Values& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double acceleration_of(const Values& values) {
  const double count = static_cast<double>(values.size());
  const double mean = mean_of(values);
  double squares = 0.0;
  double cubes = 0.0;
  for (const double value : values) {
    const double influence = (value - mean) / (count - 1.0);
    squares += influence * influence;
    cubes += influence * influence * influence;
  }
  return cubes / (6.0 * std::pow(squares, 1.5));
}

Values resampled_means(const Values& values, std::uint32_t resamples) {
  const auto stream = population::stream_name("bootstrap", "mean");
  Values means;
  for (std::uint32_t sample = 0; sample < resamples; ++sample) {
    population::KeyedGenerator draws({}, stream, sample);
    Values drawn;
    for (std::size_t i = 0; i < values.size(); ++i)
      drawn.push_back(
          values[static_cast<std::size_t>(draws.uniform() * static_cast<double>(values.size()))]);
    means.push_back(mean_of(drawn));
  }
  std::ranges::sort(means);
  return means;
}

}  // namespace

BcaInterval bca_interval(const Values& values, std::uint32_t resamples, double confidence) {
  const Values means = resampled_means(values, resamples);
  const auto below = std::ranges::lower_bound(means, mean_of(values)) - means.begin();
  BcaInterval interval;
  interval.bias = normal_quantile(static_cast<double>(below) / static_cast<double>(resamples));
  interval.acceleration = acceleration_of(values);
  const auto end = [&](double probability) {
    const double z = interval.bias + normal_quantile(probability);
    return experiment::sorted_quantile(
        means, normal_probability(interval.bias + z / (1.0 - interval.acceleration * z)));
  };
  interval.low = end(0.5 - 0.5 * confidence);
  interval.high = end(0.5 + 0.5 * confidence);
  return interval;
}

}  // namespace entente::reference
