#pragma once

#include <string>
#include <vector>

namespace entente::test {

/// A file of the project; the path counts from the top of the checkout and uses slashes.
struct SourceFile {
  std::string path;
  std::string text;
};

/// What breaks a rule, one sentence each with the place; empty when the rule holds.
using Breaches = std::vector<std::string>;

/// Reads the files with one of these endings (".cpp", "CMakeLists.txt") below `folders` of the
/// checkout, in path order.
std::vector<SourceFile> read_tree(const std::vector<std::string>& folders,
                                  const std::vector<std::string>& endings);

/// The names of the folders directly below `folder` of the checkout, in order.
std::vector<std::string> list_folders(const std::string& folder);

struct Include {
  std::string path;  // as written between the quotes or brackets
  int line = 0;
};

std::vector<Include> read_includes(const SourceFile& file);

std::vector<std::string> split_lines(const std::string& text);

/// "path:line: "
std::string place(const SourceFile& file, int line);

}  // namespace entente::test
