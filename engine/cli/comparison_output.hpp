#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/cli/command.hpp"
#include "engine/experiment/ensemble/ensemble.hpp"
#include "engine/output/csv.hpp"
#include "engine/output/result_folder.hpp"
#include "engine/report/screen_text.hpp"

namespace entente::cli {

/// What a comparison says, in every form that may be asked for.
struct ComparisonOutput {
  std::string title;  // for the manifest
  bool differs = false;
  bool differs_significantly = false;
  std::function<void(const output::TextSink&)> csv;
  std::function<std::string()> json;
  std::function<std::string(const report::ScreenStyle&)>
      screen;                                          // empty when there is nothing to say
  std::vector<experiment::UnitFailure> failures = {};  // replications in no figure
};

/// The folder of a comparison with its lock, before what may take minutes. Throws FolderRefused for
/// a place that must not take it, such as a run's folder.
std::unique_ptr<output::ResultFolder> comparison_folder(const std::string& path);

/// Writes comparison.csv where there is a folder, then says it: standard output gets the data (JSON
/// when asked for; else a CSV, none when nothing differs) or, at a terminal, the screen. The exit
/// code is that of --fail-on, or `failed` when replications did, which are told.
ExitCode say_comparison(const ComparisonOutput& comparison, output::ResultFolder* folder,
                        const std::string& path, const Arguments& arguments, Context& context);

}  // namespace entente::cli
