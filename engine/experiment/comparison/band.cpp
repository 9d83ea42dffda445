#include "engine/experiment/comparison/band.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/experiment/quantile.hpp"
#include "engine/population/random_stream.hpp"

namespace entente::experiment {

BootstrapWeights bootstrap_weights(std::size_t count, std::size_t resamples) {
  const auto replications = static_cast<Eigen::Index>(count);
  BootstrapWeights weights =
      BootstrapWeights::Zero(static_cast<Eigen::Index>(resamples), replications);
  const auto stream = population::stream_name("bootstrap", "replications");
  const population::Draws draws;
  for (Eigen::Index sample = 0; sample < weights.rows(); ++sample) {
    for (Eigen::Index place = 0; place < replications; ++place) {
      const double uniform = draws.uniform(stream, static_cast<std::uint32_t>(sample),
                                           static_cast<std::uint32_t>(place));
      const auto drawn = static_cast<Eigen::Index>(uniform * static_cast<double>(count));
      weights(sample, std::min(drawn, replications - 1)) += 1;
    }
  }
  return weights;
}

double sup_t_critical(const Eigen::Ref<const Eigen::MatrixXd>& replications,
                      const BootstrapWeights& weights, double confidence) {
  const auto count = static_cast<double>(replications.rows());
  const Eigen::RowVectorXd mean = replications.colwise().mean();
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> deviations =
      replications.rowwise() - mean;
  const Eigen::RowVectorXd error =
      (deviations.colwise().squaredNorm() / (count - 1.0) / count).cwiseSqrt();
  for (Eigen::Index time = 0; time < deviations.cols(); ++time) {
    // A constant's mean may miss it by a rounding, which must not pass for spread.
    const bool constant =
        (replications.col(time).array() == replications(0, time)).all() || error(time) == 0.0;
    deviations.col(time) *= constant ? 0.0 : 1.0 / (error(time) * count);
  }
  std::vector<double> largest(static_cast<std::size_t>(weights.rows()));
  for (std::size_t sample = 0; sample < largest.size(); ++sample) {
    Eigen::RowVectorXd statistics = Eigen::RowVectorXd::Zero(deviations.cols());
    for (Eigen::Index place = 0; place < weights.cols(); ++place) {
      const double weight = weights(static_cast<Eigen::Index>(sample), place);
      if (weight > 0.0) statistics += weight * deviations.row(place);
    }
    largest[sample] = statistics.cwiseAbs().maxCoeff();
  }
  std::ranges::sort(largest);
  return sorted_quantile(largest, confidence);
}

}  // namespace entente::experiment
