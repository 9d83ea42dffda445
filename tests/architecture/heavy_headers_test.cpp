#include <algorithm>
#include <string>
#include <vector>

#include "tests/architecture/source_tree.hpp"
#include "tests/catch.hpp"

namespace entente::test {
namespace {

/// A library that costs seconds in every file that includes it, and the files that may.
struct HeavyLibrary {
  std::string headers;  // how its includes begin
  std::vector<std::string> allowed;
};

const std::vector<HeavyLibrary> heavy_libraries = {
    {"toml++/", {"engine/scenario/parse_document.cpp"}},
    {"CLI/", {"engine/cli/command_line.cpp"}},
    {"nlohmann/",
     {"engine/output/manifest.cpp", "engine/report/comparison_json.cpp",
      "engine/report/html/chart_data.cpp", "engine/report/run_json.cpp",
      "engine/scenario/schema.cpp"}},
    {"boost/math/", {"engine/experiment/comparison/student_t.cpp"}},
};

Breaches find_heavy_includes(const std::vector<SourceFile>& files) {
  Breaches breaches;
  for (const SourceFile& file : files) {
    for (const Include& include : read_includes(file)) {
      for (const auto& [headers, allowed] : heavy_libraries) {
        const bool listed = std::ranges::find(allowed, file.path) != allowed.end();
        if (include.path.starts_with(headers) && !listed) {
          breaches.push_back(place(file, include.line) + include.path);
        }
      }
    }
  }
  return breaches;
}

}  // namespace

TEST_CASE("heavy libraries stay behind the files that need them", "[architecture]") {
  CHECK(find_heavy_includes(read_tree({"engine", "models"}, {".hpp", ".cpp"})) == Breaches{});
}

TEST_CASE("no header is on the list of files that may include a heavy library", "[architecture]") {
  for (const HeavyLibrary& library : heavy_libraries) {
    for (const std::string& path : library.allowed)
      CHECK(path.ends_with(".cpp"));
  }
}

TEST_CASE("an include of a heavy library is found", "[architecture]") {
  const std::string text = "#include <vector>\n#include <toml++/toml.h>\n";
  CHECK(find_heavy_includes({{"engine/scenario/parse_document.cpp", text}}) == Breaches{});
  CHECK(find_heavy_includes({{"engine/scenario/reader.hpp", text}}) ==
        Breaches{"engine/scenario/reader.hpp:2: toml++/toml.h"});
}

}  // namespace entente::test
