#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/architecture/source_tree.hpp"
#include "tests/catch.hpp"

namespace entente::test {
namespace {

constexpr std::size_t longest_file = 500;  // lines

bool is_source(const std::string& path) {
  return path.ends_with(".cpp");
}
bool is_header(const std::string& path) {
  return path.ends_with(".hpp");
}

/// Sources that no CMakeLists.txt lists, which would be built by nobody and miss no one.
Breaches find_unlisted(const std::vector<SourceFile>& files) {
  static const std::regex source(R"([A-Za-z0-9_./-]+\.cpp)");
  std::set<std::string> listed;
  for (const SourceFile& file : files) {
    if (!file.path.ends_with("CMakeLists.txt")) continue;
    const auto folder = std::filesystem::path(file.path).parent_path();
    for (std::sregex_iterator match(file.text.begin(), file.text.end(), source), end; match != end;
         ++match) {
      listed.insert((folder / match->str()).lexically_normal().generic_string());
    }
  }
  Breaches breaches;
  for (const SourceFile& file : files) {
    if (is_source(file.path) && !listed.contains(file.path)) breaches.push_back(file.path);
  }
  return breaches;
}

/// Names that say nothing of what is inside. Utility is a word of the field.
Breaches find_vague_names(const std::vector<SourceFile>& files) {
  static const std::regex vague(R"((^|.*[/_])(util|utils|helper|helpers|common|misc)([_./].*))");
  Breaches breaches;
  for (const SourceFile& file : files) {
    if (std::regex_match(file.path, vague)) breaches.push_back(file.path);
  }
  return breaches;
}

Breaches find_long_files(const std::vector<SourceFile>& files) {
  Breaches breaches;
  for (const SourceFile& file : files) {
    if (!is_source(file.path) && !is_header(file.path)) continue;
    const std::size_t lines = split_lines(file.text).size();
    if (lines > longest_file)
      breaches.push_back(file.path + ": " + std::to_string(lines) + " lines");
  }
  return breaches;
}

std::vector<SourceFile> all_files() {
  return read_tree({"engine", "models", "tests", "bench"}, {".hpp", ".cpp", "CMakeLists.txt"});
}

}  // namespace

TEST_CASE("every source is listed in a CMakeLists.txt", "[architecture]") {
  CHECK(find_unlisted(all_files()) == Breaches{});
}

TEST_CASE("an unlisted source is found", "[architecture]") {
  const SourceFile list{"engine/market/CMakeLists.txt", "target_sources(x PRIVATE\n  demand.cpp)"};
  const SourceFile above{"tests/CMakeLists.txt", "add(unit engine/market/demand_test.cpp)"};
  CHECK(find_unlisted({list, {"engine/market/demand.cpp", ""}}) == Breaches{});
  CHECK(find_unlisted({above, {"tests/engine/market/demand_test.cpp", ""}}) == Breaches{});
  CHECK(find_unlisted({above, {"tests/unit/other.cpp", ""}}) == Breaches{"tests/unit/other.cpp"});
  CHECK(find_unlisted({list, {"engine/cli/demand.cpp", ""}}) == Breaches{"engine/cli/demand.cpp"});
}

TEST_CASE("files are named by the concept they hold", "[architecture]") {
  CHECK(find_vague_names(all_files()) == Breaches{});
  CHECK(find_vague_names({{"engine/market/utils.hpp", ""}}).size() == 1);
  CHECK(find_vague_names({{"engine/common/a.hpp", ""}}).size() == 1);
  CHECK(find_vague_names({{"engine/market/price_helpers.cpp", ""}}).size() == 1);
  CHECK(find_vague_names({{"engine/market/commonality.cpp", ""}}).empty());
}

TEST_CASE("no file is longer than can be read in one go", "[architecture]") {
  CHECK(find_long_files(all_files()) == Breaches{});
  std::string text;
  for (std::size_t line = 0; line < longest_file; ++line)
    text += "int a;\n";
  CHECK(find_long_files({{"engine/a.cpp", text}}).empty());
  CHECK(find_long_files({{"engine/a.cpp", text + "int b;\n"}}) ==
        Breaches{"engine/a.cpp: 501 lines"});
}

}  // namespace entente::test
