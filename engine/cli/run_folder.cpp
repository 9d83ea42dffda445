#include "engine/cli/run_folder.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/output/manifest.hpp"
#include "engine/scenario/source_file.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_file = 16ULL << 30U;

/// A table of a result folder, read when it is asked for.
experiment::SampleTable load_table(const fs::path& folder, const output::ResultTable& declared,
                                   scenario::Faults& faults) {
  const auto file = (folder / (declared.name + ".csv")).string();
  auto source = scenario::read_source(file, largest_file);
  if (source.problem.empty()) {
    return experiment::read_sample_table(file, source.text, declared, faults);
  }
  faults.push_back({.location = {file}, .message = source.problem, .seen = source.seen});
  return {};
}

}  // namespace

experiment::ComparedRun open_run_folder(const std::string& name,
                                        const std::vector<simulation::Model>& models,
                                        scenario::Faults& faults) {
  experiment::ComparedRun run;
  run.name = name;
  const auto identity = output::read_run_identity(name);
  if (!identity) {
    faults.push_back({.location = {name},
                      .message = "is no result folder of a run",
                      .expected = "a folder with manifest.json, as `entente run` writes it"});
    return run;
  }
  run.title = identity->title;
  run.version = identity->version;
  run.seed = identity->seed;
  auto tables = simulation::declared_tables(models);
  std::erase_if(tables, [&](const output::ResultTable& table) {
    return std::ranges::find(identity->files, table.name + ".csv") == identity->files.end();
  });
  for (const auto& table : tables)
    run.tables.push_back(table.name);
  if (tables.empty()) {
    faults.push_back({.location = {name}, .message = "holds no table of a run"});
  }
  run.load = [folder = fs::path(name), tables](const std::string& table, scenario::Faults& into) {
    return load_table(folder, *std::ranges::find(tables, table, &output::ResultTable::name), into);
  };
  return run;
}

}  // namespace entente::cli
