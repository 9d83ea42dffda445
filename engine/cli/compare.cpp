#include <algorithm>
#include <filesystem>

#include "engine/cli/command.hpp"
#include "engine/cli/compare_files.hpp"
#include "engine/cli/compare_runs.hpp"
#include "engine/cli/precision_options.hpp"
#include "engine/cli/replication_job.hpp"
#include "engine/cli/scenario_loading.hpp"

namespace entente::cli {

namespace {

bool is_plain_csv(const std::string& name) {
  return std::filesystem::path(name).extension() == ".csv" && !std::filesystem::is_directory(name);
}

ExitCode compare(const Arguments& arguments, Context& context) {
  const auto& names = arguments.positionals;
  if (names.size() < 2) return tell_fault(context, "compare needs a BASE and an OTHER");
  if (are_replications_open(arguments)) return tell_fault(context, open_replications_refusal());
  const auto files = std::ranges::count_if(names, is_plain_csv);
  if (files > 0 && static_cast<std::size_t>(files) < names.size()) {
    return tell_fault(context, "a CSV cannot be compared with a run; name the CSV in its folder");
  }
  return tell_failures(context, [&] {
    return files > 0 ? compare_files(arguments, context) : compare_runs(arguments, context);
  });
}

}  // namespace

Command compare_command() {
  Command command{
      .name = "compare",
      .summary = "Say what differs between runs, by how much and how surely",
      .description =
          "BASE and OTHER are result folders of runs, scenario files (run first, not kept), or "
          "two\n"
          "CSVs of any origin. Runs: paired differences by replication where the seed is one, for\n"
          "each series and quarter and for the discounted totals of money, with 95% intervals,\n"
          "p-values for all tests together and bands over time. Differences below 1e-9 of the\n"
          "larger value are none. CSVs: rows are matched by their keys. Only what differs is\n"
          "shown, largest first. When standard output is not a terminal it gets it as CSV, and\n"
          "nothing when nothing differs. Exit code 3 by --fail-on. Runs wait on the disk of the\n"
          "output folder, in files that go with the program. Replications of a scenario that fail\n"
          "are listed and in no figure, as pairs need both; the exit code is then 1.",
      .positionals = {"BASE OTHER",
                      "Result folders, scenarios (TOML) or two CSVs",
                      1,
                      0,
                      {.endings = {".toml", ".csv"}, .folders = true}},
      .options = {{.name = "output",
                   .letter = "o",
                   .value = "FOLDER",
                   .meaning = "Where comparison.csv goes. Default: results/<base>-vs-<other>; of "
                              "CSVs none is written",
                   .candidates = {.folders = true}},
                  {.name = "all", .kind = Option::Kind::flag, .meaning = "Show what is equal too"},
                  {.name = "fail-on",
                   .meaning = "Exit with 3 on such a difference",
                   .candidates = {.choices = {"any", "significant"}}},
                  {.name = "margin",
                   .value = "SIZE[%]",
                   .meaning = "Test that differences are within it: in the unit of each series, or "
                              "percent of the base"},
                  {.name = "discount",
                   .value = "PERCENT",
                   .meaning = "Rate a year for totals. Default: 0"},
                  {.name = "tolerance",
                   .value = "COLUMN=ABS[,REL]",
                   .meaning = "Smaller differences of a column are none; * is every other column; "
                              "may be repeated",
                   .repeatable = true},
                  {.name = "key",
                   .value = "A,B",
                   .meaning = "Columns that name a row of the CSVs",
                   .repeatable = true},
                  {.name = "json", .kind = Option::Kind::flag, .meaning = "Write JSON instead"},
                  threads_option()},
      .run = compare};
  for (auto& option : scenario_options())
    command.options.push_back(std::move(option));
  accept_open_replications(command.options);
  command.options.push_back(quiet_option());
  return command;
}

}  // namespace entente::cli
