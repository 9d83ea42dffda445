#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "engine/experiment/comparison/sample.hpp"
#include "engine/experiment/comparison/student_t.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

namespace {

using nlohmann::json;

/// When a mean is known well enough: its t interval's half width is at most so much.
struct StoppingRule {
  double relative = 0.0;  // of the mean; 0: not asked
  double absolute = 0.0;
  double confidence = 0.95;
  std::size_t least = 3;
};

double half_width(std::span<const double> values, double confidence) {
  const auto sample = experiment::describe_sample(values);
  const auto count = static_cast<double>(sample.count);
  return experiment::student_t_quantile(0.5 + 0.5 * confidence, count - 1.0) *
         std::sqrt(sample.variance / count);
}

bool is_met(std::span<const double> values, const StoppingRule& rule) {
  const double wanted = rule.relative > 0.0
                            ? rule.relative * std::abs(experiment::describe_sample(values).mean)
                            : rule.absolute;
  return half_width(values, rule.confidence) <= wanted;
}

/// The first count at which the rule is met, and still is for so many more (Hoad, Robinson & Davies
/// 2010; above 100 replications the look-ahead grows in proportion).
std::optional<std::size_t> first_count(std::span<const double> sequence, const StoppingRule& rule,
                                       std::size_t look_ahead) {
  for (std::size_t count = rule.least; count <= sequence.size(); ++count) {
    const std::size_t more = count <= 100 ? look_ahead : look_ahead * count / 100;
    if (count + more > sequence.size()) return std::nullopt;
    bool met = true;
    for (std::size_t ahead = 0; met && ahead <= more; ++ahead)
      met = is_met(sequence.first(count + ahead), rule);
    if (met) return count;
  }
  return std::nullopt;
}

json or_null(const std::optional<std::size_t>& count) {
  return count ? json(*count) : json();
}

json answer_rule(std::span<const double> sequence, const json& given) {
  const StoppingRule rule{given.value("rel", 0.0), given.value("abs_", 0.0),
                          given.value("conf", 0.95), given.value("nmin", std::size_t{3})};
  const auto count = first_count(sequence, rule, 0);
  json answer = {
      {"rule", given}, {"n", or_null(count)}, {"mean", nullptr}, {"half_width", nullptr}};
  if (count) {
    const auto values = sequence.first(*count);
    answer["mean"] = experiment::describe_sample(values).mean;
    answer["half_width"] = half_width(values, rule.confidence);
  }
  return answer;
}

/// Stein's two stages (1945): the spread of the first n decides how many it takes.
std::size_t two_stage_count(std::span<const double> first, double wanted) {
  const auto sample = experiment::describe_sample(first);
  const double quantile =
      experiment::student_t_quantile(0.975, static_cast<double>(first.size()) - 1.0);
  const double needed = std::ceil(quantile * quantile * sample.variance / (wanted * wanted));
  return std::max(first.size(), static_cast<std::size_t>(needed));
}

}  // namespace

Answer solve_stopping(const nlohmann::json& inputs) {
  const auto values = inputs.at("sequence").get<std::vector<double>>();
  const std::span<const double> sequence(values);
  Answer answer;
  for (const json& rule : inputs.at("rules"))
    answer.outputs["first_n"].push_back(answer_rule(sequence, rule));
  answer.outputs["hoad_robinson_davies_rel5_klimit5_n"] =
      or_null(first_count(sequence, {.relative = 0.05}, 5));
  answer.outputs["stein_two_stage_n0_10_abs1_n"] = two_stage_count(sequence.first(10), 1.0);
  return answer;
}

}  // namespace entente::reference
