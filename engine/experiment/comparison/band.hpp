#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>

namespace entente::experiment {

/// How often each replication stands in each bootstrap sample (resamples × replications). Bytes, as
/// there are hundreds of samples; that one stands in a sample 256 times has odds of 1 in 256!.
using BootstrapWeights =
    Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Samples of `count` of as many replications. The same for every call.
BootstrapWeights bootstrap_weights(std::size_t count, std::size_t resamples);

/// The critical value of a band that holds all of a mean's course with the confidence given: the
/// quantile (type 7), over bootstrap samples, of the largest |mean of the sample − mean| /
/// standard error over time (Montiel Olea & Plagborg-Møller 2019, algorithm 2). The band is mean ±
/// critical value · standard error. Times without spread have a band of zero width; where none has
/// spread the value is 0. `replications` is replications (2 or more) × times.
double sup_t_critical(const Eigen::Ref<const Eigen::MatrixXd>& replications,
                      const BootstrapWeights& weights, double confidence);

}  // namespace entente::experiment
