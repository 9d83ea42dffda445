#include "engine/cli/run_folder.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/experiment/comparison/sample_file.hpp"
#include "engine/output/manifest.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace fs = std::filesystem;

experiment::ComparedRun open_run_folder(const std::string& name,
                                        const std::vector<simulation::Model>& models,
                                        const fs::path& scratch_folder, scenario::Faults& faults) {
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
  run.load = [folder = fs::path(name), tables, scratch_folder](const std::string& table,
                                                               scenario::Faults& into) {
    return experiment::read_sample_table(
        (folder / (table + ".csv")).string(),
        *std::ranges::find(tables, table, &output::ResultTable::name), scratch_folder, into);
  };
  return run;
}

}  // namespace entente::cli
