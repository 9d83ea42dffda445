#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/experiment/comparison/sample.hpp"
#include "engine/experiment/comparison/student_t.hpp"
#include "engine/experiment/precision/stopping_rule.hpp"
#include "engine/population/random_stream.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

namespace {

using experiment::Precision;
using experiment::StoppingRule;
using nlohmann::json;

json first_met(std::span<const double> sequence, const Precision& wanted,
               const StoppingRule& rule) {
  const auto stop = experiment::find_stop(sequence, wanted, rule);
  return stop ? json(stop->first_met) : json();
}

json answer_rule(std::span<const double> sequence, const json& given) {
  const bool relative = given.contains("rel");
  const Precision wanted{given.at(relative ? "rel" : "abs_").get<double>(), relative};
  const StoppingRule rule{given.value("conf", 0.95), given.value("nmin", std::size_t{3}), 0};
  json answer = {{"rule", given},
                 {"n", first_met(sequence, wanted, rule)},
                 {"mean", nullptr},
                 {"half_width", nullptr}};
  if (answer["n"].is_null()) return answer;
  experiment::RunningMean mean;
  for (const double value : sequence.first(answer["n"].get<std::size_t>()))
    mean.add(value);
  answer["mean"] = mean.mean();
  answer["half_width"] = mean.half_width(rule.confidence);
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

/// The numbers of a sentence, by the groups of a pattern that it has to match as a whole.
std::vector<double> read_numbers(const json& sentence, const std::string& pattern) {
  const auto text = sentence.get<std::string>();
  std::smatch found;
  if (!std::regex_match(text, found, std::regex(pattern)))
    throw std::invalid_argument("no problem that the solver knows: " + text);
  std::vector<double> numbers;
  for (std::size_t i = 1; i < found.size(); ++i)
    numbers.push_back(std::stod(found[i]));
  return numbers;
}

}  // namespace

Answer solve_stopping(const nlohmann::json& inputs) {
  const auto values = inputs.at("sequence").get<std::vector<double>>();
  const std::span<const double> sequence(values);
  Answer answer;
  for (const json& rule : inputs.at("rules"))
    answer.outputs["first_n"].push_back(answer_rule(sequence, rule));
  answer.outputs["hoad_robinson_davies_rel5_klimit5_n"] =
      first_met(sequence, {0.05, true}, {0.95, 3, 5});
  answer.outputs["stein_two_stage_n0_10_abs1_n"] = two_stage_count(sequence.first(10), 1.0);
  return answer;
}

// How often the interval at the engine's stop, by its own minimum and look-ahead, holds the mean.
Answer solve_stopping_coverage(const nlohmann::json& inputs) {
  const auto setup = read_numbers(
      inputs.at("setup"),
      R"(normal\((.*),(.*)\), relative half-width (.*)%, (.*)% t interval, (.*) repetitions)");
  const auto least = read_numbers(
      inputs.at("pass"), R"(entente default \(n_min, look-ahead\) must have coverage >= (.*))");
  const double mean = setup[0];
  const double deviation = setup[1];
  const Precision wanted{setup[2] / 100.0, true};
  StoppingRule rule;
  rule.confidence = setup[3] / 100.0;
  const auto repetitions = static_cast<std::uint32_t>(setup[4]);
  const auto stream = population::stream_name("stopping", "coverage");
  double covered = 0.0;
  double replications = 0.0;
  for (std::uint32_t repetition = 0; repetition < repetitions; ++repetition) {
    const population::Draws draws{1, repetition};
    experiment::StoppingSearch search({wanted}, rule);
    while (!search.stop()) {
      const auto number = static_cast<std::uint32_t>(search.count());
      const double value = mean + deviation * draws.normal(stream, 0, number);
      search.add(std::span(&value, 1));
    }
    const auto& seen = search.means().front();
    covered += std::abs(seen.mean() - mean) <= seen.half_width(rule.confidence) ? 1.0 : 0.0;
    replications += static_cast<double>(search.stop()->count);
  }
  Answer answer;
  answer.outputs["coverage"] = covered / repetitions;
  answer.outputs["mean_n"] = replications / repetitions;
  answer.outputs["passes"] = covered / repetitions >= least[0];
  return answer;
}

}  // namespace entente::reference
