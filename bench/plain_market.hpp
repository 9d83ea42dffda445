#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace entente::bench {

struct PlainRun {
  std::int64_t decisions = 0;
  int periods = 0;
  double cpu_seconds = 0.0;  // of the periods alone
  double bytes_per_consumer = 0.0;
  std::vector<double> share;  // J+1, of consumers by what they own at the end; last: nothing
  std::vector<double> price;  // J
};

/// The reference market as a programmer would write it who does not think of speed: consumers one
/// by one, in double, std::mt19937_64, a vector of weights for each decision, softmax and inverse
/// distribution function. Runs `most_periods`, or until the periods have taken `seconds`.
PlainRun run_plain_market(int products, std::int64_t consumers, unsigned seed, int most_periods,
                          double seconds = std::numeric_limits<double>::infinity());

/// Seconds of processor time that this process has used, all threads together.
double process_cpu_seconds();

}  // namespace entente::bench
