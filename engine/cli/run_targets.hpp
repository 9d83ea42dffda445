#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace entente::cli {

/// The result folders of a run, one a scenario, or what is wrong with the list.
struct RunTargets {
  std::vector<std::filesystem::path> folders;
  std::string fault;  // empty when there is none
};

/// `output` is the folder of -o, empty when not given: one scenario goes to it, several to one
/// folder per file stem inside it; by default to results/<stem>. No two scenarios may share a
/// folder.
RunTargets run_targets(const std::vector<std::string>& scenarios, const std::string& output);

}  // namespace entente::cli
