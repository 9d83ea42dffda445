#include "engine/cli/precision_options.hpp"

#include <algorithm>
#include <utility>

namespace entente::cli {

namespace {

constexpr auto open_word = "auto";

std::vector<Option> precision_options() {
  return {
      {.name = "precision",
       .value = "SIZE[%]",
       .meaning =
           "Half width of the 95% intervals that --replications auto goes on for: in percent "
           "of the mean, or in the unit of the series. Default: 5%"},
      {.name = "precision-of",
       .value = "TABLE.SERIES[=SIZE[%]]",
       .meaning = "Whose means that is asked of, in the last quarter for every row of the table; "
                  "may be repeated. Default: revenue_usd_bn, price_index and hhi of markets",
       .repeatable = true},
      {.name = "most-replications",
       .kind = Option::Kind::count,
       .value = "N",
       .meaning = "Where --replications auto ends at the latest, with exit code 1. Default: " +
                  std::to_string(experiment::PrecisionGoal().most),
       .minimum = experiment::fewest_replications(experiment::StoppingRule()),
       .maximum = 1'000'000}};
}

Option& replications_option(std::vector<Option>& options) {
  return *std::ranges::find(options, "replications", &Option::name);
}

}  // namespace

void accept_open_replications(std::vector<Option>& options) {
  replications_option(options).word = open_word;
}

void add_open_replications(std::vector<Option>& options) {
  accept_open_replications(options);
  Option& replications = replications_option(options);
  replications.value = "N|auto";
  replications.meaning += "; auto: until the means of --precision-of are known to --precision";
  for (auto& option : precision_options())
    options.push_back(std::move(option));
}

bool are_replications_open(const Arguments& arguments) {
  return arguments.text("replications") == open_word;
}

std::string open_replications_refusal() {
  return "--replications auto is for `entente run`; give a number here";
}

std::optional<experiment::PrecisionGoal> read_goal(const Arguments& arguments,
                                                   const std::vector<output::ResultTable>& tables,
                                                   scenario::Faults& faults) {
  const std::size_t known = faults.size();
  if (!are_replications_open(arguments)) {
    for (const auto& option : precision_options()) {
      if (!arguments.given(option.name)) continue;
      faults.push_back({.location = {"--" + option.name},
                        .message = "is for runs of open length",
                        .hint = "add --replications auto"});
    }
    return std::nullopt;
  }
  if (arguments.given("replication")) {
    faults.push_back({.location = {"--replication"},
                      .message = "is one alone and cannot go with --replications auto"});
  }
  const auto size = arguments.text("precision").value_or("5%");
  const auto precision = experiment::read_precision(size);
  if (!precision) {
    faults.push_back({.location = {"--precision"},
                      .message = "is no half width of an interval",
                      .expected = "a percentage of the mean as in 5%, or a number above 0 in the "
                                  "unit of the series",
                      .seen = size});
  }
  experiment::PrecisionGoal goal;
  goal.series = experiment::read_precise_series(
      arguments.texts("precision-of"), precision.value_or(experiment::Precision{}), tables, faults);
  if (const auto most = arguments.count("most-replications")) goal.most = *most;
  if (faults.size() > known) return std::nullopt;
  return goal;
}

}  // namespace entente::cli
