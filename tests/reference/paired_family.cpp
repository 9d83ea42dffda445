#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/experiment/comparison/difference.hpp"
#include "engine/experiment/comparison/sample.hpp"
#include "tests/reference/bca.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/rank_tests.hpp"

namespace entente::reference {

namespace {

using Values = std::vector<double>;

double correlation(const Values& base, const Values& other) {
  const double base_mean = experiment::describe_sample(base).mean;
  const double other_mean = experiment::describe_sample(other).mean;
  double together = 0.0;
  double base_squares = 0.0;
  double other_squares = 0.0;
  for (std::size_t i = 0; i < base.size(); ++i) {
    together += (base[i] - base_mean) * (other[i] - other_mean);
    base_squares += (base[i] - base_mean) * (base[i] - base_mean);
    other_squares += (other[i] - other_mean) * (other[i] - other_mean);
  }
  return together / std::sqrt(base_squares * other_squares);
}

/// Of a value of `other` over one of `base`, ties for half.
double superiority(const Values& base, const Values& other) {
  double larger = 0.0;
  for (const double right : other) {
    for (const double left : base)
      larger += right > left ? 1.0 : right == left ? 0.5 : 0.0;
  }
  return larger / static_cast<double>(base.size() * other.size());
}

void add_effect_sizes(const Values& base, const Values& other, double mean, double deviation,
                      nlohmann::json& outputs) {
  const double average = std::sqrt(0.5 * (experiment::describe_sample(base).variance +
                                          experiment::describe_sample(other).variance));
  const double degrees = static_cast<double>(base.size()) - 1.0;
  outputs["cohen_dz"] = mean / deviation;
  outputs["cohen_d_av"] = mean / average;
  outputs["hedges_g_av"] = mean / average * (1.0 - 3.0 / (4.0 * degrees - 1.0));
  outputs["prob_superiority_unpaired"] = superiority(base, other);
  outputs["correlation"] = correlation(base, other);
}

void add_rank_tests(const Values& differences, nlohmann::json& outputs) {
  const auto ranks = signed_rank_test(differences);
  outputs["wilcoxon_W_min"] = ranks.statistic;
  outputs["p_wilcoxon"] = ranks.p_value;
  outputs["wilcoxon_mode"] =
      differences.size() <= 25 ? "exact" : "normal approx, no continuity correction";
  outputs["p_sign_two_sided"] = sign_test(differences);
  const auto flips = sign_flip_test(differences);
  outputs["p_sign_flip_permutation_exact"] = flips ? nlohmann::json(*flips) : nlohmann::json();
  outputs["hodges_lehmann"] = hodges_lehmann(differences);
  outputs["share_replications_better"] =
      static_cast<double>(std::ranges::count_if(differences, [](double d) { return d > 0.0; })) /
      static_cast<double>(differences.size());
}

}  // namespace

Answer solve_paired_comparison(const nlohmann::json& inputs) {
  const auto base = inputs.at("baseline").get<Values>();
  const auto other = inputs.at("scenario").get<Values>();
  experiment::DifferenceQuestion question;
  if (inputs.contains("tost_margin")) question.margin = inputs.at("tost_margin").get<double>();
  Answer answer;
  const auto paired = solve_timed(
      answer, [&] { return experiment::compute_paired_difference(base, other, question); },
      [](const auto&) { return 0; });
  const auto unpaired = experiment::compute_unpaired_difference(base, other, question);
  Values differences;
  for (std::size_t i = 0; i < base.size(); ++i)
    differences.push_back(other[i] - base[i]);
  const double deviation = std::sqrt(experiment::describe_sample(differences).variance);

  auto& outputs = answer.outputs;
  outputs = {
      {"n", paired.base_count},
      {"mean_diff", paired.mean},
      {"sd_diff", deviation},
      {"se_diff", paired.standard_error},
      {"ci95", {paired.low, paired.high}},
      {"t", paired.mean / paired.standard_error},
      {"p", paired.p_value},
      {"p_t_paired", paired.p_value},
      {"welch_t", unpaired.mean / unpaired.standard_error},
      {"p_welch_unpaired", unpaired.p_value},
      {"crn_variance_reduction_factor", paired.variance_reduction},
      {"tost_p_equivalence", paired.equivalence_p},
      {"verdict", paired.evidence == experiment::Evidence::identical ? "identical" : "differs"}};
  add_effect_sizes(base, other, paired.mean, deviation, outputs);
  add_rank_tests(differences, outputs);
  if (inputs.contains("resamples")) {
    const auto bootstrap = bca_interval(differences, inputs.at("resamples"), 0.95);
    outputs["bca95_mean"] = {bootstrap.low, bootstrap.high};
    outputs["bca_z0"] = bootstrap.bias;
    outputs["bca_acceleration_exact"] = bootstrap.acceleration;
  }
  return answer;
}

}  // namespace entente::reference
