#pragma once

#include <Eigen/Core>
#include <cstddef>

namespace entente::experiment {

/// How often each of `count` replications stands in each of `resamples` bootstrap samples of the
/// same size (resamples × count). The same for every call.
Eigen::MatrixXd bootstrap_weights(std::size_t count, std::size_t resamples);

/// The critical value of a band that holds all of a mean's course with the confidence given: the
/// quantile (type 7), over bootstrap samples, of the largest |mean of the sample − mean| /
/// standard error over time (Montiel Olea & Plagborg-Møller 2019, algorithm 2). The band is mean ±
/// critical value · standard error. Times without spread have a band of zero width; where none has
/// spread the value is 0. `replications` is replications (2 or more) × times, weights
/// resamples × replications.
double sup_t_critical(const Eigen::Ref<const Eigen::MatrixXd>& replications,
                      const Eigen::Ref<const Eigen::MatrixXd>& weights, double confidence);

}  // namespace entente::experiment
