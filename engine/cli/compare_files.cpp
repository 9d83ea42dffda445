#include "engine/cli/compare_files.hpp"

#include "engine/cli/comparison_output.hpp"
#include "engine/cli/replication_job.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/comparison/comparison_file.hpp"
#include "engine/report/comparison_json.hpp"
#include "engine/report/comparison_screen.hpp"
#include "engine/scenario/source_file.hpp"

namespace entente::cli {

namespace {

constexpr std::uint64_t largest_file = 2ULL << 30U;

experiment::CsvTable load_table(const std::string& file, scenario::Faults& faults) {
  const auto source = scenario::read_source(file, largest_file);
  if (source.problem.empty()) return experiment::read_table(file, source.text, faults);
  faults.push_back(
      {.location = {file}, .message = source.problem, .seen = source.seen, .hint = source.hint});
  return {file, {}, {}};
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::size_t start = 0;
  for (std::size_t comma = 0; comma != std::string::npos; start = comma + 1) {
    comma = text.find(',', start);
    words.push_back(text.substr(start, comma == std::string::npos ? comma : comma - start));
  }
  return words;
}

std::vector<std::string> given_keys(const Arguments& arguments) {
  std::vector<std::string> keys;
  for (const auto& text : arguments.texts("key")) {
    for (auto& key : split(text))
      keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<std::string> columns_of_either(const experiment::CsvTable& base,
                                           const experiment::CsvTable& other) {
  auto columns = base.columns;
  columns.insert(columns.end(), other.columns.begin(), other.columns.end());
  return columns;
}

}  // namespace

ExitCode compare_files(const Arguments& arguments, Context& context) {
  if (arguments.positionals.size() != 2) {
    return tell_fault(context, "compare takes two CSVs at a time, or runs and scenarios");
  }
  if (arguments.given("margin")) {
    return tell_fault(context, "--margin needs replications; for CSVs there is --tolerance");
  }
  scenario::Faults faults;
  const auto base = load_table(arguments.positionals[0], faults);
  const auto other = load_table(arguments.positionals[1], faults);
  std::vector<std::string> keys;
  experiment::Tolerances tolerances;
  if (faults.empty()) {
    tolerances = experiment::read_tolerances(arguments.texts("tolerance"), {},
                                             columns_of_either(base, other), faults);
    scenario::Faults key_faults;
    keys = experiment::find_keys(base, other, given_keys(arguments), key_faults);
    faults.insert(faults.end(), key_faults.begin(), key_faults.end());
  }
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  const auto path = arguments.text("output").value_or("");
  const auto folder = path.empty() ? nullptr : comparison_folder(path);
  const auto difference = experiment::compare_tables(base, other, keys, tolerances);
  const bool all = arguments.given("all");
  const ComparisonOutput output{
      other.file + " against " + base.file,
      difference.differs(),
      difference.differs(),
      [&](const output::TextSink& sink) {
        experiment::write_table_difference(difference, keys, all, sink);
      },
      [&] { return report::table_difference_json(base, other, keys, difference, all); },
      [&](const report::ScreenStyle& style) {
        return report::table_difference_screen(base, other, keys, difference, all, style);
      }};
  return say_comparison(output, folder.get(), path, arguments, context);
}

}  // namespace entente::cli
