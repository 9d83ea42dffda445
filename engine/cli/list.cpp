#include <algorithm>
#include <filesystem>
#include <system_error>

#include "engine/cli/command.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/cli/shipped_scenarios.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

namespace fs = std::filesystem;

struct Line {
  std::string file;
  std::string partnerships;
  std::string title;
};

ExitCode list(const Arguments& arguments, Context& context) {
  const fs::path folder = arguments.positionals.empty() ? shipped_folder(arguments)
                                                        : fs::path(arguments.positionals.front());
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml" && entry.is_regular_file(error)) {
      files.push_back(entry.path());
    }
  }
  if (error) {
    context.terminal.err << "entente: error: " << folder.string() << ": " << error.message()
                         << '\n';
    return user_fault;
  }
  if (files.empty()) {
    context.terminal.err << "entente: error: " << folder.string()
                         << ": holds no scenario (.toml)\n";
    return user_fault;
  }
  std::sort(files.begin(), files.end());

  const auto schema = simulation::full_schema(context.models);
  auto options = read_options(arguments);
  std::vector<Line> lines = {{"scenario", "partnerships", "title"}};
  for (const auto& file : files) {
    const auto read = scenario::read_scenario(file.string(), schema, options);
    if (read.scenario) {
      lines.push_back({file.string(), std::to_string(read.scenario->all("partnership").size()),
                       read.scenario->title});
    } else {
      lines.push_back({file.string(), "-", "(has faults: entente check tells them)"});
    }
  }
  std::size_t widest = 0;
  for (const auto& line : lines)
    widest = std::max(widest, line.file.size());
  for (const auto& line : lines) {
    context.terminal.out << line.file << std::string(widest + 2 - line.file.size(), ' ')
                         << line.partnerships << std::string(14 - line.partnerships.size(), ' ')
                         << line.title << '\n';
  }
  return done;
}

}  // namespace

Command list_command() {
  return {.name = "list",
          .summary = "List scenarios with their titles",
          .description =
              "Shows the shipped scenarios, or those of a folder, with the number of\n"
              "partnerships in each.",
          .positionals = {"FOLDER",
                          "Folder of scenario files; default: the shipped ones",
                          0,
                          1,
                          {.folders = true}},
          .options = {scenarios_option()},
          .run = list};
}

}  // namespace entente::cli
