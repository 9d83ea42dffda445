#pragma once

#include <string>
#include <vector>

#include "sample.hpp"

namespace entente::test {

struct BadInput {
  std::string name;
  std::string text;
  std::string said;  // all faults as printed, each line ended, after one line break
};

/// Text with every `from` replaced.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

/// What reading `file` of the folder says, with the folder itself left out of it.
inline std::string what_is_said(const TemporaryFolder& folder, const std::string& file,
                                const scenario::ReadOptions& options = {}) {
  std::string said = "\n";
  const auto result =
      scenario::read_scenario((folder.path() / file).string(), sample_schema(), options);
  for (const scenario::Fault& fault : result.faults)
    said += to_text(fault) + "\n";
  if (result.scenario.has_value() != result.faults.empty()) said += "a scenario despite faults\n";
  return replaced(replaced(said, folder.path().string() + "/", ""), folder.path().string(), ".");
}

/// What reading a file of that text says, beside the fault-free `base.toml`.
inline std::string what_is_said(const std::string& text) {
  const TemporaryFolder folder;
  folder.write("base.toml", sample_text());
  folder.write("folder/inner.toml", sample_text());
  folder.write("circle.toml", "extends = 'scenario.toml'\n");
  folder.write("scenario.toml", text);
  return what_is_said(folder, "scenario.toml");
}

}  // namespace entente::test
