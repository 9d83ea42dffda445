#include "engine/experiment/comparison/difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "engine/experiment/comparison/sample.hpp"
#include "engine/experiment/comparison/student_t.hpp"

namespace entente::experiment {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Difference begin_difference(const Sample& base, const Sample& other) {
  Difference difference;
  difference.base_count = base.count;
  difference.other_count = other.count;
  difference.base_mean = base.mean;
  difference.other_mean = other.mean;
  difference.mean = other.mean - base.mean;
  difference.standard_error = difference.degrees = missing;
  difference.low = difference.high = missing;
  difference.p_value = difference.equivalence_p = difference.variance_reduction = missing;
  return difference;
}

void set_relative(Difference& difference) {
  difference.relative =
      difference.base_mean == 0.0 ? missing : difference.mean / std::abs(difference.base_mean);
}

/// A difference that is known without error.
void settle(Difference& difference, const DifferenceQuestion& question) {
  difference.evidence = difference.mean == 0.0 ? Evidence::identical : Evidence::exact;
  difference.standard_error = 0.0;
  difference.low = difference.high = difference.mean;
  if (difference.mean == 0.0) difference.p_value = 1.0;
  if (question.margin)
    difference.equivalence_p = std::abs(difference.mean) < *question.margin ? 0.0 : 1.0;
}

void test(Difference& difference, const DifferenceQuestion& question) {
  difference.evidence = Evidence::tested;
  const double half_width =
      student_t_quantile(0.5 + 0.5 * question.confidence, difference.degrees) *
      difference.standard_error;
  difference.low = difference.mean - half_width;
  difference.high = difference.mean + half_width;
  const auto upper_tail = [&](double distance) {
    return student_t_upper_tail(distance / difference.standard_error, difference.degrees);
  };
  difference.p_value = 2.0 * upper_tail(std::abs(difference.mean));
  if (question.margin) {
    difference.equivalence_p = std::max(upper_tail(difference.mean + *question.margin),
                                        upper_tail(*question.margin - difference.mean));
  }
}

/// 2 / C(n + m, n), the share of regroupings of two constant samples that are as far apart.
double separation_p(std::size_t base_count, std::size_t other_count) {
  double share = 2.0;
  for (std::size_t i = 1; i <= base_count; ++i)
    share *= static_cast<double>(i) / static_cast<double>(other_count + i);
  return std::min(share, 1.0);
}

}  // namespace

Difference compute_paired_difference(std::span<const double> base, std::span<const double> other,
                                     const DifferenceQuestion& question) {
  if (base.size() != other.size() || base.empty()) {
    throw std::invalid_argument("paired differences need as many values on either side");
  }
  const Sample base_sample = describe_sample(base);
  const Sample other_sample = describe_sample(other);
  std::vector<double> differences(base.size());
  std::ranges::transform(other, base, differences.begin(), std::minus<>());
  const Sample sample = describe_sample(differences);

  Difference difference = begin_difference(base_sample, other_sample);
  difference.paired = true;
  difference.mean = sample.mean;
  set_relative(difference);
  const bool spread =
      std::ranges::any_of(differences, [&](double value) { return value != differences.front(); });
  if (!spread && (sample.count > 1 || sample.mean == 0.0)) {
    settle(difference, question);
  } else if (spread) {
    difference.standard_error = std::sqrt(sample.variance / static_cast<double>(sample.count));
    difference.degrees = static_cast<double>(sample.count) - 1.0;
    difference.variance_reduction =
        (base_sample.variance + other_sample.variance) / sample.variance;
    test(difference, question);
  }
  return difference;
}

Difference compute_unpaired_difference(std::span<const double> base, std::span<const double> other,
                                       const DifferenceQuestion& question) {
  if (base.empty() || other.empty()) {
    throw std::invalid_argument("a difference needs values on either side");
  }
  const Sample base_sample = describe_sample(base);
  const Sample other_sample = describe_sample(other);
  Difference difference = begin_difference(base_sample, other_sample);
  set_relative(difference);
  const auto constant = [](std::span<const double> values) {
    return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
  };
  const bool spread = !constant(base) || !constant(other);
  if (!spread && difference.mean == 0.0) {
    settle(difference, question);
  } else if (base.size() > 1 && other.size() > 1) {
    if (!spread) {
      difference.evidence = Evidence::tested;
      difference.p_value = separation_p(base.size(), other.size());
      return difference;
    }
    const double base_part = base_sample.variance / static_cast<double>(base.size());
    const double other_part = other_sample.variance / static_cast<double>(other.size());
    const double together = base_part + other_part;
    difference.standard_error = std::sqrt(together);
    // Welch-Satterthwaite.
    difference.degrees = together * together /
                         (base_part * base_part / static_cast<double>(base.size() - 1) +
                          other_part * other_part / static_cast<double>(other.size() - 1));
    test(difference, question);
  }
  return difference;
}

}  // namespace entente::experiment
